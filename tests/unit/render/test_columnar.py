"""Columns as scripts: each distinct cell once, and numbers as their source spells them."""

from __future__ import annotations

import json
import math

import pytest

from sitegen.render.columnar import distinct, number_cell, script, sparse
from tests.unit.render.views import EVIL


def test_a_script_hands_over_one_string_that_no_markup_ends() -> None:
    text = script("models", "take", {"name": EVIL}).decode()
    assert text.startswith("window.sitegen.models.take(")
    assert text.endswith(");\n")
    assert not set("<>&\u2028") & set(text)
    inner = text.removeprefix("window.sitegen.models.take(").removesuffix(");\n")
    assert json.loads(json.loads(inner)) == {"name": EVIL}


def test_each_distinct_cell_is_said_once_where_that_is_shorter() -> None:
    assert distinct(["a", "a", "b", "a", "a"]) == [["a", "b"], [0, 0, 1, 0, 0]]
    assert distinct([["x"], ["x"], ["x"]]) == [[["x"]], [0, 0, 0]]
    assert distinct(["a", "b"]) == [["a", "b"]]
    assert distinct([]) == [[]]


def test_what_says_nothing_is_left_out() -> None:
    assert sparse(["", "a", [], ["b"]]) == {"1": "a", "3": ["b"]}


@pytest.mark.parametrize(
    ("number", "full", "cell"),
    [
        (1.0, "1", 1),
        (0.5, "0.5", 0.5),
        (0.5, "0.50", [0.5, "0.50"]),
        (1e22, "1e22", [1e22, "1e22"]),
        (math.inf, "inf", [math.inf, "inf"]),
        (None, "NaN", "NaN"),
    ],
)
def test_a_number_keeps_the_spelling_of_its_source(
    number: float | None, full: str, cell: object
) -> None:
    assert number_cell(number, full) == cell
