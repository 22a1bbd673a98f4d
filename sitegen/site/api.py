"""Registries to the records of `api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sitegen.errors import Problem
from sitegen.registry.events import Event
from sitegen.registry.facts import Card, timestamp
from sitegen.registry.graph_changes import changes_of
from sitegen.registry.lineage import Data, Graph, Node
from sitegen.registry.runs import ci_runs
from sitegen.registry.schemas import requirement_text
from sitegen.registry.state import Artifact, Version
from sitegen.site import urls
from sitegen.site.api_experiments import api_experiments
from sitegen.site.api_values import by_file, plain
from sitegen.site.build import (
    Settings,
    Source,
    all_problems,
    contexts_of,
    generated,
    stage_views,
)
from sitegen.site.cards import Cards, card_of
from sitegen.site.details import VersionDetails
from sitegen.site.fetch import commands_of, place_of
from sitegen.site.models import (
    Context,
    description_of,
    plots_of,
    previous_versions,
    unique_versions,
    values_of,
)
from sitegen.site.plots import plot_records
from sitegen.site.records import (
    SCHEMA,
    ApiArtifact,
    ApiCard,
    ApiEvent,
    ApiLineage,
    ApiModel,
    ApiModelSummary,
    ApiNode,
    ApiProblem,
    ApiRegistry,
    ApiRepository,
    ApiRepositorySummary,
    ApiResult,
    ApiRun,
    ApiVersion,
)

CARD_TEXT = 64 * 1024
"""Characters of a model card's text that the API hands out."""


def documents(
    sources: Sequence[Source],
    settings: Settings,
    problems: Sequence[Problem] = (),
    cards: Cards | None = None,
) -> dict[str, Any]:
    """Path -> record, for every JSON file of the API. problems, cards: as of `build_site`."""
    ordered = sorted(sources, key=lambda source: source.facts.name)
    stages = stage_views(ordered, settings)
    found: dict[str, Any] = {}
    summaries: list[ApiModelSummary] = []
    events: list[tuple[int, ApiEvent]] = []
    repositories: list[ApiRepositorySummary] = []
    for source, context in zip(ordered, contexts_of(ordered, stages, cards), strict=True):
        facts = source.facts
        mine = []
        for artifact in source.registry.artifacts.values():
            model = _model(artifact, context)
            found[model.api] = model
            mine.append(_summary(model))
            events += [
                (event.when.seconds if event.when else -1, _event(event, facts.name))
                for event in artifact.events
            ]
        summaries += mine
        theirs = {*all_problems(source), *(p for p in problems if p.repo == facts.name)}
        repository = ApiRepository(
            SCHEMA, facts.name, facts.url or None, facts.branch or None, facts.head or None,
            list(facts.projects), mine, [_problem(p) for p in sorted(theirs)],
            api_experiments(facts, source.registry), urls.api_repository(facts.name),
        )  # fmt: skip
        found[repository.api] = repository
        repositories.append(
            ApiRepositorySummary(
                facts.name, facts.url or None, facts.head or None,
                sum(model.type in (None, "model") for model in mine),
                len(repository.experiments), repository.api,
            )
        )  # fmt: skip
    # As on the page of the activity: site.build.all_events.
    events.sort(key=lambda pair: (pair[0], pair[1].repo, pair[1].artifact))
    newest = [event for _, event in reversed(events)]
    everything = sorted({*problems, *(p for source in ordered for p in all_problems(source))})
    moment = generated(ordered, settings)
    found[urls.API_REGISTRY] = ApiRegistry(
        SCHEMA, settings.title, timestamp(moment), summaries, repositories, len(everything)
    )
    found[urls.API_EVENTS] = newest
    found[urls.API_PROBLEMS] = [_problem(problem) for problem in everything]
    return found


def _model(artifact: Artifact, context: Context) -> ApiModel:
    facts = context.facts
    kept = unique_versions(artifact)
    said, _ = description_of(context, artifact, kept)
    return ApiModel(
        SCHEMA,
        artifact.name,
        facts.name,
        (said.type or None) if said else None,
        artifact.latest or None,
        {stage: [a.version for a in held] for stage, held in artifact.stages.items()},
        _framework(artifact, kept, context),
        list(said.labels) if said else [],
        (said.description or None) if said else None,
        artifact.registered,
        artifact.deprecated,
        _versions(artifact, context),
        [_event(event, facts.name) for event in reversed(artifact.events)],
        urls.model(facts.name, artifact.name),
        urls.api_model(facts.name, artifact.name),
        urls.model_feed(facts.name, artifact.name),
    )


def _summary(model: ApiModel) -> ApiModelSummary:
    return ApiModelSummary(
        model.name,
        model.repo,
        model.type,
        model.latest,
        model.stages,
        model.framework,
        model.labels,
        model.description,
        model.registered,
        model.deprecated,
        sum(version.registered for version in model.versions),
        model.url,
        model.api,
    )


def _versions(artifact: Artifact, context: Context) -> list[ApiVersion]:
    """All versions; the text of a card stands with the first that has it."""
    before = previous_versions(unique_versions(artifact))
    told: dict[Card, str] = {}
    found = []
    for version in artifact.versions:
        card = _card(version, artifact, context, told)
        found.append(_version(version, before.get(version.name), artifact, context, card))
    return found


def _card(
    version: Version, artifact: Artifact, context: Context, told: dict[Card, str]
) -> ApiCard | None:
    """told: card -> the version whose record has its text; added to here."""
    chosen = card_of(context.facts, context.cards, artifact.name, version.commit)
    if chosen is None:
        return None
    card, text = chosen.card, chosen.text
    same_as = told.get(card)
    told.setdefault(card, version.name)
    return ApiCard(
        card.path,
        chosen.own,
        {key: list(values) for key, values in card.facts},
        [ApiResult(*row) for row in card.results],
        text if same_as is None and not card.note and len(text) <= CARD_TEXT else None,
        same_as,
    )


def _version(
    version: Version,
    before: Version | None,
    artifact: Artifact,
    context: Context,
    card: ApiCard | None,
) -> ApiVersion:
    facts = context.facts
    commit = facts.commits.get(version.commit)
    found = context.details[artifact.name, version.commit]
    said, metadata = found.said, found.metadata
    values = values_of(context, version.commit, artifact.name)
    registration = version.registration
    if registration is not None:
        moment, person, message = registration.when, registration.author, registration.message
    elif commit is not None:
        moment, person, message = commit.committed, commit.author, commit.message.strip()
    else:
        moment, person, message = None, None, ""
    return ApiVersion(
        version=version.name,
        commit=version.commit,
        created_at=timestamp(moment),
        author=person.name if person else None,
        message=message,
        tag=registration.tag if registration else None,
        signature=(registration.signature or None) if registration else None,
        registered=version.registered,
        active=version.active,
        discovered=version.discovered,
        stages=list(version.stages),
        type=(said.type or None) if said else None,
        path=(said.path or None) if said else None,
        description=(said.description or None) if said else None,
        labels=list(said.labels) if said else [],
        custom=said.custom if said else None,
        metrics=by_file(values, "metrics"),
        params=by_file(values, "params"),
        plots=plot_records(plots_of(context, version.commit, artifact.name), facts),
        framework=(metadata.framework or None) if metadata else None,
        framework_version=(metadata.framework_version or None) if metadata else None,
        methods=list(metadata.methods) if metadata else [],
        requirements=[requirement_text(each) for each in metadata.requirements] if metadata else [],
        artifact=_artifact(version, found, context),
        commands=dict(commands_of(facts, version, found)),
        card=card,
        lineage=_lineage(version, found, before, context),
        runs=[
            ApiRun(run.key, run.url or None, run.id or None)
            for run in (ci_runs(commit.message) if commit else ())
        ],
        url=urls.version(facts.name, artifact.name, version.name),
    )


def _artifact(version: Version, found: VersionDetails, context: Context) -> ApiArtifact | None:
    path = found.said.path if found.said else ""
    data = found.data or (Data(path) if "://" in path else None)
    if data is None:
        return None
    storage, link = place_of(found, context.links, version.commit)
    if found.data is None:
        storage = path
    return ApiArtifact(
        data.path, data.size, data.files, data.hash or None, data.algorithm or None,
        storage or None, link or None,
    )  # fmt: skip


def _lineage(
    version: Version, found: VersionDetails, before: Version | None, context: Context
) -> ApiLineage | None:
    facts = context.facts
    graph = found.graph
    if not graph.nodes:
        return None
    commit = facts.commits.get(version.commit)
    old = context.details[version.artifact, before.commit].graph if before else Graph()
    changes = changes_of(old, graph) if old.nodes else ()
    states = {change.node.id: change.state for change in changes}
    return ApiLineage(
        [_node(node, states.get(node.id)) for node in graph.nodes],
        list(graph.edges),
        [change.node.id for change in changes if change.state == "removed"],
        version.commit,
        commit.author.name if commit else None,
        before.name if before and old.nodes else None,
        graph.cut,
    )


def _node(node: Node, state: str | None) -> ApiNode:
    data = node.data or Data("")
    params: dict[str, dict[str, Any]] = {}
    for param in node.params:
        params.setdefault(param.file, {})[param.key] = plain(param.value)
    return ApiNode(
        id=node.id,
        kind=node.kind,
        name=node.name,
        path=node.path,
        hash=data.hash or None,
        algorithm=data.algorithm or None,
        size=data.size,
        files=data.files,
        commands=list(node.commands),
        params=params,
        url=node.url or None,
        rev=node.rev or None,
        rev_lock=node.rev_lock or None,
        imported=node.imported or None,
        downstream=node.downstream,
        stale=node.stale,
        change=state,
    )


def _framework(artifact: Artifact, kept: Sequence[Version], context: Context) -> str | None:
    """Of the latest version, else of the greatest that is known to have one."""
    commits = [v.commit for v in kept if v.name == artifact.latest]
    for commit in (*commits, *(v.commit for v in kept)):
        found = context.facts.models.get(commit, {}).get(artifact.name)
        if found is not None:
            return found.framework or None
    return None


def _event(event: Event, repo: str) -> ApiEvent:
    return ApiEvent(
        timestamp(event.when),
        repo,
        event.artifact,
        event.kind,
        event.version or None,
        event.stage or None,
        event.commit,
        event.author.name if event.author else None,
        event.message,
        event.tag,
    )


def _problem(problem: Problem) -> ApiProblem:
    return ApiProblem(
        problem.repo, problem.ref, problem.path, problem.reason, problem.remedy, problem.kind
    )
