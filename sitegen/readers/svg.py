"""SVG drawings, written again with nothing in them that could act, load or weigh too much.

A browser runs an SVG that is opened by itself as it runs a page, so of a repository's only shapes,
text and paint are kept: the elements and attributes listed here, references within the drawing,
raster images that it holds itself, and style rules without `@` or foreign addresses. Everything
else is left out with its content. Source of the names: SVG 1.1 and 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import msgspec

MOST_ELEMENTS = 100_000
"""Elements of a drawing, those that `use` repeats counted each time."""
MOST_DEPTH = 100

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"

_SHAPES = """
svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc
linearGradient radialGradient stop clipPath mask pattern image style
"""
_PAINT = """
id class style transform x y x1 x2 y1 y2 cx cy r rx ry fx fy dx dy d points width height viewBox
preserveAspectRatio offset rotate textLength lengthAdjust gradientUnits gradientTransform
spreadMethod clipPathUnits maskUnits maskContentUnits patternUnits patternContentUnits
patternTransform alignment-baseline baseline-shift clip-path clip-rule color display
dominant-baseline fill fill-opacity fill-rule font-family font-size font-stretch font-style
font-variant font-weight image-rendering letter-spacing mask opacity overflow paint-order
shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration
text-rendering vector-effect visibility word-spacing writing-mode
"""
_ELEMENTS = frozenset(_SHAPES.split())
_ATTRIBUTES = frozenset(_PAINT.split())
_REFERRING = frozenset({"use", "linearGradient", "radialGradient", "pattern"})

_INSIDE = re.compile(r"#[\w.:-]{1,200}")
_RASTER = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
_ADDRESS = re.compile(r"url\(\s*(?!['\"]?#[\w.:-]{1,200}['\"]?\s*\))", re.IGNORECASE)
# What could load, act or reach out of a style; a backslash could spell any of it.
_UNFIT_STYLE = re.compile(r"[@\\<]|expression|javascript|behavio|-moz-binding|image\(", re.I)
_LENGTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{0,20})?)\s*(px|pt|in|cm|mm|pc)?\s*")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "pc": 16.0,
}
_USUAL = (300, 150)


class Drawing(msgspec.Struct, frozen=True):
    """A harmless SVG. width, height: in pixels, as it asks to be shown."""

    data: bytes
    width: int
    height: int


class _Refused(Exception):
    """Why a drawing is not shown at all."""


def read_drawing(data: bytes) -> Drawing | str:
    """The SVG in a file, made harmless, or why it is not shown."""
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.EntityDeclHandler = writer.refuse_entity
    try:
        parser.Parse(data, True)
        writer.check_repetition()
    except expat.ExpatError as error:
        return f"it is no valid SVG: {error}"
    except _Refused as error:
        return str(error)
    # A lone surrogate cannot come out of a parser, but this is no place to trust one.
    text = "".join(writer.parts).encode("utf-8", "replace")
    return Drawing(text, *writer.size)


class _Open(msgspec.Struct):
    """An element that has not ended yet. count: of the elements in it, itself included."""

    name: str
    id: str
    count: int = 1


class _Writer:
    """Writes what is kept of a document, element by element."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = _USUAL
        self._open: list[_Open] = []
        self._skipped = 0
        self._depth = 0
        self._count = 0
        self._style: list[str] = []
        self._counts: dict[str, int] = {}
        self._uses: list[tuple[str, tuple[str, ...]]] = []

    def refuse_entity(self, *_: object) -> NoReturn:
        raise _Refused("it declares entities of its own")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH:
            raise _Refused(f"its elements are nested more than {MOST_DEPTH} deep")
        if self._count > MOST_ELEMENTS:
            raise _Refused(f"it has more than {MOST_ELEMENTS:,} elements")
        space, _, local = name.rpartition(" ")
        # Of a link what is in it stays.
        local = "g" if local == "a" else local
        if not self._open and not self._skipped and (space != _SVG or local != "svg"):
            raise _Refused("its outermost element is no svg")
        if self._skipped or space != _SVG or local not in _ELEMENTS:
            self._skipped += 1
            return
        kept = self._kept(local, attributes)
        if local == "image" and "xlink:href" not in kept:
            self._skipped += 1
            return
        if not self._open:
            self.size = _size(attributes)
            kept = {"xmlns": _SVG, "xmlns:xlink": _XLINK, **kept}
            kept |= {"width": str(self.size[0]), "height": str(self.size[1])}
            kept.setdefault("viewBox", f"0 0 {self.size[0]} {self.size[1]}")
        if local == "use":
            inside = tuple(each.id for each in self._open if each.id)
            self._uses.append((kept.get("xlink:href", "")[1:], inside))
        self._open.append(_Open(local, kept.get("id", "")))
        written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.parts.append(f"<{local}{written}>")

    def end(self, _: str) -> None:
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
            return
        ended = self._open.pop()
        if self._style:
            style, self._style = "".join(self._style), []
            if _is_fit(style):
                self.parts.append(escape(style))
        self.parts.append(f"</{ended.name}>")
        if self._open:
            self._open[-1].count += ended.count
        if ended.id:
            self._counts[ended.id] = max(ended.count, self._counts.get(ended.id, 0))

    def text(self, data: str) -> None:
        if self._skipped or not self._open:
            return
        if self._open[-1].name == "style":
            self._style.append(data)
        else:
            self.parts.append(escape(data))

    def check_repetition(self) -> None:
        """Refuse what unfolds to far more than is written: `use` of what holds `use` itself."""
        targets = {target for target, _ in self._uses}
        if any(targets.intersection(inside) for _, inside in self._uses):
            raise _Refused("it repeats what is itself made of repetitions")
        repeated = sum(self._counts.get(target, 0) for target, _ in self._uses)
        if self._count + repeated > MOST_ELEMENTS:
            raise _Refused(f"it stands for more than {MOST_ELEMENTS:,} elements")

    def _kept(self, local: str, attributes: Mapping[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            space, _, key = name.rpartition(" ")
            if key == "href" and space in ("", _XLINK):
                wanted = _RASTER if local == "image" else _INSIDE
                if (local == "image" or local in _REFERRING) and wanted.fullmatch(value.strip()):
                    kept["xlink:href"] = value.strip()
            elif not space and key in _ATTRIBUTES and _is_fit(value):
                kept[key] = value
        return kept


def _is_fit(style: str) -> bool:
    return not _UNFIT_STYLE.search(style) and not _ADDRESS.search(style)


def _size(attributes: Mapping[str, str]) -> tuple[int, int]:
    box = re.findall(r"[-+0-9.eE]{1,30}", attributes.get("viewBox", ""))
    found = [_pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))]
    if not all(found) and len(box) == 4:
        found = [_pixels(box[2]), _pixels(box[3])]
    if not all(found):
        return _USUAL
    return found[0], found[1]


def _pixels(length: str) -> int:
    """A length in pixels, 0 where it says none; a drawing can be shown at any size."""
    match = _LENGTH.fullmatch(length)
    return min(round(float(match[1]) * _PIXELS[match[2] or ""]), 10_000) if match else 0
