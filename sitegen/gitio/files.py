"""Files at commits, found and read in bulk by walking tree objects, never by checking them out.

Symbolic links and submodules are never followed. Every distinct tree is read once, whatever number
of commits and paths leads to it, and every walk is bounded.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.objects import CORRUPT, LIMIT, MISSING, ObjectReader

DEPTH = 64
ENTRIES = 2_000_000
# Of one commit: a monorepo of thousands of projects has fewer wanted files, a tree bomb has more,
# and each one costs far more than being found.
WANTED_ENTRIES = 10_000
TOTAL_BYTES = 256 * 1024 * 1024

FILE, FOLDER, LINK, MODULE = "file", "folder", "link", "module"

_ENTRY = {
    "sha1": re.compile(rb"([0-7]{5,6}) ([^\0]*)\0(.{20})", re.DOTALL),
    "sha256": re.compile(rb"([0-7]{5,6}) ([^\0]*)\0(.{32})", re.DOTALL),
}
_RAW_ID = {"sha1": 20, "sha256": 32}
_KINDS = {b"10": FILE, b"40": FOLDER, b"04": FOLDER, b"12": LINK, b"16": MODULE}
_RESERVED = frozenset({b"", b".", b"..", b".git"})
_SHOWN = 200

_Listing = tuple[tuple[bytes, str, bytes], ...]


class Wanted(msgspec.Struct, frozen=True):
    """Which files to look for in every folder: by name (dvc.yaml), by its end (.mlem), or by the
    last names of the path (.dvc/config)."""

    names: frozenset[str]
    suffixes: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What is at a path: FILE, FOLDER, LINK or MODULE (a submodule), and its object."""

    kind: str
    oid: str


def path_parts(path: str, depth: int = DEPTH) -> list[bytes]:
    """The names that a path leads through; none where no file in Git can safely be there."""
    parts = path.encode("utf-8", "surrogatepass").split(b"/")
    unsafe = len(parts) > depth or any(part.lower() in _RESERVED for part in parts)
    return [] if unsafe else parts


class Files:
    """The files of one repository; keeps the trees that it has read, and the problems it met.

    Problems, by kind: path.unsafe, path.link, tree.missing, tree.corrupt, tree.limit, file.missing,
    file.large, file.limit. Each is reported once, with the first commit that shows it.
    """

    def __init__(
        self,
        reader: ObjectReader,
        repo_name: str,
        depth: int = DEPTH,
        entries: int = ENTRIES,
        wanted_entries: int = WANTED_ENTRIES,
    ) -> None:
        self._reader = reader
        self._repo = repo_name
        self._format = reader.repo.object_format
        self._depth = depth
        self._entries = entries
        self._wanted_entries = wanted_entries
        # Every name met, to itself, or to nothing where no file may be called so.
        self._known: dict[bytes, bytes] = {}
        self._read = 0
        self._walked = 0
        self._trees: dict[bytes, _Listing] = {}
        self._problems: dict[tuple[str, str], Problem] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong so far, in the order met."""
        return tuple(self._problems.values())

    def find(self, trees: Mapping[str, str], wanted: Wanted) -> dict[str, dict[str, str]]:
        """The wanted files, anywhere, at each commit: commit -> path -> blob, paths in Git's order.

        trees: commit -> its tree.
        """
        first: dict[bytes, str] = {}
        for commit, tree in trees.items():
            first.setdefault(bytes.fromhex(tree), commit)
        self._load_below(first)
        leading = self._leading_to(first, wanted)
        found = {root: dict(self._walk(root, first[root], leading, wanted)) for root in first}
        return {commit: dict(found[bytes.fromhex(tree)]) for commit, tree in trees.items()}

    def resolve(
        self, trees: Mapping[str, str], paths: Mapping[str, Collection[str]]
    ) -> dict[str, dict[str, Entry]]:
        """What is at exactly these paths (commit -> paths): commit -> path -> entry.

        Paths are relative to the repository's top, with `/`. What is not there, or would lead
        through a link, is left out; a path that is no plain relative one is a problem.
        """
        found: dict[str, dict[str, Entry]] = {commit: {} for commit in paths}
        here: list[tuple[str, str, list[bytes], bytes]] = []
        for commit, asked in paths.items():
            if commit not in trees:
                continue
            root = bytes.fromhex(trees[commit])
            for path in dict.fromkeys(asked):
                parts = path_parts(path, self._depth)
                if not parts:
                    self._unsafe(commit, path)
                else:
                    here.append((commit, path, parts, root))
        level = 0
        while here:
            self._load({tree: commit for commit, _, _, tree in reversed(here)})
            names = {tree: self._names(tree) for _, _, _, tree in here}
            deeper = []
            for commit, path, parts, tree in here:
                kind, oid = names[tree].get(parts[level], ("", b""))
                if level == len(parts) - 1:
                    if kind:
                        found[commit][path] = Entry(kind, oid.hex())
                elif kind == FOLDER:
                    deeper.append((commit, path, parts, oid))
            here, level = deeper, level + 1
        return found

    def read(
        self, files: Mapping[str, Mapping[str, str]], limit: int = LIMIT, total: int = TOTAL_BYTES
    ) -> dict[str, bytes]:
        """The contents of the files that `find` or `resolve` gave: blob -> bytes.

        Sizes are asked before anything is read. A file over `limit` bytes, and all those after the
        first `total` bytes, are left out and are problems.
        """
        where: dict[str, tuple[str, str]] = {}
        for commit, paths in files.items():
            for path, oid in paths.items():
                where.setdefault(oid, (commit, path))
        sizes = self._reader.info(where)
        small: list[str] = []
        for oid, (commit, path) in where.items():
            info = sizes.get(oid)
            if info is None:
                self._missing(commit, path)
            elif info.size > limit:
                why = f"the file has {info.size} bytes, more than the {limit} that are read"
                remedy = "keep large files in DVC or Git LFS"
                self._report("file.large", commit, path, why, remedy)
            elif info.kind == "blob" and total >= info.size:
                total -= info.size
                small.append(oid)
            elif info.kind == "blob":
                why = "the files wanted are together more than can be held in memory"
                self._report("file.limit", commit, path, why, "read fewer commits")
        contents: dict[str, bytes] = {}
        for oid, _, data in self._reader.contents(small, limit):
            if data is None:
                self._missing(*where[oid])
            else:
                contents[oid] = data
        return contents

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """Bytes of each blob, asked without reading it; what is missing is left out."""
        return {oid: info.size for oid, info in self._reader.info(oids).items()}

    def _load_below(self, roots: Mapping[bytes, str]) -> None:
        """Read every tree below the roots, all of one depth at a time."""
        level: dict[bytes, str] = dict(roots)
        seen = set(level)
        for _ in range(self._depth):
            if not level:
                return
            self._load(level)
            below: dict[bytes, str] = {}
            for tree, commit in level.items():
                for _, kind, oid in self._trees.get(tree, ()):
                    if kind is FOLDER and oid not in seen:
                        seen.add(oid)
                        below[oid] = commit
            level = below
        for commit in list(level.values())[:1]:
            self._limit(commit, f"folders are more than {self._depth} deep")

    def _load(self, trees: Mapping[bytes, str]) -> None:
        """Read and keep the trees not read yet; commit: where to say that one is missing."""
        new = [tree.hex() for tree in trees if tree not in self._trees]
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
                    self._trees[raw] = ()
                    self._broken_tree(trees[raw], oid, kind)
                else:
                    self._trees[raw] = self._parse(data, oid, trees[raw])
                    self._read += len(self._trees[raw])
        if full:
            commit = trees[bytes.fromhex(new[0])]
            self._limit(commit, f"the trees have more than {self._entries} entries")

    def _parse(self, data: bytes, tree: str, commit: str) -> _Listing:
        names = self._known
        listing: list[tuple[bytes, str, bytes]] = []
        entries = _ENTRY[self._format].findall(data)
        length = 2 + _RAW_ID[self._format]
        size = 0
        for mode, name, oid in entries:
            size += len(mode) + len(name) + length
            known = names.get(name)
            if known is None:
                unsafe = name.lower() in _RESERVED or b"/" in name or b"\n" in name
                known = names[name] = b"" if unsafe else name
            kind = _KINDS.get(mode[:2])
            if known and kind:
                listing.append((known, kind, oid))
            else:
                self._unsafe(commit, name.decode("utf-8", "replace"))
        # What the pattern passed over is no entry, and what follows it may be none either.
        if size != len(data):
            why = f"the tree {tree} cannot be read to its end"
            self._report("tree.corrupt", commit, "", why, "see what `git fsck` says")
        return tuple(listing)

    def _names(self, tree: bytes) -> dict[bytes, tuple[str, bytes]]:
        return {name: (kind, oid) for name, kind, oid in self._trees.get(tree, ())}

    def _leading_to(self, roots: Iterable[bytes], wanted: Wanted) -> set[bytes]:
        """The trees with a wanted file somewhere below them.

        Worked out from the bottom, each tree once: a tree bomb names few trees very often.
        """
        names, suffixes, last = _as_bytes(wanted)
        names |= last
        parents: dict[bytes, list[bytes]] = {}
        leading: set[bytes] = set()
        seen = set(roots)
        waiting = list(seen)
        while waiting:
            tree = waiting.pop()
            for name, kind, oid in self._trees.get(tree, ()):
                if kind is FOLDER:
                    parents.setdefault(oid, []).append(tree)
                    if oid not in seen:
                        seen.add(oid)
                        waiting.append(oid)
                elif name in names or name.endswith(suffixes):
                    leading.add(tree)
        waiting = list(leading)
        while waiting:
            for parent in parents.pop(waiting.pop(), ()):
                if parent not in leading:
                    leading.add(parent)
                    waiting.append(parent)
        return leading

    def _walk(
        self, root: bytes, commit: str, leading: set[bytes], wanted: Wanted
    ) -> Iterator[tuple[str, str]]:
        """(path, blob) of the wanted files of one tree, in Git's order."""
        names, suffixes, last = _as_bytes(wanted)
        ends = tuple(f"/{path}" for path in wanted.paths)
        stack = [(root, "", 0)] if root in leading else []
        # Each tree has its own bound, so that a bomb leaves the other commits theirs.
        bound = min(self._walked + self._wanted_entries, self._entries)
        while stack:
            tree, prefix, depth = stack.pop()
            if depth > self._depth:
                self._limit(commit, f"folders are more than {self._depth} deep")
                continue
            below: list[tuple[bytes, str, int]] = []
            for name, kind, oid in self._trees.get(tree, ()):
                if kind is FOLDER and oid not in leading:
                    continue
                if kind is not FOLDER and name not in names and not name.endswith(suffixes):
                    if name not in last:
                        continue
                    if not f"/{prefix}{name.decode('utf-8', 'replace')}".endswith(ends):
                        continue
                self._walked += 1
                if self._walked > bound:
                    most = min(self._wanted_entries, self._entries)
                    self._limit(commit, f"more than {most} entries lead to wanted files")
                    return
                try:
                    path = prefix + name.decode("utf-8")
                except UnicodeDecodeError:
                    self._unsafe(commit, prefix + name.decode("utf-8", "replace"))
                    continue
                if kind is FOLDER:
                    below.append((oid, path + "/", depth + 1))
                elif kind is FILE:
                    yield path, oid.hex()
                else:
                    self._not_followed(commit, path)
            stack += reversed(below)

    def _report(self, kind: str, commit: str, path: str, reason: str, remedy: str) -> None:
        problem = Problem(self._repo, commit, path[:_SHOWN], reason, remedy, kind)
        self._problems.setdefault((kind, problem.path or reason), problem)

    def _unsafe(self, commit: str, path: str) -> None:
        shown = path[:_SHOWN].encode("unicode_escape").decode("ascii")
        why = "the name is not one that a file can safely have; it was passed over"
        self._report("path.unsafe", commit, shown, why, "rename it")

    def _not_followed(self, commit: str, path: str) -> None:
        why = "it is a symbolic link or a submodule, which are never followed"
        self._report("path.link", commit, path, why, "put the file itself there")

    def _missing(self, commit: str, path: str) -> None:
        why = "the file's content is missing from the repository or cannot be read"
        remedy = "fetch it, or clone the repository again without a filter"
        self._report("file.missing", commit, path, why, remedy)

    def _broken_tree(self, commit: str, oid: str, kind: str) -> None:
        if kind in (MISSING, CORRUPT):
            why, what = f"the tree {oid} is missing or cannot be read", f"tree.{kind}"
        else:
            why, what = f"the object {oid} is a {kind}, expected a tree", "tree.corrupt"
        self._report(what, commit, "", why, "clone the repository again")

    def _limit(self, commit: str, why: str) -> None:
        self._report("tree.limit", commit, "", why, "the files beyond were not looked for")


def _as_bytes(wanted: Wanted) -> tuple[frozenset[bytes], tuple[bytes, ...], frozenset[bytes]]:
    return (
        frozenset(name.encode() for name in wanted.names),
        tuple(suffix.encode() for suffix in wanted.suffixes),
        frozenset(posixpath.basename(path).encode() for path in wanted.paths),
    )


def read_files(
    reader: ObjectReader,
    trees: Mapping[str, str],
    wanted: Wanted,
    repo_name: str,
    limit: int = LIMIT,
) -> tuple[dict[str, dict[str, str]], dict[str, bytes], tuple[Problem, ...]]:
    """Find and read in one go: (commit -> path -> blob, blob -> bytes, problems)."""
    files = Files(reader, repo_name)
    found = files.find(trees, wanted)
    return found, files.read(found, limit), files.problems


def only_files(
    found: Mapping[str, Mapping[str, Entry]],
) -> dict[str, dict[str, str]]:
    """Of what `Files.resolve` gave, the files, as `Files.read` takes them."""
    return {
        commit: {path: entry.oid for path, entry in paths.items() if entry.kind == FILE}
        for commit, paths in found.items()
    }


def read_paths(
    files: Files,
    trees: Mapping[str, str],
    paths: Mapping[str, Sequence[str]],
    limit: int = LIMIT,
) -> tuple[dict[str, dict[str, str]], dict[str, bytes]]:
    """Files at exact paths of each commit: (commit -> path -> blob, blob -> bytes).

    What is missing is left out; what is wrong is in `files.problems`.
    """
    found = only_files(files.resolve(trees, paths))
    return found, files.read(found, limit)
