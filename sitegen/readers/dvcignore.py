"""`.dvcignore`: the paths of a commit in which DVC looks for no dvc.yaml, dvc.lock and *.dvc files.

Source of the grammar: gitignore(5), which DVC follows. A file of that name may stand in any folder
and speaks of what is below it; the last pattern that fits decides, and what is in an ignored folder
cannot be taken back. Patterns are untrusted: they are matched without regular expressions, in a
time that grows with the length of the pattern times that of the path.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

NAME = ".dvcignore"

MOST_PATTERNS = 1_000
"""Of one file; what follows is passed over."""

LONGEST = 1_000
"""Characters of a pattern; a longer one fits nothing."""

ANY = ""
"""Stands for `**`, any number of folders, among a pattern's parts."""


class Pattern(msgspec.Struct, frozen=True):
    """One line. parts: globs of the path's names, or ANY. folders: it is of folders alone.

    taken_back: what it fits is not ignored (a line with `!`).
    """

    parts: tuple[str, ...]
    folders: bool = False
    taken_back: bool = False


def read_patterns(data: bytes) -> tuple[Pattern, ...]:
    """The patterns of a file, in its order; a byte that is no UTF-8 fits nothing."""
    found = []
    for line in data.decode("utf-8-sig", "replace").splitlines()[: MOST_PATTERNS * 2]:
        pattern = _pattern(line)
        if pattern is not None:
            found.append(pattern)
    return tuple(found[:MOST_PATTERNS])


def _pattern(line: str) -> Pattern | None:
    if line.startswith("#") or len(line) > LONGEST:
        return None
    text = line.rstrip(" ")
    if text.endswith("\\") and len(text) < len(line):
        text += " "  # a space after a backslash belongs to the pattern
    taken_back = text.startswith("!")
    text = text.removeprefix("!")
    folders = text.endswith("/")
    text = text.rstrip("/") if folders else text
    if not text:
        return None
    anchored = "/" in text
    parts = [ANY if part == "**" else part for part in text.removeprefix("/").split("/")]
    if not anchored:
        parts = [ANY, *parts]
    if parts[-1] == ANY:
        parts.append("*")  # all that is in the folder, and not the folder itself
    return Pattern(tuple(parts), folders, taken_back)


def ignored(paths: Iterable[str], patterns: Mapping[str, tuple[Pattern, ...]]) -> frozenset[str]:
    """Those of the files `paths` that are ignored. patterns: folder, "" for the root -> its own."""
    known: dict[str, bool] = {"": False}

    def folder_ignored(folder: str) -> bool:
        if folder not in known:
            known[folder] = folder_ignored(posixpath.dirname(folder)) or _fits(
                folder, patterns, folder=True
            )
        return known[folder]

    return frozenset(
        path
        for path in paths
        if folder_ignored(posixpath.dirname(path)) or _fits(path, patterns, folder=False)
    )


def _fits(path: str, patterns: Mapping[str, tuple[Pattern, ...]], *, folder: bool) -> bool:
    """Whether the last pattern that fits the path itself, of the folders above it, ignores it."""
    names = path.split("/")
    # The nearest file decides first, and in it the last line.
    for depth in range(len(names) - 1, -1, -1):
        for pattern in reversed(patterns.get("/".join(names[:depth]), ())):
            if (folder or not pattern.folders) and _match(pattern.parts, names[depth:]):
                return not pattern.taken_back
    return False


def _match(parts: tuple[str, ...], names: list[str]) -> bool:
    """Whether a pattern fits a path, each taken apart at its slashes."""
    # reached: how many names the parts so far may have used up.
    reached = {0}
    for part in parts:
        if part == ANY:
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and glob(part, names[at])}
        if not reached:
            return False
    return len(names) in reached


@lru_cache(maxsize=4096)
def glob(pattern: str, name: str) -> bool:
    """Whether a pattern with `*`, `?`, `[...]` and `\\\\` fits a name without slashes."""
    tokens = _tokens(pattern)
    if tokens is None:
        return False
    at = place = 0
    star = mark = -1
    while place < len(name):
        if at < len(tokens) and tokens[at] is None:
            star, mark = at, place
            at += 1
        elif at < len(tokens) and _accepts(tokens[at], name[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(token is None for token in tokens[at:])


class _Set(msgspec.Struct, frozen=True):
    """Characters in brackets. ranges: from, to. other: all but these."""

    ranges: tuple[tuple[str, str], ...]
    other: bool = False


_ONE = _Set((), other=True)


def _accepts(token: str | _Set | None, character: str) -> bool:
    if isinstance(token, _Set):
        inside = any(low <= character <= high for low, high in token.ranges)
        return inside != token.other
    return token == character


@lru_cache(maxsize=4096)
def _tokens(pattern: str) -> tuple[str | _Set | None, ...] | None:
    """A glob's characters, sets, and None for `*`; None where it is broken, and fits nothing."""
    found: list[str | _Set | None] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if not found or found[-1] is not None:
                found.append(None)
        elif character == "?":
            found.append(_ONE)
        elif character == "[":
            made = _set(pattern, at)
            if made is None:
                return None
            token, at = made
            found.append(token)
        elif character == "\\":
            if at == len(pattern):
                return None
            found.append(pattern[at])
            at += 1
        else:
            found.append(character)
    return tuple(found)


def _set(pattern: str, at: int) -> tuple[_Set, int] | None:
    """The set that begins after its bracket, and the place behind it; None without an end."""
    other = pattern[at : at + 1] in ("!", "^")
    at += other
    ranges: list[tuple[str, str]] = []
    first = True
    while at < len(pattern):
        character = pattern[at]
        if character == "]" and not first:
            return _Set(tuple(ranges), other), at + 1
        first = False
        if character == "\\" and at + 1 < len(pattern):
            at += 1
            character = pattern[at]
        at += 1
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]"):
            high = pattern[at + 1]
            at += 2
            if high == "\\" and at < len(pattern):
                high = pattern[at]
                at += 1
            ranges.append((character, high))
        else:
            ranges.append((character, character))
    return None
