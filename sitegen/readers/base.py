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
from sitegen.readers.memo import Memo, only
from sitegen.registry.facts import Annotation


class Reader(msgspec.Struct, frozen=True):
    """One metadata format.

    wants: whether a path, relative to the repository's root, is a file of this format.
    needs: (path, bytes) -> paths of other files that its values come from, there or not.
    read: what the file at a path of the context says; what is wrong in it is reported there. Of
    the commit's files the context has this one and those that it needs.
    """

    name: str
    wants: Callable[[str], bool]
    needs: Callable[[str, bytes, Memo], frozenset[str]]
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


def needs(files: Mapping[str, bytes], memo: Memo | None = None) -> set[str]:
    """The paths that are to be fetched beside `files`, where the commit has them: params, vars."""
    memo = memo or Memo()
    found: set[str] = set()
    for path, data in files.items():
        for reader in READERS:
            if reader.wants(path):
                found |= _needs(reader, path, data, memo)
    return found - files.keys()


def read_annotations(
    files: Mapping[str, bytes], repo: str = "", ref: str = "", memo: Memo | None = None
) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """What all files of one commit say of its artifacts, sorted by artifact.

    files: path -> bytes of the annotation files and of what they need; others are passed over.
    memo: given with each commit (and one `ref` for all), a file that none of them changes is read
    once, and equal annotations are the same object.
    """
    memo = memo or Memo()
    read = [
        _read(reader, path, files, repo, ref, memo)
        for reader in READERS
        for path in sorted(path for path in files if reader.wants(path))
    ]
    found: dict[str, Annotation] = {}
    both: set[str] = set()
    for one in read:
        both |= one.alone.keys() & found.keys()
        found |= one.alone
    for artifact in both:
        said = [each for one in read for each in one.said.get(artifact, ())]
        found[artifact] = _merged(artifact, said, memo)
    problems = dict.fromkeys(problem for one in read for problem in one.problems)
    return tuple(found[artifact] for artifact in sorted(found)), tuple(problems)


class _Read(msgspec.Struct, frozen=True):
    """What one file says. alone: artifact -> the annotation, where no other file has a say."""

    said: dict[str, list[Said]]
    alone: dict[str, Annotation]
    problems: tuple[Problem, ...]


def _needs(reader: Reader, path: str, data: bytes, memo: Memo) -> frozenset[str]:
    return memo.once(("needs", path, data), lambda: reader.needs(path, data, memo))


def _read(
    reader: Reader, path: str, files: Mapping[str, bytes], repo: str, ref: str, memo: Memo
) -> _Read:
    needed = _needs(reader, path, files[path], memo)
    part = only(files, path, *sorted(needed))

    def make() -> _Read:
        context = Context(part, repo, ref, memo)
        said: dict[str, list[Said]] = {}
        for one in reader.read(context, path):
            said.setdefault(one.artifact, []).append(one)
        alone = {artifact: _merged(artifact, each, memo) for artifact, each in said.items()}
        return _Read(said, alone, context.problems)

    return memo.once(("said", repo, ref, *part.items()), make, len(files[path]))


def _merged(artifact: str, said: list[Said], memo: Memo) -> Annotation:
    fields: dict[str, Any] = {}
    won: dict[str, str] = {}
    for one in said:
        fields.update(one.fields)
        won.update(dict.fromkeys(one.fields, one.source))
    # Of two sources with as many keys, the one that counts more.
    sources = [one.source for one in reversed(said)]
    source = max(sources, key=list(won.values()).count)
    named = tuple(dict.fromkeys(one.source for one in said))
    merged = Annotation(artifact, source, **fields, sources=named)
    # Of `custom` 1, 1.0 and true are equal, and a list cannot be a key; their texts can.
    key = (
        artifact, source, merged.path, merged.type, merged.description, merged.labels,
        merged.virtual,
        repr(merged.custom), named,
    )  # fmt: skip
    return memo.same(key, merged)
