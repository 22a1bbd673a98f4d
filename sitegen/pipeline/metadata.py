"""What the files of many commits say. Most commits leave most files as they were, so everything
is worked out once per distinct set of the blobs that it depends on, whatever commits have them."""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from operator import is_

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.files import (
    FILE,
    FOLDER,
    Entry,
    Files,
    Wanted,
    only_files,
    path_parts,
    read_paths,
)
from sitegen.pipeline.cards import Cards
from sitegen.pipeline.details import SUFFIXES, Details
from sitegen.pipeline.plots import Plots
from sitegen.readers import base, dvc_config, dvc_lock, gto_config
from sitegen.readers.declared import (
    CUSTOMARY,
    Declarations,
    Declared,
    found_among,
    read_declarations,
)
from sitegen.readers.memo import Memo
from sitegen.readers.values import read_values
from sitegen.registry.facts import Annotation, ValueFile

# By name, in any folder; the readers then claim those that are where their format has them.
EVERYTHING = Wanted(frozenset(), ("",))
METADATA = Wanted(
    frozenset({"artifacts.yaml", "dvc.yaml", dvc_lock.NAME, gto_config.NAME}),
    SUFFIXES,
    frozenset({dvc_config.NAME}),
)

Blobs = tuple[tuple[str, str], ...]
"""(path, blob) of some files of a commit."""


class Reported:
    """Problems of many commits, each kept once, with the first commit that has it.

    Problems are equal where all but the commit is; they are to be added in order of the commits.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, tuple[str, int]] = {}

    def add(self, problems: Sequence[Problem], commits: Sequence[str]) -> None:
        """problems: without a ref. commits: those that have them, not given before for them."""
        for problem in problems:
            first, count = self._found.get(problem, (commits[0], 0))
            self._found[problem] = (first, count + len(commits))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(_at(problem, *where) for problem, where in self._found.items())


def _at(problem: Problem, first: str, count: int) -> Problem:
    reason = problem.reason
    if count > 1:
        reason += f" (also at {count - 1} other commit{'s' if count > 2 else ''})"
    return msgspec.structs.replace(problem, ref=first, reason=reason)


class Metadata:
    """The metadata of one repository's commits; `read` fills it.

    trees: commit -> tree, in the order in which a problem's first commit is meant. shown: whether
    an artifact is one to show, None where all are. versions: commit -> the artifacts that have a
    version there. head: where every annotated artifact matters. annotations, values, tracked: as in
    RepositoryFacts; what is equal is the same object.
    """

    def __init__(
        self,
        files: Files,
        trees: Mapping[str, str],
        repo: str,
        shown: Callable[[str], bool] | None = None,
        versions: Mapping[str, Collection[str]] | None = None,
        head: str = "",
    ) -> None:
        self.annotations: dict[str, tuple[Annotation, ...]] = {}
        self.values: dict[str, tuple[ValueFile, ...]] = {}
        self.tracked: dict[str, frozenset[str]] = {}
        self._files = files
        self._trees = trees
        self._repo = repo
        self._shown = shown
        self._memo = Memo()
        self._reported = Reported()
        self._versions = versions or {}
        self._head = head
        self.details = Details(files, trees, repo, self._memo, self._reported)
        self.cards = Cards(files, trees, repo)
        self.plots = Plots(files, trees, repo, self._memo)
        self._found: dict[str, dict[str, str]] = {}
        self._blobs: dict[str, bytes] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self._files.problems, *self._reported.problems)

    def read(self) -> None:
        """Everything, in three rounds: metadata files, what they need, what they name."""
        self._found = self._files.find(self._trees, METADATA)
        self._blobs = self._files.read(self._found)
        sources = self._sources()
        self._measure(self._annotate(sources))
        self._track()
        meant = self._meant()
        by_commit = {commit: blobs for blobs, commits in sources.items() for commit in commits}
        self.details.read(self._found, self._blobs, meant, by_commit)
        equal: dict[frozenset[str], frozenset[str]] = {}
        for commit, used in self.details.in_git.items():
            paths = used | self.tracked.get(commit, frozenset())
            self.tracked[commit] = equal.setdefault(paths, paths)
        self.cards.read(meant, self.annotations, self._reported)
        own = {commit: by_commit[commit] for commit in meant}
        self.plots.read(own, self._blobs, self.details.pipelines, self._reported)

    def stages(self, head: str) -> tuple[str, ...]:
        """The stages that `.gto` allows at HEAD."""
        data = self._blobs.get(self._found.get(head, {}).get(gto_config.NAME, ""))
        if data is None:
            return ()
        found, problems = gto_config.read_stages(data, self._repo)
        self._reported.add(problems, [head])
        return found

    def folders(self, commit: str) -> tuple[str, ...]:
        """The folders that hold metadata at a commit, "" for the root."""
        paths = base.annotation_paths(self._found.get(commit, {}))
        return tuple(dict.fromkeys(posixpath.dirname(path) for path in paths))

    def _meant(self) -> dict[str, tuple[Annotation, ...]]:
        """Of each commit the annotations of artifacts with a version there, empty ones too."""
        meant = {}
        for commit in self._trees:
            said = {each.artifact: each for each in self.annotations.get(commit, ())}
            artifacts = dict.fromkeys(sorted(self._versions.get(commit, ())))
            if commit == self._head:
                artifacts |= dict.fromkeys(said)
            meant[commit] = tuple(said.get(each, Annotation(each, "")) for each in artifacts)
        return {commit: here for commit, here in meant.items() if here}

    def _sources(self) -> dict[Blobs, list[str]]:
        """Annotation files and what they need -> the commits that have just these."""
        own: dict[str, Blobs] = {
            commit: tuple(item for item in found.items() if base.wants(item[0]))
            for commit, found in self._found.items()
        }
        needs: dict[Blobs, list[str]] = {}
        for one in own.values():
            if one not in needs:
                needs[one] = sorted(base.needs(self._contents(one), self._memo))
        asked = {commit: needs[one] for commit, one in own.items() if needs[one]}
        more, blobs = read_paths(self._files, self._trees, asked)
        self._blobs |= blobs
        sources: dict[Blobs, list[str]] = {}
        for commit, one in own.items():
            whole = (*one, *more.get(commit, {}).items())
            sources.setdefault(whole, []).append(commit)
        return sources

    def _contents(self, blobs: Blobs) -> dict[str, bytes]:
        """Path -> bytes; what could not be read is left out, and was reported."""
        return {path: self._blobs[oid] for path, oid in blobs if oid in self._blobs}

    def _annotate(self, sources: Mapping[Blobs, list[str]]) -> dict[str, Declarations]:
        """Annotations, and what is declared at each commit: from the same files, parsed once."""
        found: dict[str, tuple[Annotation, ...]] = {}
        declared: dict[str, Declarations] = {}
        # By identity: of many equal annotations few are compared, and `custom` may not be hashed.
        equal: dict[int, tuple[Annotation, ...]] = {}
        for blobs, commits in sources.items():
            files = self._contents(blobs)
            said, problems = base.read_annotations(files, self._repo, memo=self._memo)
            self._reported.add(problems, commits)
            if self._shown is not None:
                said = tuple(one for one in said if self._shown(one.artifact))
            if said:
                known = equal.setdefault(hash(tuple(map(id, said))), said)
                if len(known) == len(said) and all(map(is_, known, said)):
                    said = known
                found |= dict.fromkeys(commits, said)
            named, problems = read_declarations(files, self._repo, memo=self._memo)
            self._reported.add(problems, commits)
            declared |= dict.fromkeys(commits, named)
        self.annotations = {commit: found[commit] for commit in self._trees if commit in found}
        return declared

    def _measure(self, named: Mapping[str, Declarations]) -> None:
        """Metrics and params: which files, are they there, what do they say."""
        asked = {
            commit: (*CUSTOMARY, *(one.path for one in each.named))
            for commit, each in named.items()
        }
        there = self._open_folders(self._files.resolve(self._trees, asked))
        declared = {commit: found_among(each, there[commit]) for commit, each in named.items()}
        self._blobs |= self._files.read(
            {
                commit: {one.path: paths[one.path] for one in declared[commit] if one.path in paths}
                for commit, paths in there.items()
            }
        )
        self._read_values(declared, there)

    def _read_values(
        self,
        declared: Mapping[str, tuple[Declared, ...]],
        there: Mapping[str, Mapping[str, str]],
    ) -> None:
        known: dict[Hashable, tuple[ValueFile | None, tuple[Problem, ...]]] = {}
        having: dict[Hashable, list[str]] = {}
        whole: dict[tuple[Hashable, ...], tuple[ValueFile, ...]] = {}
        for commit in self._trees:
            keys: list[Hashable] = []
            for one in declared.get(commit, ()):
                oid = there[commit].get(one.path, "")
                data = self._blobs.get(oid)
                # What is not in Git depends on what dvc.lock says of it.
                locks = self._locks(commit) if data is None else ()
                key: Hashable = (one, oid, locks)
                if key not in known:
                    outs = self._lock_outs(locks)
                    known[key] = read_values(one, data, repo=self._repo, outs=outs, memo=self._memo)
                having.setdefault(key, []).append(commit)
                keys.append(key)
            all_ = tuple(keys)
            if all_ not in whole:
                read = (known[key][0] for key in all_)
                whole[all_] = tuple(value for value in read if value is not None)
            if whole[all_]:
                self.values[commit] = whole[all_]
        for key, commits in having.items():
            self._reported.add(known[key][1], commits)

    def _open_folders(self, there: Mapping[str, Mapping[str, Entry]]) -> dict[str, dict[str, str]]:
        """Path -> blob at each commit: the files, and those inside of the folders."""
        files = only_files(there)
        inside: dict[str, dict[str, str]] = {}
        for commit, entries in there.items():
            for path, entry in entries.items():
                if entry.kind == FOLDER:
                    if entry.oid not in inside:
                        found = self._files.find({commit: entry.oid}, EVERYTHING)
                        inside[entry.oid] = found[commit]
                    files[commit] |= {f"{path}/{p}": oid for p, oid in inside[entry.oid].items()}
        return files

    def _locks(self, commit: str) -> Blobs:
        found = self._found[commit].items()
        return tuple(item for item in found if dvc_lock.wants(item[0]))

    def _lock_outs(self, locks: Blobs) -> Mapping[str, dvc_lock.LockOut]:
        outs = [
            self._memo.once(
                ("lock", path, data),
                # Called at once, before the names change.
                lambda: dvc_lock.read_lock_outs(data, posixpath.dirname(path)),  # noqa: B023
                len(data),
            )
            for path, data in self._contents(locks).items()
        ]
        return ChainMap(*reversed(outs))

    def _track(self) -> None:
        """Which of the annotations' paths are in Git.

        A path's first part is looked up at each commit, the rest once in each distinct folder.
        """
        commits_of: dict[int, list[str]] = {}
        for commit, said in self.annotations.items():
            commits_of.setdefault(id(said), []).append(commit)
        equal: dict[frozenset[str], frozenset[str]] = {}
        for commits in commits_of.values():
            below = _by_top(one.path for one in self.annotations[commits[0]])
            there = self._files.resolve(self._trees, dict.fromkeys(commits, tuple(below)))
            known: dict[tuple[str, str, str], frozenset[str]] = {}
            for commit in commits:
                parts = []
                for top, entry in there[commit].items():
                    key = (top, entry.kind, entry.oid if entry.kind == FOLDER else "")
                    if key not in known:
                        known[key] = self._tracked_in(commit, top, entry, below[top])
                    parts.append(known[key])
                if found := frozenset().union(*parts):
                    self.tracked[commit] = equal.setdefault(found, found)

    def _tracked_in(
        self, commit: str, top: str, entry: Entry, below: Sequence[str]
    ) -> frozenset[str]:
        found = {top} if "" in below and entry.kind in (FILE, FOLDER) else set()
        if entry.kind == FOLDER:
            asked = {commit: [path for path in below if path]}
            there = self._files.resolve({commit: entry.oid}, asked)[commit]
            found |= {f"{top}/{path}" for path, e in there.items() if e.kind in (FILE, FOLDER)}
        return frozenset(found)


def _by_top(paths: Iterable[str]) -> dict[str, list[str]]:
    """The first part of each path that is no address -> what follows, "" where nothing does.

    A path that cannot be one in Git stays whole, so that it is reported whole.
    """
    found: dict[str, list[str]] = {}
    for path in paths:
        if path and "://" not in path:
            top, _, rest = path.partition("/") if path_parts(path) else (path, "", "")
            found.setdefault(top, []).append(rest)
    return found
