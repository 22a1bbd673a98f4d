"""Colours of stages: the usual ones, and those beside configured ones."""

from __future__ import annotations

from math import dist

import pytest

from sitegen.site import colors
from sitegen.site.hues import hues_of, usual_place


def test_stages_sort_as_models_pass_through_them() -> None:
    stages = ["archive", "prod", "eu", "staging", "dev"]
    assert sorted(stages, key=usual_place) == ["dev", "staging", "prod", "eu", "archive"]


@pytest.mark.parametrize("own", ["orange", "#c07a10", "royalblue", "#0C5C3C", "plum"])
def test_no_stage_looks_like_one_with_a_configured_colour(own: str) -> None:
    stages = ["mine", "dev", "staging", "prod", "canary", "eu"]
    hues = hues_of(stages, {"mine": own})
    seen = colors.oklab(colors.normal(own))
    assert len(set(hues.values())) == len(stages)
    for stage in stages[1:]:
        for shades in (colors.HUES, colors.DARK_HUES):
            assert dist(seen, colors.oklab(shades[hues[stage]])) >= 0.12, stage


def test_far_configured_colours_and_those_that_are_none_change_nothing() -> None:
    stages = ["mine", "dev", "prod", "eu"]
    plain = hues_of(stages, {"mine": "black"})
    assert plain == {"mine": 12, "dev": 0, "prod": 2, "eu": 6}
    assert hues_of(stages, {"mine": "no colour"}) == plain
