"""Keras models in HDF5 (`.h5`): the attributes of the root group say the layers.

Reads the file's own structures, without the HDF5 library: what stands at a few addresses, no
links, no data of weights. Source of the layout: the HDF5 File Format Specification 3.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.layers import described, document

MAGIC = b"\x89HDF\r\n\x1a\n"
TEXT = 16 << 20
"""Bytes of one attribute."""
BLOCK = 1 << 20
"""Bytes of one block of an object's header."""
BLOCKS = 64
MESSAGES = 4096

_ATTRIBUTE, _CONTINUATION, _ATTRIBUTE_INFO = 0x0C, 0x10, 0x15
_FIXED_TEXT, _VARIABLE = 3, 9
_NOWHERE = 0xFFFF_FFFF_FFFF_FFFF


class _Attribute(NamedTuple):
    """An attribute's type and its bytes as they stand in the header."""

    kind: int
    data: bytes


def matches(head: bytes, source: Source) -> bool:
    return head.startswith(MAGIC)


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    found = _attributes(source)
    config = _text(source, found.get("model_config"))
    if not config:
        raise Unreadable("no Keras model: the HDF5 file has no attribute `model_config`")
    return described(
        document(config, "the attribute `model_config`"),
        source=source.name,
        format="hdf5",
        version=_text(source, found.get("keras_version")).decode("utf-8", "replace"),
        backend=_text(source, found.get("backend")).decode("utf-8", "replace"),
    )


def _attributes(source: Source) -> dict[str, _Attribute]:
    """The attributes of the root group."""
    version = source.read(8, 1)[0]
    if version in (0, 1):
        sizes = source.read(13, 2)
        # Driver information is the last of four addresses; then the root group's entry.
        at = (24 if version == 0 else 28) + 4 * 8 + 8
    elif version in (2, 3):
        sizes, at = source.read(9, 2), 12 + 3 * 8
    else:
        raise Unreadable(f"HDF5 with a superblock of version {version}: expected 0 to 3")
    if sizes != b"\x08\x08":
        raise Unreadable("HDF5 with addresses of another size than 8 bytes")
    # The root group's address stands two addresses behind where the file should end, or one.
    end_at = at - 16 - 8 if version < 2 else at - 8
    end = int.from_bytes(source.read(end_at, 8), "little")
    if end > source.size:
        raise Unreadable(f"the file ends after {source.size} bytes: expected {end}")
    header = int.from_bytes(source.read(at, 8), "little")
    found: dict[str, _Attribute] = {}
    dense = False
    for kind, body in _messages(source, header):
        if kind == _ATTRIBUTE:
            name, attribute = _attribute(body)
            found[name] = attribute
        elif kind == _ATTRIBUTE_INFO:
            heap = body[2 + 2 * (body[1] & 1) :][:8] if len(body) > 2 else b""
            dense = dense or (len(heap) == 8 and int.from_bytes(heap, "little") != _NOWHERE)
    if dense and "model_config" not in found:
        raise Unreadable(
            "HDF5 whose attributes stand in a heap of their own: "
            "save it again with the default settings of h5py"
        )
    return found


def _messages(source: Source, at: int) -> Iterator[tuple[int, bytes]]:
    """The messages of an object's header: their type and content."""
    if source.read(at, 4) == b"OHDR":
        yield from _messages_2(source, at)
        return
    version, count, size = struct.unpack("<BxHxxxxI", source.read(at, 12))
    if version != 1:
        raise Unreadable(f"no HDF5 object at byte {at}: expected a header of version 1 or 2")
    blocks = [(at + 16, size)]
    left = min(count, MESSAGES)
    seen = 0
    while blocks and seen < BLOCKS:
        start, length = blocks.pop(0)
        seen += 1
        block = source.read(start, _bounded(length, BLOCK))
        place = 0
        while left and place + 8 <= len(block):
            kind, length = struct.unpack_from("<HH", block, place)
            body = block[place + 8 : place + 8 + length]
            place += 8 + length
            left -= 1
            if kind == _CONTINUATION and len(body) >= 16:
                blocks.append(struct.unpack_from("<QQ", body))
            else:
                yield kind, body


def _messages_2(source: Source, at: int) -> Iterator[tuple[int, bytes]]:
    version, flags = source.read(at + 4, 2)
    if version != 2:
        raise Unreadable(f"no HDF5 object at byte {at}: expected a header of version 2")
    start = at + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    size = int.from_bytes(source.read(start, width), "little")
    blocks = [(start + width, size)]
    head = 6 if flags & 0x04 else 4
    seen = left = 0
    while blocks and seen < BLOCKS:
        start, length = blocks.pop(0)
        seen += 1
        block = source.read(start, _bounded(length, BLOCK))
        place = 0
        while left < MESSAGES and place + head <= len(block):
            kind, length = struct.unpack_from("<BH", block, place)
            body = block[place + head : place + head + length]
            place += head + length
            left += 1
            if kind == _CONTINUATION and len(body) >= 16:
                address, size = struct.unpack_from("<QQ", body)
                # Between the signature OCHK and the checksum.
                blocks.append((address + 4, max(0, size - 8)))
            else:
                yield kind, body


def _attribute(body: bytes) -> tuple[str, _Attribute]:
    """Name, type and bytes of an attribute message."""
    try:
        version, _, name_size, type_size, space_size = struct.unpack_from("<BBHHH", body)
    except struct.error:
        raise Unreadable("HDF5 with an attribute that is cut short") from None
    at = 9 if version == 3 else 8

    def padded(size: int) -> int:
        return (size + 7) // 8 * 8 if version == 1 else size

    name = body[at : at + name_size].split(b"\0")[0].decode("utf-8", "replace")
    at += padded(name_size)
    kind = body[at] & 0x0F if at < len(body) else 0
    at += padded(type_size) + padded(space_size)
    return name, _Attribute(kind, body[at:])


def _text(source: Source, attribute: _Attribute | None) -> bytes:
    """The text of an attribute, b"" where there is none."""
    if attribute is None:
        return b""
    if attribute.kind == _FIXED_TEXT:
        return attribute.data.rstrip(b"\0")
    if attribute.kind != _VARIABLE or len(attribute.data) < 16:
        raise Unreadable("HDF5 with an attribute of Keras that is no text")
    length, heap, index = struct.unpack_from("<IQI", attribute.data)
    return _heap_object(source, heap, index)[: _bounded(length, TEXT)]


def _heap_object(source: Source, at: int, wanted: int) -> bytes:
    """An object of a global heap."""
    if source.read(at, 4) != b"GCOL":
        raise Unreadable(f"HDF5 with a text that leads to no heap, at byte {at}")
    size = int.from_bytes(source.read(at + 8, 8), "little")
    place, end = at + 16, at + size
    for _ in range(MESSAGES):
        if place + 16 > end:
            break
        index, length = struct.unpack("<HxxxxxxQ", source.read(place, 16))
        if index == wanted:
            return source.read(place + 16, _bounded(length, TEXT))
        if index == 0:
            break
        place += 16 + (length + 7) // 8 * 8
    raise Unreadable(f"HDF5 with a text that its heap does not hold, at byte {at}")


def _bounded(length: int, limit: int) -> int:
    if length > limit:
        raise Unreadable(f"HDF5 with a part of {length} bytes: at most {limit} are read")
    return length


HDF5 = Format("hdf5", matches, read)
