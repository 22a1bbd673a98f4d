"""The arrays between the instructions of what joblib writes."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import pytest

from sitegen.inspection.arrays import Array
from sitegen.inspection.base import Source, Unreadable
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.joblib import arrays_between
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.sources import BytesSource, FileSource
from tests.pickling import Call, Name, dtype, dumps, texts

END = b"."


def machine(source: Source) -> Machine:
    return Machine(Cursor(SourceFeed(source)), arrays_between)


def wrapper(code: str, shape: tuple[int, ...], aligned: int | None = 16) -> bytes:
    """The instructions that announce an array, without the end."""
    state: dict[str, Any] = {
        "subclass": Name("numpy", "ndarray"),
        "shape": shape,
        "order": "C",
        "dtype": dtype(code),
        "allow_mmap": code != "O8",
        "numpy_array_alignment_bytes": aligned,
    }
    name = Name("joblib.numpy_pickle", "NumpyArrayWrapper")
    return dumps(Call(name, state=state, new=True), 3)[:-1]


def read(data: bytes) -> tuple[Any, Machine]:
    reader = machine(BytesSource(data))
    return reader.run(), reader


def test_the_bytes_of_an_array_are_no_instructions() -> None:
    numbers = struct.pack("<2d", 1.5, -2)
    found, reader = read(wrapper("f8", (2,)) + b"\x03\xff\xff\xff" + numbers + END)
    assert isinstance(found, Array)
    assert (found.dtype.name, found.shape, found.values) == ("float64", (2,), (1.5, -2.0))
    assert reader.stopped == ""


def test_older_files_align_nothing() -> None:
    found, _ = read(wrapper("i2", (2,), None) + b"\1\0\2\0" + END)
    assert found.values == (1, 2)


def test_an_array_of_objects_is_a_pickle_of_its_own() -> None:
    found, reader = read(wrapper("O8", (2,)) + dumps(texts("a", "b")) + END)
    assert (found.values, found.shape) == (("a", "b"), (2,))
    hidden = dumps([Call(Name("os", "system"), "true")])
    found, reader = read(wrapper("O8", (1,)) + hidden + END)
    assert found.values is None
    assert "os.system" in map(str, reader.calls)


def test_a_large_array_is_passed_over(tmp_path: Path) -> None:
    begin = wrapper("f8", (1 << 20, 640), 16) + b"\0"
    path = tmp_path / "large.joblib"
    with path.open("wb") as file:
        file.write(begin)
        file.seek(len(begin) + (640 << 23))
        file.write(END)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        found = machine(FileSource(file, "large.joblib", size, 1 << 16)).run()
    assert size > 5_000_000_000
    assert (found.shape, found.values) == ((1 << 20, 640), None)


def test_an_array_that_is_cut_short_is_unreadable() -> None:
    for data in (b"", b"\0", b"\0" + bytes(15)):
        with pytest.raises(Unreadable, match="ends after"):
            read(wrapper("f8", (2,)) + data)
    with pytest.raises(Unreadable, match="an array of"):
        read(wrapper("f8", (1 << 40, 1 << 40)) + b"\0")


def test_an_array_of_an_unknown_kind_ends_the_reading() -> None:
    odd = Call(Name("joblib.numpy_pickle", "NumpyArrayWrapper"), state={"shape": (1,)}, new=True)
    _, reader = read(dumps(["first", odd]))
    assert "not known" in reader.stopped
