"""Which of many paths Git has at many commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sitegen.gitio.files import Files, path_parts
from sitegen.gitio.trees import FILE, FOLDER


def tracked_paths(
    files: Files, trees: Mapping[str, str], asked: Mapping[str, Sequence[str]]
) -> dict[str, frozenset[str]]:
    """Commit -> those of the paths asked for there that are files or folders in Git.

    trees: commit -> its tree. Addresses are passed over; a path that cannot be one in Git is
    reported by `files`. Commits without any are left out; what is equal is the same object.
    """
    known: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}
    found = {}
    for commit, paths in asked.items():
        plain = tuple(path for path in paths if path and "://" not in path)
        there = _inside(files, commit, trees[commit], plain, known) if commit in trees else ()
        if there:
            found[commit] = there
    equal: dict[frozenset[str], frozenset[str]] = {}
    return {commit: equal.setdefault(there, there) for commit, there in found.items() if there}


def _inside(
    files: Files,
    commit: str,
    tree: str,
    paths: tuple[str, ...],
    known: dict[tuple[str, tuple[str, ...]], frozenset[str]],
) -> frozenset[str]:
    """Those of `paths` that a tree has; most commits leave most folders as they were."""
    key = tree, paths
    if key not in known:
        below = _by_top(paths)
        found: set[str] = set()
        for top, entry in files.resolve({commit: tree}, {commit: tuple(below)})[commit].items():
            if "" in below[top] and entry.kind in (FILE, FOLDER):
                found.add(top)
            deeper = tuple(path for path in below[top] if path)
            if deeper and entry.kind == FOLDER:
                more = _inside(files, commit, entry.oid, deeper, known)
                found.update(f"{top}/{path}" for path in more)
        known[key] = frozenset(found)
    return known[key]


def _by_top(paths: Iterable[str]) -> dict[str, list[str]]:
    """The first part of each path -> what follows, "" where nothing does.

    A path that cannot be one in Git stays whole, so that it is reported whole.
    """
    found: dict[str, list[str]] = {}
    for path in paths:
        top, _, rest = path.partition("/") if path_parts(path) else (path, "", "")
        found.setdefault(top, []).append(rest)
    return found
