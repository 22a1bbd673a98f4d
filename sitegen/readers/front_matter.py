"""YAML between two lines of dashes at the head of a Markdown file, and the text below it."""

from __future__ import annotations

import re

import msgspec

_FRONT = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.S | re.M)


class Parted(msgspec.Struct, frozen=True):
    """A Markdown file in two. yaml: with as many lines before it as in the file, None without any.

    readable: whether the file is UTF-8; what is not was replaced by U+FFFD.
    """

    yaml: str | None
    text: str
    readable: bool


def part(data: bytes) -> Parted:
    """The front matter and the text of a Markdown file."""
    text = data.decode("utf-8-sig", "replace")
    readable = "\ufffd" not in text or b"\xef\xbf\xbd" in data
    match = _FRONT.match(text)
    if not match:
        return Parted(None, text, readable)
    # An empty line in place of the dashes: lines are counted as in the file.
    return Parted("\n" + match["yaml"], text[match.end() :], readable)
