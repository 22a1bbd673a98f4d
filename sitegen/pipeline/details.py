"""What a commit's files say of its versions beyond annotations: models, data, storage, cards.

Asked only for artifacts that have a version at a commit, and for all of them at HEAD. As in
`metadata`, what several commits share is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

from sitegen.errors import Problem
from sitegen.gitio.files import Entry, Files, path_parts
from sitegen.gitio.trees import FILE, FOLDER
from sitegen.readers import base, dvc_config, lfs, mlem, pipelines
from sitegen.readers.memo import Memo
from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Data, Pipeline, outs_of
from sitegen.registry.schemas import ModelMetadata
from sitegen.registry.storage import Storage

SUFFIXES = (".mlem", pipelines.SUFFIX)
"""How the names of files end that are read at every commit, beside those of `metadata`."""

Blobs = tuple[tuple[str, str], ...]
Found = Mapping[str, Mapping[str, str]]
Said = Mapping[str, Sequence[Annotation]]
Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")


class Report(Protocol):
    """Where problems go: those without a ref, and the commits that have them."""

    def add(self, problems: Sequence[Problem], commits: Sequence[str]) -> None: ...


class Details:
    """The details of one repository's versions; `read` fills them as RepositoryFacts has them.

    trees: commit -> tree, in the order in which a problem's first commit is meant. used: commit ->
    what pipeline steps use, nothing makes, and Git may have, code as a rule.
    """

    def __init__(
        self, files: Files, trees: Mapping[str, str], repo: str, memo: Memo, reported: Report
    ) -> None:
        self.models: dict[str, dict[str, ModelMetadata]] = {}
        self.files: dict[str, dict[str, Data]] = {}
        self.pipelines: dict[str, Pipeline] = {}
        self.storages: dict[str, tuple[Storage, ...]] = {}
        self.used: dict[str, tuple[str, ...]] = {}
        self._files = files
        self._trees = trees
        self._repo = repo
        self._memo = memo
        self._reported = reported
        self._blobs: Mapping[str, bytes] = {}

    def read(
        self,
        found: Found,
        blobs: Mapping[str, bytes],
        said: Said,
        sources: Mapping[str, Blobs],
    ) -> None:
        """found, blobs: the commits' metadata files and their contents. said: commit -> an
        annotation of each artifact that matters there; an empty one where none says anything.
        sources: commit -> the files of annotations and what those need."""
        self._blobs = blobs
        self.models = self._models(found, said)
        self._find_files(said)
        found = {commit: found[commit] for commit in found if commit in said}
        self.pipelines = self._pipelines(found, sources)
        self.storages = self._each(
            _only(found, dvc_config.wants),
            lambda key: dvc_config.read_storages(self._contents(key), self._repo),
        )
        self.used = self._uses()

    def _models(self, found: Found, said: Said) -> dict[str, dict[str, ModelMetadata]]:
        by_key = {}
        keys = {}
        for commit, files in _only(found, mlem.wants).items():
            here = said.get(commit, ())
            if here:
                key = (files, tuple((each.artifact, each.path) for each in here))
                keys[commit] = key
                by_key[key] = here
        return self._each(
            keys,
            lambda key: mlem.read_models(
                self._contents(key[0]), by_key[key], self._repo, self._memo
            ),
        )

    def _pipelines(self, found: Found, sources: Mapping[str, Blobs]) -> dict[str, Pipeline]:
        keys = {}
        for commit, files in _only(found, pipelines.wants).items():
            needed = (row for row in sources.get(commit, ()) if not base.wants(row[0]))
            keys[commit] = (*files, *needed)

        def make(key: Blobs) -> tuple[Pipeline | None, Sequence[Problem]]:
            contents = self._contents(key)
            pipeline, problems = pipelines.read_pipeline(contents, self._repo, memo=self._memo)
            return pipeline if pipeline.steps or pipeline.tracked else None, problems

        made = self._each(keys, make)
        return {commit: one for commit, one in made.items() if one is not None}

    def _each(
        self, keys: Mapping[str, Key], make: Callable[[Key], tuple[T, Sequence[Problem]]]
    ) -> dict[str, T]:
        """What is made of each commit's key, once for equal ones; what is empty is not kept."""
        commits: dict[Key, list[str]] = {}
        for commit, key in keys.items():
            commits.setdefault(key, []).append(commit)
        made: dict[str, T] = {}
        for key, having in commits.items():
            result, problems = make(key)
            self._reported.add(problems, having)
            if result:
                made |= dict.fromkeys(having, result)
        return made

    def _contents(self, blobs: Blobs) -> dict[str, bytes]:
        """Path -> bytes; what could not be read is left out, and was reported."""
        return {path: self._blobs[oid] for path, oid in blobs if oid in self._blobs}

    def _find_files(self, said: Said) -> None:
        """The files of annotations that Git has: blob and size, or what a pointer says."""
        asked = {
            commit: paths
            for commit, here in said.items()
            if (paths := [each.path for each in here if each.path and "://" not in each.path])
        }
        there = self._files.resolve(self._trees, asked)
        blobs = {e.oid for entries in there.values() for e in entries.values() if e.kind == FILE}
        sizes = self._files.sizes(sorted(blobs))
        small = {
            commit: {
                path: entry.oid
                for path, entry in entries.items()
                if entry.kind == FILE and sizes.get(entry.oid, lfs.LONGEST + 1) <= lfs.LONGEST
            }
            for commit, entries in there.items()
        }
        contents = self._files.read(small)
        for commit, entries in there.items():
            found = {
                path: _data(path, entry, sizes, contents)
                for path, entry in entries.items()
                if entry.kind in (FILE, FOLDER)
            }
            if found:
                self.files[commit] = found

    def _uses(self) -> dict[str, tuple[str, ...]]:
        by_pipeline: dict[int, tuple[str, ...]] = {}
        for pipeline in self.pipelines.values():
            if id(pipeline) not in by_pipeline:
                by_pipeline[id(pipeline)] = tuple(_unmade(pipeline))
        return {commit: by_pipeline[id(one)] for commit, one in self.pipelines.items()}


def _unmade(pipeline: Pipeline) -> list[str]:
    """The paths of dependencies that are no output, as far as Git could have them."""
    made = {out.path for out in outs_of(pipeline)}
    used = dict.fromkeys(dep.path for step in pipeline.steps for dep in step.deps)
    return [path for path in used if path not in made and "://" not in path and path_parts(path)]


def _only(found: Found, wants: Callable[[str], bool]) -> dict[str, Blobs]:
    """The wanted files of each commit that has any."""
    files = {c: tuple(row for row in paths.items() if wants(row[0])) for c, paths in found.items()}
    return {commit: rows for commit, rows in files.items() if rows}


def _data(path: str, entry: Entry, sizes: Mapping[str, int], contents: Mapping[str, bytes]) -> Data:
    size = sizes.get(entry.oid)
    pointer = lfs.read_pointer(contents[entry.oid]) if entry.oid in contents else None
    if pointer is not None:
        return Data(path, pointer.hash, pointer.algorithm, pointer.size, cached=False)
    return Data(path, entry.oid, "git", size, cached=False)
