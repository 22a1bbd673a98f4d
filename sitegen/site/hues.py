"""Which colour each stage has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import dist

from sitegen.errors import RenderError
from sitegen.site import colors

# Stages that teams use by these names keep their colour and place in every portal.
_USUAL = (
    ("dev", "development"),
    ("staging", "stage", "preprod"),
    ("prod", "production"),
    ("test", "testing", "qa"),
    ("canary", "shadow"),
    ("archive", "archived", "retired"),
)
_ORDER = {"dev": 0, "test": 1, "staging": 2, "canary": 3, "prod": 4, "archive": 6}
_OTHER = 5

# In OKLab: what is nearer is taken for a shade of the same colour. See the theme's tokens.css.
_NEAR = 0.12


def usual_place(stage: str) -> tuple[int, str]:
    """Sorts stages in the order in which models usually pass through them."""
    row = _row(stage)
    return (_ORDER[row[0]] if row else _OTHER, stage)


def hues_of(stages: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    """The `StageView.hue` of each stage. own: the colours that the author configured."""
    count = len(colors.HUES)
    # A stage with a colour of its own gets a hue that no other stage can have.
    hues = {stage: count + i for i, stage in enumerate(stage for stage in stages if stage in own)}
    near = _near(own[stage] for stage in hues)
    # `prod` comes before `Prod`, whatever their order: the usual spelling has the usual colour.
    for stage in sorted(stages, key=lambda stage: stage != stage.lower()):
        row = _row(stage)
        usual = _USUAL.index(row) if row else -1
        if stage not in hues and row and usual not in near and usual not in hues.values():
            hues[stage] = usual
    free = [hue for hue in range(count) if hue not in hues.values()]
    # What looks like a configured colour is lent last of all. The usual stages' hues come before
    # that, so that a later "prod" changes nobody's colour.
    free.sort(key=lambda hue: (hue in near, hue < len(_USUAL), hue))
    for i, stage in enumerate(stage for stage in stages if stage not in hues):
        hues[stage] = free[i] if i < len(free) else i % count
    return hues


def _row(stage: str) -> tuple[str, ...]:
    return next((row for row in _USUAL if stage.lower() in row), ())


def _near(own: Iterable[str]) -> set[int]:
    """The hues that look like one of the configured colours, in the light or the dark scheme."""
    near: set[int] = set()
    for color in own:
        try:
            seen = colors.oklab(colors.normal(color))
        except RenderError:
            # Whoever writes the sheet of these colours says so, with what to do about it.
            continue
        near.update(
            hue
            for hue, pair in enumerate(zip(colors.HUES, colors.DARK_HUES, strict=True))
            if min(dist(seen, colors.oklab(shade)) for shade in pair) < _NEAR
        )
    return near
