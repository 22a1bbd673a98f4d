"""Metrics and params of many commits: which files hold them, and what they say.

Most commits leave most files as they were, so everything is worked out once per distinct set of
the blobs that it depends on, whatever commits have them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Mapping, Sequence
from functools import cache

from sitegen.errors import Problem
from sitegen.gitio.files import EVERY_FILE, Entry, Files, only_files, read_paths
from sitegen.gitio.trees import FOLDER
from sitegen.pipeline.reported import Reported
from sitegen.readers import base, dvc_config, dvc_lock
from sitegen.readers.declared import (
    CUSTOMARY,
    Declarations,
    Declared,
    found_among,
    read_declarations,
)
from sitegen.readers.memo import Memo
from sitegen.readers.values import read_values
from sitegen.registry.facts import ValueFile

Blobs = tuple[tuple[str, str], ...]
"""(path, blob) of some files of a commit."""
Found = Mapping[str, Mapping[str, str]]
"""Commit -> path -> blob."""


class Values:
    """The metrics and params of one repository's commits; `read` adds those of some of them.

    values: as in RepositoryFacts; what is equal is the same object. configured: files that hold
    metrics or params though no dvc.yaml may say so.
    """

    def __init__(
        self,
        files: Files,
        repo: str,
        memo: Memo,
        reported: Reported,
        configured: Sequence[str] = (),
    ) -> None:
        self.values: dict[str, tuple[ValueFile, ...]] = {}
        self._files = files
        self._repo = repo
        self._memo = memo
        self._reported = reported
        self._configured = tuple(configured)
        self._declared: dict[Blobs, tuple[Declarations, tuple[Problem, ...]]] = {}
        self._known: dict[Hashable, tuple[ValueFile | None, tuple[Problem, ...]]] = {}
        self._in_cloud: dict[str, bool] = {}
        self._found: dict[tuple[int, tuple[str, ...], bool], tuple[Declared, ...]] = {}
        self._whole: dict[tuple[Hashable, ...], tuple[ValueFile, ...]] = {}

    def sources(
        self, trees: Mapping[str, str], found: Found, blobs: dict[str, bytes]
    ) -> dict[Blobs, list[str]]:
        """Annotation files and what they need -> the commits that have just these.

        blobs: the contents of the files found; those of what they need are added.
        """
        annotating = cache(base.wants)
        own: dict[str, Blobs] = {
            commit: tuple([item for item in files.items() if annotating(item[0])])
            for commit, files in found.items()
        }
        needs: dict[Blobs, list[str]] = {}
        for one in own.values():
            if one not in needs:
                needs[one] = sorted(base.needs(contents_of(one, blobs), self._memo))
        asked = {commit: needs[one] for commit, one in own.items() if needs[one]}
        more, read = read_paths(self._files, trees, asked)
        blobs |= read
        sources: dict[Blobs, list[str]] = {}
        for commit, one in own.items():
            whole = (*one, *more.get(commit, {}).items())
            sources.setdefault(whole, []).append(commit)
        return sources

    def read(
        self,
        trees: Mapping[str, str],
        sources: Mapping[Blobs, Sequence[str]],
        found: Found,
        blobs: Mapping[str, bytes],
    ) -> None:
        """Which files, are they there, what do they say: of the commits of `trees`.

        sources: as given by the method of that name. found, blobs: these commits' metadata files.
        """
        named = self._declare(sources, blobs)
        asked = {
            commit: (
                *CUSTOMARY,
                *self._configured,
                *(one.path for one in (*each.named, *each.used)),
            )
            for commit, each in named.items()
        }
        there = self._open_folders(self._files.resolve(trees, asked))
        declared = {
            commit: self._among(
                each,
                tuple(there[commit]),
                self._is_in_cloud(found[commit].get(dvc_config.NAME, ""), blobs),
            )
            for commit, each in named.items()
        }
        contents = self._files.read(
            {
                commit: {one.path: paths[one.path] for one in declared[commit] if one.path in paths}
                for commit, paths in there.items()
            }
        )
        self._read(trees, declared, there, found, {**blobs, **contents})

    def _among(
        self, named: Declarations, paths: tuple[str, ...], in_cloud: bool
    ) -> tuple[Declared, ...]:
        # Declarations are kept as long as this, so their identity says which they are.
        key = (id(named), paths, in_cloud)
        if key not in self._found:
            self._found[key] = found_among(
                named, frozenset(paths), configured=self._configured, in_cloud=in_cloud
            )
        return self._found[key]

    def _is_in_cloud(self, oid: str, blobs: Mapping[str, bytes]) -> bool:
        if oid not in self._in_cloud:
            self._in_cloud[oid] = dvc_config.is_in_cloud(blobs.get(oid, b""))
        return self._in_cloud[oid]

    def _declare(
        self, sources: Mapping[Blobs, Sequence[str]], blobs: Mapping[str, bytes]
    ) -> dict[str, Declarations]:
        declared: dict[str, Declarations] = {}
        for files, commits in sources.items():
            if files not in self._declared:
                self._declared[files] = read_declarations(
                    contents_of(files, blobs), self._repo, memo=self._memo
                )
            named, problems = self._declared[files]
            self._reported.add(problems, commits)
            declared |= dict.fromkeys(commits, named)
        return declared

    def _read(
        self,
        trees: Mapping[str, str],
        declared: Mapping[str, tuple[Declared, ...]],
        there: Found,
        found: Found,
        blobs: Mapping[str, bytes],
    ) -> None:
        having: dict[Hashable, list[str]] = {}
        for commit in trees:
            keys: list[Hashable] = []
            all_locks: Blobs | None = None
            for one in declared.get(commit, ()):
                oid = there[commit].get(one.path, "")
                data = blobs.get(oid)
                # What is not in Git depends on what dvc.lock says of it.
                if data is None and all_locks is None:
                    all_locks = _locks(found[commit])
                locks = all_locks or () if data is None else ()
                key: Hashable = (one, oid, locks)
                if key not in self._known:
                    outs = self._lock_outs(locks, blobs)
                    self._known[key] = read_values(
                        one, data, repo=self._repo, outs=outs, memo=self._memo
                    )
                having.setdefault(key, []).append(commit)
                keys.append(key)
            all_ = tuple(keys)
            if all_ not in self._whole:
                read = (self._known[key][0] for key in all_)
                self._whole[all_] = tuple(value for value in read if value is not None)
            if self._whole[all_]:
                self.values[commit] = self._whole[all_]
        for key, commits in having.items():
            self._reported.add(self._known[key][1], commits)

    def _open_folders(self, there: Mapping[str, Mapping[str, Entry]]) -> dict[str, dict[str, str]]:
        """Path -> blob at each commit: the files, and those inside of the folders."""
        files = only_files(there)
        inside: dict[str, dict[str, str]] = {}
        for commit, entries in there.items():
            for path, entry in entries.items():
                if entry.kind == FOLDER:
                    if entry.oid not in inside:
                        found = self._files.find({commit: entry.oid}, EVERY_FILE)
                        inside[entry.oid] = found[commit]
                    files[commit] |= {f"{path}/{p}": oid for p, oid in inside[entry.oid].items()}
        return files

    def _lock_outs(
        self, locks: Blobs, blobs: Mapping[str, bytes]
    ) -> Mapping[str, dvc_lock.LockOut]:
        def make() -> Mapping[str, dvc_lock.LockOut]:
            outs: dict[str, dvc_lock.LockOut] = {}
            for path, data in contents_of(locks, blobs).items():
                outs |= self._memo.once(
                    ("lock", path, data),
                    # Called at once, before the names change.
                    lambda: dvc_lock.read_lock_outs(data, posixpath.dirname(path)),  # noqa: B023
                    len(data),
                )
            return outs

        return self._memo.once(("locks", locks), make, 1_000 * len(locks))


def contents_of(files: Blobs, blobs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path -> bytes; what could not be read is left out, and was reported."""
    return {path: blobs[oid] for path, oid in files if oid in blobs}


def _locks(found: Mapping[str, str]) -> Blobs:
    return tuple(item for item in found.items() if dvc_lock.wants(item[0]))
