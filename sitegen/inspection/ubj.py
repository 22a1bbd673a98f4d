"""Reads Universal Binary JSON within bounds: typed arrays are passed over by their size."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from sitegen.inspection.base import Unreadable
from sitegen.inspection.jsonscan import DEPTH, VALUES, Ended, Parsed, Path, Skipped, clean

STEPS = 2_000_000
"""Values that one reading may look at, kept or not: what follows them is not read."""

_NUMBERS = {
    b"i": struct.Struct(">b"),
    b"U": struct.Struct(">B"),
    b"I": struct.Struct(">h"),
    b"l": struct.Struct(">i"),
    b"L": struct.Struct(">q"),
    b"d": struct.Struct(">f"),
    b"D": struct.Struct(">d"),
    b"C": struct.Struct(">c"),
}
_WHOLE = b"iUIlL"
_WORDS = {b"Z": None, b"T": True, b"F": False}


def parse(data: bytes, *, skip: AbstractSet[Path] = frozenset(), start: int = 0) -> Parsed:
    """The value at `start`, like `jsonscan.parse`: typed arrays of numbers are always Skipped.

    Raises Unreadable where the bytes are no Universal Binary JSON, too deep, or too many values.
    """
    reader = _Reader(data, skip, start)
    holder: list[Any] = []
    try:
        reader.value(reader.take(1), (), holder.append)
    except Ended:
        return Parsed(holder[0] if holder else None, False, len(data))
    return Parsed(holder[0], True, reader.at)


def _dropped(_value: Any) -> None:
    """Takes what is read only to find its end."""


class _Reader:
    def __init__(self, data: bytes, skip: AbstractSet[Path], at: int) -> None:
        self.data, self.skip, self.at = data, skip, at
        self.left, self.steps = VALUES, STEPS

    def take(self, length: int) -> bytes:
        part = self.data[self.at : self.at + length]
        if len(part) < length:
            raise Ended
        self.at += length
        return part

    def value(self, kind: bytes, path: Path, keep: Callable[[Any], None]) -> None:
        """Reads one value of this kind and hands it to `keep`; containers before their filling."""
        self.steps -= 1
        if self.steps < 0:
            raise Ended
        if keep is not _dropped:
            self.left -= 1
            if self.left < 0:
                raise Unreadable(f"more than {VALUES} values of UBJSON before byte {self.at}")
        if len(path) > DEPTH:
            raise Unreadable(f"UBJSON nested more than {DEPTH} deep at byte {self.at}")
        if kind == b"{":
            self.members(path, keep)
        elif kind == b"[":
            self.elements(path, keep)
        elif kind in (b"S", b"H"):
            keep(clean(self.take(self.length()).decode("utf-8", "replace")))
        elif kind in _NUMBERS:
            number = _NUMBERS[kind]
            found = number.unpack(self.take(number.size))[0]
            keep(found.decode("latin-1") if isinstance(found, bytes) else found)
        elif kind in _WORDS:
            keep(_WORDS[kind])
        else:
            raise Unreadable(f"no UBJSON at byte {self.at}: {kind!r} begins no value")

    def length(self) -> int:
        kind = self.take(1)
        if kind not in _WHOLE:
            raise Unreadable(f"no UBJSON at byte {self.at}: expected a length, not {kind!r}")
        number = _NUMBERS[kind]
        length = int(number.unpack(self.take(number.size))[0])
        if length < 0:
            raise Unreadable(f"no UBJSON at byte {self.at}: a length of {length}")
        return length

    def header(self) -> tuple[bytes, int | None]:
        """The common type of a container's values (b"" without) and how many there are."""
        kind, count = b"", None
        if self.data[self.at : self.at + 1] == b"$":
            self.at += 1
            kind = self.take(1)
            if self.take(1) != b"#":
                raise Unreadable(f"no UBJSON at byte {self.at}: a type without a count")
            count = self.length()
        elif self.data[self.at : self.at + 1] == b"#":
            self.at += 1
            count = self.length()
        return kind, count

    def kinds(self, kind: bytes, count: int | None, end: bytes) -> Iterator[bytes]:
        """The kind of each element of an array, as often as there are elements."""
        seen = 0
        while count is None or seen < count:
            found = kind or self.take(1)
            if count is None and found == end:
                return
            if found == b"N" and not kind:
                self.steps -= 1
                if self.steps < 0:
                    raise Ended
                continue
            seen += 1
            yield found

    def elements(self, path: Path, keep: Callable[[Any], None]) -> None:
        kind, count = self.header()
        if count is not None and (kind in _NUMBERS or kind in _WORDS) and kind:
            size = _NUMBERS[kind].size if kind in _NUMBERS else 0
            if count * size > len(self.data) - self.at:
                raise Ended
            self.at += count * size
            keep(Skipped(0))
            return
        dropped = path in self.skip or keep is _dropped
        found: list[Any] = []
        if not dropped:
            keep(found)
        into = _dropped if dropped else found.append
        items = 0
        for each in self.kinds(kind, count, b"]"):
            items += each in (b"{", b"[")
            self.value(each, (*path, "*"), into)
        if dropped:
            keep(Skipped(items))

    def members(self, path: Path, keep: Callable[[Any], None]) -> None:
        kind, count = self.header()
        dropped = path in self.skip or keep is _dropped
        found: dict[str, Any] = {}
        if not dropped:
            keep(found)
        seen = 0
        while count is None or seen < count:
            mark = self.data[self.at : self.at + 1]
            if count is None and mark == b"}":
                self.at += 1
                break
            if mark == b"N":
                self.at += 1
                self.steps -= 1
                if self.steps < 0:
                    raise Ended
                continue
            key = clean(self.take(self.length()).decode("utf-8", "replace"))
            seen += 1

            def put(value: Any, key: str = key) -> None:
                found[key] = value

            self.value(kind or self.take(1), (*path, key), _dropped if dropped else put)
        if dropped:
            keep(Skipped(seen))
