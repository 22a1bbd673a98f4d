"""Colours: a strict grammar, and text that can be read on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.errors import RenderError
from sitegen.render import colors


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("#abc", "#aabbcc"),
        ("#AbCdEf", "#abcdef"),
        ("red", "#ff0000"),
        ("RebeccaPurple", "#663399"),
    ],
)
def test_a_colour_is_brought_into_one_form(given: str, plain: str) -> None:
    assert colors.normal(given) == plain


@pytest.mark.parametrize(
    "given",
    [
        "red;position:fixed", "red}", "#abcd", "#ggg", "abc", "", "#", " red", "red ", "#abc\n",
        "url(//evil)", "var(--x)", "rgb(0,0,0)", "inherit", "transparent", "expression(1)",
        "</style><script>", "r\\65 d",
    ],
)  # fmt: skip
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(RenderError):
        colors.normal(given)


def test_text_can_be_read_on_every_colour() -> None:
    assert len(colors.NAMED) == 148
    for color in [*colors.HUES, colors.NEUTRAL, *(f"#{value}" for value in colors.NAMED.values())]:
        shade, text = colors.luminance(color), colors.luminance(colors.ink(color))
        assert (max(shade, text) + 0.05) / (min(shade, text) + 0.05) >= 4.5


def test_badges_have_the_colours_of_the_default_theme() -> None:
    tokens = Path(__file__).parents[3] / "themes/default/static/css/tokens.css"
    shades = re.findall(r"--hue-\d+: light-dark\((#[0-9a-f]{6})", tokens.read_text())
    assert tuple(shades) == colors.HUES
