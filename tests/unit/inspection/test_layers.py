"""What the configuration of a Keras model says."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.inspection.base import Inspected, Unreadable
from sitegen.inspection.layers import described, document
from sitegen.registry.schemas import DataType


def said(config: dict[str, Any]) -> Inspected:
    return described(config, source="m", format="keras", version="3.1.0", backend="torch")


def layer(kind: str, called: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "name": called, "config": {"name": called, **config}}


GRAPH = {
    "class_name": "Functional",
    "config": {
        "name": "net",
        "layers": [
            layer("InputLayer", "b", batch_shape=[None, 4], dtype="int32"),
            layer("InputLayer", "a", batch_input_shape=[None, None, 3], dtype="float32"),
            layer("Dense", "d", units=2, dtype={"config": {"name": "float16"}}),
        ],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": {"out": ["d", 0, 0], "same": ["b", 0, 0]},
    },
}


def test_a_graph_of_layers_says_its_inputs_in_order_and_its_outputs() -> None:
    metadata = said(GRAPH).metadata
    predict = metadata.methods[0]
    assert [(one.name, one.type) for one in predict.arguments] == [
        ("a", DataType("ndarray", "float32", (None, None, 3))),
        ("b", DataType("ndarray", "int32", (None, 4))),
    ]
    assert predict.returns == DataType(
        "dict",
        items=(
            ("d", DataType("ndarray", "float16")),
            ("b", DataType("ndarray", "int32", (None, 4))),
        ),
    )
    assert [one.package for one in metadata.requirements] == ["keras", "torch"]
    assert dict(metadata.facts)["kinds of layers"] == "2 InputLayer, 1 Dense"


@pytest.mark.parametrize(
    "inner",
    [
        [layer("Dense", "d", batch_input_shape=[None, 3], units=1)],
        {"layers": [layer("Dense", "d", units=1)], "build_input_shape": [None, 3]},
        {"layers": [layer("InputLayer", "i", batch_shape=[None, 3])]},
    ],
)
def test_a_sequence_of_layers_says_what_its_first_takes(inner: object) -> None:
    predict = said({"class_name": "Sequential", "config": inner}).metadata.methods[0]
    taken = predict.arguments[0].type
    assert taken is not None and taken.shape == (None, 3)


def test_code_in_the_file_and_classes_of_others_are_warned_of_wherever_they_are() -> None:
    inner = {"class_name": "Sequential", "config": {"layers": [layer("Lambda", "deep")]}}
    other = {"class_name": "Mine", "module": "my.code", "config": {}}
    config = {"class_name": "Sequential", "config": {"layers": [inner, other]}}
    first, second = said(config).warnings
    assert "`deep` is a Lambda" in first
    assert "`my.code.Mine`" in second
    assert said(GRAPH).warnings == ()


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [[]], [None], [{}], {"layers": 1}])
def test_odd_parts_are_passed_over(odd: object) -> None:
    said({"class_name": "Functional", "config": odd})
    for name in ("layers", "input_layers", "output_layers", "build_input_shape", "build_config"):
        said({"class_name": "Functional", "config": {**GRAPH["config"], name: odd}})
    for name in ("batch_shape", "dtype", "units", "name"):
        config = {"layers": [layer("Dense", "d", **{"units": 1, name: odd})]}
        said({"class_name": "Sequential", "config": config})


def test_what_is_no_object_is_unreadable() -> None:
    for text in (b"", b"[]", b'{"a": 1', b"x"):
        with pytest.raises(Unreadable):
            document(text, "`config.json`")
    with pytest.raises(Unreadable, match="class"):
        said({})
