"""Readers of annotations: which files they claim, and the files of one commit -> annotations.

A new format is one file that has `wants`, `needs` and `read`, one line in READERS, one test file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.readers import artifacts_yaml, dvc_yaml
from sitegen.readers.annotation import Said
from sitegen.readers.context import Context
from sitegen.registry.facts import Annotation


class Reader(msgspec.Struct, frozen=True):
    """One metadata format.

    wants: whether a path, relative to the repository's root, is a file of this format.
    needs: (path, bytes) -> paths of other files that its values come from, there or not.
    read: what the file at a path of the context says; what is wrong in it is reported there.
    """

    name: str
    wants: Callable[[str], bool]
    needs: Callable[[str, bytes], frozenset[str]]
    read: Callable[[Context, str], list[Said]]


# In the order in which they count: a later format wins over an earlier one, key by key.
READERS = (
    Reader("artifacts.yaml", artifacts_yaml.wants, artifacts_yaml.needs, artifacts_yaml.read),
    Reader("dvc.yaml", dvc_yaml.wants, dvc_yaml.needs, dvc_yaml.read),
)


def wants(path: str) -> bool:
    """Whether the file at `path` may hold annotations."""
    return any(reader.wants(path) for reader in READERS)


def annotation_paths(paths: Iterable[str]) -> list[str]:
    """Those of a commit's `paths` that may hold annotations, sorted."""
    return sorted(path for path in paths if wants(path))


def needs(files: Mapping[str, bytes]) -> set[str]:
    """The paths that are to be fetched beside `files`, where the commit has them: params, vars."""
    found: set[str] = set()
    for path, data in files.items():
        for reader in READERS:
            if reader.wants(path):
                found |= reader.needs(path, data)
    return found - files.keys()


def read_annotations(
    files: Mapping[str, bytes], repo: str = "", ref: str = ""
) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """What all files of one commit say of its artifacts, sorted by artifact.

    files: path -> bytes of the annotation files and of what they need; others are passed over.
    """
    context = Context(files, repo, ref)
    said: dict[str, list[Said]] = {}
    for reader in READERS:
        for path in sorted(path for path in files if reader.wants(path)):
            for one in reader.read(context, path):
                said.setdefault(one.artifact, []).append(one)
    found = tuple(_merged(artifact, said[artifact]) for artifact in sorted(said))
    return found, context.problems


def _merged(artifact: str, said: list[Said]) -> Annotation:
    fields: dict[str, Any] = {}
    won: dict[str, str] = {}
    for one in said:
        fields.update(one.fields)
        won.update(dict.fromkeys(one.fields, one.source))
    # Of two sources with as many keys, the one that counts more.
    sources = [one.source for one in reversed(said)]
    source = max(sources, key=list(won.values()).count)
    named = tuple(dict.fromkeys(one.source for one in said))
    return Annotation(artifact, source, **fields, sources=named)
