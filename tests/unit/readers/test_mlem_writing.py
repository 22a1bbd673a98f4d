"""A written .mlem: what MLEM requires, and nothing that is not known."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.readers.mlem_writing import write_mlem
from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
)
from sitegen.safeyaml import load


def written(model: ModelMetadata, name: str = "models/nn.mlem") -> dict[str, Any]:
    found: dict[str, Any] = load(write_mlem(model, name)).value
    return found


def test_little_is_written_of_a_model_of_which_little_is_known() -> None:
    assert write_mlem(ModelMetadata("nn.gguf", "gguf"), "nn.mlem").decode() == (
        "object_type: model\n"
        "processors:\n"
        "  model:\n"
        "    type: gguf\n"
        "    methods: {}\n"
        "call_orders: {}\n"
        "requirements: []\n"
    )
    unknown = {"model": {"type": "unknown", "methods": {}}}
    assert written(ModelMetadata("x"))["processors"] == unknown


@pytest.mark.parametrize(
    ("framework", "format", "io"),
    [
        ("sklearn", "pickle", None),
        ("lightgbm", "lightgbm", None),
        ("lightgbm", "pickle", {"type": "simple_pickle"}),
        ("callable", "", {"type": "pickle"}),
        ("gguf", "gguf", None),
    ],
)
def test_how_the_file_is_written_is_said_where_mlem_would_not_know(
    framework: str, format: str, io: Any
) -> None:
    model = written(ModelMetadata("x", framework, format=format))["processors"]["model"]
    assert model.get("io") == io


def test_a_classifier_of_catboost_is_said_to_be_one() -> None:
    def io(class_name: str, format: str) -> Any:
        model = ModelMetadata("x", "catboost", format=format, class_name=class_name)
        return written(model)["processors"]["model"].get("io")

    classifier = {"type": "catboost_io", "model_type": "clf"}
    assert io("catboost.CatBoostClassifier", "catboost-cbm") == classifier
    assert io("catboost.CatBoostRegressor", "catboost-cbm") is None
    assert io("catboost.core.CatBoostClassifier", "pickle") == {"type": "simple_pickle"}


@pytest.mark.parametrize(
    "type",
    [
        None,
        DataType("polars", "x"),
        DataType("primitive"),
        DataType("ndarray", shape=(3,)),
        DataType("torch", "float32"),
        DataType("csr_matrix", "float32", (None, 3)),
        DataType("array"),
        DataType("d_dict", items=(("key", DataType("binary")), ("value", DataType("binary")))),
        DataType("lightgbm"),
    ],
)
def test_a_type_that_mlem_would_refuse_is_unspecified(type: DataType | None) -> None:
    method = Method("predict", (Argument("x", type),), type)
    said = written(ModelMetadata("x", methods=(method,)))["processors"]["model"]["methods"]
    assert said["predict"]["returns"] == {"type": "unspecified"}
    assert said["predict"]["args"][0]["type_"] == {"type": "unspecified"}


def test_a_deep_type_ends_somewhere() -> None:
    type = DataType("binary")
    for _ in range(300):
        type = DataType("list", items=(("", type),))
    assert len(write_mlem(ModelMetadata("x", methods=(Method("f", returns=type),)), "x")) < 9_000


def test_names_and_texts_stay_texts() -> None:
    columns = tuple(map(Column, ("", "on", "3.10", "a: b", "'", "\u202e", "null", "é")))
    type = DataType("dataframe", columns=columns)
    method = Method("yes", (Argument("no", type),))
    said = written(ModelMetadata("x", methods=(method,), description="a\nb"))
    table = said["processors"]["model"]["methods"]["yes"]["args"][0]["type_"]
    assert table["columns"] == [one.name for one in columns]
    assert said["params"] == {"description": "a\nb"}
    assert said["call_orders"] == {"yes": [["model", "yes"]]}


def test_files_are_named_from_the_folder_of_the_mlem_file() -> None:
    files = (
        ModelFile("a", "", "models/nn.pkl", 3, "0" * 32),
        ModelFile("b", "", "data/x", None, "sha256:1"),
        ModelFile("c", "s3://bucket/x"),
    )
    assert written(ModelMetadata("x", files=files))["artifacts"] == {
        "a": {"uri": "nn.pkl", "size": 3, "hash": "0" * 32},
        "b": {"uri": "../data/x", "size": -1, "hash": ""},
        "c": {"uri": "s3://bucket/x", "size": -1, "hash": "", "type": "fsspec"},
    }
    assert list(written(ModelMetadata("x", files=files[:1]))["artifacts"]) == ["data"]


def test_requirements_are_those_that_mlem_takes() -> None:
    requirements = (
        Requirement("sklearn", "scikit-learn", "1.3.2"),
        Requirement("numpy"),
        Requirement("own", "git+https://example.org/own.git@abc"),
        Requirement("a", "a.b", "", "custom"),
        Requirement("", "libgomp1", "", "unix"),
        Requirement("", "numpy", ">=1", "conda"),
        Requirement("", "", "", "unix"),
    )
    assert written(ModelMetadata("x", requirements=requirements))["requirements"] == [
        {"module": "sklearn", "package_name": "scikit-learn", "version": "1.3.2"},
        {"module": "numpy"},
        {
            "module": "own",
            "vcs": "git",
            "source_url": "https://example.org/own.git",
            "vcs_commit": "abc",
        },
        {"type": "unix", "package_name": "libgomp1"},
        {"type": "conda", "package_name": "numpy", "spec": ">=1"},
    ]
