"""Reads JSON within bounds: arrays and objects that nobody asked for are passed over, not kept.

A model of many trees is hundreds of megabytes of numbers around a few lines that say what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from sitegen.inspection.base import Unreadable

DEPTH = 64
VALUES = 300_000
"""Values that one reading may keep: beyond, the file is no description of a model."""
DIGITS = 400

Path = tuple[str, ...]

_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR = re.compile(rb"-?(?:\d[\d.eE+-]*|Infinity)|NaN|true|false|null")
# A quotation mark alone is a string that does not end here.
_NESTING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}"]', re.DOTALL)


class Skipped(msgspec.Struct, frozen=True):
    """An array or object that was passed over. items: arrays and objects directly in it."""

    items: int


class Parsed(msgspec.Struct, frozen=True):
    """What was read. complete: whether the value ended within the bytes. end: where it did."""

    value: Any
    complete: bool
    end: int


class Ended(Exception):
    """The bytes end within a value."""


def parse(data: bytes, *, skip: AbstractSet[Path] = frozenset(), start: int = 0) -> Parsed:
    """The JSON value at `start`. A value that does not end is given as far as it goes.

    skip: paths of keys, "*" for the elements of an array, whose arrays and objects become
    Skipped. Raises Unreadable where the bytes are no JSON, or too deep, or too many values.
    """
    reader = _Reader(data, skip, start)
    holder: list[Any] = []
    try:
        reader.value((), holder.append)
    except Ended:
        return Parsed(holder[0] if holder else None, False, len(data))
    return Parsed(holder[0], True, reader.at)


def clean(text: str) -> str:
    """Text that every encoder takes: halves of surrogate pairs become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Reader:
    def __init__(self, data: bytes, skip: AbstractSet[Path], at: int) -> None:
        self.data, self.skip, self.at = data, skip, at
        self.left = VALUES

    def value(self, path: Path, keep: Any) -> None:
        """Reads one value and hands it to `keep`; containers before they are filled."""
        self.left -= 1
        if self.left < 0:
            raise Unreadable(f"more than {VALUES} values of JSON before byte {self.at}")
        if len(path) > DEPTH:
            raise Unreadable(f"JSON nested more than {DEPTH} deep at byte {self.at}")
        first = self.peek()
        if first in b"[{" and path in self.skip:
            keep(self.passed_over())
        elif first == b"{":
            found: dict[str, Any] = {}
            keep(found)
            self.members(path, found)
        elif first == b"[":
            elements: list[Any] = []
            keep(elements)
            self.elements(path, elements)
        elif first == b'"':
            keep(self.string())
        else:
            keep(self.scalar())

    def members(self, path: Path, found: dict[str, Any]) -> None:
        self.at += 1
        if self.peek() == b"}":
            self.at += 1
            return
        while True:
            self.peek(b'"')
            key = self.string()
            self.peek(b":")
            self.at += 1
            self.value((*path, key), lambda value, key=key: found.__setitem__(key, value))
            if self.peek(b",}") == b"}":
                self.at += 1
                return
            self.at += 1

    def elements(self, path: Path, elements: list[Any]) -> None:
        self.at += 1
        if self.peek() == b"]":
            self.at += 1
            return
        inner = (*path, "*")
        while True:
            self.value(inner, elements.append)
            if self.peek(b",]") == b"]":
                self.at += 1
                return
            self.at += 1

    def peek(self, expected: bytes = b"") -> bytes:
        space = _SPACE.match(self.data, self.at)
        self.at = space.end() if space else self.at
        first = self.data[self.at : self.at + 1]
        if not first:
            raise Ended
        if expected and first not in expected:
            wanted = " or ".join(expected.decode())
            raise Unreadable(f"no JSON at byte {self.at}: expected {wanted}")
        return first

    def string(self) -> str:
        found = _STRING.match(self.data, self.at)
        if found is None:
            raise Ended
        try:
            text = json.loads(found[0].decode("utf-8", "replace"), strict=False)
        except ValueError:
            raise Unreadable(f"no JSON at byte {self.at}: an escape that is none") from None
        self.at = found.end()
        return clean(str(text))

    def scalar(self) -> Any:
        found = _SCALAR.match(self.data, self.at)
        if found is None:
            if len(self.data) - self.at < len("-Infinity"):
                raise Ended
            raise Unreadable(f"no JSON at byte {self.at}: expected a value")
        if found.end() == len(self.data):
            raise Ended
        try:
            if len(found[0]) > DIGITS:
                raise ValueError
            value = json.loads(found[0])
        except ValueError:
            raise Unreadable(f"no JSON at byte {self.at}: a number that is none") from None
        self.at = found.end()
        return value

    def passed_over(self) -> Skipped:
        depth = items = 0
        for found in _NESTING.finditer(self.data, self.at):
            token = found[0]
            if token in (b"[", b"{"):
                depth += 1
                items += depth == 2
            elif token in (b"]", b"}"):
                depth -= 1
                if depth == 0:
                    self.at = found.end()
                    return Skipped(items)
            elif token == b'"':
                break
        raise Ended
