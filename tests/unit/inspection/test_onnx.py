"""ONNX models, made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Tensor, Unreadable
from sitegen.inspection.onnx import ONNX
from sitegen.inspection.sources import BytesSource, open_file
from sitegen.registry.schemas import Argument, DataType, Method
from tests.damage import attempt, cut_short, inspected, message, scrambled


def tensor_type(dtype: int, *sizes: int | bytes) -> bytes:
    shape = message(*((1, message((1 if isinstance(one, int) else 2, one))) for one in sizes))
    return message((1, message((1, dtype), (2, shape))))


def port(name: bytes, type: bytes) -> bytes:
    return message((1, name), (2, type))


def weight(name: bytes, *dims: int, dtype: int = 1, raw: bytes = b"") -> bytes:
    return message(*((1, one) for one in dims), (2, dtype), (8, name), (9, raw))


def graph(*more: tuple[int, int | bytes]) -> bytes:
    return message(
        (1, message((4, b"Gemm"))),
        (1, message((4, b"Relu"))),
        (1, message((4, b"Gemm"), (7, b"com.example"))),
        (2, b"main"),
        (5, weight(b"w", 3, 4, raw=bytes(48))),
        (10, b"A graph"),
        (11, port(b"x", tensor_type(1, b"batch", 4))),
        (11, port(b"w", tensor_type(1, 3, 4))),
        (12, port(b"y", tensor_type(7, b"batch"))),
        *more,
    )


def model(whole: bytes | None = None, *more: tuple[int, int | bytes]) -> bytes:
    return message(
        (1, 8), (2, b"skl2onnx"), (3, b"1.16"), (4, b"ai.example"), (5, 2), (6, b"Tells irises"),
        (7, graph() if whole is None else whole), (8, message((1, b""), (2, 17))),
        (14, message((1, b"author"), (2, b"A. Person"))), *more,
    )  # fmt: skip


def test_a_model_says_inputs_outputs_operators_and_producer() -> None:
    found = inspected(ONNX, model())
    metadata = found.metadata
    assert (metadata.framework, metadata.format) == ("onnx", "onnx")
    assert metadata.description == "Tells irises"
    assert metadata.methods == (
        Method("predict", (Argument("x", DataType("ndarray", "float32", (None, 4))),),
               DataType("ndarray", "int64", (None,))),
    )  # fmt: skip
    assert dict(metadata.facts) == {
        "graph": "main",
        "producer": "skl2onnx 1.16",
        "domain": "ai.example",
        "model version": "2",
        "format version": "8",
        "operator sets": "ai.onnx 17",
        "inputs": "x: float32[batch, 4]",
        "outputs": "y: int64[batch]",
        "operators": "Gemm x1, Relu x1, com.example.Gemm x1",
        "author": "A. Person",
    }
    assert found.tensors == (Tensor("w", "float32", (3, 4)),)


def test_types_of_every_kind_are_told() -> None:
    number = message((1, message((1, 11), (2, b""))))
    listed = message((4, message((1, tensor_type(1, 2)))))
    mapped = message((5, message((1, 7), (2, tensor_type(1)))))
    maybe = message((9, message((1, tensor_type(1, 2)))))
    types_of = {b"n": number, b"l": listed, b"m": mapped, b"o": maybe, b"q": b""}
    ports = [(11, port(name, type)) for name, type in types_of.items()]
    found = inspected(ONNX, model(graph(*ports))).metadata
    types = {one.name: one.type for one in found.methods[0].arguments}
    assert types["n"] == DataType("number", "float64")
    assert types["l"] == DataType("array", items=(("", DataType("ndarray", "float32", (2,))),))
    kinds = (("key", DataType("primitive", "int64")), ("value", DataType("number", "float32")))
    assert types["m"] == DataType("d_dict", items=kinds)
    assert types["o"] == DataType("ndarray", "float32", (2,)) and types["q"] is None
    assert "l: sequence of float32[2]" in dict(found.facts)["inputs"]


def test_several_outputs_are_a_dictionary() -> None:
    found = inspected(ONNX, model(graph((12, port(b"z", tensor_type(1, 3)))))).metadata
    returned = found.methods[0].returns
    assert returned is not None and returned.kind == "dict"
    assert [key for key, _ in returned.items] == ["y", "z"]


def test_weights_are_not_read(tmp_path: Path) -> None:
    many = [(5, weight(b"w%d" % number, 500_000, raw=bytes(500_000))) for number in range(40)]
    path = tmp_path / "m.onnx"
    path.write_bytes(model(graph(*many)))
    with open_file(path) as source:
        before = source.budget
        found = ONNX.read(source)
        assert before - source.budget < 1 << 20
    assert found.tensor_count == 41
    assert found.tensors[-1] == Tensor("w39", "float32", (500_000,))


def test_weights_that_stand_elsewhere_are_named() -> None:
    def outside(place: bytes) -> bytes:
        location = message((1, b"location"), (2, place))
        return model(graph((5, message((8, b"v"), (13, location), (14, 1)))))

    found = inspected(ONNX, outside(b"weights.bin"))
    assert dict(found.metadata.facts)["external data"] == "weights.bin" and not found.warnings
    for place in (b"../../secret", b"/etc/passwd", b"C:/x"):
        assert place.decode() in inspected(ONNX, outside(place)).warnings[0]


def test_a_name_or_a_beginning_tells() -> None:
    assert ONNX.matches(b"", BytesSource(b"", "m.onnx"))
    assert ONNX.matches(model(), BytesSource(model(), "model"))
    for name in ("m.mlmodel", "saved_model.pb"):
        assert not ONNX.matches(model(), BytesSource(model(), name))


@pytest.mark.parametrize("data", [b"", message((1, 8)), message((7, 5)), b"\xff" * 30, b"\x07abc"])
def test_what_no_model_has_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        ONNX.read(BytesSource(data, "m.onnx"))


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    ordered = message((14, message((1, b"a")))) + message((7, graph()))
    assert cut_short(ONNX, ordered, "m.onnx") == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(ONNX, model(), seed, "m.onnx")


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(ONNX, data, "m.onnx")
    attempt(ONNX, message((7, data)), "m.onnx")
    attempt(ONNX, message((7, message((11, data)))), "m.onnx")
