"""Files that differ from one read before in their numbers and hashes alone.

That is what a run of an experiment leaves behind in metrics, params and dvc.lock, so of thousands
of such files one is read as a whole, and of the others only what differs. What a number stands for
is found by trying: the file is read once more with a mark in each place of a number, and where that
mark comes back, there the number belongs, whatever the format is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import compress, count
from operator import ne
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
# Anchors and tags of YAML, by which a number counts elsewhere too, or may only be of one kind.
_ELSEWHERE = re.compile(r"(?<![A-Za-z0-9])[&!]")
# The lines of a dvc.lock that change from run to run, as DVC 3 writes them.
_MD5, _SIZE = "      md5: ", "      size: "
_PARAM = re.compile(
    r"( {8}[A-Za-z_][A-Za-z0-9_.-]*: )([0-9]{1,18}(?:\.[0-9]{1,30})?(?:[eE]-?[0-9]{1,2})?)"
)
# Of files that are hardly ever like one before, the shape is not looked for any longer.
_PATIENCE = 50
_MOST = 200
_ALIKE = 20
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
        if any(map(_ELSEWHERE.search, pieces[::2])):
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
                keys[leaf.text] = key
        self._known[pieces[::2]] = _Shape(entries, numbers, tuple(keys.get(m, "") for m in marks))


def _value(number: str) -> int | float:
    return int(number) if number[1:].isdecimal() else float(number)


_Place = tuple[bool, str, dict[str, Data]]


class _LockShape(msgspec.Struct):
    """What was read last of the files of one shape.

    lines: that they had. places: of a line with a hash, whether it is an output's, its path, and
    what was made of others; None where the entry does not count. params: of a line with a param
    that is a number, what stands before the number. All other lines are the same in all of them,
    but for sizes.
    """

    deps: dict[str, Data]
    outs: dict[str, Data]
    lines: list[str]
    places: dict[int, _Place | None]
    params: dict[int, str]


class LockShapes:
    """The shapes of the dvc.lock at one path, as one dvc.yaml looks it up."""

    def __init__(self) -> None:
        self._known: dict[int, list[_LockShape]] = {}
        # Of as many lines, the one that was read last and told by no other.
        self._alone: dict[int, list[str]] = {}
        self._made: dict[tuple[Any, ...], dict[str, Data]] = {}
        self._missed = 0

    def read(self, data: bytes) -> Parts | None:
        """What is recorded, where a file read before tells it."""
        if self._missed >= _PATIENCE or not data.isascii():
            return None
        lines = data.decode("ascii").split("\n")
        for shape in self._known.get(len(lines), ()):
            entries = _changed(shape, lines)
            if entries is not None:
                self._missed = 0
                return self._updated(shape, lines, entries)
        return None

    def _updated(self, shape: _LockShape, lines: list[str], entries: Iterable[int]) -> Parts:
        parts = shape.deps.copy(), shape.outs.copy()
        for at in entries:
            place = shape.places[at]
            if place is None:
                continue
            out, path, made = place
            digest, size = lines[at][len(_MD5) :], int(lines[at + 1][len(_SIZE) :])
            found = made.get(digest)
            if found is None or found.size != size:
                old = parts[out][path]
                # By position: by name it takes three times as long.
                found = made[digest] = Data(
                    path, digest, "md5", size,
                    old.files, old.legacy, old.cached, True, "", "", old.source,
                )  # fmt: skip
            parts[out][path] = found
        shape.deps, shape.outs = parts
        shape.lines = lines
        return parts

    def learn(self, data: bytes, parts: Parts, read: Callable[[bytes], Parts | None]) -> None:
        """Remember what was read of a file that is like none before.

        read: as the file itself was read, without any shape.
        """
        if self._missed >= _PATIENCE or not data.isascii():
            return
        self._missed += 1
        lines = data.decode("ascii").split("\n")
        before = self._alone.get(len(lines))
        self._alone[len(lines)] = lines
        if before is None or not _are_alike(before, lines):
            return
        marked = lines.copy()
        hashes: dict[str, int] = {}
        params: dict[int, str] = {}
        for at, line in enumerate(lines):
            if _is_hash(line) and at + 1 < len(lines) and _is_size(lines[at + 1]):
                # What stands for a folder goes on to.
                mark = f"{_MARK + at:032x}{line[len(_MD5) + 32 :]}"
                hashes[mark] = at
                marked[at], marked[at + 1] = f"{_MD5}{mark}", f"{_SIZE}{_MARK + at}"
            elif match := _PARAM.fullmatch(line):
                params[at] = match[1]
                marked[at] = f"{match[1]}{_MARK}"
        others = read("\n".join(marked).encode("ascii"))
        if others is None:
            return
        places: dict[int, _Place | None] = dict.fromkeys(hashes.values())
        for out, (read_first, after) in enumerate(zip(parts, others, strict=True)):
            if read_first.keys() != after.keys():
                return
            for path, one in read_first.items():
                digest, expected = after[path].hash, one
                if digest in hashes:
                    at = hashes[digest]
                    kind = out, path, one.legacy, one.files, one.cached
                    places[at] = bool(out), path, self._made.setdefault(kind, {})
                    expected = msgspec.structs.replace(one, hash=digest, size=_MARK + at)
                if after[path] != expected:
                    return
        alike = self._known.setdefault(len(lines), [])
        if len(alike) < _ALIKE:
            alike.append(_LockShape(*parts, lines, places, params))


def _changed(shape: _LockShape, lines: list[str]) -> Iterable[int] | None:
    """The lines of the hashes of which they or their sizes differ from those read last; None where
    anything else differs."""
    found: dict[int, None] = {}
    places = shape.places
    for at in compress(count(), map(ne, lines, shape.lines)):
        line = lines[at]
        if at in places:
            usual = len(line) == 43 and line[:11] == _MD5 and line[11:].isalnum()
            if not usual and not _is_hash(line):
                return None
            found[at] = None
        elif at - 1 in places:
            if not _is_size(line):
                return None
            found[at - 1] = None
        else:
            match = _PARAM.fullmatch(line)
            if match is None or shape.params.get(at) != match[1]:
                return None
    return found


def _are_alike(one: list[str], other: list[str]) -> bool:
    """Whether only hashes, sizes and numbers differ in two files of as many lines."""
    for at in compress(count(), map(ne, one, other)):
        first, second = one[at], other[at]
        if (_is_hash(first) and _is_hash(second)) or (_is_size(first) and _is_size(second)):
            continue
        match = _PARAM.fullmatch(first)
        if match is None or not second.startswith(match[1]) or not _PARAM.fullmatch(second):
            return False
    return True


def _is_hash(line: str) -> bool:
    digest = line[len(_MD5) :].removesuffix(".dir")
    return len(digest) == 32 and digest.isalnum() and line.startswith(_MD5)


def _is_size(line: str) -> bool:
    size = line[len(_SIZE) :]
    return size.isdecimal() and len(size) <= 18 and line.startswith(_SIZE)
