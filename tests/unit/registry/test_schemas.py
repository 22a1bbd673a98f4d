"""Data types, methods and requirements in one line."""

from __future__ import annotations

import pytest

from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    Requirement,
    argument_text,
    columns_of,
    package_of,
    pip_line,
    requirement_text,
    signature_text,
    type_text,
)

TEXT, WHOLE = DataType("primitive", "str"), DataType("primitive", "int")
TABLE = DataType("dataframe", columns=(Column("", "int64", True), Column("age", "int64")))


@pytest.mark.parametrize(
    ("type", "text"),
    [
        (None, "unspecified"),
        (WHOLE, "int"),
        (DataType("primitive", "NoneType"), "None"),
        (DataType("number", "float32"), "float32"),
        (DataType("ndarray", "float64", (None, 3)), "float64[?, 3]"),
        (DataType("ndarray", "float64"), "float64"),
        (DataType("torch", "float32", (None, 3)), "torch float32[?, 3]"),
        (DataType("csr_matrix", "int8", (2, 3)), "csr_matrix int8[2, 3]"),
        (TABLE, "table with 2 columns"),
        (DataType("dataframe", columns=(Column("a"),)), "table with 1 column"),
        (DataType("dataframe"), "table with 0 columns"),
        (DataType("series", columns=(Column("a"),)), "series with 1 column"),
        (DataType("xgboost_dmatrix", columns=(Column("a"),)), "xgboost_dmatrix with 1 column"),
        (DataType("array", shape=(None,), items=(("", WHOLE),)), "list of int"),
        (DataType("array", shape=(2,), items=(("", TABLE),)), "list[2] of table with 2 columns"),
        (DataType("list", items=(("", WHOLE), ("", TEXT))), "list (int, str)"),
        (DataType("tuple"), "tuple ()"),
        (DataType("dict", items=(("a", WHOLE), ("b", TEXT))), "dict (a: int, b: str)"),
        (DataType("d_dict", items=(("key", TEXT), ("value", WHOLE))), "dict of str to int"),
        (DataType("lightgbm", items=(("inner", TABLE),)), "lightgbm (inner: table with 2 columns)"),
        (DataType("binary"), "binary"),
        (DataType("polars", "x"), "polars x"),
    ],
)
def test_a_type_is_one_line(type: DataType | None, text: str) -> None:
    assert type_text(type) == text


def test_long_and_deep_types_are_cut() -> None:
    assert type_text(DataType("list", items=(("", WHOLE),) * 9)).endswith("int, ...)")
    type = WHOLE
    for _ in range(5_000):
        type = DataType("list", items=(("", type),))
    assert "..." in type_text(type)


def test_a_signature_reads_as_in_python() -> None:
    method = Method(
        "predict",
        (
            Argument("data", TABLE),
            Argument("scale", WHOLE, False, "2"),
            Argument("unit", TEXT, False, '"m"', keyword_only=True),
        ),
        DataType("ndarray", "int64", (None,)),
        varkw="more",
        varkw_type=TEXT,
    )
    assert signature_text(method) == (
        'predict(data: table with 2 columns, scale: int = 2, *, unit: str = "m", **more: str)'
        " -> int64[?]"
    )
    assert signature_text(Method("f", varargs="a")) == "f(*a) -> unspecified"
    assert argument_text(Argument("a", required=False)) == "a: unspecified = null"


def test_columns_are_found_within_a_dataset() -> None:
    assert columns_of(TABLE) == TABLE.columns
    inner = DataType("lightgbm", items=(("inner", TABLE), ("labels", WHOLE)))
    assert columns_of(inner) == TABLE.columns
    assert columns_of(WHOLE) == ()
    assert columns_of(None) == ()


@pytest.mark.parametrize(
    ("requirement", "line", "text"),
    [
        (Requirement("lightgbm", "", "3.3.2"), "lightgbm==3.3.2", "lightgbm==3.3.2"),
        (Requirement("sklearn", "", "1.1.1"), "scikit-learn==1.1.1", "scikit-learn==1.1.1"),
        (Requirement("a", "b[c]"), "b[c]", "b[c]"),
        (Requirement("a", "git+https://e.org/a@1"), *["git+https://e.org/a@1"] * 2),
        (Requirement("", "libgomp1", "", "unix"), "", "libgomp1 (unix)"),
        (Requirement("a", "a.b", "", "custom"), "", "a.b (custom)"),
        (Requirement("", "numpy", ">=1", "conda"), "", "numpy >=1 (conda)"),
        (Requirement("--index-url=x"), "", "--index-url=x"),
        (Requirement("a", "", "1\n--pre"), "", "a 1\n--pre"),
        (Requirement("a b"), "", "a b"),
        (Requirement("a\n"), "", "a\n"),
    ],
)
def test_only_what_pip_installs_is_a_line_for_it(
    requirement: Requirement, line: str, text: str
) -> None:
    assert pip_line(requirement) == line
    assert requirement_text(requirement) == text


def test_the_package_is_what_was_said_before_what_is_customary() -> None:
    assert package_of(Requirement("yaml", "ruamel.yaml")) == "ruamel.yaml"
    assert package_of(Requirement("yaml")) == "PyYAML"
