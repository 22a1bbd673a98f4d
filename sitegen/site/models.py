"""One artifact as its views: versions, chips, events, what its annotation said and when."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from sitegen.registry import names, versions
from sitegen.registry.events import Event
from sitegen.registry.facts import (
    Annotation,
    Commit,
    Leaf,
    Moment,
    RepositoryFacts,
    Rules,
    ValueFile,
)
from sitegen.registry.lineage import Graph
from sitegen.registry.runs import ci_runs
from sitegen.registry.state import Artifact, Version
from sitegen.site import urls
from sitegen.site.actions import actions_view
from sitegen.site.cards import Cards, card_of, card_view, without_repeats
from sitegen.site.compare import changes, facts_of
from sitegen.site.day import record_views, timeline_view
from sitegen.site.details import Details, Said
from sitegen.site.fetch import command_views, kept_by_dvc, place_of, stage_command
from sitegen.site.hashes import Known
from sitegen.site.lineage import Place, lineage_view
from sitegen.site.links import RepositoryLinks
from sitegen.site.metadata import file_view, metadata_view
from sitegen.site.model import (
    Chip,
    EventView,
    ModelView,
    ValueView,
    VersionView,
)
from sitegen.site.origins import Origins
from sitegen.site.owned import own_of
from sitegen.site.parts import CommitView, LinkView, StageView
from sitegen.site.plots import ShownPlot, main_path, plot_views
from sitegen.site.text import line, visible, when
from sitegen.site.values import file_views, headline, metric_table, value_view

T = TypeVar("T")

VERBS = {
    "registration": "registered",
    "deregistration": "deregistered",
    "assignment": "assigned",
    "unassignment": "unassigned",
    "deprecation": "deprecated",
}

METRIC_VERSIONS = 50
"""How many versions the table of metrics across versions holds; the JSON has them all."""


class Context(msgspec.Struct, frozen=True):
    """What the views of one repository's artifacts need besides the artifact.

    folders: those that artifacts' names mention, longest first. named: folder -> the names in it.
    Both tell whose a metrics file is. said: commit -> artifact -> its annotation there. details: of
    every version. cards: those of the author, and the texts of all. known, origins: of the whole
    portal which models have a hash, and which was imported. plots: commit -> those that are
    declared there. experiments: the commits that are rows of the table of experiments. today: the
    portal's date. rules: of promotion, as the portal's configuration or `.gto` has them.
    """

    facts: RepositoryFacts
    links: RepositoryLinks
    stages: Mapping[str, StageView]
    folders: tuple[str, ...]
    named: Mapping[str, frozenset[str]] = {}
    said: Said = {}
    details: Details = {}
    cards: Cards = Cards()
    known: Known = {}
    origins: Origins = Origins(())
    plots: Mapping[str, tuple[ShownPlot, ...]] = {}
    experiments: frozenset[str] = frozenset()
    today: Moment | None = None
    rules: Rules = Rules()


def short(version: str) -> str:
    """A version as shown: itself, or seven digits of a commit's id."""
    return visible(version) if versions.is_version(version) else version[:7]


def commit_view(commit: Commit | None, oid: str, links: RepositoryLinks) -> CommitView:
    """A commit as shown; one that could not be read keeps its id alone."""
    if commit is None:
        return CommitView(oid, oid[:7], links.commit(oid), "", when(None), "")
    return CommitView(
        oid,
        oid[:7],
        links.commit(oid),
        visible(commit.author.name),
        when(commit.authored),
        line(commit.message),
    )


def event_view(event: Event, context: Context) -> EventView:
    """One registry action as shown."""
    repo = context.facts.name
    page = urls.version(repo, event.artifact, event.version) if event.version else ""
    return EventView(
        event.kind,
        VERBS[event.kind],
        visible(event.artifact),
        visible(repo),
        urls.model(repo, event.artifact),
        short(event.version) if event.version else "",
        page,
        context.stages.get(event.stage),
        when(event.when),
        visible(event.author.name) if event.author else "",
        visible(event.message),
        event.commit[:7],
        context.links.commit(event.commit),
        visible(event.tag),
        context.links.tag(event.tag),
    )


def annotation_of(context: Context, commit: str, artifact: str) -> Annotation | None:
    """What metadata said of `artifact` at `commit`."""
    return context.said.get(commit, {}).get(artifact)


def description_of(
    context: Context, artifact: Artifact, kept: Sequence[Version]
) -> tuple[Annotation | None, str]:
    """What describes the artifact as a whole, and the commit that says so.

    HEAD's annotation, else that of the greatest version which has one.
    """
    for commit in (context.facts.head, *(version.commit for version in kept)):
        said = annotation_of(context, commit, artifact.name)
        if said is not None:
            return said, commit
    return None, ""


def values_of(context: Context, commit: str, artifact: str) -> tuple[ValueFile, ...]:
    """The metrics and params at `commit` that are the artifact's, as far as their paths tell."""
    here = context.facts.values.get(commit, ())
    return _own(context, commit, artifact, here, lambda file: file.path)


def plots_of(context: Context, commit: str, artifact: str) -> tuple[ShownPlot, ...]:
    """The plots at `commit` that are the artifact's, as far as their paths tell."""
    return _own(context, commit, artifact, context.plots.get(commit, ()), main_path)


def _own(
    context: Context, commit: str, artifact: str, items: Sequence[T], path_of: Callable[[T], str]
) -> tuple[T, ...]:
    said = annotation_of(context, commit, artifact)
    is_model = said is None or said.type in ("", "model")
    return own_of(artifact, items, path_of, context.folders, context.named, is_model=is_model)


def unique_versions(artifact: Artifact) -> tuple[Version, ...]:
    """The versions that get a page: of one name at several commits, the one that counts now.

    That is the one in a stage, else an active one, else the newest.
    """
    chosen: dict[str, Version] = {}
    for version in artifact.versions:
        seen = chosen.get(version.name)
        if seen is None or _weight(version) > _weight(seen):
            chosen[version.name] = version
    return tuple(chosen.values())


def _weight(version: Version) -> tuple[bool, bool, int, str]:
    last = version.events[-1].when if version.events else None
    active = version.active and version.registered
    return bool(version.stages), active, last.seconds if last else -1, version.commit


def model_view(artifact: Artifact, context: Context) -> ModelView:
    """All of one artifact."""
    repo = context.facts.name
    events = {event.tag: event_view(event, context) for event in artifact.events}
    kept = unique_versions(artifact)
    before = previous_versions(kept)
    views = tuple(
        _version_view(version, before.get(version.name), artifact, context, events)
        for version in kept
    )
    views = without_repeats(_with_changes(views))
    by_name = {view.name: view for view in views}
    latest = by_name.get(artifact.latest)
    said, said_at = description_of(context, artifact, kept)
    chips = _chips(artifact, context)
    history = tuple(events[event.tag] for event in reversed(artifact.events))
    compared = [v for v in views if v.registered and v.active][:METRIC_VERSIONS]
    folder, _ = names.split(artifact.name)
    shown = [view for view in (latest, *views) if view and view.metadata]
    return ModelView(
        name=visible(artifact.name),
        folder=visible(folder),
        repo=visible(repo),
        repo_url=f"{urls.PROJECTS}#repo-{urls.slug(repo)}",
        url=urls.model(repo, artifact.name),
        api=urls.api_model(repo, artifact.name),
        feed=urls.model_feed(repo, artifact.name),
        type=visible(said.type) if said else "",
        description=visible(said.description) if said else "",
        labels=tuple(visible(label) for label in said.labels) if said else (),
        path=visible(said.path) if said else "",
        path_href=_path_href(said, said_at, context) if said else "",
        registered=artifact.registered,
        deprecated=artifact.deprecated,
        latest=latest,
        chips=chips,
        held={chip.stage.name: chip for chip in chips},
        last_event=history[0] if history else None,
        versions=views,
        events=history,
        metric_versions=tuple(compared),
        metric_table=metric_table(compared),
        badges=_badges(artifact, repo),
        headline=headline(latest),
        framework=shown[0].metadata.framework if shown and shown[0].metadata else "",
        compare=urls.compare(repo, artifact.name) if len(views) > 1 else "",
        compare_shape=context.links.compare_shape(),
        record=record_views(artifact),
        timeline=timeline_view(
            artifact, context.stages, context.today, partial(urls.version, repo, artifact.name)
        ),
        actions=actions_view(
            artifact, kept, context.facts, context.links, tuple(context.stages), context.rules
        ),
    )


def _with_changes(views: Sequence[VersionView]) -> tuple[VersionView, ...]:
    """The views, each with what is different from the version before it."""
    facts = {view.url: facts_of(view) for view in views}
    return tuple(
        msgspec.structs.replace(view, changes=changes(facts[view.previous_url], facts[view.url]))
        if view.previous_url in facts
        else view
        for view in views
    )


def previous_versions(kept: Sequence[Version]) -> dict[str, Version]:
    """What each version is compared with: the next lower active one; if unregistered, the latest.

    kept: as `unique_versions` gives them.
    """
    registered = [v for v in kept if v.registered and v.active]
    found = {v.name: lower for v, lower in itertools.pairwise(registered)}
    if registered:
        found |= {v.name: registered[0] for v in kept if not v.registered}
    return found


def _version_view(
    version: Version,
    before: Version | None,
    artifact: Artifact,
    context: Context,
    events: Mapping[str, EventView],
) -> VersionView:
    facts, links, repo = context.facts, context.links, context.facts.name
    commit = facts.commits.get(version.commit)
    found = context.details[artifact.name, version.commit]
    said = found.said
    values = values_of(context, version.commit, artifact.name)
    old = values_of(context, before.commit, artifact.name) if before else ()
    kept = partial(kept_by_dvc, found)
    shown = commit_view(commit, version.commit, links)
    registration = version.registration
    path = said.path if said else ""
    return VersionView(
        name=visible(version.name),
        label=short(version.name),
        url=urls.version(repo, artifact.name, version.name),
        tag=visible(registration.tag) if registration else "",
        tag_href=links.tag(registration.tag) if registration else "",
        commit=shown,
        created=when(registration.when) if registration else shown.when,
        author=_author(version, shown),
        message=visible(registration.message) if registration else "",
        signature=registration.signature if registration else "",
        registered=version.registered,
        active=version.active,
        prerelease=versions.is_prerelease(version.name),
        discovered=version.discovered,
        latest=version.name == artifact.latest,
        stages=tuple(context.stages[stage] for stage in context.stages if stage in version.stages),
        type=visible(said.type) if said else "",
        path=visible(path),
        path_href=_path_href(said, version.commit, context) if said else "",
        storage=urlsplit(path).scheme if "://" in path else "",
        description=visible(said.description) if said else "",
        labels=tuple(visible(label) for label in said.labels) if said else (),
        custom=_custom(said),
        annotated_in=visible(said.source) if said else "",
        metrics=file_views(values, old, "metrics", links, version.commit, kept),
        params=file_views(values, old, "params", links, version.commit, kept),
        previous=short(before.name) if before else "",
        previous_name=visible(before.name) if before else "",
        previous_url=urls.version(repo, artifact.name, before.name) if before else "",
        compare_href=links.compare(before.commit, version.commit) if before else "",
        events=tuple(events[event.tag] for event in reversed(version.events)),
        runs=tuple(
            LinkView(visible(run.id or run.url), href=run.url)
            for run in (ci_runs(commit.message) if commit else ())
        ),
        metadata=metadata_view(found.metadata, links, version.commit),
        file=file_view(found.data, *place_of(found, links, version.commit)),
        card=card_view(
            card_of(facts, context.cards, artifact.name, version.commit), links, version.commit
        ),
        commands=command_views(facts, version, found),
        lineage=lineage_view(
            found,
            context.details[artifact.name, before.commit].graph if before else Graph(),
            Place(repo, version.commit, links, context.known, context.origins),
        ),
        plots=plot_views(
            plots_of(context, version.commit, artifact.name), facts, links, version.commit
        ),
        row=urls.experiment(repo, version.commit) if version.commit in context.experiments else "",
    )


def _author(version: Version, commit: CommitView) -> str:
    if version.registration is None:
        return commit.author
    return visible(version.registration.author.name) if version.registration.author else ""


def _path_href(said: Annotation, commit: str, context: Context) -> str:
    if said.path.startswith(("https://", "http://")):
        return said.path
    if said.path in context.facts.tracked.get(commit, ()):
        return context.links.blob(commit, said.path)
    return ""


def _custom(said: Annotation | None) -> tuple[ValueView, ...]:
    """GTO's `custom` or DVC's `meta`, flattened to dotted keys."""
    if said is None or said.custom is None:
        return ()
    found: list[ValueView] = []

    def walk(key: str, value: object) -> None:
        if isinstance(value, dict) and value:
            for name, inner in value.items():
                walk(f"{key}.{name}" if key else str(name), inner)
            return
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        found.append(value_view(key or "custom", Leaf(value, text), None, compared=False))

    walk("", said.custom)
    return tuple(found)


def _chips(artifact: Artifact, context: Context) -> tuple[Chip, ...]:
    repo = context.facts.name
    return tuple(
        Chip(
            stage,
            short(holder.version),
            urls.version(repo, artifact.name, holder.version),
            when(holder.event.when),
            visible(holder.event.author.name) if holder.event.author else "",
            line(holder.event.message),
            visible(stage_command(context.facts, artifact.name, name)),
        )
        for name, stage in context.stages.items()
        if name in artifact.stages
        for holder in artifact.stages[name][:1]
    )


def _badges(artifact: Artifact, repo: str) -> tuple[tuple[str, str], ...]:
    stages = sorted({event.stage for event in artifact.events if event.stage})
    found = [("latest", urls.badge(repo, artifact.name))] if artifact.registered else []
    return (*found, *((stage, urls.badge(repo, artifact.name, stage)) for stage in stages))
