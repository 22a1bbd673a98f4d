"""Tree objects, read in bulk and each of them once, whatever number of commits leads to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sitegen.errors import Problem
from sitegen.gitio.objects import CORRUPT, LIMIT, MISSING, ObjectReader

DEPTH = 64
ENTRIES = 2_000_000

FILE, FOLDER, LINK, MODULE = "file", "folder", "link", "module"

_ENTRY = {
    "sha1": re.compile(rb"([0-7]{5,6}) ([^\0]*)\0(.{20})", re.DOTALL),
    "sha256": re.compile(rb"([0-7]{5,6}) ([^\0]*)\0(.{32})", re.DOTALL),
}
_RAW_ID = {"sha1": 20, "sha256": 32}
_KINDS = {b"10": FILE, b"40": FOLDER, b"04": FOLDER, b"12": LINK, b"16": MODULE}
RESERVED = frozenset({b"", b".", b"..", b".git"})
"""What no file may be called, in lower case."""
_SHOWN = 200

Listing = tuple[tuple[bytes, str, bytes], ...]
"""(name, kind, object) of what stands in a tree; objects as bytes."""


class Faults:
    """What was wrong with trees and files, each once, with the first commit that has it."""

    def __init__(self, repo_name: str) -> None:
        self._repo = repo_name
        self._problems: dict[tuple[str, str], Problem] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order met."""
        return tuple(self._problems.values())

    def report(self, kind: str, commit: str, path: str, reason: str, remedy: str) -> None:
        problem = Problem(self._repo, commit, path[:_SHOWN], reason, remedy, kind)
        self._problems.setdefault((kind, problem.path or reason), problem)

    def unsafe(self, commit: str, path: str) -> None:
        shown = path[:_SHOWN].encode("unicode_escape").decode("ascii")
        why = "the name is not one that a file can safely have; it was passed over"
        self.report("path.unsafe", commit, shown, why, "rename it")

    def not_followed(self, commit: str, path: str) -> None:
        why = "it is a symbolic link or a submodule, which are never followed"
        self.report("path.link", commit, path, why, "put the file itself there")

    def missing(self, commit: str, path: str) -> None:
        why = "the file's content is missing from the repository or cannot be read"
        remedy = "fetch it, or clone the repository again without a filter"
        self.report("file.missing", commit, path, why, remedy)

    def broken_tree(self, commit: str, oid: str, kind: str) -> None:
        if kind in (MISSING, CORRUPT):
            why, what = f"the tree {oid} is missing or cannot be read", f"tree.{kind}"
        else:
            why, what = f"the object {oid} is a {kind}, expected a tree", "tree.corrupt"
        self.report(what, commit, "", why, "clone the repository again")

    def limit(self, commit: str, why: str) -> None:
        self.report("tree.limit", commit, "", why, "the files beyond were not looked for")


class Trees:
    """The trees of one repository that were read.

    depth: how deep folders may lie in each other. entries: of all trees together, at most.
    """

    def __init__(
        self,
        reader: ObjectReader,
        faults: Faults,
        depth: int = DEPTH,
        entries: int = ENTRIES,
    ) -> None:
        self._reader = reader
        self._faults = faults
        self._format = reader.repo.object_format
        self._depth = depth
        self._entries = entries
        # Every name met, to itself, or to nothing where no file may be called so.
        self._known: dict[bytes, bytes] = {}
        self._read = 0
        self._kept: dict[bytes, Listing] = {}

    def load_below(self, roots: Mapping[bytes, str]) -> None:
        """Read every tree below the roots, all of one depth at a time."""
        level: dict[bytes, str] = dict(roots)
        seen = set(level)
        for _ in range(self._depth):
            if not level:
                return
            self.load(level)
            below: dict[bytes, str] = {}
            for tree, commit in level.items():
                for _, kind, oid in self._kept.get(tree, ()):
                    if kind is FOLDER and oid not in seen:
                        seen.add(oid)
                        below[oid] = commit
            level = below
        for commit in list(level.values())[:1]:
            self._faults.limit(commit, f"folders are more than {self._depth} deep")

    def load(self, trees: Mapping[bytes, str]) -> None:
        """Read and keep the trees not read yet; commit: where to say that one is missing."""
        new = [tree.hex() for tree in trees if tree not in self._kept]
        if not new:
            return
        full = False
        # Requests are sent before answers are read, so a bound on answers needs small batches.
        for start in range(0, len(new), 1000):
            if full:
                break
            for oid, kind, data in self._reader.contents(new[start : start + 1000], 4 * LIMIT):
                raw = bytes.fromhex(oid)
                if self._read >= self._entries:
                    full = True
                if full:
                    continue
                if data is None or kind != "tree":
                    self._kept[raw] = ()
                    self._faults.broken_tree(trees[raw], oid, kind)
                else:
                    self._kept[raw] = self._parse(data, oid, trees[raw])
                    self._read += len(self._kept[raw])
        if full:
            commit = trees[bytes.fromhex(new[0])]
            self._faults.limit(commit, f"the trees have more than {self._entries} entries")

    def _parse(self, data: bytes, tree: str, commit: str) -> Listing:
        names = self._known
        listing: list[tuple[bytes, str, bytes]] = []
        entries = _ENTRY[self._format].findall(data)
        length = 2 + _RAW_ID[self._format]
        size = 0
        for mode, name, oid in entries:
            size += len(mode) + len(name) + length
            known = names.get(name)
            if known is None:
                unsafe = name.lower() in RESERVED or b"/" in name or b"\n" in name
                known = names[name] = b"" if unsafe else name
            kind = _KINDS.get(mode[:2])
            if known and kind:
                listing.append((known, kind, oid))
            else:
                self._faults.unsafe(commit, name.decode("utf-8", "replace"))
        # What the pattern passed over is no entry, and what follows it may be none either.
        if size != len(data):
            why = f"the tree {tree} cannot be read to its end"
            self._faults.report("tree.corrupt", commit, "", why, "see what `git fsck` says")
        return tuple(listing)

    def members(self, tree: bytes) -> dict[bytes, tuple[str, bytes]]:
        """Name -> kind and object, of what stands in a tree."""
        return {name: (kind, oid) for name, kind, oid in self._kept.get(tree, ())}

    def listing(self, tree: bytes) -> Listing:
        """What stands in a tree, in Git's order; nothing where it was not loaded."""
        return self._kept.get(tree, ())
