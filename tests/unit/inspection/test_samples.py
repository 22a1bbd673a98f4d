"""Samples of what a model takes, in CSV and Parquet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.inspection.base import Inspected, Unreadable
from sitegen.inspection.samples import ROWS, read_sample, with_sample
from sitegen.registry.schemas import Argument, Column, DataType, Method, ModelMetadata


def columns(path: Path) -> dict[str, str]:
    return {one.name: one.dtype for one in read_sample(path).columns}


def test_types_are_those_that_pandas_gives(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(
        "whole,gap,number,text,truth,empty,large,mixed\n"
        '1,,1.5,a,True,,99999999999999999999,1\n-2,3,1e3,"b, c",False,NaN,1,x\n'
    )
    assert columns(path) == {
        "whole": "int64", "gap": "float64", "number": "float64", "text": "object",
        "truth": "bool", "empty": "float64", "large": "object", "mixed": "object",
    }  # fmt: skip


# Each as pandas 1.5 and 3 have it.
@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        ("1 9223372036854775808", "uint64"), ("-1 9223372036854775808", "object"),
        ("18446744073709551616", "object"), ("9223372036854775808 1.5", "float64"),
        ("Infinity", "float64"), ("-nan", "float64"), ("True x", "object"), ("True 1", "object"),
        ("True -nan", "object"), ("0x10", "object"), ("1_000", "object"), ("007", "int64"),
        ("٣", "object"), ("1.5 true", "object"), ("+3 .5", "float64"),
    ],
)  # fmt: skip
def test_a_column_has_the_type_that_pandas_infers(tmp_path: Path, cells: str, dtype: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("a\n" + "".join(f"{cell}\n" for cell in cells.split()))
    assert columns(path) == {"a": dtype}


def test_a_truth_with_spaces_is_a_text_and_a_number_is_not(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("a,b\n True, 1\n")
    assert columns(path) == {"a": "object", "b": "int64"}


def test_a_first_column_without_a_name_is_the_index(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(",a\n0,1\n")
    assert read_sample(path).columns == (Column("", "int64", True), Column("a", "int64"))


@pytest.mark.parametrize(("name", "delimiter"), [("s.tsv", "\t"), ("s.csv", ";"), ("s.csv", "|")])
def test_other_delimiters_are_found(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    path.write_bytes(f"\ufeffa{delimiter}b\n1{delimiter}2,5\n".encode())
    assert columns(path) == {"a": "int64", "b": "object"}


def test_a_large_file_is_read_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("a\n" + "1\n" * ROWS + "x\n" * 5)
    assert columns(path) == {"a": "int64"}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("s.csv", b"", "names of the columns"),
        ("s.csv", b"\xff\xfe", "UTF-8"),
        ("s.csv", b"a\0b", "NUL"),
        ("s.csv", b'a\n"' + b"x" * (1 << 21), "CSV"),
        ("s.json", b"{}", r"\.csv"),
        ("gone.csv", None, "cannot be read"),
        ("s.parquet", b"PAR1", "s.parquet"),
    ],
)
def test_what_is_no_sample_has_one_clear_error(
    tmp_path: Path, name: str, data: bytes | None, why: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(Unreadable, match=why):
        read_sample(tmp_path / name)


def test_parquet_is_read_by_its_footer(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"a": [1, 2], "b": [0.5, None], "c": ["x", "y"], "d": [True, False]})
    parquet.write_table(table, tmp_path / "s.parquet")
    assert columns(tmp_path / "s.parquet") == {
        "a": "int64", "b": "float64", "c": "object", "d": "bool"
    }  # fmt: skip


def table(*names: str, dtype: str = "int64") -> DataType:
    return DataType("dataframe", columns=tuple(Column(name, dtype) for name in names))


def joined(taken: DataType | None, sample: DataType) -> tuple[DataType | None, tuple[str, ...]]:
    model = ModelMetadata(
        "m.pkl", methods=(Method("predict", (Argument("X", taken), Argument("n"))),)
    )
    found = with_sample(Inspected(model, ("first",)), sample)
    (method,) = found.metadata.methods
    assert (found.warnings[0], method.arguments[1:]) == ("first", (Argument("n"),))
    return method.arguments[0].type, found.warnings[1:]


def test_a_model_of_no_known_method_predicts() -> None:
    found = with_sample(Inspected(ModelMetadata("m.pkl")), table("a"))
    assert found.metadata.methods == (Method("predict", (Argument("data", table("a")),)),)
    fit = Inspected(ModelMetadata("m.pkl", methods=(Method("fit"),)))
    assert with_sample(fit, table("a")) == fit


def test_columns_that_the_model_names_get_their_types() -> None:
    assert joined(table("b", "a", dtype=""), table("a", "b", "label")) == (table("b", "a"), ())
    kept, warnings = joined(table("b", "x", dtype=""), table("a", "b"))
    assert kept == table("b", "x", dtype="")
    assert warnings == (
        "The sample is not what `predict` takes: it lacks `x` of its 2 columns.",
    )  # fmt: skip
    many = joined(table(*"cdefghi"), table("a"))[1][0]
    assert "`c`, `d`, `e`, `f`, `g` and 2 more" in many


@pytest.mark.parametrize(
    "taken",
    [
        None,
        DataType("unspecified"),
        DataType("ndarray"),
        DataType("ndarray", "", (None, None)),
        DataType("ndarray", "float64", (None, 2)),
    ],
)
def test_a_model_without_names_takes_those_of_the_sample(taken: DataType | None) -> None:
    assert joined(taken, table("a", "b")) == (table("a", "b"), ())


def test_an_index_is_no_feature() -> None:
    sample = DataType("dataframe", columns=(Column("", "int64", True), Column("a", "int64")))
    assert joined(DataType("ndarray", "", (None, 1)), sample) == (sample, ())


@pytest.mark.parametrize(
    ("taken", "why"),
    [
        (DataType("ndarray", "", (None, 3)), "it has 1 columns, and 3 are taken"),
        (DataType("ndarray", "float32", (None, 3, 8)), r"that is float32\[\?, 3, 8\]"),
        (DataType("torch"), "that is torch"),
    ],
)
def test_what_does_not_go_together_is_a_warning(taken: DataType, why: str) -> None:
    kept, warnings = joined(taken, table("a"))
    assert kept == taken
    assert len(warnings) == 1 and re.search(why, warnings[0])
