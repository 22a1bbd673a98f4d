"""Data types of MLEM: every kind, and bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.readers.mlem_types import MAX_COLUMNS, MAX_DEPTH, Fields
from sitegen.registry.schemas import Column, DataType, columns_of
from sitegen.safeyaml import load

INT = {"type": "primitive", "ptype": "int"}
WHOLE = DataType("primitive", "int")


def read(*values: Any) -> tuple[list[DataType | None], list[str]]:
    problems: list[str] = []
    document = load(json.dumps({"all": {str(at): one for at, one in enumerate(values)}}))
    fields = Fields(document, "nn.mlem", lambda reason, remedy: problems.append(reason))
    holder = document.value["all"]
    return [fields.type(holder, key) for key in holder], problems


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (None, None),
        (INT, WHOLE),
        ("unspecified", DataType("unspecified")),
        ({}, DataType("unspecified")),
        ({"type": "binary"}, DataType("binary")),
        ({"type": "number", "dtype": "int8"}, DataType("number", "int8")),
        (
            {"type": "ndarray", "dtype": "float64", "shape": [None, 3]},
            DataType("ndarray", "float64", (None, 3)),
        ),
        ({"type": "ndarray", "dtype": "int8", "shape": None}, DataType("ndarray", "int8")),
        ({"type": "torch", "dtype": "int8", "shape": []}, DataType("torch", "int8", ())),
        (
            {"type": "array", "dtype": INT, "size": 3},
            DataType("array", shape=(3,), items=(("", WHOLE),)),
        ),
        ({"type": "array", "dtype": INT}, DataType("array", shape=(None,), items=(("", WHOLE),))),
        ({"type": "tuple", "items": [INT, INT]}, DataType("tuple", items=(("", WHOLE),) * 2)),
        ({"type": "list", "items": []}, DataType("list")),
        ({"type": "dict", "item_types": {"b": INT}}, DataType("dict", items=(("b", WHOLE),))),
        (
            {"type": "d_dict", "key_type": INT, "value_type": INT},
            DataType("d_dict", items=(("key", WHOLE), ("value", WHOLE))),
        ),
        (
            {
                "type": "dataframe",
                "columns": ["", "b", 3],
                "dtypes": ["int64", "object"],
                "index_cols": [""],
            },
            DataType(
                "dataframe",
                columns=(Column("", "int64", True), Column("b", "object"), Column("3")),
            ),
        ),
        (
            {"type": "series", "columns": ["b"], "dtypes": ["int64"], "index_cols": []},
            DataType("series", columns=(Column("b", "int64"),)),
        ),
        (
            {"type": "xgboost_dmatrix", "feature_names": ["a"], "feature_type_names": ["int"]},
            DataType("xgboost_dmatrix", columns=(Column("a", "int"),)),
        ),
        (
            {"type": "xgboost_dmatrix", "feature_names": None, "feature_type_names": ["int"]},
            DataType("xgboost_dmatrix", columns=(Column("", "int"),)),
        ),
        (
            {"type": "lightgbm", "inner": INT, "labels": None},
            DataType("lightgbm", items=(("inner", WHOLE),)),
        ),
        ({"type": "polars", "dtype": "x", "shape": [1]}, DataType("polars", "x", (1,))),
    ],
)
def test_every_kind_is_read(value: Any, type: DataType | None) -> None:
    assert read(value) == ([type], [])


@pytest.mark.parametrize(
    "kind",
    ["primitive", "array", "list", "tuple", "dict", "d_dict", "dataframe", "series", "ndarray",
     "xgboost_dmatrix", "lightgbm", "other"],
)  # fmt: skip
@pytest.mark.parametrize("value", [3, "a", [3, [1], {}], {"a": 3}, True, 10**400])
def test_no_strange_value_raises(kind: str, value: Any) -> None:
    names = ("ptype", "dtype", "size", "shape", "items", "item_types", "key_type", "columns",
             "dtypes", "index_cols", "feature_names", "inner")  # fmt: skip
    [found], _ = read({"type": kind, **dict.fromkeys(names, value)})
    assert found is not None
    assert found.kind == kind


def test_depth_is_bounded() -> None:
    value: Any = INT
    for _ in range(28):
        value = {"type": "list", "items": [value]}
    [found], problems = read(value)
    depth = 0
    while found is not None and found.items:
        found, depth = found.items[0][1], depth + 1
    assert depth == MAX_DEPTH
    assert len(problems) == 1


def test_columns_are_bounded_in_all() -> None:
    tables = [
        {"type": "dataframe", "columns": list(range(6_000)), "dtypes": [dtype] * 6_000}
        for dtype in ("int8", "int16", "int32")
    ]
    found, problems = read(*tables)
    assert [len(columns_of(one)) for one in found] == [6_000, MAX_COLUMNS - 6_000, 0]
    assert len(set(problems)) == 1


def test_a_table_counts_and_is_kept_once() -> None:
    table = {"type": "dataframe", "columns": list(range(6_000)), "dtypes": []}
    found, problems = read(table, table, table)
    assert [len(columns_of(one)) for one in found] == [6_000] * 3
    assert columns_of(found[0]) is columns_of(found[2])
    assert problems == []
