"""Universal Binary JSON within bounds."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.jsonscan import DEPTH, VALUES, Skipped
from sitegen.inspection.ubj import parse


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{i\x01ai\xffi\x01bU\xff}", {"a": -1, "b": 255}),
        (b"[I\x01\x00l\x00\x01\x00\x00L" + b"\xff" * 8 + b"]", [256, 65536, -1]),
        (b"[d" + struct.pack(">f", 1.5) + b"D" + struct.pack(">d", 2.5) + b"]", [1.5, 2.5]),
        (b"[ZTFNCxSi\x02hiHi\x0212]", [None, True, False, "x", "hi", "12"]),
        (b"[#i\x02i\x01i\x02", [1, 2]),
        (b"[$d#i\x03" + bytes(12), Skipped(0)),
        (b"[$S#i\x02i\x01ai\x01b", ["a", "b"]),
        (b"{#i\x01i\x01ai\x05", {"a": 5}),
        (b"{$i#i\x01i\x01a\x05", {"a": 5}),
        (b"[$T#L\x7f" + b"\xff" * 7, Skipped(0)),
    ],
)
def test_a_value_is_read(data: bytes, value: object) -> None:
    found = parse(data)
    assert (found.value, found.complete, found.end) == (value, True, len(data))


def test_what_is_skipped_is_counted_and_what_follows_is_read() -> None:
    data = b"{i\x01a[{i\x01bi\x01}{}i\x05]i\x01ci\x02}"
    found = parse(data, skip=frozenset({("a",)}))
    assert found.value == {"a": Skipped(2), "c": 2}


@pytest.mark.parametrize("length", range(19))
def test_a_value_that_does_not_end_is_given_as_far_as_it_goes(length: int) -> None:
    assert not parse(b"{i\x01a[i\x01i\x02]i\x01cSi\x02xy}"[:length]).complete


@pytest.mark.parametrize(
    "data",
    [
        b"[" * (DEPTH + 2),
        b"[" + b"Z" * (VALUES + 1),
        b"{i\xff",
        b"{Si\x01a",
        b"[$d]",
        b"x",
    ],
    ids=lambda data: repr(data[:8]),
)
def test_what_is_no_ubjson_or_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(data)


def test_too_many_skipped_values_end_the_reading() -> None:
    found = parse(b"{i\x01a[" + b"Z" * 3_000_000 + b"]}", skip=frozenset({("a",)}))
    assert not found.complete


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"{i\x01a", b"[$"):
        try:
            parse(start + data)
        except Unreadable:
            continue
