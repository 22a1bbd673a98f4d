"""Core ML models and packages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.coreml import COREML
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Argument, DataType
from tests.damage import attempt, cut_short, inspected, message, scrambled

NAME = "net.mlmodel"


def feature(name: bytes, kind: int, type: bytes = b"", optional: int = 0) -> bytes:
    said = message((kind, type), *([(1000, 1)] if optional else []))
    return message((1, name), (2, b"about it"), (3, said))


INPUTS = {
    b"count": (1, b""),
    b"price": (2, b""),
    b"word": (3, b""),
    b"picture": (4, message((1, 224), (2, 112), (3, 20))),
    b"array": (5, message((1, b"\x01\x03"), (2, 65568))),
    b"table": (6, message((2, b""))),
    b"list": (7, message((1, b""))),
    b"memory": (8, message((1, message((1, 5), (2, 65552))))),
    b"later": (99, b""),
}
METADATA = message(
    (1, b"Tells irises apart"),
    (2, b"1.2"),
    (3, b"A. Person"),
    (4, b"MIT"),
    (100, message((1, b"com.github.apple.coremltools.version"), (2, b"7.1"))),
    (100, message((1, b"team"), (2, b"plants"))),
)
DESCRIPTION = message(
    *((1, feature(name, kind, type)) for name, (kind, type) in INPUTS.items()),
    (1, feature(b"maybe", 2, optional=1)),
    (10, feature(b"label", 3)),
    (11, b"label"),
    (12, b"chances"),
    (100, METADATA),
)
MODEL = message((1, 5), (2, DESCRIPTION), (402, bytes(2000)))
MANIFEST = {
    "fileFormatVersion": "1.0.0",
    "itemInfoEntries": {
        "A": {"name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"},
        "B": {"name": "weights", "path": "com.apple.CoreML/weights"},
    },
    "rootModelIdentifier": "A",
}


def test_a_model_says_its_features_kind_and_metadata() -> None:
    metadata = inspected(COREML, MODEL, NAME).metadata
    assert (metadata.framework, metadata.framework_version) == ("coreml", "7.1")
    assert (metadata.format, metadata.class_name) == ("mlmodel", "TreeEnsembleClassifier")
    assert metadata.description == "Tells irises apart"
    assert dict(metadata.facts) == {
        "kind": "TreeEnsembleClassifier",
        "specification version": "5",
        "author": "A. Person",
        "licence": "MIT",
        "version": "1.2",
        "predicted feature": "label",
        "predicted probabilities": "chances",
        "team": "plants",
    }


def test_every_type_of_feature_is_named() -> None:
    predict = inspected(COREML, MODEL, NAME).metadata.methods[0]
    assert {one.name: one.type for one in predict.arguments} == {
        "count": DataType("primitive", "int"),
        "price": DataType("primitive", "float"),
        "word": DataType("primitive", "str"),
        "picture": DataType("image", "RGB", (112, 224)),
        "array": DataType("ndarray", "float32", (1, 3)),
        "table": DataType("dict", "str"),
        "list": DataType("list", "int"),
        "memory": DataType("ndarray", "float16", (5,)),
        "later": DataType("unspecified"),
        "maybe": DataType("primitive", "float"),
    }
    assert predict.arguments[-1] == Argument("maybe", DataType("primitive", "float"), False)
    assert predict.returns == DataType("dict", items=(("label", DataType("primitive", "str")),))


def test_large_weights_are_passed_over() -> None:
    large = message((1, 5), (2, DESCRIPTION), (402, bytes(3 << 20)))
    assert inspected(COREML, large, NAME) == inspected(COREML, MODEL, NAME)


def test_a_package_says_where_its_model_is() -> None:
    data = json.dumps(MANIFEST).encode()
    metadata = inspected(COREML, data, "net.mlpackage/Manifest.json").metadata
    assert (metadata.framework, metadata.format) == ("coreml", "mlpackage")
    assert dict(metadata.facts)["model"] == "Data/com.apple.CoreML/model.mlmodel"
    assert [file.name for file in metadata.files] == ["model.mlmodel", "weights"]


@pytest.mark.parametrize(
    "change", [{"rootModelIdentifier": "C"}, {"itemInfoEntries": []}, {"itemInfoEntries": {"A": 1}}]
)
def test_a_package_without_a_model_is_unreadable(change: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        inspected(COREML, json.dumps({**MANIFEST, **change}).encode(), "Manifest.json")


def test_another_name_is_no_model() -> None:
    assert not COREML.matches(MODEL, BytesSource(MODEL, "model.pb"))
    assert not COREML.matches(b"{}", BytesSource(b"{}", "manifest.json"))
    with pytest.raises(Unreadable, match="description"):
        inspected(COREML, message((1, 5)), NAME)


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(COREML, MODEL, NAME) == [None] * 16
    assert cut_short(COREML, json.dumps(MANIFEST).encode(), "Manifest.json") == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(COREML, MODEL, seed, NAME)
    scrambled(COREML, json.dumps(MANIFEST).encode(), seed, "Manifest.json")


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(COREML, data, NAME)
    attempt(COREML, message((2, data)), NAME)
