"""The members of mappings and lists as stretches of text: which to cut, where to add."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sitegen.safeyaml import places, writing
from sitegen.safeyaml.places import Node
from sitegen.safeyaml.scalars import scalar


class TooEntangled(Exception):
    """The text cannot be changed at this place without harm to others; says why."""


class Edit(NamedTuple):
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


class Layout:
    """A text, its root, and the habits of whoever wrote it."""

    def __init__(self, text: str, root: Node | None) -> None:
        self.text = text
        self.root = root
        found = places.BREAK.search(text)
        self.newline = found.group() if found else "\n"

    def apply(self, edits: Sequence[Edit]) -> str:
        """The text after all edits, whose places are those of the text before."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: edit[:2], reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def lines_after(self, at: int, lines: Sequence[str], indent: str) -> list[Edit]:
        """Lines to be added below the line of `at`; a file without a last break stays so."""
        end = places.line_end(self.text, at)
        added = "".join(self.newline + (indent + line if line else "") for line in lines)
        return [Edit(end, end, added)] if lines else []

    def opens_line(self, at: int) -> bool:
        """Whether only blanks stand before `at` on its line."""
        return not self.text[places.line_start(self.text, at) : at].strip()

    def style_of(self, holder: Node) -> str:
        """The quotes for what is added to a flow collection: those of JSON where it is JSON."""
        names = [key for key, _ in holder.pairs] or holder.items
        return '"' if names and all(name.style == '"' for name in names) else ""

    def indents(self, *nearest: Node | None) -> tuple[int, int]:
        """Columns by which members stand deeper, and dashes of lists, as nearby or anywhere."""
        step = dash = -1
        for root in (*nearest, self.root):
            for node in root.walk() if root is not None else ():
                for key, value in node.pairs if node.block else ():
                    if not value.block:
                        continue
                    deeper = places.column(self.text, value.first)
                    deeper -= places.column(self.text, key.start)
                    if value.kind == "mapping" and step < 0:
                        step = deeper
                    elif value.kind == "sequence" and dash < 0:
                        dash = deeper
        return (step if step > 0 else 2), max(dash, 0)

    def refuse_anchors(self, *cut: Node) -> None:
        """TooEntangled where something outside refers to an anchor within `cut`."""
        names = {node.anchor for one in cut for node in one.walk() if node.kind != "alias"}
        for node in self.root.walk() if self.root else ():
            inside = any(one.start <= node.start < one.end for one in cut)
            if node.kind == "alias" and not inside and node.anchor in names:
                raise TooEntangled(f"other parts of the file refer to its anchor &{node.anchor}")


def insert(layout: Layout, holder: Node, key: str, value: Any) -> list[Edit]:
    """Add a member at the end of a mapping that has members."""
    if holder.kind != "mapping":
        raise TooEntangled("a mapping is expected there")
    end = _pair_end(layout.text, holder.pairs[-1])
    if holder.flow:
        style = layout.style_of(holder)
        added = f"{writing.quoted(key, style)}: {writing.on_one_line(value, style)}"
        return [Edit(end, end, f", {added}")]
    step, dash = layout.indents(holder)
    lines = writing.entries({key: value}, step, dash)
    if isinstance(value, Mapping) and _are_apart(layout, holder):
        lines.insert(0, "")
    return layout.lines_after(end, lines, " " * places.column(layout.text, holder.first))


def fill(layout: Layout, root: Node | None, value: Mapping[str, Any]) -> str:
    """The text with members for a file that has none: an empty one, or `{}`, or comments alone."""
    text, newline = layout.text, layout.newline
    lines = writing.entries(value, 2, 0)
    block = newline.join(lines) + newline
    if root is None or root.empty:
        at = len(text) if root is None else root.start
        before = newline if at > places.line_start(text, at) else ""
        return text[:at] + before + block + text[at:]
    if root.anchor or root.tagged:
        raise TooEntangled("its value has an anchor or a tag")
    line_end = places.line_end(text, root.end)
    if layout.opens_line(root.start) and not text[root.end : line_end].strip():
        start = places.line_start(text, root.start)
        return text[:start] + newline.join(lines) + text[line_end:]
    before = text[: root.start].rstrip(" ")
    after = text[root.end :] if before[-1:] not in ("", "\n", "\r") else text[root.end :].lstrip()
    rest = places.line_end(after, 0)
    return before + after[:rest] + newline + newline.join(lines) + after[rest:]


def remove(layout: Layout, parent: tuple[Node, int] | None, holder: Node, at: int) -> list[Edit]:
    """Cut one member of a mapping. parent: the mapping that has `holder`, and where in it."""
    text = layout.text
    key, value = holder.pairs[at]
    layout.refuse_anchors(key, value)
    if holder.flow:
        return [_flow_cut(text, holder, at)]
    start, end = _cut(layout, holder, at)
    if len(holder.pairs) > 1:
        return [Edit(start, end, "")]
    if holder.anchor or holder.tagged:
        raise TooEntangled("its mapping would be left empty with an anchor or a tag")
    if parent is None:
        ended = places.BREAK.search(text, start, end) is not None
        return [Edit(start, end, "{}" + (layout.newline if ended else ""))]
    colon = places.colon_after(text, parent[0].pairs[parent[1]][0])
    if colon < 0:
        raise TooEntangled("its key is written in an unusual way")
    return [Edit(start, end, ""), Edit(colon, colon, " {}")]


def change_list(layout: Layout, node: Node, new: Sequence[Any]) -> list[Edit] | None:
    """Make a list of scalars into `new`, another one, item by item; None where that cannot be."""
    items = node.items
    if any(item.kind != "scalar" or item.tagged or item.anchor for item in items):
        return None
    if any(isinstance(item, dict | list) for item in new):
        return None
    style = layout.style_of(node)
    old = [_identity(item.text if item.style else scalar(item.text)) for item in items]
    wanted = [_identity(item) for item in new]
    if node.flow and old != wanted[: len(old)]:
        return None
    edits: list[Edit] = []
    match = difflib.SequenceMatcher(None, old, wanted, autojunk=False)
    for what, first, last, low, high in match.get_opcodes():
        if what == "equal":
            continue
        edits += [Edit(*_cut(layout, node, at), "") for at in range(first, last)]
        if high > low:
            added = [writing.on_one_line(value, style) for value in new[low:high]]
            edits += _add_items(layout, node, first, added, replaced=last > first)
    return edits


def _add_items(
    layout: Layout, node: Node, at: int, added: Sequence[str], replaced: bool
) -> list[Edit]:
    """Items before the one at `at`, or in its place."""
    if node.flow:
        end = node.items[at - 1].end
        return [Edit(end, end, "".join(f", {item}" for item in added))]
    indent = " " * places.column(layout.text, node.first)
    lines = [f"- {item}" for item in added]
    if at and not replaced:
        return layout.lines_after(node.items[at - 1].end, lines, indent)
    start = _cut(layout, node, at)[0]
    return [Edit(start, start, "".join(indent + line + layout.newline for line in lines))]


def _identity(value: Any) -> tuple[str, str]:
    return type(value).__name__, repr(value)


def _pair_end(text: str, pair: tuple[Node, Node]) -> int:
    key, value = pair
    if not value.empty or key is value:
        return value.end
    return max(places.colon_after(text, key), key.end)


def _flow_cut(text: str, holder: Node, at: int) -> Edit:
    pairs = holder.pairs
    start, end = pairs[at][0].start, _pair_end(text, pairs[at])
    if at + 1 < len(pairs):
        end = pairs[at + 1][0].start
    elif at:
        start = _pair_end(text, pairs[at - 1])
    gap = text[start:end]
    if "#" in gap and places.BREAK.search(gap):
        raise TooEntangled("comments may stand beside it within braces")
    return Edit(start, end, "")


def _are_apart(layout: Layout, holder: Node) -> bool:
    """Whether a blank line stands between the last two members."""
    if len(holder.pairs) < 2:
        return False
    text = layout.text
    start = places.next_line(text, _pair_end(text, holder.pairs[-2]))
    between = text[start : holder.pairs[-1][0].start]
    return any(not line.strip() for line in places.BREAK.split(between)[:-1])


def _cut(layout: Layout, holder: Node, at: int) -> tuple[int, int]:
    """From where to where a member reaches, with its own comments, in whole lines."""
    text = layout.text
    key, value = holder.rows[at]
    first = key.start
    if holder.kind == "sequence":
        first = places.dash_before(text, key.start)
    if not layout.opens_line(first):
        raise TooEntangled("it shares its line with something else")
    column = places.column(text, first)
    start = places.line_start(text, first)
    floor = 0
    if at:
        floor = places.next_line(text, _pair_end(text, holder.rows[at - 1]))
    while start > floor:
        above = _line_above(text, start)
        line = text[above:start]
        if above < floor or not line.startswith(" " * column + "#"):
            break
        start = above
    end = below = places.next_line(text, max(value.end, key.end))
    while below < len(text):
        after = places.next_line(text, below)
        line = text[below:after]
        if line.strip():
            bare = line.lstrip(" ")
            if not bare.startswith("#") or len(line) - len(bare) <= column:
                break
            end = after
        below = after
    if holder.kind == "sequence":
        return start, end
    return _without_gap(text, start, end, floor, at == 0 and len(holder.pairs) > 1)


def _without_gap(text: str, start: int, end: int, floor: int, first: bool) -> tuple[int, int]:
    """So much more that of the blank lines around a member only one side's stay.

    first: whether it is the first of several.
    """
    blank_above = start
    while blank_above > floor:
        above = _line_above(text, blank_above)
        if above < floor or text[above:blank_above].strip():
            break
        blank_above = above
    below = end
    while below < len(text):
        after = places.next_line(text, below)
        if text[below:after].strip():
            break
        below = after
    if below == len(text):
        # It was the last: nothing is left to keep apart.
        return blank_above, end
    above, under = start - blank_above, below - end
    if above and above <= under:
        return blank_above, end
    return (start, below) if above or first else (start, end)


def _line_above(text: str, start: int) -> int:
    """The start of the line above the one that starts at `start`."""
    return places.line_start(text, start - (2 if text[start - 2 : start] == "\r\n" else 1))
