"""The rows that a plot is drawn from, and what its axes are called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.registry.datapoints import CannotDraw, datapoints, rows_of
from sitegen.registry.plots import Plot, PlotFile, Table


def table(**columns: list[Any]) -> Table:
    length = max(map(len, columns.values()))
    return Table(tuple(columns), length, list(columns)[-1], json.dumps(list(columns.values())))


def plot(definition: dict[str, Any] | None = None, *files: str, id: str = "a.csv") -> Plot:
    named = tuple(PlotFile(path, path) for path in files or (id,))
    return Plot(id, id, "dvc.yaml", definition or {}, named)


ROWS = {"a.csv": table(n=[1, 2], loss=[0.5, 0.25]), "b.csv": table(n=[3, 4], loss=[0.75, 0.5])}


def test_without_columns_the_last_is_drawn_against_the_row_number() -> None:
    rows, properties = datapoints(plot(), ROWS, "v1")
    assert rows == [
        {"n": 1, "loss": 0.5, "step": 0, "rev": "v1", "filename": "a.csv", "field": "loss"},
        {"n": 2, "loss": 0.25, "step": 1, "rev": "v1", "filename": "a.csv", "field": "loss"},
    ]
    assert properties == {
        "title": "a.csv", "x": "step", "y": "loss", "x_label": "step", "y_label": "loss",
        "anchors_y_definitions": [{"filename": "a.csv", "field": "loss"}],
        "revs_with_datapoints": ["v1"],
    }  # fmt: skip


def test_named_columns_and_labels_stay_as_they_are_said() -> None:
    said = {"x": "n", "y": "loss", "title": "Loss", "x_label": "round", "y_label": "bits"}
    _, properties = datapoints(plot(said), ROWS, "v1")
    assert {key: properties[key] for key in said} == said


def test_several_columns_are_laid_into_one() -> None:
    rows, properties = datapoints(plot({"y": ["n", "loss"]}), ROWS, "v1")
    assert [row["dvc_inferred_y_value"] for row in rows] == [1, 2, 0.5, 0.25]
    assert (properties["y"], properties["y_label"]) == ("dvc_inferred_y_value", "y")


def test_several_files_lose_the_folder_that_they_share() -> None:
    tables = {"p/x/a.csv": ROWS["a.csv"], "p/y/b.csv": ROWS["b.csv"]}
    said = {"x": "n", "y": dict.fromkeys(tables, "loss")}
    rows, properties = datapoints(plot(said, *tables, id="both"), tables, "v1")
    assert [row["filename"] for row in rows] == ["x/a.csv"] * 2 + ["y/b.csv"] * 2
    assert (properties["x"], properties["y"], properties["y_label"]) == ("n", "loss", "loss")


def test_x_may_come_from_another_file() -> None:
    said = {"x": {"b.csv": "n"}, "y": {"a.csv": "loss"}}
    rows, properties = datapoints(plot(said, "a.csv", "b.csv", id="both"), ROWS, "v1")
    assert [(row["n"], row["loss"]) for row in rows] == [(3, 0.5), (4, 0.25)]
    assert properties["x_label"] == "n"


def test_x_of_several_names_is_laid_into_one() -> None:
    tables = {"a.csv": table(p=[1], l=[2]), "b.csv": table(q=[3], l=[4])}
    said = {"x": {"a.csv": "p", "b.csv": "q"}, "y": {"a.csv": "l", "b.csv": "l"}}
    rows, properties = datapoints(plot(said, *tables, id="both"), tables, "v1")
    assert [row["dvc_inferred_x_value"] for row in rows] == [1, 3]
    assert properties["x_label"] == "x"


def test_rows_keep_out_what_they_lack() -> None:
    found = Table(("a", "b"), 2, "b", "[[1, null], [null, null]]", ((1,), ()))
    assert rows_of(found) == [{"a": 1, "b": None}, {"b": None}]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"y": "nope"}, "a.csv has no column 'nope' (there: n, loss)"),
        ({"y": ["loss", "loss"]}, "one column is named twice for y"),
        ({"x": "nope"}, "a.csv has no column 'nope' (there: n, loss)"),
        (
            {"x": {"c.csv": "n"}, "y": {"a.csv": "loss"}},
            "'n' of c.csv has 1 values, 'loss' of a.csv has 2",
        ),
        (
            {"x": {"a.csv": "n", "b.csv": "n"}, "y": {"a.csv": "loss"}},
            "there are 2 columns for x and 1 for y",
        ),
    ],
)
def test_what_does_not_fit_says_why(said: dict[str, Any], reason: str) -> None:
    tables = {**ROWS, "c.csv": table(n=[1])}
    with pytest.raises(CannotDraw) as error:
        datapoints(plot(said, "a.csv", "b.csv", "c.csv"), tables, "v1")
    assert str(error.value) == reason


def test_without_data_there_are_no_rows() -> None:
    assert datapoints(plot(), {}, "v1") == ([], {})
