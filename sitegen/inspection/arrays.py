"""NumPy arrays, scalars and dtypes among the symbols of a pickle.

Source of their state: `ndarray.__reduce__` and `dtype.__reduce__` of NumPy.
"""

from __future__ import annotations

import math
import re
import struct
from typing import Any

import msgspec

from sitegen.inspection.symbols import Global, Made

VALUES = 10_000
"""Values of one array that are told."""

_CODE = re.compile(r"[<>|=]?([a-zA-Z?])(\d{0,9})")
_NAMES = {"f": "float", "i": "int", "u": "uint", "c": "complex"}
_WORDS = {"O": "object", "b": "bool", "?": "bool", "M": "datetime64", "m": "timedelta64"}
_UNPACKED = {
    "f2": "e", "f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B",
    "u2": "H", "u4": "I", "u8": "Q", "b1": "?",
}  # fmt: skip
_HAS_OBJECT = 1


class Dtype(msgspec.Struct, frozen=True):
    """A dtype. name: as NumPy has it, texts of any length being `str`; code: kind and size ("f8").

    size: bytes of an element; order: "<" or ">"; objects: whether Python's own stand in it.
    """

    name: str
    code: str
    size: int
    order: str
    objects: bool


class Array(msgspec.Struct, frozen=True):
    """An array. values: the first VALUES of them where the pickle holds them, None where not."""

    dtype: Dtype
    shape: tuple[int, ...]
    values: tuple[Any, ...] | None


def function_of(made: Any) -> Global | None:
    """What would be called to make this, None for anything else."""
    return made.callable if isinstance(made, Made) and isinstance(made.callable, Global) else None


def dtype_of(made: Any) -> Dtype | None:
    """The dtype that a symbol stands for, None for another symbol."""
    if not isinstance(made, Made):
        return None
    found, args = function_of(made), made.args
    if found is None or not found.module.startswith("numpy") or not isinstance(args, tuple):
        return None
    # Since NumPy 1.25 each dtype has a class: numpy.dtypes.Float64DType and the like.
    if found.name != "dtype" or not args or not isinstance(args[0], str):
        return None
    match = _CODE.fullmatch(args[0])
    if match is None:
        return None
    kind, digits = match.groups()
    state = made.state if isinstance(made.state, tuple) else ()
    order = ">" if len(state) > 1 and state[1] == ">" else "<"
    width = int(digits or (1 if kind in "?b" else 8 if kind == "O" else 0))
    size = width * 4 if kind == "U" else width
    if len(state) > 5 and isinstance(state[5], int) and state[5] > 0:
        size = state[5]
    flags = state[7] if len(state) > 7 and isinstance(state[7], int) else 0
    objects = kind == "O" or bool(flags & _HAS_OBJECT)
    if kind in _NAMES:
        name = f"{_NAMES[kind]}{width * 8}"
    elif kind in "US":
        name = "str" if kind == "U" else "bytes"
    else:
        name = _WORDS.get(kind, "void")
    return Dtype(name, f"{kind}{digits}", size, order, objects)


def array_of(made: Any) -> Array | None:
    """The array that a symbol stands for, None for another symbol."""
    if isinstance(made, Array):
        return made
    found = function_of(made)
    if found is None or not isinstance(made, Made) or not isinstance(made.args, tuple):
        return None
    if found.name == "_frombuffer" and len(made.args) >= 3:
        return _array(made.args[0], made.args[1], made.args[2])
    state = made.state
    if found.name != "_reconstruct" or not isinstance(state, tuple) or len(state) < 5:
        return None
    return _array(state[4], state[2], state[1])


def _array(content: Any, dtype: Any, shape: Any) -> Array | None:
    described, sizes = dtype_of(dtype), shape_of(shape)
    if described is None or sizes is None:
        return None
    if isinstance(content, list):
        return Array(described, sizes, tuple(content[:VALUES]))
    raw = content if isinstance(content, bytes) else None
    return Array(described, sizes, None if raw is None else decoded(raw, described))


def shape_of(value: Any) -> tuple[int, ...] | None:
    """A shape, None for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if not isinstance(value, tuple) or len(value) > 32:
        return None
    sizes = tuple(one for one in value if isinstance(one, int) and 0 <= one < 1 << 62)
    return sizes if len(sizes) == len(value) else None


def count_of(shape: tuple[int, ...]) -> int:
    return math.prod(shape)


def decoded(raw: bytes, dtype: Dtype) -> tuple[Any, ...] | None:
    """The values that bytes of an array stand for, None where that is not known."""
    if dtype.size <= 0 or dtype.objects:
        return None
    raw = raw[: VALUES * dtype.size]
    raw = raw[: len(raw) - len(raw) % dtype.size]
    if code := _UNPACKED.get(dtype.code):
        return struct.unpack(f"{dtype.order}{len(raw) // dtype.size}{code}", raw)
    if dtype.code[0] not in "US":
        return None
    parts = (raw[at : at + dtype.size] for at in range(0, len(raw), dtype.size))
    wide = "utf-32-le" if dtype.order == "<" else "utf-32-be"
    encoding = wide if dtype.code[0] == "U" else "latin-1"
    return tuple(part.decode(encoding, "replace").rstrip("\0") for part in parts)


def scalar_of(value: Any) -> Any:
    """A number, text or truth, also one of NumPy's; None for another symbol."""
    if isinstance(value, str | int | float | bool):
        return value
    found = function_of(value)
    if found is None or found.name != "scalar" or not isinstance(value.args, tuple):
        return None
    if len(value.args) < 2 or not isinstance(value.args[1], bytes):
        return None
    dtype = dtype_of(value.args[0])
    values = decoded(value.args[1], dtype) if dtype is not None else None
    return values[0] if values else None
