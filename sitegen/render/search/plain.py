"""HTML that we made ourselves to plain text: a line for a paragraph, and sections by headings."""

from __future__ import annotations

import html
import re

import msgspec

# An attribute may hold ">" as it is.
_TAG = re.compile(
    r"""<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9]*+)(?:"[^"]*"|'[^']*'|[^>"']++)*+>""", re.DOTALL
)
_IDENTIFIER = re.compile(r'\bid="([^"]*)"')
_BLOCKS = {
    "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip


class Section(msgspec.Struct, frozen=True):
    """A part of a page. anchor: its heading's id, "" for what comes before the first heading."""

    anchor: str
    title: str
    text: str


def plain(source: str) -> str:
    """The text of HTML, a line for each block."""
    # Lines within a paragraph go on in the next one, as a browser shows them.
    text = html.unescape(_TAG.sub(_instead, source.replace("\n", " ")))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def _instead(match: re.Match[str]) -> str:
    name = match[1]
    return "\n" if name and name.lower() in _BLOCKS else ""


def sections(source: str) -> list[Section]:
    """What stands before the first second-level heading, and what below each of them."""
    pieces = re.split(r"(?=<h2\b)", source)
    found = [Section("", "", plain(pieces[0]))]
    for piece in pieces[1:]:
        heading, _, rest = piece.partition("</h2>")
        anchor = _IDENTIFIER.search(heading[: heading.find(">") + 1])
        title = plain(heading)
        found.append(Section(html.unescape(anchor[1]) if anchor else "", title, plain(rest)))
    return [section for section in found if section.title or section.text]
