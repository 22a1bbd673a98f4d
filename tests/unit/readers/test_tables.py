"""The data files of plots, column by column, within bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.readers import tables
from sitegen.readers.tables import read_table
from sitegen.readers.trees import TreeError
from sitegen.registry.datapoints import rows_of


def rows(path: str, data: str | bytes, header: bool = True) -> list[dict[str, Any]]:
    table = read_table(path, data if isinstance(data, bytes) else data.encode(), header)
    return rows_of(table) if table else []


def refused(path: str, data: str | bytes) -> str:
    with pytest.raises(TreeError) as error:
        rows(path, data)
    return str(error.value)


def test_cells_of_csv_and_tsv_stay_text() -> None:
    expected = [{"step": "0", "loss": "0.50"}, {"step": "1", "loss": None}]
    assert rows("a.csv", "step,loss\r\n0,0.50\r\n\r\n1\r\n") == expected
    assert rows("a.tsv", "\ufeffstep\tloss\n0\t0.50\n1\n") == expected
    assert rows("a.csv", "1,2\n3,4\n", header=False) == [{"0": "1", "1": "2"}, {"0": "3", "1": "4"}]


def test_of_two_columns_of_one_name_the_last_counts() -> None:
    table = read_table("a.csv", b"a,b,a\n1,2,3\n")
    assert table is not None
    assert rows_of(table) == [{"a": "3", "b": "2"}]
    assert table.drawn == "b"


def test_lists_of_records_are_found_however_deep_and_joined() -> None:
    content = {"train": [{"n": 1}, {"n": 2}], "deep": {"test": [{"m": 3}]}, "other": [1, 2], "x": 4}
    table = read_table("a.json", json.dumps(content).encode())
    assert table is not None
    assert rows_of(table) == [{"n": 1, "m": 3}, {"n": 2}]
    assert table.drawn == "n"
    assert table.absent == ((), (1,))


def test_records_that_have_more_than_the_first_make_no_table() -> None:
    table = read_table("a.json", b'[{"a": 1}, {"a": 1, "b": 2}]')
    assert table is not None
    assert (table.rows, table.drawn) == (0, "a")


def test_yaml_is_read_as_yaml_is() -> None:
    assert rows("a.yaml", "- {on: 1e-3, n: 010}\n") == [{"on": 0.001, "n": 10}]


def test_what_no_json_can_say_is_text() -> None:
    data = b'[{"a": NaN, "b": -Infinity, "c": [Infinity], "d": 99999999999999999999}]'
    expected = {"a": "NaN", "b": "-Infinity", "c": ["Infinity"], "d": "99999999999999999999"}
    assert rows("a.json", data) == [expected]
    assert rows("a.json", b'[{"a\\ud800": "\\udfff"}]') == [{"a\ufffd": "\ufffd"}]


@pytest.mark.parametrize("data", ["", "a,b\n", "\n"])
def test_a_file_without_rows_is_no_table(data: str) -> None:
    assert read_table("a.csv", data.encode()) is None


@pytest.mark.parametrize("data", ["[]", "{}", "null", "0"])
def test_json_that_says_nothing_is_no_table(data: str) -> None:
    assert read_table("a.json", data.encode()) is None


def test_every_bound_has_its_reason() -> None:
    assert refused("a.csv", f"a\n{'x' * 131_073}\n").startswith("line 2: field larger")
    assert refused("a.csv", "a\n1,2\n") == "line 2 has 2 cells, the first line 1"
    assert "50,000 rows" in refused("a.csv", "a\n" + "1\n" * 50_001)
    wide = ",".join(map(str, range(600)))
    assert "500,000 cells" in refused("a.csv", f"{wide}\n" * 1_000)
    assert "50,000 rows" in refused("a.json", json.dumps([{"a": 1}] * 50_001))
    assert "64 levels" in refused("a.json", "[" * 100_000 + "]" * 100_000)
    assert refused("a.json", f'[{{"a": {"9" * 5000}}}]') == "it holds a number of 5000 digits"
    assert refused("a.json", "[{]").startswith("no valid json")
    assert refused("a.json", '"text"') == "a list of records was expected"
    assert refused("a.csv", b"a\n\xff\n") == "the file is no UTF-8 text"
    assert str(tables.LARGEST) in refused("a.csv", b"a" * (tables.LARGEST + 1))
    assert refused("page.html", "<p>").startswith("only JSON, YAML, CSV and TSV files")
    assert refused("noextension", "a").startswith("only JSON, YAML, CSV and TSV files")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=5)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=5))
def test_whatever_csv_writes_is_read_back(cells: list[list[str]]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], *cells])
    assert rows("t.csv", out.getvalue()) == [{"a": a, "b": b} for a, b in cells]
