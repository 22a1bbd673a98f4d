"""Versions `vX.Y.Z`: validity and order by SemVer 2.0.0.

The order is that of the `semver` package; build metadata, which SemVer leaves
without an order, is compared as text so that every order here is total.
"""

from __future__ import annotations

from functools import lru_cache, total_ordering

import semver

# https://semver.org, the grammar of section 9 to 10, without the leading "v" that GTO adds.
SEMVER = (
    r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
    r"(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


@total_ordering
class _Precedence:
    """A sort key that asks `semver` for precedence and the text for the rest."""

    __slots__ = ("parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parsed = semver.Version.parse(text[1:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Precedence) and self.text == other.text

    def __lt__(self, other: _Precedence) -> bool:
        order = self.parsed.compare(other.parsed)
        return order < 0 if order else self.text < other.text

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=65536)
def _plain(text: str) -> tuple[int, int, int, bool, _Precedence | None] | None:
    """(major, minor, patch, is a release, the rest), or None where `text` is no version."""
    if not text.startswith("v"):
        return None
    try:
        precedence = _Precedence(text)
    except ValueError:  # semver's own refusal, or a number beyond Python's limit of digits
        return None
    parsed = precedence.parsed
    # Most versions are plain releases: three numbers order them without calling semver again.
    rest = precedence if parsed.prerelease or parsed.build else None
    return parsed.major, parsed.minor, parsed.patch, not parsed.prerelease, rest


def is_version(text: str) -> bool:
    """Whether `text` is `v` and a SemVer 2.0.0 version."""
    return _plain(text) is not None


def is_prerelease(text: str) -> bool:
    """Whether `text` is a version with a prerelease part, such as v2.0.0-rc.1."""
    plain = _plain(text)
    return plain is not None and not plain[3]


def sort_key(
    text: str,
) -> tuple[int, int, int, bool, bool, _Precedence | None]:
    """The key that sorts versions ascending by precedence. Raises ValueError for no version."""
    plain = _plain(text)
    if plain is None:
        raise ValueError(f"not a version: {text!r}")
    # A release without build metadata comes before the same with it; within the others the
    # two Nones never meet a _Precedence, since the flag before them differs.
    return (*plain[:4], plain[4] is not None, plain[4])
