"""Files at commits, found and read in bulk by walking tree objects, never by checking them out.

Symbolic links and submodules are never followed, and every walk is bounded.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.objects import LIMIT, ObjectReader
from sitegen.gitio.trees import DEPTH, ENTRIES, FILE, FOLDER, RESERVED, Faults, Trees

# Of one commit: a monorepo of thousands of projects has fewer wanted files, a tree bomb has more,
# and each one costs far more than being found.
WANTED_ENTRIES = 10_000
TOTAL_BYTES = 256 * 1024 * 1024


class Wanted(msgspec.Struct, frozen=True):
    """Which files to look for in every folder: by name (dvc.yaml), by its end (.mlem), or by the
    last names of the path (.dvc/config)."""

    names: frozenset[str]
    suffixes: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()


EVERY_FILE = Wanted(frozenset(), ("",))


class _Sought(msgspec.Struct, frozen=True):
    """`Wanted` as tree objects have it. last: the last names of the paths; ends: those paths."""

    names: frozenset[bytes]
    suffixes: tuple[bytes, ...]
    last: frozenset[bytes]
    ends: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What is at a path: FILE, FOLDER, LINK or MODULE (a submodule), and its object."""

    kind: str
    oid: str


def path_parts(path: str, depth: int = DEPTH) -> list[bytes]:
    """The names that a path leads through; none where no file in Git can safely be there."""
    parts = path.encode("utf-8", "surrogatepass").split(b"/")
    unsafe = len(parts) > depth or any(part.lower() in RESERVED for part in parts)
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
        self._faults = Faults(repo_name)
        self._trees = Trees(reader, self._faults, depth, entries)
        self._depth = depth
        self._entries = entries
        self._wanted_entries = wanted_entries
        self._walked = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong so far, in the order met."""
        return self._faults.problems

    def find(self, trees: Mapping[str, str], wanted: Wanted) -> dict[str, dict[str, str]]:
        """The wanted files, anywhere, at each commit: commit -> path -> blob, paths in Git's order.

        trees: commit -> its tree.
        """
        first: dict[bytes, str] = {}
        for commit, tree in trees.items():
            first.setdefault(bytes.fromhex(tree), commit)
        self._trees.load_below(first)
        sought = _as_bytes(wanted)
        leading = self._leading_to(first, sought)
        found = {root: dict(self._walk(root, first[root], leading, sought)) for root in first}
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
        parts_of: dict[str, list[bytes]] = {}
        for commit, asked in paths.items():
            if commit not in trees:
                continue
            root = bytes.fromhex(trees[commit])
            for path in dict.fromkeys(asked):
                parts = parts_of.get(path)
                if parts is None:
                    parts = parts_of[path] = path_parts(path, self._depth)
                if not parts:
                    self._faults.unsafe(commit, path)
                else:
                    here.append((commit, path, parts, root))
        level = 0
        while here:
            self._trees.load({tree: commit for commit, _, _, tree in reversed(here)})
            names = {tree: self._trees.members(tree) for tree in {tree for _, _, _, tree in here}}
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

        No file over `limit` bytes is read to its end. It, and all those after the first `total`
        bytes, are left out and are problems.
        """
        where: dict[str, tuple[str, str]] = {}
        for commit, paths in files.items():
            for path, oid in paths.items():
                where.setdefault(oid, (commit, path))
        contents: dict[str, bytes] = {}
        oids = list(where)
        done = 0
        # Nearly always all are there and small; sizes are asked only from where one is not.
        for oid, kind, data in self._reader.contents(oids, limit):
            if data is None and kind == "blob":
                break
            if data is None:
                self._faults.missing(*where[oid])
            elif kind == "blob":
                if len(data) > total:
                    break
                total -= len(data)
                contents[oid] = data
            done += 1
        if done < len(oids):
            contents |= self._read_small({oid: where[oid] for oid in oids[done:]}, limit, total)
        return contents

    def _read_small(
        self, where: Mapping[str, tuple[str, str]], limit: int, total: int
    ) -> dict[str, bytes]:
        """As `read`: blob -> bytes of those that are small enough; where: commit and path."""
        sizes = self._reader.info(where)
        small: list[str] = []
        for oid, (commit, path) in where.items():
            info = sizes.get(oid)
            if info is None:
                self._faults.missing(commit, path)
            elif info.size > limit:
                why = f"the file has {info.size} bytes, more than the {limit} that are read"
                remedy = "keep large files in DVC or Git LFS"
                self._faults.report("file.large", commit, path, why, remedy)
            elif info.kind == "blob" and total >= info.size:
                total -= info.size
                small.append(oid)
            elif info.kind == "blob":
                why = "the files wanted are together more than can be held in memory"
                self._faults.report("file.limit", commit, path, why, "read fewer commits")
        contents: dict[str, bytes] = {}
        for oid, _, data in self._reader.contents(small, limit):
            if data is None:
                self._faults.missing(*where[oid])
            else:
                contents[oid] = data
        return contents

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """Bytes of each blob, asked without reading it; what is missing is left out."""
        return {oid: info.size for oid, info in self._reader.info(oids).items()}

    def _leading_to(self, roots: Iterable[bytes], sought: _Sought) -> set[bytes]:
        """The trees with a wanted file somewhere below them.

        Worked out from the bottom, each tree once: a tree bomb names few trees very often.
        """
        names = sought.names | sought.last
        suffixes = sought.suffixes
        parents: dict[bytes, list[bytes]] = {}
        leading: set[bytes] = set()
        seen = set(roots)
        waiting = list(seen)
        while waiting:
            tree = waiting.pop()
            for name, kind, oid in self._trees.listing(tree):
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
        self, root: bytes, commit: str, leading: set[bytes], sought: _Sought
    ) -> Iterator[tuple[str, str]]:
        """(path, blob) of the wanted files of one tree, in Git's order."""
        names, suffixes, last, ends = sought.names, sought.suffixes, sought.last, sought.ends
        stack = [(root, "", 0)] if root in leading else []
        # Each tree has its own bound, so that a bomb leaves the other commits theirs.
        bound = min(self._walked + self._wanted_entries, self._entries)
        while stack:
            tree, prefix, depth = stack.pop()
            if depth > self._depth:
                self._faults.limit(commit, f"folders are more than {self._depth} deep")
                continue
            below: list[tuple[bytes, str, int]] = []
            for name, kind, oid in self._trees.listing(tree):
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
                    self._faults.limit(commit, f"more than {most} entries lead to wanted files")
                    return
                try:
                    path = prefix + name.decode("utf-8")
                except UnicodeDecodeError:
                    self._faults.unsafe(commit, prefix + name.decode("utf-8", "replace"))
                    continue
                if kind is FOLDER:
                    below.append((oid, path + "/", depth + 1))
                elif kind is FILE:
                    yield path, oid.hex()
                else:
                    self._faults.not_followed(commit, path)
            stack += reversed(below)


def _as_bytes(wanted: Wanted) -> _Sought:
    return _Sought(
        frozenset(name.encode() for name in wanted.names),
        tuple(suffix.encode() for suffix in wanted.suffixes),
        frozenset(posixpath.basename(path).encode() for path in wanted.paths),
        tuple(f"/{path}" for path in wanted.paths),
    )


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
) -> tuple[dict[str, dict[str, str]], dict[str, bytes]]:
    """Files at exact paths of each commit: (commit -> path -> blob, blob -> bytes).

    What is missing is left out; what is wrong is in `files.problems`.
    """
    found = only_files(files.resolve(trees, paths))
    return found, files.read(found)
