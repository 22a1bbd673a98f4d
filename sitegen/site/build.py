"""Registries to the Site: every view of the portal, made at once so that all of it agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen import redact
from sitegen.errors import Problem
from sitegen.registry import names
from sitegen.registry.experiments import experiment_count
from sitegen.registry.facts import Annotation, Moment, RepositoryFacts, Rules
from sitegen.registry.projects import lies_in
from sitegen.registry.state import Registry
from sitegen.site import urls
from sitegen.site.actions import workflow_view
from sitegen.site.cards import Cards
from sitegen.site.details import Details, Said, details_of
from sitegen.site.experiments import experiments_view
from sitegen.site.hashes import Known, holders
from sitegen.site.hues import hues_of, usual_place
from sitegen.site.links import repository_links
from sitegen.site.model import (
    ContentView,
    EventView,
    Facet,
    ModelView,
    NavLink,
    ProblemView,
    ProjectView,
    RepositoryView,
    Site,
)
from sitegen.site.models import Context, commit_view, model_view
from sitegen.site.origins import Origins
from sitegen.site.parts import StageView
from sitegen.site.plots import shown_plots
from sitegen.site.text import visible, when


class Source(msgspec.Struct, frozen=True):
    """One repository: what was read of it, and what its tags amount to."""

    facts: RepositoryFacts
    registry: Registry


class Settings(msgspec.Struct, frozen=True):
    """What the author of the portal chose. base_url ends in "/" or is "".

    generated: SOURCE_DATE_EPOCH, None for the newest date of the input. promotion: its rules.
    """

    title: str = "Model registry"
    base_url: str = ""
    stage_order: tuple[str, ...] = ()
    stage_colors: Mapping[str, str] = {}
    stage_descriptions: Mapping[str, str] = {}
    links: tuple[tuple[str, str], ...] = ()
    navigation: tuple[NavLink, ...] = ()
    generated: Moment | None = None
    version: str = ""
    promotion: Rules = Rules()


def build_site(
    sources: Sequence[Source],
    settings: Settings,
    contents: Sequence[ContentView] = (),
    problems: Iterable[Problem] = (),
    cards: Cards | None = None,
) -> Site:
    """Every view of the portal.

    problems: those of the configuration, of `content/` and of cards' texts. cards: the author's
    own, and those texts.
    """
    ordered = sorted(sources, key=lambda source: source.facts.name)
    stages = stage_views(ordered, settings)
    today = generated(ordered, settings)
    contexts = contexts_of(ordered, stages, cards, today, settings.promotion)
    models = [
        model_view(artifact, context)
        for source, context in zip(ordered, contexts, strict=True)
        for artifact in source.registry.artifacts.values()
    ]
    models.sort(key=lambda model: (model.type not in ("", "model"), model.name, model.repo))
    by_repository: dict[str, list[ModelView]] = {}
    for model in models:
        by_repository.setdefault(model.repo, []).append(model)
    found = sorted({*problems, *(p for source in ordered for p in all_problems(source))})
    trouble = Counter(problem.repo for problem in found)
    return Site(
        title=settings.title,
        base_url=settings.base_url,
        generated=when(today) if today else None,
        stages=tuple(stages.values()),
        models=tuple(models),
        repositories=tuple(
            _repository(source, context, by_repository, trouble)
            for source, context in zip(ordered, contexts, strict=True)
        ),
        events=all_events(models),
        problems=tuple(_problem(problem) for problem in found),
        contents=tuple(contents),
        navigation=settings.navigation or tuple(
            NavLink(page.title, page.url, "", "content") for page in contents
        ),
        facets=_facets(models, stages),
        links=settings.links,
        version=settings.version,
    )  # fmt: skip


def all_problems(source: Source) -> tuple[Problem, ...]:
    """What was wrong in one repository: while reading it, and while folding its tags."""
    return source.facts.problems + source.registry.problems


def all_events(models: Iterable[ModelView]) -> tuple[EventView, ...]:
    """Every event of the registry, newest first."""
    events = [event for model in models for event in reversed(model.events)]
    # Each model's events are in their own order already, and a stable sort keeps it.
    events.sort(key=lambda event: (event.when.seconds, event.repo, event.artifact))
    events.reverse()
    return tuple(events)


def stage_views(sources: Sequence[Source], settings: Settings) -> dict[str, StageView]:
    """The stages in use or configured: in the configured order, then in the usual one."""
    used = {stage for source in sources for stage in source.registry.stages}
    allowed = [stage for source in sources for stage in source.facts.stages]
    named = dict.fromkeys([*settings.stage_order, *allowed])
    rest = sorted(used - named.keys(), key=usual_place)
    counts = Counter(
        stage
        for source in sources
        for artifact in source.registry.artifacts.values()
        if not artifact.deprecated
        for stage in artifact.stages
    )
    hues = hues_of([*named, *rest], settings.stage_colors)
    return {
        stage: StageView(
            visible(stage),
            hues[stage],
            settings.stage_colors.get(stage, ""),
            visible(settings.stage_descriptions.get(stage, "")),
            counts[stage],
        )
        for stage in [*named, *rest]
    }


def contexts_of(
    sources: Sequence[Source],
    stages: Mapping[str, StageView],
    cards: Cards | None = None,
    today: Moment | None = None,
    rules: Rules | None = None,
) -> tuple[Context, ...]:
    """What the views of each repository's artifacts share. today: the portal's date. rules: of its
    configuration; without any those of each repository's `.gto` count."""
    said = [_said(source.facts) for source in sources]
    details = [
        details_of(source.facts, row, source.registry)
        for source, row in zip(sources, said, strict=True)
    ]
    origins = Origins((source.facts, source.registry) for source in sources)
    own = rules if rules != Rules() else None
    known = holders(
        (source.facts, source.registry, each) for source, each in zip(sources, details, strict=True)
    )
    return tuple(
        _context(
            source,
            stages,
            row,
            each,
            known,
            origins,
            cards or Cards(),
            today,
            own or source.facts.promotion,
        )
        for source, row, each in zip(sources, said, details, strict=True)
    )


def _context(
    source: Source,
    stages: Mapping[str, StageView],
    said: Said,
    details: Details,
    known: Known,
    origins: Origins,
    cards: Cards,
    today: Moment | None,
    rules: Rules,
) -> Context:
    facts = source.facts
    named: dict[str, set[str]] = {}
    for artifact in source.registry.artifacts:
        folder, name = names.split(artifact)
        named.setdefault(folder, set()).add(name)
    folders = sorted(named.keys() - {""}, key=lambda folder: (-len(folder), folder))
    return Context(
        facts,
        repository_links(facts.url, facts.web),
        stages,
        tuple(folders),
        {folder: frozenset(row) for folder, row in named.items()},
        said,
        details,
        cards,
        known,
        origins,
        plots=shown_plots(facts),
        experiments=frozenset(facts.history.commits),
        today=today,
        rules=rules,
    )


def _said(facts: RepositoryFacts) -> dict[str, dict[str, Annotation]]:
    """Commit -> artifact -> its annotation there."""
    return {
        commit: {each.artifact: _without_credentials(each) for each in row}
        for commit, row in facts.annotations.items()
    }


def _without_credentials(said: Annotation) -> Annotation:
    """The annotation as it may be shown: its path may be an address that somebody signed."""
    shown = redact.without_credentials(said.path) if "://" in said.path else said.path
    return said if shown == said.path else msgspec.structs.replace(said, path=shown)


def _repository(
    source: Source,
    context: Context,
    by_repository: Mapping[str, Sequence[ModelView]],
    trouble: Mapping[str, int],
) -> RepositoryView:
    facts = source.facts
    models = by_repository.get(visible(facts.name), [])
    last = max(
        (model.last_event for model in models if model.last_event),
        key=lambda event: event.when.seconds,
        default=None,
    )
    folders = Counter(model.folder for model in models if model.type in ("", "model"))
    there = {folder for folder in facts.projects if lies_in(folder, facts.shown)}
    projects = sorted({*there, *(model.folder for model in models)} - {""})
    return RepositoryView(
        name=visible(facts.name),
        href=context.links.home,
        address=visible(facts.url),
        branch=visible(facts.branch),
        head=commit_view(facts.commits.get(facts.head), facts.head, context.links)
        if facts.head
        else None,
        models=sum(model.type in ("", "model") for model in models),
        artifacts=len(models),
        versions=sum(version.registered for model in models for version in model.versions),
        last_event=last,
        projects=tuple(
            ProjectView(visible(folder), context.links.blob(facts.head, folder), folders[folder])
            for folder in projects
        ),
        problems=trouble.get(facts.name, 0),
        experiments=experiment_count(facts),
        problems_url=urls.PROBLEMS,
        api=urls.api_repository(facts.name),
        table=experiments_view(source.registry, context),
        workflow=workflow_view(facts, context.links),
        types=facts.types,
    )


def generated(sources: Sequence[Source], settings: Settings) -> Moment | None:
    """What the site is dated: SOURCE_DATE_EPOCH, else the newest date of the input."""
    if settings.generated is not None:
        return settings.generated
    moments = [
        event.when
        for source in sources
        for artifact in source.registry.artifacts.values()
        for event in artifact.events
        if event.when
    ]
    for source in sources:
        head = source.facts.commits.get(source.facts.head)
        if head and head.committed:
            moments.append(head.committed)
    return max(moments) if moments else None


def _problem(problem: Problem) -> ProblemView:
    return ProblemView(
        visible(problem.repo),
        visible(problem.ref),
        visible(problem.path),
        visible(problem.reason),
        visible(problem.remedy),
        problem.kind,
    )


def _facets(models: Sequence[ModelView], stages: Mapping[str, StageView]) -> tuple[Facet, ...]:
    """The dashboard's filters; one that would hold a single value for every model is left out."""
    state = Counter(model_state(model) for model in models)
    held = Counter(stage for model in models for stage in model.held)
    rows = (
        ("stage", "Stage", [(view.name, held[stage]) for stage, view in stages.items()]),
        ("repo", "Repository", sorted(Counter(m.repo for m in models).items())),
        ("type", "Type", sorted(Counter(m.type or "model" for m in models).items())),
        ("state", "State", [(name, state[name]) for name in STATES if state[name]]),
        (
            "framework",
            "Framework",
            sorted(Counter(m.framework for m in models if m.framework).items()),
        ),
        ("label", "Label", sorted(Counter(label for m in models for label in m.labels).items())),
    )  # fmt: skip
    return tuple(
        Facet(field, title, tuple(values))
        for field, title, values in rows
        if len(values) > 1 or (values and field in ("stage", "framework", "label"))
    )


STATES = ("registered", "unregistered", "deprecated")


def model_state(model: ModelView) -> str:
    """Which of STATES a model is in."""
    if model.deprecated:
        return "deprecated"
    return "registered" if model.registered else "unregistered"
