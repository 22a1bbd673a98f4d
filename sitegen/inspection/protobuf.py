"""Reads the wire format of Protocol Buffers within bounds, without any schema or library.

Source: the encoding as protobuf.dev documents it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from sitegen.inspection.base import Source, Unreadable

VARINT, FIXED64, BYTES, START, END, FIXED32 = range(6)

FIELDS = 1_000_000
"""Fields that one message may have."""
SMALL = 1 << 20
"""Bytes of a field that are read at once; a longer one is passed over unless asked for."""

_FIRST, _WINDOW = 1 << 12, 1 << 16
_HIGHEST = (1 << 29) - 1


class Span(msgspec.Struct, frozen=True):
    """Where the bytes of a field stand in their source: they were not read."""

    offset: int
    length: int


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, and where it ends. Raises Unreadable."""
    value = shift = 0
    while True:
        if at >= len(data):
            raise Unreadable(f"a number of the message ends after {at} bytes")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
        shift += 7
        if shift > 63:
            raise Unreadable(f"a number longer than ten bytes at byte {at}")


def signed(value: int) -> int:
    """A number of type int32 or int64, which are written as their two's complement."""
    return value - (1 << 64) if value >= 1 << 63 else value


def fields(data: bytes, most: int = FIELDS) -> Iterator[tuple[int, int, int | bytes]]:
    """(number, wire type, value) of each field: int, or bytes of a text, message or packed list.

    Fixed numbers are given as unsigned integers. Groups are refused: no format here has them.
    Raises Unreadable.
    """
    at, count = 0, 0
    while at < len(data):
        number, wire, at, count = _key(data, at, count, most)
        if wire == VARINT:
            value, at = varint(data, at)
            yield number, wire, value
            continue
        length = 8 if wire == FIXED64 else 4
        if wire == BYTES:
            length, at = varint(data, at)
        part = data[at : at + length] if length <= len(data) - at else None
        if part is None:
            raise Unreadable(f"field {number} ends after {len(data)} bytes of its message")
        at += length
        yield number, wire, part if wire == BYTES else int.from_bytes(part, "little")


def spans(
    source: Source,
    start: int = 0,
    end: int | None = None,
    most: int = FIELDS,
    small: int = SMALL,
) -> Iterator[tuple[int, int, int | bytes | Span]]:
    """Like `fields`, but of a part of a file: fields of more than `small` bytes are Spans."""
    at, count = start, 0
    end = source.size if end is None else end
    window, base, size = b"", start, _FIRST
    while at < end:
        # A key and a length take twenty bytes at most.
        if at - base + 20 > len(window) and base + len(window) < end:
            base, window = at, source.read(at, min(size, end - at))
            size = min(size * 2, _WINDOW)
        number, wire, here, count = _key(window, at - base, count, most)
        if wire == VARINT:
            value, here = varint(window, here)
            at = base + here
            yield number, wire, value
            continue
        length = 8 if wire == FIXED64 else 4
        if wire == BYTES:
            length, here = varint(window, here)
        at = base + here
        if length > end - at:
            raise Unreadable(f"field {number} of {length} bytes at byte {at}, of {end}")
        if length > small:
            yield number, wire, Span(at, length)
            size = _FIRST
        else:
            inside = here + length <= len(window)
            part = window[here : here + length] if inside else source.read(at, length)
            yield number, wire, part if wire == BYTES else int.from_bytes(part, "little")
        at += length


def _key(data: bytes, at: int, count: int, most: int) -> tuple[int, int, int, int]:
    key, end = varint(data, at)
    number, wire = key >> 3, key & 7
    if not 0 < number <= _HIGHEST or wire not in (VARINT, FIXED64, BYTES, FIXED32):
        raise Unreadable(f"no field of a message at byte {at}: number {number}, type {wire}")
    if count >= most:
        raise Unreadable(f"more than {most} fields in one message")
    return number, wire, end, count + 1


def message(data: bytes, most: int = FIELDS) -> dict[int, list[int | bytes]]:
    """The fields of a message by number, each in order. Raises Unreadable."""
    found: dict[int, list[int | bytes]] = {}
    for number, _, value in fields(data, most):
        found.setdefault(number, []).append(value)
    return found


def packed(values: list[int | bytes], most: int = FIELDS) -> list[int]:
    """The numbers of a repeated varint field, packed or not. Raises Unreadable."""
    found: list[int] = []
    for value in values:
        if isinstance(value, int):
            found.append(value)
            continue
        at = 0
        while at < len(value):
            one, at = varint(value, at)
            found.append(one)
            if len(found) > most:
                raise Unreadable(f"more than {most} numbers in one list")
    return found


def text(value: int | bytes | Span | None) -> str:
    """A text field; "" for what is none."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def double(value: int | bytes) -> float:
    """A fixed number of 8 bytes as the floating point number that it is."""
    raw = value.to_bytes(8, "little") if isinstance(value, int) else value
    return float(struct.unpack("<d", raw)[0])
