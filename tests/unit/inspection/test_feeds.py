"""Bytes that are read forward, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.feeds import LINE, UNPACKED, Cursor, PackedFeed, SourceFeed, packing_of
from sitegen.inspection.sources import BytesSource, TooMuch

PACK: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
DATA = bytes(range(256)) * 2000


def cursor(data: bytes) -> Cursor:
    return Cursor(SourceFeed(BytesSource(data)))


def packed(data: bytes, packing: str) -> PackedFeed:
    return PackedFeed(BytesSource(data), packing)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 90_000)), max_size=12))
def test_a_cursor_takes_and_passes_over_as_a_file_would(steps: list[tuple[bool, int]]) -> None:
    reader, at = cursor(DATA), 0
    for taking, length in steps:
        if at + length > len(DATA):
            break
        if taking:
            assert reader.take(length) == DATA[at : at + length]
        else:
            reader.skip(length)
        at += length
        assert reader.place == at


def test_what_is_not_there_is_neither_taken_nor_passed_over() -> None:
    with pytest.raises(Unreadable, match="ends after 3 bytes"):
        cursor(b"abc").take(4)
    with pytest.raises(Unreadable):
        cursor(b"abc").skip(4)
    cursor(b"abc").skip(3)


def test_lines_are_read_one_by_one() -> None:
    reader = cursor(b"one\n\n" + b"x" * (3 * LINE) + b"\nlast\nrest")
    assert [reader.line() for _ in range(4)] == [b"one", b"", None, b"last"]
    with pytest.raises(Unreadable, match="line that begins at byte"):
        reader.line()


@pytest.mark.parametrize("packing", PACK)
def test_a_compressed_file_unpacks_to_what_it_was(packing: str) -> None:
    data = PACK[packing](DATA)
    assert packing_of(data) == packing
    feed = packed(data, packing)
    assert feed.pull(0, 10) == DATA[:10]
    assert feed.pull(300_000, len(DATA)) == DATA[300_000:]
    assert feed.pull(len(DATA), 1) == b""
    with pytest.raises(Unreadable, match="backwards"):
        feed.pull(5, 1)


@pytest.mark.parametrize("packing", PACK)
def test_a_compressed_file_that_is_cut_short_ends_early(packing: str) -> None:
    data = PACK[packing](DATA)
    assert DATA.startswith(packed(data[: len(data) // 2], packing).pull(0, len(DATA)))


# Only `lzma` has nothing that tells.
@pytest.mark.parametrize("packing", ["zlib", "gzip", "bz2", "xz"])
def test_a_compressed_file_that_is_damaged_is_unreadable(packing: str) -> None:
    content = random.Random(1).randbytes(5000)
    data = bytearray(PACK[packing](content))
    data[len(data) // 2] ^= 1
    with pytest.raises(Unreadable, match="damaged"):
        packed(bytes(data), packing).pull(0, 6000)


def test_little_is_unpacked_of_a_bomb() -> None:
    bomb = zlib.compress(bytes(UNPACKED + (1 << 20)), 1)
    with pytest.raises(TooMuch, match="unpacks to more than 256 MB"):
        packed(bomb, "zlib").pull(UNPACKED, 1)


def test_an_unknown_compression_is_named() -> None:
    assert packing_of(b"\x04\x22\x4d\x18") == "lz4"
    assert packing_of(b"") == packing_of(b"x") == packing_of(b"xy") == ""
    with pytest.raises(Unreadable, match="lz4"):
        packed(b"", "lz4")
