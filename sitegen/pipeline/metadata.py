"""What the metadata files of versions' commits say: annotations, and where their files are.

Most commits leave most files as they were, so everything is worked out once per distinct set of the
blobs that it depends on, whatever commits have them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import is_

from sitegen.errors import Problem
from sitegen.gitio.files import Files, Wanted
from sitegen.pipeline.cards import Cards
from sitegen.pipeline.details import SUFFIXES, Details
from sitegen.pipeline.experiments import Declaring, Experiments
from sitegen.pipeline.ignored import without_ignored
from sitegen.pipeline.tracked import tracked_paths
from sitegen.pipeline.values import Blobs, contents_of
from sitegen.readers import base, dvc_config, dvc_lock, dvcignore, gto_config
from sitegen.registry.facts import Annotation, Rules, ValueFile
from sitegen.site.links import WORKFLOWS

# By name, in any folder; the readers then claim those that are where their format has them.
METADATA = Wanted(
    frozenset({"artifacts.yaml", "dvc.yaml", dvc_lock.NAME, gto_config.NAME, dvcignore.NAME}),
    SUFFIXES,
    frozenset({dvc_config.NAME}),
)


class Metadata:
    """The metadata of one repository's commits; `read` fills it.

    trees: commit -> tree, in the order in which a problem's first commit is meant. shown: whether
    an artifact is one to show, None where all are. versions: commit -> the artifacts that have a
    version there. head: where every annotated artifact matters. experiments: what reads the
    commits' metrics, params and data, and is told of these. annotations, tracked: as in
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
        experiments: Experiments | None = None,
    ) -> None:
        self.annotations: dict[str, tuple[Annotation, ...]] = {}
        self.tracked: dict[str, frozenset[str]] = {}
        self._files = files
        self._trees = trees
        self._repo = repo
        self._shown = shown
        self._experiments = experiments or Experiments(files, repo)
        self._memo = self._experiments.memo
        self._reported = self._experiments.reported
        self._versions = versions or {}
        self._head = head
        self.details = Details(files, trees, repo, self._memo, self._reported)
        self.cards = Cards(files, trees, repo)
        self.declaring = Declaring()
        self._found: dict[str, dict[str, str]] = {}
        self._blobs: dict[str, bytes] = {}

    @property
    def values(self) -> dict[str, tuple[ValueFile, ...]]:
        """As in RepositoryFacts, of all commits that were read so far."""
        return self._experiments.values

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong in any of the repository's files so far."""
        return (*self._files.problems, *self._reported.problems)

    def read(self) -> None:
        """Everything, in three rounds: metadata files, what they need, what they name."""
        found = self._files.find(self._trees, METADATA)
        self._found = without_ignored(self._files, found)
        self._blobs = self._files.read(self._found)
        sources = self._experiments.sources(self._trees, self._found, self._blobs)
        self._annotate(sources)
        self._experiments.add(self._trees, sources, self._found, self._blobs)
        self._track(self._paths())
        meant = self._meant()
        by_commit = {commit: blobs for blobs, commits in sources.items() for commit in commits}
        self.details.read(self._found, self._blobs, meant, by_commit)
        self._track(self.details.used)
        self.cards.read(meant, self.annotations, self._reported)
        own = {commit: by_commit[commit] for commit in meant}
        self.declaring = Declaring(own, self._blobs, self.details.pipelines)

    def allowed(self, head: str) -> tuple[tuple[str, ...], tuple[str, ...], Rules]:
        """What `.gto` says at HEAD: the stages and types that it allows, its promotion rules."""
        data = self._blobs.get(self._found.get(head, {}).get(gto_config.NAME, ""))
        if data is None:
            return (), (), Rules()
        stages, of_stages = gto_config.read_stages(data, self._repo)
        types, of_types = gto_config.read_types(data, self._repo)
        rules, of_rules = gto_config.read_promotion(data, self._repo)
        self._reported.add(tuple(dict.fromkeys((*of_stages, *of_types, *of_rules))), [head])
        return stages, types, rules

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

    def _annotate(self, sources: Mapping[Blobs, list[str]]) -> None:
        found: dict[str, tuple[Annotation, ...]] = {}
        # By identity: of many equal annotations few are compared, and `custom` may not be hashed.
        equal: dict[int, tuple[Annotation, ...]] = {}
        for blobs, commits in sources.items():
            files = contents_of(blobs, self._blobs)
            said, problems = base.read_annotations(files, self._repo, memo=self._memo)
            self._reported.add(problems, commits)
            if self._shown is not None:
                said = tuple(one for one in said if self._shown(one.artifact))
            if said:
                known = equal.setdefault(hash(tuple(map(id, said))), said)
                if len(known) == len(said) and all(map(is_, known, said)):
                    said = known
                found |= dict.fromkeys(commits, said)
        self.annotations = {commit: found[commit] for commit in self._trees if commit in found}

    def _track(self, asked: Mapping[str, Sequence[str]]) -> None:
        """Which of these paths, commit by commit, are in Git, beside those known to be."""
        equal: dict[frozenset[str], frozenset[str]] = {}
        for commit, there in tracked_paths(self._files, self._trees, asked).items():
            paths = there | self.tracked.get(commit, frozenset())
            self.tracked[commit] = equal.setdefault(paths, paths)

    def _paths(self) -> dict[str, tuple[str, ...]]:
        """The paths of each commit's annotations; at HEAD also where jobs may be set up."""
        known: dict[int, tuple[str, ...]] = {}
        for said in self.annotations.values():
            if id(said) not in known:
                known[id(said)] = tuple(one.path for one in said)
        found = {commit: known[id(said)] for commit, said in self.annotations.items()}
        if self._head:
            found[self._head] = (*found.get(self._head, ()), *WORKFLOWS)
        return found
