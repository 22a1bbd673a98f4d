"""The records of `api/v1`: what programs may rely on, with its JSON Schema made from these classes.

Unlike in views, text is as the repository has it. Numbers are numbers; those that JSON cannot say
(NaN, the infinities) are strings. Dates are ISO 8601 with the writer's offset, null where invalid.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.registry.events import Event
from sitegen.registry.facts import ValueFile, timestamp
from sitegen.registry.state import Artifact, Version
from sitegen.site import urls
from sitegen.site.build import (
    Settings,
    Source,
    all_problems,
    context_of,
    generated,
    stage_views,
)
from sitegen.site.models import Context, annotation_of, description_of, unique_versions, values_of

SCHEMA = 1


class ApiEvent(msgspec.Struct, frozen=True):
    """One registry action, made by one tag. version: null for a deprecation."""

    timestamp: str | None
    repo: str
    artifact: str
    event: str
    version: str | None
    stage: str | None
    commit: str
    author: str | None
    message: str
    tag: str


class ApiProblem(msgspec.Struct, frozen=True):
    """Something wrong in the input: where, what was expected, and the remedy."""

    repo: str
    ref: str
    path: str
    reason: str
    remedy: str
    kind: str


class ApiModelSummary(msgspec.Struct, frozen=True):
    """A model in the registry's list. latest: the greatest active registered version.

    stages: stage -> the versions in force there, newest assignment first; the first holds it.
    versions: how many are registered. url, api: relative to the site's root.
    """

    name: str
    repo: str
    type: str | None
    latest: str | None
    stages: dict[str, list[str]]
    labels: list[str]
    description: str | None
    registered: bool
    deprecated: bool
    versions: int
    url: str
    api: str


class ApiRepositorySummary(msgspec.Struct, frozen=True):
    """A repository in the registry's list. head: its commit, null where it is empty."""

    name: str
    url: str | None
    head: str | None
    models: int
    api: str


class ApiRegistry(msgspec.Struct, frozen=True):
    """The whole registry at a glance: `registry.json`."""

    schema: int
    title: str
    generated: str | None
    models: list[ApiModelSummary]
    repositories: list[ApiRepositorySummary]
    problems: int


class ApiVersion(msgspec.Struct, frozen=True):
    """One version. tag, author, message, created_at: of the newest registration, else the commit.

    signature: of that tag, "ssh" or "gpg"; with ", verified" or ", not verified" where checked.
    registered: whether a registration names it; active: not deregistered since; discovered: known
    only because HEAD annotates the model. metrics, params: file -> dotted key -> value.
    """

    version: str
    commit: str
    created_at: str | None
    author: str | None
    message: str
    tag: str | None
    signature: str | None
    registered: bool
    active: bool
    discovered: bool
    stages: list[str]
    type: str | None
    path: str | None
    description: str | None
    labels: list[str]
    custom: Any
    metrics: dict[str, dict[str, Any]]
    params: dict[str, dict[str, Any]]
    url: str


class ApiModel(msgspec.Struct, frozen=True):
    """A model with its versions, greatest first, and its history, newest first.

    A version's name stands twice where it was registered at two commits, which is a problem.
    """

    schema: int
    name: str
    repo: str
    type: str | None
    latest: str | None
    stages: dict[str, list[str]]
    labels: list[str]
    description: str | None
    registered: bool
    deprecated: bool
    versions: list[ApiVersion]
    history: list[ApiEvent]
    url: str
    api: str
    feed: str


class ApiRepository(msgspec.Struct, frozen=True):
    """A repository: its models and what was wrong in it."""

    schema: int
    name: str
    url: str | None
    branch: str | None
    head: str | None
    projects: list[str]
    models: list[ApiModelSummary]
    problems: list[ApiProblem]
    api: str


SCHEMAS: dict[str, Any] = {
    "registry": ApiRegistry,
    "model": ApiModel,
    "repository": ApiRepository,
    "events": list[ApiEvent],
    "problems": list[ApiProblem],
}
"""What each JSON file holds, for `api/v1/schema/NAME.json`."""


def documents(
    sources: Sequence[Source], settings: Settings, problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """Path -> record, for every JSON file of the API."""
    ordered = sorted(sources, key=lambda source: source.facts.name)
    stages = stage_views(ordered, settings)
    found: dict[str, Any] = {}
    summaries: list[ApiModelSummary] = []
    events: list[tuple[int, ApiEvent]] = []
    repositories: list[ApiRepositorySummary] = []
    for source in ordered:
        facts = source.facts
        context = context_of(source, stages)
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
        repository = ApiRepository(
            SCHEMA, facts.name, facts.url or None, facts.branch or None, facts.head or None,
            list(facts.projects), mine, [_problem(p) for p in sorted(all_problems(source))],
            urls.api_repository(facts.name),
        )  # fmt: skip
        found[repository.api] = repository
        repositories.append(
            ApiRepositorySummary(
                facts.name, facts.url or None, facts.head or None,
                sum(model.type in (None, "model") for model in mine), repository.api,
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
        list(said.labels) if said else [],
        (said.description or None) if said else None,
        artifact.registered,
        artifact.deprecated,
        [_version(version, artifact, context) for version in artifact.versions],
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
        model.labels,
        model.description,
        model.registered,
        model.deprecated,
        sum(version.registered for version in model.versions),
        model.url,
        model.api,
    )


def _version(version: Version, artifact: Artifact, context: Context) -> ApiVersion:
    facts = context.facts
    commit = facts.commits.get(version.commit)
    said = annotation_of(context, version.commit, artifact.name)
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
        metrics=_values(values, "metrics"),
        params=_values(values, "params"),
        url=urls.version(facts.name, artifact.name, version.name),
    )


def _values(files: Sequence[ValueFile], kind: str) -> dict[str, dict[str, Any]]:
    return {
        file.path: {key: plain(leaf.value) for key, leaf in file.entries.items()}
        for file in files
        if file.kind == kind and file.entries
    }


def plain(value: Any) -> Any:
    """A value that every JSON parser reads: NaN and the infinities become strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


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
