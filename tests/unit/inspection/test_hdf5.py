"""Keras models in HDF5."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.hdf5 import HDF5, MAGIC
from sitegen.inspection.sources import BytesSource
from tests.damage import attempt, cut_short, inspected, scrambled, stored

NAMES = ("more-line.h5", "more-graph.h5")
CONFIG = json.dumps({"class_name": "Sequential", "config": {"name": "small"}}).encode()


def attribute(name: bytes, value: bytes) -> bytes:
    """A message of an attribute of text of fixed length."""
    kind = struct.pack("<BBBBI", 0x13, 0, 0, 0, len(value))
    space = struct.pack("<BBBB", 2, 0, 0, 0)
    sizes = (len(name) + 1, len(kind), len(space))
    return struct.pack("<BBHHHB", 3, 0, *sizes, 0) + name + b"\0" + kind + space + value


def newer(*messages: tuple[int, bytes]) -> bytes:
    """A file of the newer layout: superblock 2, an object header of version 2."""
    body = b"".join(struct.pack("<BHB", kind, len(one), 0) + one for kind, one in messages)
    head = b"OHDR" + bytes([2, 2]) + struct.pack("<I", len(body)) + body + bytes(4)
    top = MAGIC + bytes([2, 8, 8, 0]) + struct.pack("<QQQQI", 0, 2**64 - 1, 48 + len(head), 48, 0)
    return top + head


def test_a_file_of_the_newer_layout_is_read() -> None:
    data = newer(
        (0x0C, attribute(b"keras_version", b"2.9.0")), (0x0C, attribute(b"model_config", CONFIG))
    )
    metadata = inspected(HDF5, data).metadata
    assert (metadata.framework, metadata.framework_version) == ("tf_keras", "2.9.0")
    assert (metadata.format, metadata.class_name) == ("hdf5", "keras.Sequential")


def test_a_file_without_a_model_says_so() -> None:
    with pytest.raises(Unreadable, match="model_config"):
        inspected(HDF5, newer((0x0C, attribute(b"title", b"weights"))))


def test_attributes_in_a_heap_of_their_own_are_named() -> None:
    heap = struct.pack("<BBQQ", 0, 0, 4096, 8192)
    with pytest.raises(Unreadable, match="save it again"):
        inspected(HDF5, newer((0x15, heap)))


def test_a_header_that_continues_in_itself_ends() -> None:
    again = struct.pack("<QQ", 48 + 10 - 4, 20 + 8)
    with pytest.raises(Unreadable):
        inspected(HDF5, newer((0x10, again)))


@pytest.mark.parametrize("superblock", [b"\x04", b"\x02\x04\x04", b"\xff"])
def test_another_layout_is_unreadable(superblock: bytes) -> None:
    with pytest.raises(Unreadable):
        inspected(HDF5, MAGIC + superblock + bytes(200))


def test_another_file_is_no_hdf5() -> None:
    assert not HDF5.matches(b"HDF", BytesSource(b"HDF"))


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_is_cut_short_is_unreadable(name: str) -> None:
    assert cut_short(HDF5, stored(name)) == [None] * 16


@given(st.sampled_from(NAMES), st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(name: str, seed: int) -> None:
    scrambled(HDF5, stored(name), seed)


@given(st.integers(0, 10**9))
def test_a_damaged_file_of_the_newer_layout_is_read_or_unreadable(seed: int) -> None:
    scrambled(HDF5, newer((0x0C, attribute(b"model_config", CONFIG))), seed)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(HDF5, MAGIC + data)
