"""LightGBM models in their text format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.lightgbm import LIGHTGBM, TAIL, WINDOW
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Column, DataType
from tests.damage import attempt, cut_short, inspected, scrambled, stored

HEAD = (
    b"tree\nversion=v4\nnum_class=3\nnum_tree_per_iteration=3\nlabel_index=0\n"
    b"max_feature_idx=1\nobjective=multiclass num_class:3\nfeature_names=a b\n"
    b"feature_infos=[0:1] none\ntree_sizes=20 20 20\n\n"
)
END = (
    b"end of trees\n\nfeature_importances:\na=2\n\n"
    b"parameters:\n[boosting: dart]\n[learning_rate: 0.1]\n\nend of parameters\n"
)


def test_a_model_says_its_features_objective_and_parameters() -> None:
    metadata = inspected(LIGHTGBM, HEAD + b"Tree=0\n" + END).metadata
    assert (metadata.framework, metadata.framework_version) == ("lightgbm", "")
    assert metadata.format == "lightgbm-text"
    assert metadata.methods[0].arguments[0].type == DataType(
        "dataframe", columns=(Column("a"), Column("b"))
    )
    assert metadata.methods[1].returns == DataType("ndarray", shape=(None, 3))
    assert dict(metadata.facts) == {
        "objective": "multiclass num_class:3",
        "format version": "v4",
        "trees": "3",
        "trees per iteration": "3",
        "features": "2",
        "classes": "3",
        "boosting": "dart",
        "learning rate": "0.1",
        "feature ranges": "[0:1] none",
    }


def test_lines_of_windows_are_read_too() -> None:
    whole = HEAD + END
    found = inspected(LIGHTGBM, whole.replace(b"\n", b"\r\n"))
    assert found == inspected(LIGHTGBM, whole)


def test_of_a_large_model_the_trees_are_not_read() -> None:
    data = HEAD + b"threshold=0.5\n" * ((WINDOW + 2 * TAIL) // 14) + END
    assert inspected(LIGHTGBM, data) == inspected(LIGHTGBM, HEAD + END)


def test_names_that_were_made_up_are_no_columns() -> None:
    data = (HEAD + END).replace(b"=a b", b"=Column_0 Column_1")
    taken = inspected(LIGHTGBM, data).metadata.methods[0].arguments[0].type
    assert taken == DataType("ndarray", shape=(None, 2))


@pytest.mark.parametrize(
    "change",
    [
        (b"feature_names", b"names"),
        (b"max_feature_idx=1", b"max_feature_idx=x"),
        (b"tree_sizes=20", b"tree_sizes=a"),
        (b"end of trees", b""),
        (b"end of parameters", b""),
    ],
)
def test_what_is_missing_is_said(change: tuple[bytes, bytes]) -> None:
    data = HEAD + END
    if change[0] == b"end of trees":
        data = HEAD
    with pytest.raises(Unreadable):
        inspected(LIGHTGBM, data.replace(*change))


def test_another_text_is_no_model() -> None:
    for data in (b"tree\n", b"trees are green", b""):
        assert not LIGHTGBM.matches(data, BytesSource(data))


@pytest.mark.parametrize("name", ["more-binary.txt", "more-unnamed.txt"])
def test_a_model_that_is_cut_short_is_unreadable(name: str) -> None:
    assert cut_short(LIGHTGBM, stored(name)) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(LIGHTGBM, stored("more-binary.txt"), seed)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    for start in (b"tree\nversion=v4\n", HEAD):
        attempt(LIGHTGBM, start + data)
