"""YAML as programs write it, read line by line, some ten times as fast as by events.

Only what cannot be misread is taken: ASCII, block mappings and lists, each entry on lines of its
own, unquoted or simply quoted scalars, lists of such on one line, comments. For everything else
(anchors, tags, block scalars, escapes, repeated keys, mistakes, ...) the answer is None, and the
reader by events decides; what is taken here reads the same there, which the tests prove.
"""

from __future__ import annotations

import re
from typing import Any

from sitegen.safeyaml.scalars import scalar

Places = dict[Any, tuple[int, str]]
Marks = dict[int, Places]

# Words and single signs; a colon before a blank would end a key, a blank before # the value.
_REST = r"""[!-9;-~]*(?:(?::(?=[!-~])|\ +(?=[!"$-9;-~]))[!-9;-~]*)*"""
_LINE = re.compile(
    rf"""
    ^(\ *)(-\ )?
    (?:
        ([A-Za-z0-9_./$(+~\\]{_REST}):(?:\ +('[\ -&(-~]*'|"[\ !\#-\[\]-~]*"|[!"$-9;-~]{_REST}))?
        |('[\ -&(-~]*'|"[\ !\#-\[\]-~]*"|[!"$-9;-~]{_REST})
    )?
    \ *((?<=\ )\#[\ -~]*|^\#[\ -~]*)?\n
    """,
    re.MULTILINE | re.VERBOSE,
)
_QUOTED = re.compile(r"""'[ -&(-~]*'|"[ !#-\[\]-~]*\"""")
_ITEM = re.compile(r"""-?[A-Za-z0-9_.][A-Za-z0-9_./+-]*|'[ -&(-~]*'|"[ !#-\[\]-~]*\"""")
# How an unquoted scalar does not begin, or not one that is taken here; of the others an answer is
# found by looking closer.
_SIGNS = frozenset("?:,]}#&*!|>%@`-")
_CLOSER = _SIGNS | frozenset("'\"[{")
# A key may be no longer on one line.
_LONGEST_KEY = 1000


def read_plain(
    text: str, max_depth: int, max_nodes: int
) -> tuple[dict[str, Any] | list[Any], Marks] | None:
    """The values of a file, and (line, text) of each member by its holder's id; None where the file
    is not of the plain kind, or is over a limit."""
    if text[-1:] != "\n":
        text += "\n"
    rows = _LINE.findall(text)
    lines = text.count("\n")
    # Of a line a holder, a key, a value and its first item at most; commas come before the others.
    if len(rows) != lines or 4 * lines + text.count(",") > max_nodes:
        return None
    reading = _Reading(max_depth)
    return (reading.root, reading.marks) if reading.read(rows) and reading.root else None


class _Reading:
    """One reading of a file.

    columns, holders, places: of the open mappings and lists, and of their members. waiting: the
    innermost of them and its member that has no value yet.
    """

    def __init__(self, max_depth: int) -> None:
        self.root: Any = None
        self.marks: Marks = {}
        self.max_depth = max_depth
        self.columns: list[int] = []
        self.holders: list[Any] = []
        self.places: list[Places] = []
        self.waiting: tuple[Any, Any, Places] | None = None

    def read(self, rows: list[tuple[str, ...]]) -> bool:
        """Whether all rows could be taken."""
        columns, holders, places = self.columns, self.holders, self.places
        # The unquoted scalar that the next line may go on with.
        ended: tuple[Any, Any, Places] | None = None
        step: Any
        line = 0
        for indent, dash, key, value, bare, comment in rows:
            line += 1
            text = value or bare
            if not key and not dash:
                # Alone on a line a scalar can only go on.
                if text:
                    if ended is None or len(indent) <= columns[-1] or text[0] in "'\"":
                        return False
                    holder, step, there = ended
                    begun, before = there[step]
                    there[step] = (begun, f"{before} {text}")
                    holder[step] = scalar(there[step][1])
                if not text or comment:
                    ended = None
                continue
            ended = None
            column = len(indent)
            # All that stands deeper ends here, and so does a list in the column of its key.
            while columns and (
                columns[-1] > column
                or (columns[-1] == column and not dash and type(holders[-1]) is list)
            ):
                columns.pop()
                holders.pop()
                places.pop()
                self.waiting = None
            if dash:
                wanting = not columns or columns[-1] < column or type(holders[-1]) is dict
                if wanting and not self.open([], column):
                    return False
                holder, there = holders[-1], places[-1]
                step = len(holder)
                if key:
                    holder.append(None)
                    there[step] = (line, "")
                    self.waiting = (holder, step, there)
                    column += 2
            if key:
                if (not columns or columns[-1] < column) and not self.open({}, column):
                    return False
                holder, there, step = holders[-1], places[-1], key
                if type(holder) is list or key in holder or len(key) > _LONGEST_KEY:
                    return False
                self.waiting = None
                if not text:
                    holder[key] = None
                    there[key] = (line, "null")
                    self.waiting = (holder, key, there)
                    continue
            elif not text:
                return False
            if text[0] not in _CLOSER or (text[0] == "-" and text[1:2] not in ("", " ")):
                read, spelled = scalar(text), text
                if not comment:
                    ended = (holder, step, there)
            elif text[0] in _SIGNS:
                return False
            else:
                found = self.enclosed(text, line)
                if found is None:
                    return False
                read, spelled = found
            if key:
                holder[step] = read
            else:
                holder.append(read)
            there[step] = (line, spelled)
        return True

    def open(self, made: Any, column: int) -> bool:
        """Open a mapping or list where one is waited for, or as the root. Whether it may be."""
        if len(self.columns) >= self.max_depth:
            return False
        if self.waiting is not None:
            holder, step, there = self.waiting
            holder[step] = made
            there[step] = (there[step][0], "")
            self.waiting = None
        elif self.root is None:
            self.root = made
        else:
            return False
        there = {}
        self.marks[id(made)] = there
        self.columns.append(column)
        self.holders.append(made)
        self.places.append(there)
        return True

    def enclosed(self, text: str, line: int) -> tuple[Any, str] | None:
        """(value, text) of a scalar in quotes, or of a list on one line; None for all else."""
        if text[0] in "'\"":
            return (text[1:-1], text[1:-1]) if _QUOTED.fullmatch(text) else None
        if len(self.columns) >= self.max_depth:
            return None
        if text == "{}":
            made: Any = {}
        elif text[0] == "[" and text[-1] == "]":
            inner = text[1:-1].strip(" ")
            items = [item.strip(" ") for item in inner.split(",")] if inner else []
            if not all(map(_ITEM.fullmatch, items)):
                return None
            made = [item[1:-1] if item[0] in "'\"" else scalar(item) for item in items]
            self.marks[id(made)] = {
                at: (line, item[1:-1] if item[0] in "'\"" else item)
                for at, item in enumerate(items)
            }
            return made, ""
        else:
            return None
        self.marks[id(made)] = {}
        return made, ""
