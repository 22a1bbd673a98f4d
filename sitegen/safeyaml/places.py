"""Where in a YAML text every value stands, for edits that leave the rest as it is.

Only for texts that `reading.load` accepted: it bounds depth and size. PyYAML's own parser is
used, not libyaml, whose positions differ. Its ends of block collections reach over the comments
that follow; here a value ends where its last visible character does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

Kind = Literal["scalar", "mapping", "sequence", "alias"]

BREAK = re.compile(r"\r\n|\n|\r")
_COLON = re.compile(r"[ \t\r\n]*:")
_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+#")


class Node:
    """One value. start: of its anchor or tag, if any; end: after its last visible character.

    first: where a block collection has its first key or dash. style: of a scalar, one of
    "", "'", '"', "|", ">". items: of a sequence. pairs: of a mapping, keys and values.
    """

    __slots__ = ("anchor", "end", "first", "flow", "items", "kind", "pairs", "start", "style",
                 "tagged", "text")  # fmt: skip

    def __init__(self, kind: Kind, event: Any) -> None:
        self.kind = kind
        self.start: int = event.start_mark.index
        self.end: int = event.end_mark.index
        self.first = self.start
        self.anchor: str = getattr(event, "anchor", None) or ""
        self.tagged = getattr(event, "tag", None) is not None
        self.text: str = getattr(event, "value", "")
        self.style: str = getattr(event, "style", "") or ""
        self.flow: bool = bool(getattr(event, "flow_style", False))
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []

    @property
    def empty(self) -> bool:
        """Whether nothing is written for the value."""
        return self.start == self.end

    @property
    def block(self) -> bool:
        """Whether it is a list or mapping written over lines of its own."""
        return self.kind in ("mapping", "sequence") and not self.flow

    @property
    def rows(self) -> list[tuple[Node, Node]]:
        """Keys and values; for a list each item twice."""
        return self.pairs if self.kind == "mapping" else [(item, item) for item in self.items]

    def find(self, key: str) -> int:
        """The number of the pair with this key, -1 where there is none. Quotes do not matter."""
        found = (at for at, (name, _) in enumerate(self.pairs)
                 if name.kind == "scalar" and name.text == key)  # fmt: skip
        return next(found, -1)

    def walk(self) -> Iterator[Node]:
        """It and everything in it, in the text's order."""
        yield self
        for item in self.items:
            yield from item.walk()
        for key, value in self.pairs:
            yield from key.walk()
            yield from value.walk()


def parse(text: str) -> Node | None:
    """The root of a text without byte order mark; None where it holds comments alone.

    Raises yaml.YAMLError for what PyYAML refuses and libyaml does not.
    """
    stack: list[Node] = []
    waiting: list[Node | None] = []
    root: Node | None = None
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            mapping = isinstance(event, MappingStartEvent)
            stack.append(Node("mapping" if mapping else "sequence", event))
            waiting.append(None)
            continue
        if isinstance(event, ScalarEvent | AliasEvent):
            node = Node("scalar" if isinstance(event, ScalarEvent) else "alias", event)
            if node.style in ("|", ">"):
                node.end = _block_scalar_end(text, node)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = stack.pop()
            waiting.pop()
            if node.flow:
                node.end = Node(node.kind, event).end
            elif node.rows:
                node.end = max(value.end for _, value in node.rows[-1:])
                _set_first(text, node)
        else:
            assert not isinstance(event, NodeEvent)
            continue
        if not stack:
            root = node
        elif stack[-1].kind == "sequence":
            stack[-1].items.append(node)
        elif (key := waiting[-1]) is None:
            waiting[-1] = node
        else:
            stack[-1].pairs.append((key, node))
            waiting[-1] = None
    return root


def _block_scalar_end(text: str, node: Node) -> int:
    whole = text[node.start : node.end]
    header = BREAK.split(whole, maxsplit=1)[0]
    if "+" in header.split("#")[0]:
        # Every blank line is a part of the value.
        last = re.search(r"(?:\r\n|\n|\r)\Z", whole)
        return node.end - len(last.group()) if last else node.end
    return node.start + len(whole.rstrip(" \t\r\n"))


def _set_first(text: str, node: Node) -> None:
    if node.kind == "mapping":
        node.first = node.pairs[0][0].start
    elif node.anchor or node.tagged:
        node.first = dash_before(text, node.items[0].start)


def dash_before(text: str, at: int) -> int:
    """Where the dash stands that opens the item at `at`, in a block sequence."""
    return text.rindex("-", 0, at)


def colon_after(text: str, key: Node) -> int:
    """The place after the colon of a key; -1 where it has none, or a comment comes first."""
    found = _COLON.match(text, key.end)
    return found.end() if found else -1


def column(text: str, at: int) -> int:
    return at - line_start(text, at)


def line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """The end of the line of `at`, before its break."""
    found = BREAK.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    """The start of the line after that of `at`."""
    found = BREAK.search(text, at)
    return found.end() if found else len(text)


def has_comment(text: str, start: int, end: int, node: Node) -> bool:
    """Whether a comment stands between `start` and `end`, a stretch that holds all of `node`."""
    at = start
    for leaf in node.walk():
        if leaf.kind not in ("scalar", "alias"):
            continue
        if "#" in text[at : leaf.start]:
            return True
        if leaf.style in ("|", ">") and _HEADER_COMMENT.search(
            text, leaf.start, line_end(text, leaf.start)
        ):
            return True
        at = max(at, leaf.end)
    return "#" in text[at:end]
