"""Files that differ from one read before in their numbers and hashes alone.

That is what a run of an experiment leaves behind in metrics, params and dvc.lock, so of thousands
of such files one is read as a whole, and of the others only what differs. What a number stands for
is found by trying: the file is read once more with a mark in each place of a number, and where that
mark comes back, there the number belongs, whatever the format is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sitegen.registry.facts import Leaf
from sitegen.registry.lineage import Data

Parts = tuple[dict[str, Data], dict[str, Data]]
"""Dependencies and outputs, by path."""

_SUFFIXES = (".json", ".yaml", ".yml")
# Longer files are rare, and few of them differ so little.
LONGEST = 16 * 1024
# The numbers that JSON and YAML write alike and read alike, where they may end a value.
_NUMBER = re.compile(
    r"(?<=[ ,:\[])((?:-?[1-9][0-9]{0,17}|0|-0(?=[.eE]))(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?)"
    r"(?=[,\n\]}]|\Z)"
)
# Hash and size of an entry as DVC 3 writes them, or a number among the params of a step. Both begin
# alike: so the pattern is looked for twice as fast.
_RECORDED = re.compile(
    r"\n      (?:md5: ([0-9a-f]{32}(?:\.dir)?)\n      size: ([0-9]{1,18})"
    r"|  ([A-Za-z_][A-Za-z0-9_.-]*: )([0-9]{1,18}(?:\.[0-9]{1,30})?(?:[eE]-?[0-9]{1,2})?))(?=\n)"
)
# Of files that are hardly ever like one before, the shape is not looked for any longer.
_PATIENCE = 50
_MOST = 200
# No file has it by chance, and no two places have the same.
_MARK = 7_160_238_500_000_000


class _Shape(msgspec.Struct, frozen=True):
    """entries: of the file that it was learned of. numbers: those of its places; keys: the leaf
    that each is, "" for a number that has to be the same."""

    entries: dict[str, Leaf]
    numbers: tuple[str, ...]
    keys: tuple[str, ...]


Read = Callable[[bytes], "dict[str, Leaf] | None"]
"""The leaves of a file by dotted key; None where anything is wrong with it."""


class Shapes:
    """The shapes of the files at one path."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], _Shape | None] = {}
        self._missed = 0

    def read(self, path: str, data: bytes) -> tuple[dict[str, Leaf] | None, tuple[str, ...]]:
        """The leaves, where a file read before tells them, and what to `learn` by otherwise."""
        if self._missed >= _PATIENCE or len(data) > LONGEST or not data.isascii():
            return None, ()
        if not path.endswith(_SUFFIXES):
            return None, ()
        pieces = _NUMBER.split(data.decode("ascii"))
        shape = self._known.get(tuple(pieces[::2]))
        if shape is None:
            return None, tuple(pieces)
        entries = shape.entries.copy()
        for key, number, before in zip(shape.keys, pieces[1::2], shape.numbers, strict=True):
            if number == before:
                continue
            if not key:
                return None, tuple(pieces)
            entries[key] = Leaf(int(number) if number.isdecimal() else _value(number), number)
        self._missed = 0
        return entries, ()

    def learn(self, pieces: tuple[str, ...], entries: dict[str, Leaf], read: Read) -> None:
        """Remember what was read of the file that was taken apart into `pieces`."""
        self._missed += 1
        numbers = pieces[1::2]
        # Most files have no second one of their shape: only then it is learned.
        if pieces[::2] not in self._known:
            if numbers and len(self._known) < _MOST:
                self._known[pieces[::2]] = None
            return
        marks = [str(_MARK + at) for at in range(len(numbers))]
        marked = list(pieces)
        marked[1::2] = marks
        others = read("".join(marked).encode("ascii"))
        if others is None or others.keys() != entries.keys():
            return
        keys: dict[str, str] = {}
        for key, leaf in others.items():
            if type(leaf.value) is int and leaf.text == str(leaf.value):
                # A number that is two leaves, by an alias, is neither's.
                keys[leaf.text] = "" if leaf.text in keys else key
        self._known[pieces[::2]] = _Shape(entries, numbers, tuple(keys.get(m, "") for m in marks))


def _value(number: str) -> int | float:
    return int(number) if number[1:].isdecimal() else float(number)


class _LockShape(msgspec.Struct):
    """What was read last of the files of one shape, and of what.

    places: of each hash, whether it is an output's, and the path; None where neither counts.
    hashes, sizes: None where a param stands.
    """

    deps: dict[str, Data]
    outs: dict[str, Data]
    hashes: list[str | None]
    sizes: list[str | None]
    places: tuple[tuple[bool, str] | None, ...]


class LockShapes:
    """The shapes of the dvc.lock at one path, as one dvc.yaml looks it up."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], _LockShape | None] = {}
        self._made: dict[tuple[Any, ...], Data] = {}
        self._missed = 0

    def read(self, data: bytes) -> tuple[Parts | None, tuple[str, ...]]:
        """What is recorded, where a file read before tells it, and what to `learn` by otherwise."""
        if self._missed >= _PATIENCE or not data.isascii():
            return None, ()
        pieces = _RECORDED.split(data.decode("ascii"))
        shape = self._known.get(_unchanging(pieces))
        if shape is None:
            return None, tuple(pieces)
        hashes, sizes = pieces[1::5], pieces[2::5]
        parts = shape.deps.copy(), shape.outs.copy()
        rows = zip(shape.places, hashes, sizes, shape.hashes, shape.sizes, strict=True)
        for place, digest, size, last, last_size in rows:
            if place is None or (digest == last and size == last_size):
                continue
            out, path = place
            old = parts[out][path]
            key = out, path, digest, size, old.legacy, old.files
            found = self._made.get(key)
            if found is None:
                # By position: by name it takes three times as long.
                found = self._made[key] = Data(
                    path, digest, "md5", int(size), old.files, old.legacy, old.cached,
                    True, "", "", old.source,
                )  # fmt: skip
            parts[out][path] = found
        shape.deps, shape.outs = parts
        shape.hashes, shape.sizes = hashes, sizes
        self._missed = 0
        return parts, ()

    def learn(
        self, pieces: tuple[str, ...], parts: Parts, read: Callable[[bytes], Parts | None]
    ) -> None:
        """Remember what was read of the file that was taken apart into `pieces`.

        read: as the file itself was read, without any shape.
        """
        self._missed += 1
        if _unchanging(pieces) not in self._known:
            if len(self._known) < _MOST:
                self._known[_unchanging(pieces)] = None
            return
        text = [pieces[0]]
        marks: dict[str, int] = {}
        hashes, sizes, params = pieces[1::5], pieces[2::5], pieces[3::5]
        for at, (digest, param) in enumerate(zip(hashes, params, strict=True)):
            size = _MARK + at
            if digest is None:
                text.append(f"\n        {param}{size}{pieces[5 * at + 5]}")
            else:
                # What stands for a folder goes on to.
                mark = f"{size:032x}{digest[32:]}"
                marks[mark] = at
                text.append(f"\n      md5: {mark}\n      size: {size}{pieces[5 * at + 5]}")
        others = read("".join(text).encode("ascii"))
        if others is None:
            return
        places: list[tuple[bool, str] | None] = [None] * len(hashes)
        for out, (before, after) in enumerate(zip(parts, others, strict=True)):
            if before.keys() != after.keys():
                return
            for path, data in before.items():
                at = marks.get(after[path].hash, -1)
                expected = data
                if at >= 0:
                    places[at] = bool(out), path
                    expected = msgspec.structs.replace(data, hash=after[path].hash, size=_MARK + at)
                if after[path] != expected:
                    return
        self._known[_unchanging(pieces)] = _LockShape(
            *parts, list(hashes), list(sizes), tuple(places)
        )


def _unchanging(pieces: Sequence[str]) -> tuple[str, ...]:
    """What is between the numbers, and the names of the params that they belong to."""
    return (*pieces[::5], *pieces[3::5])
