"""CatBoost models, binary and JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.catboost import CATBOOST, WINDOW
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Column, DataType
from tests.damage import attempt, cut_short, inspected, scrambled, stored

FILES = ("more-classes.cbm", "more-kinds.cbm")


def model(**others: Any) -> bytes:
    return json.dumps(
        {
            "features_info": {
                "categorical_features": [{"feature_id": "kind", "flat_feature_index": 0}],
                "float_features": [
                    {"borders": [0.5], "feature_id": "size", "flat_feature_index": 1}
                ],
            },
            "model_info": {
                "catboost_version_info": "Branch: tags/v1.2.7\nAuthor: a <a@example.org>",
                "class_params": {"class_names": ["no", "yes"]},
                "params": {"loss_function": {"type": "Logloss"}},
            },
            "oblivious_trees": [{"splits": []}, {"splits": []}],
            **others,
        }
    ).encode()


def test_a_model_in_json_says_its_features_classes_and_version() -> None:
    metadata = inspected(CATBOOST, model()).metadata
    assert (metadata.framework, metadata.framework_version) == ("catboost", "1.2.7")
    assert (metadata.format, metadata.class_name) == (
        "catboost-json",
        "catboost.CatBoostClassifier",
    )
    assert metadata.methods[0].arguments[0].type == DataType(
        "dataframe", columns=(Column("kind", "categorical"), Column("size", "float"))
    )
    assert metadata.methods[1].returns == DataType("ndarray", shape=(None, 2))
    facts = dict(metadata.facts)
    assert (facts["trees"], facts["classes"], facts["objective"]) == ("2", "no, yes", "Logloss")


@pytest.mark.parametrize("data", [model(), stored("more-classes.cbm")])
def test_who_built_the_library_is_not_told(data: bytes) -> None:
    assert b"Author" in data
    assert "example.org" not in repr(inspected(CATBOOST, data))


def test_of_a_large_model_in_json_the_trees_are_not_read() -> None:
    trees = [{"leaf_values": [0.125] * 1000}] * (WINDOW // 7000)
    found = inspected(CATBOOST, model(oblivious_trees=trees)).metadata
    assert found.methods == inspected(CATBOOST, model()).metadata.methods
    assert "not read" in dict(found.facts)


def test_a_model_without_features_is_none() -> None:
    with pytest.raises(Unreadable, match="features_info"):
        inspected(CATBOOST, b'{"oblivious_trees": []}')
    for data in (b'{"a": 1}', b"CBM2", b""):
        assert not CATBOOST.matches(data, BytesSource(data))


@pytest.mark.parametrize("size", [0, 3, 4, 8, 1 << 31])
def test_a_binary_model_of_another_size_is_unreadable(size: int) -> None:
    with pytest.raises(Unreadable):
        inspected(CATBOOST, b"CBM1" + size.to_bytes(4, "little") + bytes(64))


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(CATBOOST, stored("more-classes.cbm")) == [None] * 16
    # What follows the core of a model with texts has no length to go by.
    assert cut_short(CATBOOST, stored("more-kinds.cbm"))[:8] == [None] * 8


def test_a_model_in_json_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(CATBOOST, model()) == [None] * 16


@given(st.sampled_from(FILES), st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(name: str, seed: int) -> None:
    scrambled(CATBOOST, stored(name), seed)


@given(st.integers(0, 10**9))
def test_a_damaged_model_in_json_is_read_or_unreadable(seed: int) -> None:
    scrambled(CATBOOST, model(), seed)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(CATBOOST, b"CBM1" + len(data).to_bytes(4, "little") + data)
    attempt(CATBOOST, b'{"features_info":' + data)
