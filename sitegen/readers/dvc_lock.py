"""dvc.lock: which outputs DVC keeps outside Git, with hash and size.

Source of the format: DVC 3; in schema 1.0 the pipeline steps stand at the top.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.readers.context import within
from sitegen.readers.memo import parse
from sitegen.safeyaml import YamlError

NAME = "dvc.lock"


class LockOut(msgspec.Struct, frozen=True, gc=False):
    """One output: hash as dvc.lock has it ("" if not said; of a folder it ends in .dir), bytes."""

    hash: str = ""
    size: int | None = None


def wants(path: str) -> bool:
    return path.endswith(NAME) and path[-len(NAME) - 1 : -len(NAME)] in ("", "/")


def read_lock_outs(data: bytes, folder: str = "") -> dict[str, LockOut]:
    """Path from the repository's root -> output, of every pipeline step.

    folder: where the dvc.lock lies. Empty where the file cannot be read.
    """
    document = parse(data)
    found: dict[str, LockOut] = {}
    if isinstance(document, YamlError) or not isinstance(document.value, dict):
        return found
    for out in _outs(document.value):
        name, size = out.get("path"), out.get("size")
        path = within(folder, name) if isinstance(name, str) else None
        if path is not None:
            digest = next((out[key] for key in ("md5", "etag", "checksum") if key in out), "")
            text = document.text_in(out, "md5") if "md5" in out else str(digest)
            found.setdefault(path, LockOut(text, size if type(size) is int else None))
    return found


def find_out(outs: Mapping[str, LockOut], path: str) -> LockOut | None:
    """The output that `path` is, or lies in; of a folder neither hash nor size is the file's."""
    if path in outs:
        return outs[path]
    while path := posixpath.dirname(path):
        if path in outs:
            return LockOut()
    return None


def _outs(root: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    steps = root.get("stages") if "schema" in root else root
    for step in steps.values() if isinstance(steps, dict) else ():
        outs = step.get("outs") if isinstance(step, dict) else None
        for out in outs if isinstance(outs, list) else ():
            if isinstance(out, dict):
                yield out
