"""One repository to its facts: which objects to read, in which order, all in bulk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import msgspec

from sitegen.errors import Problem, RepositoryError
from sitegen.gitio.files import Files
from sitegen.gitio.history import Selection, read_history
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import collector_at_rest, read_commits, read_tags
from sitegen.gitio.repository import RefList, open_repository, read_refs
from sitegen.gitio.signatures import Trust, verify_tags
from sitegen.pipeline.experiments import Experiments
from sitegen.pipeline.metadata import Metadata
from sitegen.pipeline.plots import Plots
from sitegen.readers import artifacts_yaml
from sitegen.registry import events, names
from sitegen.registry.facts import Commit, RepositoryFacts, Tag
from sitegen.registry.projects import lies_in
from sitegen.registry.state import Annotated, fold
from sitegen.registry.tags import TagName, parse
from sitegen.site.build import Source

HEADS = "refs/heads/"


class Wanted(msgspec.Struct, frozen=True):
    """What to read: where the objects are, and how the repository is called and linked.

    branch: the one that counts as HEAD, "" for the repository's own. projects: the folders of a
    monorepo to show, () for all. selection: which commits count as experiments. files: those that
    hold metrics or params though no dvc.yaml may say so. plots: of how many experiments, the newest
    ones, plots are read; those of versions always are.
    """

    name: str
    path: Path
    url: str = ""
    web: str = ""
    branch: str = ""
    projects: tuple[str, ...] = ()
    allow_shallow: bool = False
    trust: Trust = Trust()
    selection: Selection = Selection()
    files: tuple[str, ...] = ()
    plots: int = 100


class Read(msgspec.Struct, frozen=True):
    """The refs of a repository, what the registry's tags among them say, and those tags.

    problems: of refs, names and tag objects.
    """

    refs: RefList
    said: Mapping[str, TagName]
    tags: tuple[Tag, ...]
    problems: tuple[Problem, ...]


def read_tags_of(
    reader: ObjectReader,
    name: str,
    projects: Collection[str] = (),
    trust: Callable[[], Trust] = Trust,
) -> Read:
    """The registry's tags. Git hands out the objects while their names are still being read.

    trust: whose signatures count; asked only where a tag is signed.
    """
    reader.warm_up()
    refs = read_refs(reader.repo, name)
    maybe = events.candidates(refs.refs)
    reader.prefetch([ref.oid for ref in maybe])
    said, _, missed = events.select(maybe)
    if projects:
        said = {tag: one for tag, one in said.items() if in_projects(one.artifact, projects)}
    tags, problems = read_tags(reader, maybe, name, said)
    near = events.near_miss_problems(name, missed)
    unverified: tuple[Problem, ...] = ()
    if any(tag.signature for tag in tags):
        tags, unverified = verify_tags(reader.repo, tags, trust(), name)
    return Read(refs, said, tags, (*refs.problems, *near, *problems, *unverified))


def in_projects(artifact: str, projects: Collection[str]) -> bool:
    """Whether an artifact belongs to one of the folders to show; () shows all."""
    folder, _ = names.split(artifact)
    return lies_in(folder, projects)


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
    with ObjectReader(repo) as reader, collector_at_rest():
        read = read_tags_of(reader, wanted.name, wanted.projects, lambda: wanted.trust)
        branch, head = _head(wanted, read.refs)
        tags = read.tags
        history, history_problems = read_history(
            reader,
            read.refs,
            wanted.name,
            wanted.selection,
            {tag.name: tag.commit for tag in tags},
        )
        shown = dict.fromkeys(history.commits)
        shown |= dict.fromkeys(oid for one in history.experiments for oid in one.commits)
        oids = dict.fromkeys(tag.commit for tag in tags) | shown
        if head:
            oids[head] = None
        commits, commit_problems = read_commits(reader, oids, wanted.name)
        files = Files(reader, wanted.name)
        trees = _oldest_first(commits)
        experiments = Experiments(
            files, wanted.name, wanted.files, {oid: at for at, oid in enumerate(trees)}
        )
        versions = _with_metadata(read, head)
        metadata = Metadata(
            files,
            {oid: tree for oid, tree in trees.items() if oid in versions},
            wanted.name,
            (lambda name: in_projects(name, wanted.projects)) if wanted.projects else None,
            _versions(read),
            head,
            experiments,
        )
        metadata.read()
        experiments.read(
            {oid: tree for oid, tree in trees.items() if oid in shown and oid not in versions}
        )
        newest = [oid for oid in reversed(trees) if oid in shown and oid not in versions]
        more = dict.fromkeys(newest[: wanted.plots])
        plots = Plots(
            files,
            {oid: tree for oid, tree in trees.items() if oid in versions or oid in more},
            wanted.name,
            experiments.memo,
        )
        others = experiments.declaring({oid: trees[oid] for oid in more})
        plots.read((metadata.declaring, others), experiments.reported)
        stages, types, promotion = metadata.allowed(head)
    problems = (*read.problems, *history_problems, *commit_problems, *metadata.problems)
    return RepositoryFacts(
        name=wanted.name,
        url=wanted.url,
        branch=branch,
        head=head if head in commits else "",
        tags=tuple(sorted(tags, key=lambda tag: tag.name)),
        commits=commits,
        annotations=metadata.annotations,
        values=metadata.values,
        projects=metadata.folders(head),
        tracked=metadata.tracked,
        models=metadata.details.models,
        files=metadata.details.files,
        pipelines=metadata.details.pipelines,
        storages=metadata.details.storages,
        cards=metadata.cards.cards,
        texts=metadata.cards.texts,
        pictures=plots.pictures | metadata.cards.pictures,
        plots=plots.plots,
        tables=plots.tables,
        templates=plots.templates,
        stages=stages,
        types=types,
        promotion=promotion,
        web=wanted.web,
        history=history,
        data=experiments.data,
        problems=tuple(dict.fromkeys(problems)),
        shown=wanted.projects,
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


def _versions(read: Read) -> dict[str, set[str]]:
    """Commit -> the artifacts that tags put there."""
    found: dict[str, set[str]] = {}
    for tag in read.tags:
        found.setdefault(tag.commit, set()).add(read.said[tag.name].artifact)
    return found


def _with_metadata(read: Read, head: str) -> frozenset[str]:
    """The commits whose metadata matters: those of versions, and HEAD."""
    asked = {tag.commit for tag in read.tags if read.said[tag.name].kind != "deprecation"}
    return frozenset(asked | {head})


def _oldest_first(commits: Mapping[str, Commit]) -> dict[str, str]:
    """Commit -> tree. A problem names the first commit that has it, whatever the order of refs."""

    def age(oid: str) -> tuple[bool, int, str]:
        when = commits[oid].committed
        return when is None, when.seconds if when else 0, oid

    return {oid: commits[oid].tree for oid in sorted(commits, key=age)}
