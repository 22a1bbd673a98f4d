"""Values as YAML text."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from sitegen.safeyaml import writing


@pytest.mark.parametrize(
    "text",
    ["model", "models/churn.pkl", "s3://b/k", "a b", "naïve 漢", "v1.0", "1.0.0", "a:b", "a#b"],
)
def test_what_is_a_text_everywhere_stays_plain(text: str) -> None:
    assert writing.quoted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "yes", "on", "y: x", "a #b", "3.10", "010", "0o7", "1_0", "1:30", "2020-01-01"),
        *("null", "~", "=", "<<", "- a", "? a", "*a", "&a", "!a", "%a", "@a", "`a", "{a", "a]"),
        *("a,b", " a", "a ", "a:", "a?", "...", "---", "-", "|", ">", ".inf", ".NaN", "1e3"),
        *("0x1F", "'", "True", "NO"),
    ],
)
def test_what_another_reader_could_mistake_is_quoted(text: str) -> None:
    assert writing.quoted(text) == "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\tb", r'"a\tb"'),
        ("a\nb", r'"a\nb"'),
        ("\u202e", r'"\u202E"'),
        ("\u2028\xa0\x7f", r'"\u2028\u00A0\u007F"'),
        ("\U000e0001", r'"\U000E0001"'),
        ('"\\\x00', r'"\"\\\u0000"'),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, written: str) -> None:
    assert writing.quoted(text) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (1e16, "1.0e+16"),
        (1.5e-7, "1.5e-07"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
        ({"a": [1, {}], "yes": []}, "{a: [1, {}], 'yes': []}"),
    ],
)
def test_plain_data_is_written_on_one_line(value: Any, written: str) -> None:
    assert writing.on_one_line(value) == written


def test_with_double_quotes_it_is_json() -> None:
    value = {"a": ["x", 1, None, True, {"b": "é"}]}
    assert json.loads(writing.on_one_line(value, '"')) == value


@pytest.mark.parametrize("value", [b"x", {1: 2}, object(), {"a": {1}}])
def test_what_is_no_plain_data_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError):
        writing.on_one_line(value)


@pytest.mark.parametrize(
    ("text", "head", "below"),
    [
        ("a\nb", "|-", ["  a", "  b"]),
        ("a\n\nb\n", "|", ["  a", "", "  b"]),
        (" a\nb", r'" a\nb"', []),
        ("a \nb", r'"a \nb"', []),
        ("a\nb\n\n", r'"a\nb\n\n"', []),
    ],
)
def test_a_text_of_several_lines_is_a_block_where_it_survives_it(
    text: str, head: str, below: list[str]
) -> None:
    assert writing.over_lines(text, 2, 0) == (head, below)
