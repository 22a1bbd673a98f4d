"""How facts read: text made visible, dates and numbers as people see them."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context

from sitegen.registry.facts import Leaf, Moment
from sitegen.site.parts import When

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Cc but tab and newline, Cf (bidi, zero width, soft hyphen, tags), Cs, Zl, Zp. Joiners are spelt
# out too: an emoji or a Persian word suffers, but no name can be made to look like another.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """`text` with control, bidi and zero-width characters spelt out as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    return _SUSPECT.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """The first line of `text` that says something, made visible."""
    return visible(text.strip().partition("\n")[0].rstrip())


def width(text: str) -> int:
    """Columns that `text` takes in a monospaced face; wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def when(moment: Moment | None) -> When:
    """A date as shown; "invalid date" where there is none, never 1970."""
    if moment is None:
        return When("", "invalid date", "invalid date", -1)
    there = moment.local()
    day = f"{there.day} {_MONTHS[there.month - 1]} {there.year}"
    iso = there.isoformat()
    return When(iso, day, iso.replace("T", " ")[:19] + f" {iso[19:]}", moment.seconds)


def short_number(leaf: Leaf) -> str:
    """A value shortened for reading: five significant digits, other text as the source has it.

    As `short` of values.js.
    """
    value = leaf.value
    if isinstance(value, bool) or not isinstance(value, float):
        return visible(leaf.text)
    if not math.isfinite(value) or value.is_integer() or len(leaf.text) <= 7:
        return visible(leaf.text)
    shortened = ("-" if value < 0 else "") + _rounded(abs(value), 5)
    return shortened if len(shortened) < len(leaf.text) else visible(leaf.text)


def _rounded(value: float, digits: int) -> str:
    """A number that is not negative to so many significant digits; whole ones are all kept.

    As `rounded` of values.js, for what both write stands on one page: ties go up, and small numbers
    have no exponent before JavaScript gives them one.
    """
    if 10**digits <= value < 1e15:
        return f"{math.floor(value + 0.5)}"
    if 1e-6 <= value < 1e15:
        exact = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(value)
        return format(exact.normalize(), "f")
    return f"{value:.{digits}g}".replace("e-0", "e-")


def number(leaf: Leaf) -> float | None:
    """The value as a finite number or infinity, None for anything else (NaN, text, booleans)."""
    value = leaf.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        plain = float(value)
    except OverflowError:
        return None
    return None if math.isnan(plain) else plain


def delta(now: float, before: float) -> str:
    """The difference with its sign, three significant digits: +0.0124.

    As `difference` of values.js.
    """
    difference = now - before
    if not math.isfinite(difference):
        return ""
    if not difference:
        return "±0"
    return ("+" if difference > 0 else "\N{MINUS SIGN}") + _rounded(abs(difference), 3)


def size(count: int | None) -> str:
    """Bytes as people say them, in powers of 1000: "516 kB"; "" where unknown."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    shown = float(count)
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        shown /= 1000
        if shown < 999.5 or unit == "PB":
            break
    return f"{shown:.3g} {unit}" if shown < 999.5 else f"{shown:.0f} {unit}"
