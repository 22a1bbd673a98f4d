"""Unquoted scalars of YAML 1.2, core schema, with the additions of ruamel.yaml."""

from __future__ import annotations

import re
from typing import Any

# Beyond some 4,300 digits Python refuses to convert; no measurement has a thousand.
MAX_DIGITS = 1_000

_FIRST = frozenset("-+.0123456789~nNtTfF")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"([-+]?)(?:0b([01_]+)|0o([0-7_]+)|0x([0-9a-fA-F_]+)|(_*[0-9][0-9_]*))")
_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]*[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def scalar(text: str) -> Any:
    """The value of an unquoted scalar: None, bool, int, float, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > MAX_DIGITS:
        return text
    if text.isdecimal() and text.isascii():
        return int(text)
    if match := _INT.fullmatch(text):
        sign, *digits = match.groups()
        for base, part in zip((2, 8, 16, 10), digits, strict=True):
            if part and (bare := part.replace("_", "")):
                return -int(bare, base) if sign == "-" else int(bare, base)
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text
