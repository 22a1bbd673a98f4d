"""The wire format of Protocol Buffers: what is read, and what is refused."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection import protobuf
from sitegen.inspection.base import Unreadable
from sitegen.inspection.sources import BytesSource

MESSAGE = b"\x08\x96\x01" + b"\x12\x07testing" + b"\x1d\x01\x00\x00\x00" + b"\x21" + bytes(8)


def test_each_wire_type_is_read() -> None:
    assert list(protobuf.fields(MESSAGE)) == [
        (1, 0, 150),
        (2, 2, b"testing"),
        (3, 5, 1),
        (4, 1, 0),
    ]


def test_a_file_gives_the_same_fields_as_its_bytes() -> None:
    assert list(protobuf.spans(BytesSource(MESSAGE))) == list(protobuf.fields(MESSAGE))


def test_a_large_field_of_a_file_is_not_read() -> None:
    size = protobuf.SMALL + 1
    length = bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14])
    data = b"\x0a" + length + bytes(size) + b"\x10\x01"
    assert list(protobuf.spans(BytesSource(data))) == [
        (1, 2, protobuf.Span(4, size)),
        (2, 0, 1),
    ]


def test_repeated_fields_stand_in_order_and_may_be_packed() -> None:
    found = protobuf.message(b"\x08\x01\x0a\x02\x02\x03\x08\x04")
    assert protobuf.packed(found[1]) == [1, 2, 3, 4]


def test_negative_and_fractional_numbers_are_told() -> None:
    assert protobuf.signed(protobuf.varint(b"\xff" * 9 + b"\x01", 0)[0]) == -1
    assert protobuf.double(int.from_bytes(struct.pack("<d", 1.5), "little")) == 1.5
    assert protobuf.text(b"a") == "a"
    assert protobuf.text(1) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",
        b"\x08" + b"\xff" * 11,
        b"\x12\x05abc",
        b"\x12\xff\xff\xff\xff\x7fabc",
        b"\x1d\x00",
        b"\x00\x01",
        b"\x0b",
        b"\x0f",
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        list(protobuf.fields(data))
    with pytest.raises(Unreadable):
        list(protobuf.spans(BytesSource(data)))


def test_the_number_of_fields_is_bounded() -> None:
    with pytest.raises(Unreadable, match="more than 10 fields"):
        list(protobuf.fields(b"\x08\x01" * 11, 10))


@given(st.binary(max_size=200))
def test_nothing_but_unreadable_comes_out(data: bytes) -> None:
    for read in (
        lambda: list(protobuf.fields(data)),
        lambda: list(protobuf.spans(BytesSource(data))),
    ):
        with contextlib.suppress(Unreadable):
            read()
