"""Metrics and params as plain values."""

from __future__ import annotations

import math

from sitegen.registry.facts import ValueFile
from sitegen.site.api_values import by_file, plain
from tests.facts import metrics


def test_files_of_one_kind_that_say_anything_are_listed() -> None:
    files = [
        metrics(f1=0.5),
        ValueFile("cached.json", "metrics", {}, "cached by DVC, not in Git"),
        ValueFile("params.yaml", "params", metrics(lr=1).entries),
    ]
    assert by_file(files, "metrics") == {"metrics.json": {"f1": 0.5}}
    assert by_file(files, "params") == {"params.yaml": {"lr": 1}}


def test_what_json_cannot_say_is_a_text_at_any_depth() -> None:
    assert plain({1: [math.nan, (math.inf, -math.inf)], "a": True}) == {
        "1": ["NaN", ["Infinity", "-Infinity"]],
        "a": True,
    }
