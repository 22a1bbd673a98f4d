"""TensorFlow SavedModels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.savedmodel import NAME, SAVEDMODEL
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Argument, DataType
from tests.damage import attempt, cut_short, inspected, message, scrambled


def tensor(dtype: int, *sizes: int, unknown: bool = False) -> bytes:
    dimensions = [(2, message((1, size))) for size in sizes]
    shape = message(*dimensions, *([(3, 1)] if unknown else []))
    return message((1, b"serving:0"), (2, dtype), (3, shape))


def signature(name: bytes, inputs: dict[bytes, bytes], outputs: dict[bytes, bytes]) -> bytes:
    entries = [(1, message((1, key), (2, value))) for key, value in inputs.items()]
    entries += [(2, message((1, key), (2, value))) for key, value in outputs.items()]
    definition = message(*entries, (3, b"tensorflow/serving/predict"))
    return message((1, name), (2, definition))


def graph(*tags: bytes, version: bytes = b"2.15.0", size: int = 100) -> bytes:
    info = message(*((4, tag) for tag in tags), (5, version))
    default = signature(
        b"serving_default",
        {b"words": tensor(7, -1), b"image": tensor(1, -1, 28, 28)},
        {b"scores": tensor(1, unknown=True)},
    )
    start = signature(b"__saved_model_init_op", {}, {b"init": tensor(0)})
    return message((1, info), (2, bytes(size)), (5, default), (5, start), (7, b"\x0a\x00"))


MODEL = message((1, 1), (2, graph(b"serve")))


def test_a_model_says_its_signatures_tags_and_version() -> None:
    metadata = inspected(SAVEDMODEL, MODEL, NAME).metadata
    assert (metadata.framework, metadata.framework_version) == ("tensorflow", "2.15.0")
    assert metadata.format == "savedmodel"
    method = metadata.methods[0]
    assert [one.name for one in metadata.methods] == ["serving_default"]
    assert method.arguments == (
        Argument("image", DataType("tf_tensor", "float32", (None, 28, 28)), keyword_only=True),
        Argument("words", DataType("tf_tensor", "string", (None,)), keyword_only=True),
    )
    assert method.returns == DataType("dict", items=(("scores", DataType("tf_tensor", "float32")),))
    assert dict(metadata.facts) == {
        "tags": "serve",
        "signatures": "serving_default",
        "schema version": "1",
    }


def test_a_large_graph_is_passed_over() -> None:
    large = message((1, 1), (2, graph(b"serve", size=3 << 20)))
    assert inspected(SAVEDMODEL, large, NAME) == inspected(SAVEDMODEL, MODEL, NAME)


def test_of_several_graphs_the_one_that_serves_is_shown() -> None:
    two = message((2, graph(b"train", version=b"1.0")), (2, graph(b"serve", b"gpu")))
    metadata = inspected(SAVEDMODEL, two, f"models/net/{NAME}").metadata
    assert metadata.framework_version == "2.15.0"
    assert dict(metadata.facts)["tags"] == "serve, gpu"
    assert dict(metadata.facts)["graphs"] == "2"


def test_another_name_is_no_model() -> None:
    assert not SAVEDMODEL.matches(MODEL, BytesSource(MODEL, "model.pb"))
    with pytest.raises(Unreadable, match="graph"):
        inspected(SAVEDMODEL, message((1, 1)), NAME)


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(SAVEDMODEL, MODEL, NAME) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(SAVEDMODEL, MODEL, seed, NAME)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(SAVEDMODEL, data, NAME)
    attempt(SAVEDMODEL, message((2, data)), NAME)
