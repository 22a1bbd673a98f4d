"""Pointers of Git LFS: the small text that stands in Git for a file kept elsewhere.

Source of the format: the Git LFS specification, version 1.
"""

from __future__ import annotations

import re

import msgspec

LONGEST = 1024
"""Bytes that a pointer has at most."""

_FIRST = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\r?\n")
_OBJECT = re.compile(rb"^oid (?:(\w{1,20}):)?(\S{1,200})\r?\nsize ([0-9]{1,18})\r?$", re.MULTILINE)


class Pointer(msgspec.Struct, frozen=True):
    """What a pointer names. algorithm: "sha256"; hash: hexadecimal; size: bytes, None if unsaid."""

    algorithm: str = ""
    hash: str = ""
    size: int | None = None


def read_pointer(data: bytes) -> Pointer | None:
    """The pointer that `data` is; None where it is something else, the file itself for instance."""
    if len(data) > LONGEST or not _FIRST.match(data):
        return None
    found = _OBJECT.search(data)
    if not found:
        return Pointer()
    algorithm, digest, size = found.groups()
    return Pointer((algorithm or b"").decode(), digest.decode("ascii", "replace"), int(size))
