"""XGBoost models of every form."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.sources import BytesSource
from sitegen.inspection.xgboost import WINDOW, XGBOOST
from sitegen.registry.schemas import Column, DataType
from tests.damage import attempt, cut_short, inspected, scrambled, stored

FILES = ("more-binary.xgb.json", "more-classes.ubj", "more-linear.ubj")


def model(trees: int = 2, padding: int = 10) -> bytes:
    """A model in JSON with as many numbers in each tree."""
    return json.dumps(
        {
            "learner": {
                "attributes": {},
                "feature_names": ["a", "b"],
                "feature_types": ["float", "int"],
                "gradient_booster": {
                    "model": {
                        "gbtree_model_param": {"num_trees": str(trees)},
                        "trees": [{"base_weights": [0.5] * padding}] * trees,
                    },
                    "name": "gbtree",
                },
                "learner_model_param": {"num_class": "0", "num_feature": "2"},
                "objective": {"name": "binary:logistic"},
            },
            "version": [2, 1, 3],
        },
        separators=(",", ":"),
    ).encode()


def legacy(objective: bytes = b"multi:softprob") -> bytes:
    header = struct.pack("<fIiiiIII", 0.5, 4, 3, 0, 0, 1, 7, 1).ljust(136, b"\0")
    names = [struct.pack("<Q", len(name)) + name for name in (objective, b"gbtree")]
    return b"binf" + header + b"".join(names) + bytes(100)


def test_a_model_says_its_features_objective_and_version() -> None:
    metadata = inspected(XGBOOST, model()).metadata
    assert (metadata.framework, metadata.framework_version) == ("xgboost", "2.1.3")
    assert (metadata.format, metadata.class_name) == ("xgboost-json", "xgboost.Booster")
    assert [(one.package, one.version) for one in metadata.requirements] == [("xgboost", "2.1.3")]
    assert [method.name for method in metadata.methods] == ["predict", "predict_proba"]
    assert metadata.methods[0].arguments[0].type == DataType(
        "dataframe", columns=(Column("a", "float"), Column("b", "int"))
    )
    assert dict(metadata.facts)["objective"] == "binary:logistic"
    assert dict(metadata.facts)["trees"] == "2"


def test_of_a_large_model_the_trees_are_not_read() -> None:
    data = model(trees=400, padding=4000)
    assert len(data) > WINDOW + (1 << 20)
    metadata = inspected(XGBOOST, data).metadata
    facts = dict(metadata.facts)
    assert metadata.framework_version == "2.1.3"
    assert (facts["trees"], facts["features"]) == ("400", "2")
    assert facts["objective"] == "binary:logistic"
    assert facts["not read"].endswith("bytes of trees")


def test_of_a_large_model_in_ubj_the_trees_are_not_read() -> None:
    small = stored("more-classes.ubj")
    start = small.index(b"L" + struct.pack(">q", 5) + b"trees[")
    tree = b"{i\x01w[$d#l" + struct.pack(">i", 2 << 20) + bytes(8 << 20) + b"}"
    large = small[: start + 15] + b"#L" + struct.pack(">q", 7) + tree + small[start + 24 :]
    was, found = inspected(XGBOOST, small).metadata, inspected(XGBOOST, large).metadata
    assert (found.methods, found.requirements) == (was.methods, was.requirements)
    assert set(was.facts) < set(found.facts)
    assert "not read" in dict(found.facts)


def test_the_deprecated_format_is_named_as_such() -> None:
    found = inspected(XGBOOST, legacy())
    assert found.metadata.format == "xgboost-binf"
    assert dict(found.metadata.facts) == {
        "objective": "multi:softprob",
        "booster": "gbtree",
        "features": "4",
        "classes": "3",
    }
    assert "deprecated" in found.warnings[0]
    with pytest.raises(Unreadable):
        inspected(XGBOOST, legacy(b"x" * 200))
    with pytest.raises(Unreadable):
        inspected(XGBOOST, legacy()[:150])


def test_another_json_file_is_no_model() -> None:
    for data in (b'{"a": {"learner": 1}}', b'["learner"]', b"{}", b""):
        assert not XGBOOST.matches(data, BytesSource(data))
    with pytest.raises(Unreadable, match="learner"):
        inspected(XGBOOST, b'{"learner": 5}')


@pytest.mark.parametrize("name", FILES)
def test_a_model_that_is_cut_short_is_unreadable(name: str) -> None:
    assert cut_short(XGBOOST, stored(name)) == [None] * 16


@given(st.sampled_from(FILES), st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(name: str, seed: int) -> None:
    scrambled(XGBOOST, stored(name), seed)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    for start in (b"", b"binf", b'{"learner":', b"{i\x07learner"):
        attempt(XGBOOST, start + data)
