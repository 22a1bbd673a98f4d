from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.inspection.base import Unreadable
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


def test_a_sample_says_what_methods_take() -> None:
    sample = DataType("dataframe", columns=(Column("a", "int64"),))
    own = DataType("dataframe", columns=(Column("x", "float64"),))
    bare = ModelMetadata("m.pkl")
    assert with_sample(bare, sample).methods == (Method("predict", (Argument("data", sample),)),)
    known = ModelMetadata(
        "m.pkl",
        methods=(
            Method("predict", (Argument("X", DataType("ndarray")), Argument("n"))),
            Method("score", (Argument("X", own),)),
            Method("transform", (Argument("X"),)),
            Method("fit", ()),
        ),
    )
    taken = [method.arguments[:1] for method in with_sample(known, sample).methods]
    assert taken == [(Argument("X", sample),), (Argument("X", own),), (Argument("X", sample),), ()]
