"""What changed between two versions of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from sitegen.registry.schema_changes import SchemaChange, compare_models
from sitegen.registry.schemas import (
    Argument,
    CallOrder,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
)

AGE, SEX, ON = Column("age", "int64"), Column("sex", "object"), Column("on", "int8")


def table(*columns: Column) -> DataType:
    return DataType("dataframe", columns=columns)


def model(*columns: Column, returns: DataType | None = None, **fields: Any) -> ModelMetadata:
    method = Method("predict", (Argument("data", table(*columns)),), returns)
    return ModelMetadata("nn.mlem", "sklearn", methods=(method,), **fields)


@dataclass(frozen=True)
class Case:
    """Two models, and what changed."""

    old: ModelMetadata | None
    new: ModelMetadata | None
    changes: tuple[SchemaChange, ...]


CASES = {
    "nothing": Case(model(AGE), model(AGE), ()),
    "no models": Case(None, None, ()),
    "a column more": Case(
        model(AGE),
        model(AGE, SEX),
        (SchemaChange("added", "column", "predict(data).sex", "", "object"),),
    ),
    "another type of column": Case(
        model(AGE, SEX),
        model(Column("age", "float64"), SEX),
        (SchemaChange("changed", "column", "predict(data).age", "int64", "float64"),),
    ),
    "a column of the index": Case(
        model(AGE, SEX),
        model(Column("age", "int64", True), SEX),
        (SchemaChange("changed", "column", "predict(data).age", "int64", "int64 (index)"),),
    ),
    "a column renamed": Case(
        model(AGE, SEX),
        model(AGE, Column("gender", "object")),
        (
            SchemaChange("added", "column", "predict(data).gender", "", "object"),
            SchemaChange("removed", "column", "predict(data).sex", "object", ""),
        ),
    ),
    "another order, and one more": Case(
        model(AGE, SEX),
        model(SEX, ON, AGE),
        (
            SchemaChange("added", "column", "predict(data).on", "", "int8"),
            SchemaChange("changed", "column order", "predict(data)", "age, sex", "sex, age"),
        ),
    ),
    "two columns of one name": Case(
        model(AGE, AGE),
        model(AGE),
        (SchemaChange("removed", "column", "predict(data).age#2", "int64", ""),),
    ),
    "another result": Case(
        model(AGE, returns=DataType("ndarray", "int64", (None,))),
        model(AGE, returns=DataType("ndarray", "int64", (None, 2))),
        (SchemaChange("changed", "returns", "predict()", "int64[?]", "int64[?, 2]"),),
    ),
    "a column of the result": Case(
        model(returns=table(AGE)),
        model(returns=table(AGE, SEX)),
        (SchemaChange("added", "column", "predict().sex", "", "object"),),
    ),
    "unsaid is unspecified": Case(model(AGE), model(AGE, returns=DataType("unspecified")), ()),
    "within a dataset": Case(
        model(returns=DataType("lightgbm", items=(("inner", table(AGE)),))),
        model(returns=DataType("lightgbm", items=(("inner", table(AGE, SEX)),))),
        (SchemaChange("added", "column", "predict().inner.sex", "", "object"),),
    ),
    "within a list": Case(
        model(returns=DataType("array", shape=(None,), items=(("", table(AGE)),))),
        model(returns=DataType("array", shape=(None,), items=(("", DataType("binary")),))),
        (SchemaChange("changed", "returns", "predict()[]", "table with 1 column", "binary"),),
    ),
    "requirements": Case(
        model(requirements=(Requirement("sklearn", "", "1.1"), Requirement("toml"))),
        model(requirements=(Requirement("sklearn", "scikit-learn", "1.2"), Requirement("a"))),
        (
            SchemaChange("added", "requirement", "a", "", "a"),
            SchemaChange("changed", "requirement", "scikit-learn", "1.1", "1.2"),
            SchemaChange("removed", "requirement", "toml", "toml", ""),
        ),
    ),
    "a file moved is the same": Case(
        model(files=(ModelFile("data", "a", "a", 3, "abc"),)),
        model(files=(ModelFile("data", "b", "b", 3, "abc"),)),
        (),
    ),
    "files": Case(
        model(files=(ModelFile("data", "a", "a", 3, "abc"),)),
        model(files=(ModelFile("data", "a", "a", 4, "abd"), ModelFile("more", "s3://b"))),
        (
            SchemaChange("changed", "file", "data", "a, 3 bytes, abc", "a, 4 bytes, abd"),
            SchemaChange("added", "file", "more", "", "s3://b"),
        ),
    ),
    "the first version": Case(
        None,
        model(AGE, framework_version="1.3"),
        (
            SchemaChange("added", "framework", "", "", "sklearn"),
            SchemaChange("added", "framework version", "", "", "1.3"),
            SchemaChange(
                "added", "method", "predict", "",
                "predict(data: table with 1 column) -> unspecified",
            ),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_changes_are_told(case: Case) -> None:
    assert compare_models(case.old, case.new) == case.changes


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_other_way_round_everything_is_the_other_way_round(case: Case) -> None:
    other = {"added": "removed", "removed": "added", "changed": "changed"}
    back = compare_models(case.new, case.old)
    assert {(other[one.kind], one.what, one.name, one.new, one.old) for one in back} == {
        (one.kind, one.what, one.name, one.old, one.new) for one in case.changes
    }


def test_arguments_are_compared_by_name() -> None:
    whole = DataType("primitive", "int")
    old = Method("f", (Argument("a", whole), Argument("b", whole)), varargs="rest")
    new = Method("f", (Argument("b", whole), Argument("a", whole, False, "1"), Argument("c")))
    changes = compare_models(ModelMetadata("x", methods=(old,)), ModelMetadata("x", methods=(new,)))
    assert changes == (
        SchemaChange("removed", "argument", "f(*rest)", "*rest: unspecified", ""),
        SchemaChange("changed", "argument", "f(a)", "a: int", "a: int = 1"),
        SchemaChange("added", "argument", "f(c)", "", "c: unspecified"),
        SchemaChange("changed", "argument order", "f", "a, b", "b, a"),
    )


def test_another_way_through_processors_is_a_change() -> None:
    plain = model(call_orders=(CallOrder("predict", (("model", "predict"),)),))
    calls = (("pre", "__call__"), ("model", "predict"))
    other = model(call_orders=(CallOrder("predict", calls),))
    assert compare_models(model(), plain) == ()
    assert compare_models(plain, other) == (
        SchemaChange("added", "calls", "predict", "", "pre.__call__, model.predict"),
    )
