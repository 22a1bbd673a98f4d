"""What is in the files of plots: an image, or the repository's own template."""

from __future__ import annotations

import json
from typing import Any

from sitegen.readers import pictures, svg
from sitegen.readers.trees import TreeError, check_depth
from sitegen.registry.facts import Picture

LARGEST_TEMPLATE = 64 * 1024
"""Bytes of a template; DVC's own have less than four thousand."""

_ANCHOR = "<DVC_METRIC_DATA>"

# What makes rows or text of nothing: a few letters of it could keep a browser busy for ever.
_GENERATORS = frozenset({"sequence", "graticule", "sphere", "keyvals"})
_CALLS = ("sequence(", "pad(", "replace(", "repeat(")
_LARGEST_NUMBER = 100_000
_COUNTS = frozenset({"steps", "minsteps", "maxsteps", "maxbins", "resolve", "size", "tickCount"})


def read_image(path: str, oid: str, data: bytes) -> Picture | str:
    """The image in a file by its first bytes, or why it is not shown. Of an SVG what is harmless.

    An SVG counts only where the name says so: much else begins as it does.
    """
    if not path.lower().endswith(".svg"):
        return pictures.read_picture(path, oid, data)
    drawing = svg.read_drawing(data)
    if isinstance(drawing, str):
        return drawing
    return Picture(path, oid, "image/svg+xml", drawing.data, drawing.width, drawing.height)


def read_template(data: bytes) -> str:
    """A template's JSON on one line. Raises TreeError for what cannot be, or shall not be, filled.

    It is drawn with nothing loaded and nothing evaluated; what would still make a page stand still
    is refused here.
    """
    if len(data) > LARGEST_TEMPLATE:
        raise TreeError(f"the template has {len(data)} bytes, at most {LARGEST_TEMPLATE} are read")
    try:
        text = data.decode("utf-8-sig")
        check_depth(text)
        content = json.loads(text, parse_constant=_refuse)
    except UnicodeDecodeError:
        raise TreeError("the template is no UTF-8 text") from None
    except RecursionError:
        raise TreeError("the template nests too deep") from None
    except ValueError as error:
        raise TreeError(f"the template is no valid json: {str(error)[:200]}") from None
    if not isinstance(content, dict):
        raise TreeError("a template is expected to be a mapping")
    if not _check(content):
        raise TreeError(f"the template has no place for data: {_ANCHOR!r}")
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _refuse(constant: str) -> None:
    raise TreeError(f"the template holds {constant}, which is no json")


def _check(value: Any, key: str = "") -> bool:
    """Whether the data's anchor is in it. Raises TreeError for what a template may not hold."""
    if isinstance(value, dict):
        if found := sorted(_GENERATORS & value.keys()):
            raise TreeError(f"the template makes data by {found[0]!r}, which is not drawn")
        # Each is looked at, whether or not the anchor was found before.
        return sum(_check(item, name) for name, item in value.items()) > 0
    if isinstance(value, list):
        # In a list within a list DVC looks for no anchor.
        return sum(_check(item, key) and not isinstance(item, list) for item in value) > 0
    if isinstance(value, str):
        compact = "".join(value.split())
        if call := next((call for call in _CALLS if call in compact), None):
            raise TreeError(f"the template calls {call[:-1]!r}, which is not drawn")
        return value == _ANCHOR
    if key in _COUNTS and isinstance(value, int | float) and abs(value) > _LARGEST_NUMBER:
        raise TreeError(f"{key} of the template is over {_LARGEST_NUMBER:,}")
    return False
