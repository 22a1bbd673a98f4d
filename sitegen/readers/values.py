"""Metrics and params: the bytes of one declared file -> its leaves, by dotted key."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sitegen.errors import Problem
from sitegen.readers import lfs
from sitegen.readers.declared import Declared
from sitegen.readers.dvc_lock import LockOut, find_out
from sitegen.readers.memo import Memo
from sitegen.readers.shapes import Shapes
from sitegen.readers.trees import TreeError, leaves
from sitegen.registry.facts import Leaf, ValueFile
from sitegen.safeyaml import MAX_DIGITS, MAX_NODES

_PART = re.compile(r"[.\[]")
_LONGEST_KEY = 1_000  # of which a part may be tracked; a longer one can only be so as a whole
_DIGITS = re.compile(r"[-+]?[0-9_]+")


def read_values(
    declared: Declared,
    data: bytes | None,
    *,
    repo: str = "",
    ref: str = "",
    outs: Mapping[str, LockOut] | None = None,
    memo: Memo | None = None,
) -> tuple[ValueFile | None, tuple[Problem, ...]]:
    """Read one declared file at one commit; `data` is None where Git does not have it.

    outs: what the dvc.lock files of that commit say, for the hash and size of files that DVC
    caches. The result is None where there is nothing to say: the file cannot be read (which is
    then a problem), or it was never promised.
    """
    path, kind = declared.path, declared.kind
    if data is None:
        return _absent(declared, outs or {}), ()
    if pointer := lfs.read_pointer(data):
        oid = f"{pointer.algorithm}:{pointer.hash}".lstrip(":")
        return ValueFile(path, kind, {}, "in LFS, not fetched", oid, pointer.size), ()
    shapes = memo.for_good(("shapes", declared), Shapes) if memo else Shapes()
    entries, pieces = shapes.read(path, data)
    if entries is not None:
        return ValueFile(path, kind, entries), ()
    entries, problems = _parsed(declared, data, repo, ref, memo)
    if entries is None:
        return None, problems
    if pieces and not problems:
        shapes.learn(pieces, entries, lambda other: _clean(declared, other))
    return ValueFile(path, kind, entries), problems


def _parsed(
    declared: Declared, data: bytes, repo: str = "", ref: str = "", memo: Memo | None = None
) -> tuple[dict[str, Leaf] | None, tuple[Problem, ...]]:
    path, kind = declared.path, declared.kind
    tracked = None if declared.keys is None else frozenset(declared.keys)
    entries: dict[str, Leaf] = {}
    problems: list[Problem] = []
    twice: list[str] = []

    def report(reason: str, remedy: str) -> None:
        problems.append(Problem(repo, ref, path, reason, remedy, f"values.{kind}"))

    try:
        for keys, value, text in leaves(path, data, twice, memo):
            key = ".".join(keys)
            if tracked is not None and not _is_under(key, tracked):
                continue
            if len(entries) >= MAX_NODES:
                raise TreeError(f"the file has more than {MAX_NODES} values")
            entries.setdefault(key, Leaf(value, text))
            if isinstance(value, str) and len(value) > MAX_DIGITS and _DIGITS.fullmatch(value):
                report(f"{key} has {len(value)} digits and is kept as text", "round the number")
        if twice:
            more = f" (and {len(twice) - 1} more repeated keys)" if len(twice) > 1 else ""
            report(f"{twice[0]}{more}", "keep one of the two")
    except TreeError as error:
        report(str(error), f"correct {path}, or leave it out of dvc.yaml")
        return None, tuple(problems)
    return entries, tuple(problems)


def _clean(declared: Declared, data: bytes) -> dict[str, Leaf] | None:
    entries, problems = _parsed(declared, data)
    return None if problems else entries


def _absent(declared: Declared, outs: Mapping[str, LockOut]) -> ValueFile | None:
    found = find_out(outs, declared.path)
    if found is not None or declared.cached:
        out = found or LockOut()
        note = "cached by DVC, not in Git"
        return ValueFile(declared.path, declared.kind, {}, note, out.hash, out.size)
    if declared.source:
        return ValueFile(declared.path, declared.kind, {}, "not in Git at this commit")
    return None


def _is_under(key: str, tracked: Collection[str]) -> bool:
    """Whether a key is tracked, or what it is a part of: `a`, `a.b` of `a.b.c`."""
    parts = _PART.finditer(key, 0, _LONGEST_KEY)
    return key in tracked or any(key[: end.start()] in tracked for end in parts)
