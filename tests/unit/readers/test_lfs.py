"""Pointers of Git LFS."""

from __future__ import annotations

import pytest

from sitegen.readers.lfs import Pointer, read_pointer

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n".encode()


def test_a_pointer_names_hash_and_size() -> None:
    assert read_pointer(POINTER) == Pointer("sha256", OID, 12345)


def test_a_pointer_checked_out_with_other_line_ends_is_one_too() -> None:
    assert read_pointer(POINTER.replace(b"\n", b"\r\n")) == Pointer("sha256", OID, 12345)


def test_a_pointer_that_names_nothing_is_still_no_file() -> None:
    assert read_pointer(POINTER.partition(b"oid")[0]) == Pointer()


@pytest.mark.parametrize("data", [b"", b"a model", b"\n" + POINTER, POINTER + b" " * 2000])
def test_anything_else_is_the_file_itself(data: bytes) -> None:
    assert read_pointer(data) is None
