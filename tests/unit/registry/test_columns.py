"""Columns keep their order, and two experiments differ in what they say."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from sitegen.registry import columns, experiments
from sitegen.registry.columns import Difference
from sitegen.registry.lineage import Data
from tests.facts import history, metrics, oid


def test_columns_keep_the_order_of_the_newest_commit() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        values={"a": [metrics(acc=1, f1=2), metrics("b.json", z=1)], "b": [metrics(f1=1, auc=2)]},
        data={"a": {"z": Data("z")}, "b": {"y": Data("y")}},
    )
    found = columns.columns(facts, experiments.experiments_of(facts))
    assert found.metrics == {"b.json": ("z",), "metrics.json": ("f1", "auc", "acc")}
    assert list(found.metrics) == ["b.json", "metrics.json"]
    assert (found.params, found.data) == ({}, ("y", "z"))


def test_a_list_or_nothing_is_no_metric_but_may_be_a_param() -> None:
    file = metrics(a=1, b=None, c=[1], d={}, e=True, f="x", g=0.5)
    assert list(columns.measured(file)) == ["a", "e", "f", "g"]
    assert columns.measured(msgspec.structs.replace(file, kind="params")) == file.entries
    facts = history("a", {"main": "a"}, values={"a": [file]})
    found = columns.columns(facts, experiments.experiments_of(facts))
    assert found.metrics == {"metrics.json": ("a", "e", "f", "g")}


def test_differences_name_what_changed_came_and_went() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        values={
            "a": [metrics(f1=10**400, gone=2, kept=3)],
            "b": [metrics(f1=1.5, new="x", kept=3)],
        },
        data={"a": {"d": Data("d", "1"), "e": Data("e", "1")}, "b": {"d": Data("d", "2")}},
    )
    assert columns.differences(facts, oid("b"), oid("a")) == (
        Difference("metrics", "metrics.json", "f1", 10**400, 1.5),
        Difference("metrics", "metrics.json", "new", None, "x"),
        Difference("metrics", "metrics.json", "gone", 2, None),
        Difference("data", "d", "", "1", "2"),
        Difference("data", "e", "", "1", None),
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(1, 1.0, True), (True, 1, False), (math.nan, math.nan, True), ("1", 1, False)],
)  # fmt: skip
def test_values_are_the_same_where_they_say_the_same(one: Any, other: Any, expected: bool) -> None:
    assert columns.same(one, other) is expected
