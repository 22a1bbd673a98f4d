"""What a build of the index leaves to the next one, so that this one does only what is new.

Nothing that is published depends on it: with a memory or without one the files have the same bytes.
"""

from __future__ import annotations

import zlib

import msgspec

from sitegen.render.search.lexicon import Lexicon
from sitegen.render.search.packing import Kept
from sitegen.render.search.terms import Terms

FORMAT = 2
"""Counts the changes of what is kept, and of anything that the files are made by."""
_SUM = 4


class GroupMemory(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a group.

    fields: those in use. texts: each document's, as they were compared, one after the other. ends:
    where each ends. lengths: for each field the terms of each document, in four bytes.
    """

    fields: tuple[str, ...]
    texts: bytes
    ends: list[int]
    lengths: list[bytes]
    terms: Terms
    lexicon: Lexicon


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    made_by: str
    groups: dict[str, GroupMemory]
    files: dict[str, tuple[bytes, bytes]]


class Memory:
    """What was kept by the build before, then by this one. groups, files: by name and by path.

    made_by: what else decides on the files: a memory that was made by anything else is empty.
    """

    def __init__(self, data: bytes = b"", made_by: str = "") -> None:
        self.made_by = f"{FORMAT} {made_by}"
        self.groups: dict[str, GroupMemory] = {}
        self.files: Kept = {}
        try:
            kept = msgspec.msgpack.decode(memoryview(data)[:-_SUM], type=_Kept)
        except msgspec.DecodeError:
            return
        # A file that was cut off or written to by somebody must not get into a site.
        if kept.made_by == self.made_by and _sum(data[:-_SUM]) == data[-_SUM:]:
            self.groups, self.files = kept.groups, kept.files

    def encode(self) -> bytes:
        """The memory as the bytes that it is made of."""
        kept = _Kept(self.made_by, self.groups, dict(self.files))
        data = msgspec.msgpack.encode(kept)
        return data + _sum(data)


def _sum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_SUM, "big")
