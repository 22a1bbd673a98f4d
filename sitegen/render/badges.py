"""Badges for READMEs: SVG of our own drawing, and the JSON that shields.io endpoints read."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import msgspec

from sitegen.render import data
from sitegen.site import colors
from sitegen.site.model import ModelView, Site
from sitegen.site.parts import StageView

LONGEST = 40
"""Characters of a badge's label and message; the rest is in its title."""

# Advance widths of DejaVu Sans at 11 px, in tenths of a pixel; Verdana's are nearly the same.
_GLYPHS = {
    30: "'", 31: "ijl", 32: "IJ", 35: " ,.", 37: "/:;\\|", 39: "f", 40: "-", 43: "()[]t", 44: "!",
    45: "r", 51: '"', 55: "*_`", 57: "s", 58: "?z", 60: "c", 61: "L", 63: "F", 64: "k", 65: "vxy",
    66: "P", 67: "TYao", 68: "e", 70: "0123456789$ESbdghnpqu{}", 72: "K", 75: "ABVXZ", 76: "R",
    77: "C", 81: "U", 82: "N", 83: "H", 85: "DG", 86: "&", 87: "OQ", 90: "w", 92: "#+<=>^~",
    95: "M", 105: "%", 107: "m", 109: "W", 110: "@",
}  # fmt: skip
_WIDTHS = {glyph: tenths for tenths, glyphs in _GLYPHS.items() for glyph in glyphs}
_OTHER = 110

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">
<title>{title}</title>
<rect width="{width}" height="20" rx="3" fill="#3d444d"/>
<path d="M{left} 0h{inner}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{color}"/>
<g font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">
<text x="{label_x}" y="14" fill="#ffffff" textLength="{label_width}">{label}</text>
<text x="{message_x}" y="14" fill="{ink}" textLength="{message_width}">{message}</text>
</g>
</svg>
"""


class Endpoint(msgspec.Struct, frozen=True, rename="camel"):
    """What shields.io reads from an endpoint."""

    schema_version: int
    label: str
    message: str
    color: str


def badges(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every model's badges, each as .svg and .json: (path, bytes)."""
    stages = {stage.name: stage for stage in site.stages}
    for model in site.models:
        for name, path in model.badges:
            latest = path.endswith("/latest.svg")
            endpoint = _latest(model) if latest else _stage(model, name, stages.get(name))
            yield path, svg(endpoint).encode()
            yield f"{path.removesuffix('.svg')}.json", data.encode(endpoint) + b"\n"


def _latest(model: ModelView) -> Endpoint:
    if model.latest is None:
        return Endpoint(1, model.name, "no version", colors.NEUTRAL)
    return Endpoint(1, model.name, model.latest.label, colors.HUES[0])


def _stage(model: ModelView, name: str, stage: StageView | None) -> Endpoint:
    label = f"{model.name} {name}"
    chip = model.held.get(name)
    if chip is None:
        return Endpoint(1, label, "none", colors.NEUTRAL)
    view = stage or chip.stage
    color = colors.normal(view.color) if view.color else colors.HUES[view.hue % len(colors.HUES)]
    return Endpoint(1, label, chip.version, color)


def svg(badge: Endpoint) -> str:
    """A badge as a picture; its title says it whole."""
    label, message = _short(badge.label), _short(badge.message)
    label_width, message_width = width(label), width(message)
    left, right = label_width + 10, message_width + 10
    return _SVG.format(
        title=escape(f"{badge.label}: {badge.message}"),
        width=left + right,
        left=left,
        inner=right - 3,
        color=badge.color,
        ink=colors.ink(badge.color),
        label=escape(label),
        message=escape(message),
        label_x=left / 2,
        message_x=left + right / 2,
        label_width=label_width,
        message_width=message_width,
    )


def width(text: str) -> int:
    """About how many pixels `text` takes at 11 px; drawing stretches it to just that."""
    return max(1, (sum(_WIDTHS.get(letter, _OTHER) for letter in text) + 9) // 10)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
