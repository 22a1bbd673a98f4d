"""One repository to its facts: which objects to read, in which order, all in bulk."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import Problem, RepositoryError
from sitegen.gitio.files import FILE, FOLDER, Entry, Files, read_paths
from sitegen.gitio.files import Wanted as WantedFiles
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_commits, read_tags
from sitegen.gitio.repository import RefList, open_repository, read_refs
from sitegen.readers import artifacts_yaml, base, dvc_lock, gto_config
from sitegen.readers.declared import CUSTOMARY, Declared, declared_values
from sitegen.readers.values import read_values
from sitegen.registry import events, names
from sitegen.registry.facts import Annotation, Commit, Ref, RepositoryFacts, Tag, ValueFile
from sitegen.registry.state import Annotated, Registry, fold
from sitegen.registry.tags import TagName, parse
from sitegen.site.build import Source

HEADS = "refs/heads/"
TAGS = "refs/tags/"

# By name, in any folder; the readers then claim those that are where their format has them.
EVERYTHING = WantedFiles(frozenset(), ("",))
METADATA = WantedFiles(frozenset({"artifacts.yaml", "dvc.yaml", dvc_lock.NAME, gto_config.NAME}))


class Wanted(msgspec.Struct, frozen=True):
    """What to read: where the objects are, and how the repository is called and linked.

    branch: the one that counts as HEAD, "" for the repository's own. projects: the folders of a
    monorepo to show, () for all.
    """

    name: str
    path: Path
    url: str = ""
    web: str = ""
    branch: str = ""
    projects: tuple[str, ...] = ()
    allow_shallow: bool = False


class Chosen(msgspec.Struct, frozen=True):
    """The registry's tags among a repository's refs."""

    said: Mapping[str, TagName]
    refs: tuple[Ref, ...]
    problems: tuple[Problem, ...]


def choose(wanted: Wanted, refs: RefList) -> Chosen:
    """Which refs to read as registry tags."""
    said, ours, missed = events.select(refs.refs)
    if wanted.projects:
        said = {
            name: tag for name, tag in said.items() if in_projects(tag.artifact, wanted.projects)
        }
        ours = [ref for ref in ours if ref.name.removeprefix(TAGS) in said]
    return Chosen(said, tuple(ours), events.near_miss_problems(wanted.name, missed))


def in_projects(artifact: str, projects: Collection[str]) -> bool:
    """Whether an artifact belongs to one of the folders to show; () shows all."""
    folder, _ = names.split(artifact)
    return not projects or any(
        folder == project or folder.startswith(f"{project}/") for project in projects
    )


def read_registry(wanted: Wanted) -> Registry:
    """The registry's state by tags alone: no annotation, no commit is read.

    Raises RepositoryError where the repository cannot be read as a whole.
    """
    repo = open_repository(wanted.path, wanted.name)
    chosen = choose(wanted, read_refs(repo, wanted.name))
    with ObjectReader(repo) as reader:
        tags, _ = read_tags(reader, chosen.refs, wanted.name)
    return fold(tags, chosen.said, repo=wanted.name)


def read_repository(wanted: Wanted) -> RepositoryFacts:
    """All facts of one repository. Raises RepositoryError where it cannot be read as a whole."""
    repo = open_repository(wanted.path, wanted.name)
    if repo.shallow and not wanted.allow_shallow:
        raise RepositoryError(
            "a shallow clone lacks history and tags that the registry is made of",
            repo=wanted.name,
            path=str(wanted.path),
            remedy="run `git fetch --unshallow --tags --force` in it (in CI: fetch-depth: 0), "
            "or pass --allow-shallow",
        )
    refs = read_refs(repo, wanted.name)
    branch, head = _head(wanted, refs)
    chosen = choose(wanted, refs)
    with ObjectReader(repo) as reader:
        tags, tag_problems = read_tags(reader, chosen.refs, wanted.name)
        oids = dict.fromkeys(tag.commit for tag in tags)
        if head:
            oids[head] = None
        commits, commit_problems = read_commits(reader, oids, wanted.name)
        metadata = _Metadata(
            wanted, Files(reader, wanted.name), _trees(tags, chosen, head, commits)
        )
        metadata.read()
    problems = (
        *refs.problems, *chosen.problems, *tag_problems, *commit_problems, *metadata.problems,
    )  # fmt: skip
    return RepositoryFacts(
        name=wanted.name,
        url=wanted.url,
        branch=branch,
        head=head if head in commits else "",
        tags=tuple(sorted(tags, key=lambda tag: tag.name)),
        commits=commits,
        annotations=metadata.annotations,
        values=metadata.values,
        projects=metadata.folders.get(head, ()),
        tracked=metadata.tracked,
        stages=metadata.stages(head),
        web=wanted.web,
        problems=tuple(dict.fromkeys(problems)),
    )


def to_source(facts: RepositoryFacts) -> Source:
    """The facts with the registry that they fold to."""
    said = {tag.name: name for tag in facts.tags if (name := parse(tag.name)) is not None}
    at_head = facts.annotations.get(facts.head, ())
    annotated = Annotated(
        facts.head,
        tuple(a.artifact for a in at_head),
        # GTO shows an unregistered version at HEAD for its own file alone.
        tuple(a.artifact for a in at_head if artifacts_yaml.NAME in a.sources),
    )
    return Source(facts, fold(facts.tags, said, annotated, facts.name))


def _head(wanted: Wanted, refs: RefList) -> tuple[str, str]:
    if not wanted.branch:
        return refs.branch, refs.head
    head = next((ref.oid for ref in refs.refs if ref.name == HEADS + wanted.branch), "")
    if not head:
        raise RepositoryError(
            f"there is no branch {wanted.branch!r}",
            repo=wanted.name,
            remedy="mend `branch` in the configuration, or leave it out",
        )
    return wanted.branch, head


def _trees(
    tags: Sequence[Tag], chosen: Chosen, head: str, commits: Mapping[str, Commit]
) -> dict[str, str]:
    """Commit -> tree, of the commits whose files matter: versions' and HEAD."""
    asked = {t.commit for t in tags if chosen.said[t.name].kind != "deprecation"} | {head}
    return {oid: commit.tree for oid, commit in commits.items() if oid in asked}


class _Metadata:
    """What the files of each commit say. Every distinct blob is read once, whatever leads to it."""

    def __init__(self, wanted: Wanted, files: Files, trees: Mapping[str, str]) -> None:
        self.wanted = wanted
        self.files = files
        self.trees = trees
        self.annotations: dict[str, tuple[Annotation, ...]] = {}
        self.values: dict[str, tuple[ValueFile, ...]] = {}
        self.tracked: dict[str, frozenset[str]] = {}
        self.folders: dict[str, tuple[str, ...]] = {}
        self._own: list[Problem] = []
        self._blobs: dict[str, bytes] = {}
        self._found: dict[str, dict[str, str]] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.files.problems, *self._own)

    def read(self) -> None:
        """Everything, in three rounds: metadata files, what they need, what they name."""
        self._found = self.files.find(self.trees, METADATA)
        self._blobs = self.files.read(self._found)
        self._fetch({commit: sorted(base.needs(self._at(commit))) for commit in self._found})
        for commit in self._found:
            self._annotate(commit)
        self._measure()
        named = {
            commit: [a.path for a in said if a.path and "://" not in a.path]
            for commit, said in self.annotations.items()
        }
        there = self.files.resolve(self.trees, named)
        self.tracked = {
            commit: frozenset(path for path, entry in paths.items() if entry.kind in (FILE, FOLDER))
            for commit, paths in there.items()
            if paths
        }

    def stages(self, head: str) -> tuple[str, ...]:
        """The stages that `.gto` allows at HEAD."""
        data = self._at(head).get(gto_config.NAME) if head in self._found else None
        if data is None:
            return ()
        found, problems = gto_config.read_stages(data, self.wanted.name, head)
        self._own += problems
        return found

    def _at(self, commit: str) -> dict[str, bytes]:
        """Path -> bytes of the files read so far at a commit."""
        return {
            path: self._blobs[oid]
            for path, oid in self._found[commit].items()
            if oid in self._blobs
        }

    def _fetch(self, paths: Mapping[str, Sequence[str]]) -> None:
        found, blobs = read_paths(self.files, self.trees, paths)
        self._blobs |= blobs
        for commit, more in found.items():
            self._found[commit] |= more

    def _annotate(self, commit: str) -> None:
        files = self._at(commit)
        said, problems = base.read_annotations(files, self.wanted.name, commit)
        self._own += problems
        said = tuple(a for a in said if in_projects(a.artifact, self.wanted.projects))
        if said:
            self.annotations[commit] = said
        self.folders[commit] = tuple(
            dict.fromkeys(posixpath.dirname(path) for path in base.annotation_paths(files))
        )

    def _measure(self) -> None:
        """Metrics and params: which files, are they there, what do they say."""
        declared = {
            commit: declared_values(self._at(commit), (), self.wanted.name, commit)[0]
            for commit in self._found
        }
        asked = {
            commit: [*CUSTOMARY, *(one.path for one in found)] for commit, found in declared.items()
        }
        there = self._open_folders(self.files.resolve(self.trees, asked))
        final: dict[str, tuple[Declared, ...]] = {}
        for commit, paths in there.items():
            found, problems = declared_values(
                self._at(commit),
                paths.keys() | self._found[commit].keys(),
                self.wanted.name,
                commit,
            )
            final[commit] = found
            self._own += problems
        wanted = {
            commit: {
                one.path: there[commit][one.path] for one in found if one.path in there[commit]
            }
            for commit, found in final.items()
        }
        self._blobs |= self.files.read(wanted)
        # Most commits leave most files as they were; equal ones are read, and kept, once.
        known: dict[tuple[Declared, str], ValueFile | None] = {}
        for commit, found in final.items():
            outs = self._lock_outs(commit)
            values = []
            for one in found:
                oid = wanted[commit].get(one.path, "")
                key = (one, oid)
                if not oid or key not in known:
                    known[key], problems = read_values(
                        one, self._blobs.get(oid), repo=self.wanted.name, ref=commit, outs=outs
                    )
                    self._own += problems
                values.append(known[key])
            kept = tuple(value for value in values if value is not None)
            if kept:
                self.values[commit] = kept

    def _open_folders(self, there: Mapping[str, Mapping[str, Entry]]) -> dict[str, dict[str, str]]:
        """Path -> blob at each commit: the files, and those inside of the folders."""
        files: dict[str, dict[str, str]] = {}
        inside: dict[str, dict[str, str]] = {}
        for commit, entries in there.items():
            files[commit] = {path: e.oid for path, e in entries.items() if e.kind == FILE}
            for path, entry in entries.items():
                if entry.kind == FOLDER:
                    if entry.oid not in inside:
                        found = self.files.find({commit: entry.oid}, EVERYTHING)
                        inside[entry.oid] = found[commit]
                    files[commit] |= {f"{path}/{p}": oid for p, oid in inside[entry.oid].items()}
        return files

    def _lock_outs(self, commit: str) -> dict[str, dvc_lock.LockOut]:
        outs: dict[str, dvc_lock.LockOut] = {}
        for path, data in self._at(commit).items():
            if dvc_lock.wants(path):
                outs |= dvc_lock.read_lock_outs(data, posixpath.dirname(path))
        return outs
