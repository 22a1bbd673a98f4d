"""Safetensors: the header alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Tensor, Unreadable
from sitegen.inspection.safetensors import SAFETENSORS
from sitegen.inspection.sources import BytesSource, open_file
from tests.damage import attempt, cut_short, inspected, scrambled

HEADER: dict[str, Any] = {
    "__metadata__": {"format": "pt", "base": "tiny"},
    "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    "b": {"dtype": "BF16", "shape": [2], "data_offsets": [24, 28]},
    "s": {"dtype": "I64", "shape": [], "data_offsets": [28, 36]},
}


def model(header: Any = HEADER, size: int = 36) -> bytes:
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + bytes(size)


def changed(name: str, **fields: Any) -> bytes:
    return model({**HEADER, name: {**HEADER.get(name, {}), **fields}})


def test_a_model_says_its_tensors_and_metadata() -> None:
    found = inspected(SAFETENSORS, model())
    assert (found.metadata.framework, found.metadata.format) == ("torch", "safetensors")
    assert [one.package for one in found.metadata.requirements] == ["torch", "safetensors"]
    assert dict(found.metadata.facts) == {
        "parameters": "9", "dtypes": "BF16, F32, I64", "format": "pt", "base": "tiny",
    }  # fmt: skip
    assert found.tensors == (
        Tensor("w", "F32", (2, 3)), Tensor("b", "BF16", (2,)), Tensor("s", "I64", ()),
    )  # fmt: skip


def test_a_file_of_no_framework_names_none() -> None:
    found = inspected(SAFETENSORS, model({}, 0))
    assert (found.metadata.framework, found.tensor_count) == ("", 0)


def test_of_a_file_of_five_gigabytes_the_header_is_read(tmp_path: Path) -> None:
    size = 5 << 30
    head = model({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}, 0)
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
    with open_file(path) as source:
        before = source.budget
        found = SAFETENSORS.read(source)
        assert before - source.budget == len(head)
    assert dict(found.metadata.facts)["parameters"] == str(size)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ends too early"),
        (model()[:-1], "outside of 35 bytes"),
        (model(size=37), "have 36 bytes, the file has 37"),
        ((1 << 60).to_bytes(8, "little") + b"{}", "header has"),
        (b"\x02" + bytes(7) + b"[]", "no object"),
        (b"\x03" + bytes(7) + b'{"a', "no object"),
        (model({"__metadata__": 5}, 0), "__metadata__"),
        (model({"w": 5}), "lacks its dtype"),
        (changed("w", dtype=5), "lacks its dtype"),
        (changed("w", shape=[-1]), "lacks its dtype"),
        (changed("w", shape=[True]), "lacks its dtype"),
        (changed("w", data_offsets=[24, 0]), "stands at"),
        (changed("w", shape=[7, 1]), "not its shape's"),
        (changed("b", data_offsets=[22, 26]), "begins at byte 22: expected 24"),
    ],
)
def test_what_no_model_has_is_unreadable(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        SAFETENSORS.read(BytesSource(data, "m.safetensors"))


def test_only_a_header_of_json_is_taken_for_one() -> None:
    for data in (b"", bytes(20), b"\x04" + bytes(7) + b"{x}y", b"\xff" + bytes(7) + b'{"'):
        assert not SAFETENSORS.matches(data, BytesSource(data, "m.bin"))
    assert SAFETENSORS.matches(b"", BytesSource(b"", "M.safetensors"))


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(SAFETENSORS, model()) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(SAFETENSORS, model(), seed)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(SAFETENSORS, data)
    attempt(SAFETENSORS, len(data).to_bytes(8, "little") + data)
