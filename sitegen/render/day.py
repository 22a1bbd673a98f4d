"""The events of all models for the browser, which folds them to the registry of a given day.

One script says what there is, and one each hands over a chunk of models, as `columnar` writes them.
They are loaded only when a reader asks for another day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sitegen.registry.versions import sort_key
from sitegen.render.columnar import script
from sitegen.render.data import encode
from sitegen.site import urls
from sitegen.site.day import RecordView
from sitegen.site.model import ModelView, Site

HEAD = "data/events.js"
EVENTS = 4_000
"""About how many events a chunk holds; a model counts as two more."""

KINDS = ("registration", "deregistration", "assignment", "unassignment", "deprecation")


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The scripts of a portal that has events: (path, bytes)."""
    if not site.events:
        return
    cuts = _cuts(site.models)
    stages = _stages(site)
    seconds = [event.when.seconds for event in site.events if event.when.iso]
    head = {
        "models": len(site.models),
        "chunks": len(cuts),
        "stages": [[stage.name, stage.hue] for stage in site.stages],
        "first": min(seconds, default=0),
        "last": max(seconds, default=0),
    }
    yield HEAD, script("events", "open", head)
    for number, (start, end) in enumerate(cuts):
        chunk = {"number": number, "start": start, **columns(site.models[start:end], stages)}
        yield f"{HEAD.removesuffix('.js')}/{number}.js", script("events", "take", chunk)


def chunks(models: Sequence[ModelView]) -> Iterator[int]:
    """The number of the chunk that holds each model's events."""
    for number, (start, end) in enumerate(_cuts(models)):
        yield from [number] * (end - start)


def page_data(model: ModelView, site: Site) -> str:
    """One model's events as JSON that may stand in its page."""
    stages = [[stage.name, stage.hue] for stage in site.stages]
    return encode({"stages": stages, **columns([model], _stages(site))}).decode()


def _stages(site: Site) -> dict[str, int]:
    return {stage.name: number for number, stage in enumerate(site.stages)}


def _cuts(models: Sequence[ModelView]) -> list[tuple[int, int]]:
    """The models of each chunk, as (start, end)."""
    cuts, weight = [0], 0
    for number, model in enumerate(models):
        weight += len(model.record) + 2
        if weight >= EVENTS:
            cuts.append(number + 1)
            weight = 0
    if cuts[-1] < len(models):
        cuts.append(len(models))
    return list(pairwise(cuts))


def columns(models: Sequence[ModelView], stages: dict[str, int]) -> dict[str, Any]:
    """Events of several models, one after the other, by column.

    counts: events of each model. versions: each model's, lowest first; ties: model -> those that
    SemVer takes for equal to the one before; slugs: version -> its page's, where that is not its
    name. ids: model -> commit's number -> its id, of commits
    that were in a stage before they had a version. Of each event:
    kinds: a digit, its place in KINDS. seconds: since the model's event before it, of its first one
    since 1970; "" where there is no date. what: the version's number, or the stage's. commit: its
    number within the model. who: the number of its author, with the offset of the date, in people.
    trailers: event -> number of the version that its message names.
    """
    people: dict[tuple[str, str], int] = {}
    chunk: dict[str, Any] = {
        "names": [model.name for model in models],
        "repos": [model.repo for model in models],
        "urls": [model.url for model in models],
        "counts": [len(model.record) for model in models],
        "versions": [],
        "ties": {},
        "slugs": {},
        "ids": {},
        "seconds": [],
        "what": [],
        "commit": [],
        "who": [],
        "trailers": {},
    }
    kinds: list[str] = []
    for number, model in enumerate(models):
        names = sorted({r.version for r in model.record if r.version}, key=_by_precedence)
        chunk["versions"].append(names)
        ties = [i for i in range(1, len(names)) if sort_key(names[i - 1]) == sort_key(names[i])]
        if ties:
            chunk["ties"][str(number)] = ties
        slugs = {str(i): urls.slug(name) for i, name in enumerate(names) if urls.slug(name) != name}
        if slugs:
            chunk["slugs"][str(number)] = slugs
        _add_model(chunk, str(number), model.record, {n: i for i, n in enumerate(names)}, stages)
        kinds += [str(KINDS.index(record.kind)) for record in model.record]
        chunk["who"] += [
            people.setdefault((record.author, record.offset), len(people))
            for record in model.record
        ]
    return {**chunk, "kinds": "".join(kinds), "people": list(people)}


def _by_precedence(name: str) -> tuple[Any, str]:
    return sort_key(name), name


def _add_model(
    chunk: dict[str, Any],
    number: str,
    record: Sequence[RecordView],
    versions: dict[str, int],
    stages: dict[str, int],
) -> None:
    commits: dict[str, int] = {}
    named: set[str] = set()
    early: dict[str, str] = {}
    before = 0
    for event in record:
        commit = commits.setdefault(event.commit, len(commits))
        if event.version:
            named.add(event.commit)
        elif event.stage and event.commit not in named:
            early[str(commit)] = event.commit
        if event.trailer in versions:
            chunk["trailers"][str(len(chunk["what"]))] = versions[event.trailer]
        chunk["what"].append(stages[event.stage] if event.stage else versions.get(event.version, 0))
        chunk["commit"].append(commit)
        chunk["seconds"].append("" if event.seconds < 0 else event.seconds - before)
        before = max(event.seconds, before)
    if early:
        chunk["ids"][number] = early
