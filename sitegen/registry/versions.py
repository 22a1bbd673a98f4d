"""Versions `vX.Y.Z`: validity and precedence by SemVer 2.0.0, as the `semver` package has them.

Build metadata has no precedence: v1.0.0+a and v1.0.0+b compare equal, and whoever sorts decides.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache, total_ordering

import msgspec
import semver

FIRST = "v0.0.1"
"""The version that an artifact begins with (GTO's choice)."""

# https://semver.org, the grammar of section 9 to 10, without the leading "v" that GTO adds.
SEMVER = (
    r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
    r"(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


@total_ordering
class _Prerelease:
    """A prerelease that asks `semver` how it compares with another of the same release."""

    __slots__ = ("parsed",)

    def __init__(self, parsed: semver.Version) -> None:
        self.parsed = parsed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Prerelease) and self.parsed.compare(other.parsed) == 0

    def __lt__(self, other: _Prerelease) -> bool:
        return self.parsed.compare(other.parsed) < 0

    def __hash__(self) -> int:
        return hash(self.parsed.prerelease)


Key = tuple[int, int, int, bool, _Prerelease | None]


@lru_cache(maxsize=65536)
def _key(text: str) -> Key | None:
    if not text.startswith("v"):
        return None
    try:
        parsed = semver.Version.parse(text[1:])
    except ValueError:  # semver's own refusal, or a number beyond Python's limit of digits
        return None
    # Most versions are releases: three numbers order them without asking semver again. Two Nones
    # never meet a prerelease, since the flag before them differs.
    prerelease = _Prerelease(parsed) if parsed.prerelease else None
    return parsed.major, parsed.minor, parsed.patch, prerelease is None, prerelease


def is_version(text: str) -> bool:
    """Whether `text` is `v` and a SemVer 2.0.0 version."""
    return _key(text) is not None


def is_prerelease(text: str) -> bool:
    """Whether `text` is a version with a prerelease part, such as v2.0.0-rc.1."""
    key = _key(text)
    return key is not None and not key[3]


def sort_key(text: str) -> Key:
    """The key that sorts versions ascending by precedence. Raises ValueError for no version."""
    key = _key(text)
    if key is None:
        raise ValueError(f"not a version: {text!r}")
    return key


class Bump(msgspec.Struct, frozen=True):
    """Which part of the latest version to raise. prerelease: its identifier (rc), "" for none."""

    major: bool = False
    minor: bool = False
    patch: bool = False
    prerelease: str = ""

    def __bool__(self) -> bool:
        return self.major or self.minor or self.patch or bool(self.prerelease)


def following(latest: str, bump: Bump, taken: Collection[str] = ()) -> str:
    """The version after `latest` ("" for the first): the patch is raised unless `bump` says else.

    Of a prerelease without a part to raise, the next number not yet taken is given.
    """
    if not latest:
        return f"{FIRST}-{bump.prerelease}.1" if bump.prerelease else FIRST
    parsed = semver.Version.parse(latest[1:])
    if bump.major:
        raised = parsed.bump_major()
    elif bump.minor:
        raised = parsed.bump_minor()
    elif bump.prerelease and not bump.patch and parsed.prerelease:
        raised = parsed.finalize_version()
    else:
        raised = parsed.bump_patch()
    if not bump.prerelease:
        return f"v{raised}"
    number = 1
    while f"v{raised}-{bump.prerelease}.{number}" in taken:
        number += 1
    return f"v{raised}-{bump.prerelease}.{number}"
