"""Arrays, scalars and dtypes of NumPy among the symbols of a pickle."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from sitegen.inspection.arrays import (
    VALUES,
    Array,
    array_of,
    decoded,
    dtype_of,
    scalar_of,
    shape_of,
)
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.sources import BytesSource
from tests.pickling import Call, Name, array, dtype, dumps, texts


def symbol(value: Any) -> Any:
    return Machine(Cursor(SourceFeed(BytesSource(dumps(value))))).run()


def read(value: Any) -> Array:
    found = array_of(symbol(value))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "name", "size"),
    [("f8", "float64", 8), ("i4", "int32", 4), ("u1", "uint8", 1), ("c16", "complex128", 16),
     ("b1", "bool", 1), ("O8", "object", 8), ("U3", "str", 12), ("S5", "bytes", 5),
     ("M8", "datetime64", 8), ("V7", "void", 7)],
)  # fmt: skip
def test_a_dtype_has_numpys_name_and_size(code: str, name: str, size: int) -> None:
    found = dtype_of(symbol(dtype(code)))
    assert found is not None
    assert (found.name, found.size, found.objects) == (name, size, code == "O8")


@pytest.mark.parametrize("order", "<>")
def test_an_array_of_numbers_tells_them(order: str) -> None:
    found = read(array("f8", (2, 1), struct.pack(f"{order}2d", 0.5, 2), order))
    assert (found.dtype.name, found.shape, found.values) == ("float64", (2, 1), (0.5, 2.0))


@pytest.mark.parametrize("order", "<>")
def test_an_array_of_texts_tells_them(order: str) -> None:
    raw = "ab\0é\0\0".encode("utf-32-le" if order == "<" else "utf-32-be")
    assert read(array("U3", (2,), raw, order)).values == ("ab", "é")
    assert read(array("S2", (2,), b"a\0bc")).values == ("a", "bc")
    assert read(texts("one", "two")).values == ("one", "two")


def test_the_form_of_newer_pickles_is_known() -> None:
    whole = Call(Name("numpy._core.numeric", "_frombuffer"), b"\1\0\2\0", dtype("i2"), (2,), "C")
    assert read(whole).values == (1, 2)


def test_of_a_large_array_its_shape_is_known() -> None:
    found = read(array("f8", (20_000,), bytes(160_000)))
    assert (found.shape, found.values) == ((20_000,), None)
    many = read(array("i1", (VALUES + 1,), bytes(VALUES + 1)))
    assert many.values is not None and len(many.values) == VALUES


def test_a_scalar_is_its_value() -> None:
    scalar = Call(Name("numpy._core.multiarray", "scalar"), dtype("i8"), struct.pack("<q", -7))
    assert scalar_of(symbol(scalar)) == -7
    assert scalar_of("x") == "x" and scalar_of(True) is True
    assert scalar_of([1]) is None and scalar_of(symbol(Call(Name("a", "scalar")))) is None


def test_what_is_no_array_is_none() -> None:
    odd = (Call(Name("numpy", "other")), Call(Name("m", "_reconstruct"), state=(1,)))
    for value in (1, [1], *odd, array("f8", (-1,), b""), array("?q", (1,), b"")):
        assert array_of(symbol(value)) is None
    assert shape_of(5) == (5,) and shape_of(True) is None
    assert shape_of((1 << 70,)) is None and shape_of((1,) * 33) is None


def test_bytes_that_no_numbers_fill_are_cut() -> None:
    found = dtype_of(symbol(dtype("i4")))
    assert found is not None
    assert decoded(b"\1\0\0\0\2\0", found) == (1,)
