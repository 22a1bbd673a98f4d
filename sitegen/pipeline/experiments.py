"""Metrics, params and data of every commit that counts as an experiment.

Commits are read some hundreds at a time, so that memory does not grow with the bytes of all files;
what they share is kept from one time to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.files import Files, Wanted
from sitegen.pipeline.ignored import without_ignored
from sitegen.pipeline.reported import Reported
from sitegen.pipeline.values import Blobs, Found, Values, contents_of
from sitegen.readers import dvc_config, dvc_lock, dvc_yaml, dvcignore, pipelines
from sitegen.readers.data import read_data
from sitegen.readers.memo import Memo
from sitegen.registry.facts import ValueFile
from sitegen.registry.lineage import Data, Pipeline

BATCH = 500

_WANTED = Wanted(
    frozenset({dvc_yaml.NAME, dvc_lock.NAME, dvcignore.NAME}),
    (pipelines.SUFFIX,),
    frozenset({dvc_config.NAME}),
)


class Declaring(msgspec.Struct, frozen=True):
    """The files of some commits that declare more than was read of them yet, plots for instance.

    sources: commit -> the files of annotations and what those need; blobs: their contents.
    pipelines: commit -> what DVC's files say there.
    """

    sources: Mapping[str, Blobs] = {}
    blobs: Mapping[str, bytes] = {}
    pipelines: Mapping[str, Pipeline] = {}


class Experiments:
    """What the commits of one repository say as experiments; `add` and `read` fill it.

    data: commit -> path -> what is recorded of it, as in RepositoryFacts; what is equal is the same
    object. configured: files that hold metrics or params though no dvc.yaml may say so. order:
    commit -> its place, by which the first that has a problem is meant.
    """

    def __init__(
        self,
        files: Files,
        repo: str,
        configured: Sequence[str] = (),
        order: Mapping[str, int] | None = None,
    ) -> None:
        self.memo = Memo()
        self.reported = Reported(order)
        self.data: dict[str, dict[str, Data]] = {}
        self._files = files
        self._repo = repo
        self._values = Values(files, repo, self.memo, self.reported, configured)
        self._recorded: dict[Blobs, tuple[dict[str, Data], tuple[Problem, ...]]] = {}

    @property
    def values(self) -> dict[str, tuple[ValueFile, ...]]:
        """As in RepositoryFacts."""
        return self._values.values

    def read(self, trees: Mapping[str, str]) -> None:
        """Read the commits of `trees` (commit -> tree) in its order; those added are not among."""
        rows = list(trees.items())
        for start in range(0, len(rows), BATCH):
            here = dict(rows[start : start + BATCH])
            found = without_ignored(self._files, self._files.find(here, _WANTED))
            blobs = self._files.read(found)
            self.add(here, self.sources(here, found, blobs), found, blobs)

    def declaring(self, trees: Mapping[str, str]) -> Declaring:
        """The files of commits that were read before; what is wrong in them is told already."""
        found = without_ignored(self._files, self._files.find(trees, _WANTED))
        blobs = self._files.read(found)
        rows = {c: key for key, each in self.sources(trees, found, blobs).items() for c in each}
        known: dict[Blobs, Pipeline] = {}
        said: dict[str, Pipeline] = {}
        for commit, needed in rows.items():
            own = (item for item in found[commit].items() if pipelines.wants(item[0]))
            key = (*own, *needed)
            if key not in known:
                contents = contents_of(key, blobs)
                known[key], _ = pipelines.read_pipeline(contents, self._repo, memo=self.memo)
            said[commit] = known[key]
        return Declaring(rows, blobs, said)

    def sources(
        self, trees: Mapping[str, str], found: Found, blobs: dict[str, bytes]
    ) -> dict[Blobs, list[str]]:
        """As `Values.sources`."""
        return self._values.sources(trees, found, blobs)

    def add(
        self,
        trees: Mapping[str, str],
        sources: Mapping[Blobs, Sequence[str]],
        found: Found,
        blobs: Mapping[str, bytes],
    ) -> None:
        """Read commits whose metadata files are at hand; arguments as in `Values.read`."""
        self._values.read(trees, sources, found, blobs)
        having: dict[Blobs, list[str]] = {}
        recording = cache(pipelines.wants)
        for needed, commits in sources.items():
            for commit in commits:
                own = [item for item in found[commit].items() if recording(item[0])]
                having.setdefault((*own, *needed), []).append(commit)
        for files, commits in having.items():
            if files not in self._recorded:
                contents = contents_of(files, blobs)
                self._recorded[files] = read_data(contents, self._repo, memo=self.memo)
            data, problems = self._recorded[files]
            self.reported.add(problems, commits)
            if data:
                self.data |= dict.fromkeys(commits, data)
