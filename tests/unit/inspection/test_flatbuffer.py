"""Tables of a FlatBuffer at random places."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.flatbuffer import Buffer
from sitegen.inspection.sources import BytesSource

# The root's place; its fields (a number, a text, a table, a vector of one table); the values.
BUFFER = (
    struct.pack("<I", 16)
    + struct.pack("<HHHHHH", 12, 20, 4, 8, 12, 16)
    + struct.pack("<iiIII", 12, -7, 12, 16, 16)
    + struct.pack("<I2sxx", 2, b"hi")
    + struct.pack("<i", 40)
    + struct.pack("<II", 1, 4)
    + struct.pack("<i", 52)
)


def buffer(data: bytes) -> Buffer:
    return Buffer(BytesSource(b"head" + data), 4, len(data))


def test_a_table_gives_its_fields_by_their_numbers() -> None:
    root = buffer(BUFFER).root()
    assert (root.integer(0), root.text(1), root.count(3)) == (-7, "hi", 1)
    assert (root.integer(9, 5), root.text(9), root.table(9), root.count(9)) == (5, "", None, 0)
    assert list(root.tables(9)) == []


def test_an_offset_never_leads_out() -> None:
    for number in range(0, len(BUFFER), 4):
        for value in (0, 0x7FFFFFFF, 0xFFFFFFFF, 8):
            changed = BUFFER[:number] + struct.pack("<I", value) + BUFFER[number + 4 :]
            visit(changed)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    visit(data)


def test_a_vector_of_very_many_tables_is_refused() -> None:
    many = BUFFER[:-12] + struct.pack("<II", 1 << 30, 4) + BUFFER[-4:]
    with pytest.raises(Unreadable, match="tables"):
        list(buffer(many).root().tables(3))


def visit(data: bytes) -> None:
    try:
        root = buffer(data).root()
        for field in range(len(root.fields)):
            root.integer(field)
            root.count(field)
    except Unreadable:
        return
    for field in range(len(root.fields)):
        try:
            root.text(field)
            root.table(field)
            list(root.tables(field))
        except Unreadable:
            continue
