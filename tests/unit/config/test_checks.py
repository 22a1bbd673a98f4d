"""Single values: the grammar of colours, addresses, paths, numbers and dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sitegen.config.checks import COLORS, Checks, Invalid, dotted, shown

HERE = ("here",)


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    return Checks(tmp_path, "sitegen.yaml")


@pytest.mark.parametrize("color", ["#fff", "#0A9bC1", "red", "RebeccaPurple"])
def test_a_colour_is_hexadecimal_or_has_a_name(checks: Checks, color: str) -> None:
    assert checks.color(color, HERE) == color


@pytest.mark.parametrize(
    "color",
    ["red;position:fixed", "#ffff", "#fffffg", "url(x)", "rgb(1,2,3)", "var(--x)", "#fff\n", 5,
     [], ""],
)  # fmt: skip
def test_nothing_else_is_a_colour(checks: Checks, color: Any) -> None:
    with pytest.raises(Invalid):
        checks.color(color, HERE)
    assert "must be #rgb, #rrggbb or a CSS colour name" in checks.problems[0][1].reason


def test_a_colour_that_was_read_as_a_comment_is_explained(checks: Checks) -> None:
    with pytest.raises(Invalid):
        checks.color(None, HERE)
    assert checks.problems[0][1].remedy == 'put "#..." in quotes'


def test_the_colours_of_css_are_all_there() -> None:
    assert len(COLORS) == 148


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443/models/", "https://example.com:8443/models/"),
        ("http://localhost", "http://localhost/"),
    ],
)
def test_a_base_url_ends_in_a_slash(checks: Checks, given: str, kept: str) -> None:
    assert checks.base_url(given, HERE) == kept


@pytest.mark.parametrize(
    "address",
    [
        "example.com", "/models", "ftp://example.com", "javascript:alert(1)", "https://",
        "https://u:TOKEN@example.com", "https://TOKEN@example.com", "https://example.com/?a=1",
        "https://example.com/#x", 'https://example.com/"><script>', "https://example.com/a b",
        "https://[::1", "https://example.com:99999", 7, None,
    ],
)  # fmt: skip
def test_anything_else_is_no_base_url_and_no_token_is_repeated(
    checks: Checks, address: Any
) -> None:
    with pytest.raises(Invalid):
        checks.base_url(address, HERE)
    assert "TOKEN" not in str(checks.problems)


@pytest.mark.parametrize(("path", "kept"), [("cv", "cv"), ("./a//b/", "a/b"), (".", "")])
def test_a_path_inside_is_made_plain(checks: Checks, path: str, kept: str) -> None:
    assert checks.inside(path, HERE) == kept


@pytest.mark.parametrize("path", ["../x", "a/../../b", "/etc", "a\0b", 3])
def test_a_path_that_leaves_is_wrong(checks: Checks, path: Any) -> None:
    with pytest.raises(Invalid):
        checks.inside(path, HERE)


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "3", None])
def test_a_count_is_a_whole_number_above_zero(checks: Checks, number: Any) -> None:
    assert checks.count(3, HERE) == 3
    with pytest.raises(Invalid):
        checks.count(number, HERE)


@pytest.mark.parametrize("date", ["2026-13-01", "2026-1-1", "yesterday", 2026, "2026-01-00"])
def test_a_date_has_a_year_a_month_and_a_day(checks: Checks, date: Any) -> None:
    assert checks.date("2026-01-31", HERE) == "2026-01-31"
    with pytest.raises(Invalid):
        checks.date(date, HERE)


def test_a_number_where_a_text_is_expected_is_to_be_quoted(checks: Checks) -> None:
    with pytest.raises(Invalid):
        checks.text(2026, HERE)
    problem = checks.problems[0][1]
    assert (problem.reason, problem.remedy) == (
        "`here` must be a text; found 2026",
        "put it in quotes",
    )


def test_places_are_dotted_and_values_shortened() -> None:
    assert dotted(("repositories", 0, "url")) == "repositories[0].url"
    assert shown("x" * 100) == repr("x" * 59 + "…")
    assert [shown(value) for value in (None, True, [], {}, 1.5)] == [
        "nothing",
        "true",
        "a list",
        "a map",
        "1.5",
    ]
