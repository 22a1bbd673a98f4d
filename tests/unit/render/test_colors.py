"""Colours: a strict grammar, and text that can be read on them."""

from __future__ import annotations

import re
from itertools import combinations
from math import dist
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


TOKENS = Path(__file__).parents[3] / "themes/default/static/css/tokens.css"


def test_badges_have_the_colours_of_the_default_theme() -> None:
    shades = re.findall(r"--hue-\d+: light-dark\((#[0-9a-f]{6})", TOKENS.read_text())
    assert tuple(shades) == colors.HUES


def oklab(color: str) -> list[float]:
    """A colour in OKLab (Ottosson, 2020)."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    long = (0.4122 * red + 0.5363 * green + 0.0514 * blue) ** (1 / 3)
    medium = (0.2119 * red + 0.6807 * green + 0.1074 * blue) ** (1 / 3)
    short = (0.0883 * red + 0.2817 * green + 0.6300 * blue) ** (1 / 3)
    return [
        0.2105 * long + 0.7936 * medium - 0.0041 * short,
        1.9780 * long - 2.4286 * medium + 0.4506 * short,
        0.0259 * long + 0.7828 * medium - 0.8087 * short,
    ]


@pytest.mark.parametrize("scheme", [0, 1])
def test_the_usual_stages_have_colours_of_their_own_and_not_shades_of_one(scheme: int) -> None:
    pairs = re.findall(
        r"--(?:hue-\d+|bad): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS.read_text()
    )
    bad, *hues = [pair[scheme] for pair in pairs]
    for one, other in combinations([bad, *hues[:6]], 2):
        assert dist(oklab(one), oklab(other)) >= 0.12, (one, other)
    # A canary stands next to the stages that most registries have.
    for other in hues[:4]:
        assert dist(oklab(hues[4]), oklab(other)) >= 0.2, other
