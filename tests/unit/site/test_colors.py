"""Colours: a strict grammar, and text that can be read on them."""

from __future__ import annotations

import re
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from sitegen.errors import RenderError
from sitegen.site import colors


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


TOKENS = Path(__file__).parents[3] / "themes/default/static/css/tokens.css"


def test_the_hues_are_those_of_the_default_theme() -> None:
    pairs = re.findall(
        r"--hue-\d+: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS.read_text()
    )
    assert tuple(zip(*pairs, strict=True)) == (colors.HUES, colors.DARK_HUES)


def test_white_black_and_red_are_where_oklab_has_them() -> None:
    assert colors.oklab("#ffffff") == pytest.approx((1, 0, 0), abs=1e-3)
    assert colors.oklab("#000000") == (0, 0, 0)
    assert colors.oklab("#ff0000") == pytest.approx((0.628, 0.225, 0.126), abs=1e-3)


@pytest.mark.parametrize("scheme", [0, 1])
def test_the_usual_stages_have_colours_of_their_own_and_not_shades_of_one(scheme: int) -> None:
    pairs = re.findall(
        r"--(?:hue-\d+|bad): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS.read_text()
    )
    bad, *hues = [pair[scheme] for pair in pairs]
    for one, other in combinations([bad, *hues[:6]], 2):
        assert dist(colors.oklab(one), colors.oklab(other)) >= 0.12, (one, other)
    # A canary stands next to the stages that most registries have.
    for other in hues[:4]:
        assert dist(colors.oklab(hues[4]), colors.oklab(other)) >= 0.2, other
