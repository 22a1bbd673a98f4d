"""What the data files of tables share: classic scripts that hand over columns in chunks.

Opened from disk a page cannot fetch, so a script hands over one string of JSON. A chunk is small,
so that parsing it holds up the page for a few milliseconds only, and the first rows need but one.
Inside it is columnar, each distinct cell once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from sitegen.render.data import encode

_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")


def script(table: str, name: str, value: Any) -> bytes:
    """A call of `window.sitegen.TABLE.NAME` with the value as a string of JSON."""
    text = encode(encode(value).decode()).decode()
    return f"window.sitegen.{table}.{name}({text});\n".encode()


def sparse(values: Sequence[Any]) -> dict[str, Any]:
    """Place -> value, for those that say something."""
    return {str(place): value for place, value in enumerate(values) if value}


def distinct(values: Sequence[Any]) -> list[Any]:
    """[distinct values, the place of each row's], or [values] where that is not shorter."""
    keys: dict[Any, int] = {}
    kept: list[Any] = []
    places = []
    for value in values:
        key = repr(value) if isinstance(value, list) else value
        if key not in keys:
            keys[key] = len(kept)
            kept.append(value)
        places.append(keys[key])
    return [kept, places] if len(kept) * 2 < len(values) or len(kept) == 1 else [list(values)]


def number_cell(number: float | None, full: str) -> Any:
    """A number that every reader of JSON spells as the source does, else [number, its spelling];
    the text of what is none."""
    if number is None:
        return full
    if _INTEGER.fullmatch(full):
        return int(full)
    # JavaScript writes an exponent elsewhere than Python does.
    plain = math.isfinite(number) and repr(number) == full
    if plain and "e" not in full and not full.endswith(".0"):
        return number
    return [number, full]
