"""Reads tables of a FlatBuffer at random places, within bounds, without reading all of it.

Source of the layout: the FlatBuffers internals document. No offset is trusted: each leads forward
into the buffer or is refused, and only as deep as its reader asks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from sitegen.inspection.base import Source, Unreadable
from sitegen.inspection.jsonscan import clean

STRING = 4 << 20
ELEMENTS = 50_000
"""Elements of one vector that are followed."""


class Buffer(msgspec.Struct, frozen=True):
    """A FlatBuffer that begins at `start` of the file and has `size` bytes."""

    source: Source
    start: int
    size: int

    def bytes(self, at: int, length: int) -> bytes:
        if at < 0 or length < 0 or at + length > self.size:
            raise Unreadable(f"an offset leads out of the model, to byte {self.start + at}")
        return self.source.read(self.start + at, length)

    def uint32(self, at: int) -> int:
        return int.from_bytes(self.bytes(at, 4), "little")

    def follow(self, at: int) -> int:
        """Where the offset at this place leads."""
        distance = self.uint32(at)
        if distance == 0:
            raise Unreadable(f"an offset at byte {self.start + at} leads nowhere")
        return at + distance

    def root(self) -> Table:
        return self.table(self.follow(0))

    def table(self, at: int) -> Table:
        back = int.from_bytes(self.bytes(at, 4), "little", signed=True)
        fields_at = at - back
        head = self.bytes(fields_at, 4)
        length = int.from_bytes(head[:2], "little")
        if length < 4 or length % 2 or length > 4 + 2 * 64:
            raise Unreadable(f"no table of fields at byte {self.start + fields_at}")
        raw = self.bytes(fields_at + 4, length - 4)
        return Table(self, at, struct.unpack(f"<{len(raw) // 2}H", raw))


class Table(msgspec.Struct, frozen=True):
    """A table of fields, by their numbers in the schema. fields: their offsets, 0 if not there."""

    buffer: Buffer
    at: int
    fields: tuple[int, ...]

    def place(self, field: int) -> int | None:
        offset = self.fields[field] if field < len(self.fields) else 0
        return self.at + offset if offset else None

    def integer(self, field: int, default: int = 0) -> int:
        at = self.place(field)
        if at is None:
            return default
        return int.from_bytes(self.buffer.bytes(at, 4), "little", signed=True)

    def text(self, field: int) -> str:
        """A string, "" where there is none."""
        at = self.place(field)
        if at is None:
            return ""
        at = self.buffer.follow(at)
        length = self.buffer.uint32(at)
        if length > STRING:
            raise Unreadable(f"a text of {length} bytes at byte {self.buffer.start + at}")
        return clean(self.buffer.bytes(at + 4, length).decode("utf-8", "replace"))

    def table(self, field: int) -> Table | None:
        at = self.place(field)
        return None if at is None else self.buffer.table(self.buffer.follow(at))

    def count(self, field: int) -> int:
        """How many elements a vector has."""
        at = self.place(field)
        return 0 if at is None else self.buffer.uint32(self.buffer.follow(at))

    def tables(self, field: int) -> Iterator[Table]:
        """The tables of a vector."""
        at = self.place(field)
        if at is None:
            return
        start = self.buffer.follow(at)
        count = self.buffer.uint32(start)
        if count > ELEMENTS:
            raise Unreadable(f"{count} tables at byte {self.buffer.start + start}")
        for number in range(count):
            yield self.buffer.table(self.buffer.follow(start + 4 + 4 * number))
