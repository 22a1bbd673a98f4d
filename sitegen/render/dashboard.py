"""The data of the dashboard's table: one script that opens it and one for each chunk of its models,
as `columnar` writes them. `static/js/dashboard-data.js` reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sitegen.render.columnar import distinct, number_cell, script, sparse
from sitegen.site import urls
from sitegen.site.build import STATES, model_state
from sitegen.site.model import ModelView, Site
from sitegen.site.parts import When

CHUNK = 1_000
"""How many models a chunk holds: in the browser about 15 ms of work."""

PLAIN = 200
"""How many models the dashboard itself says without JavaScript."""

LISTED = 1_000
"""How many models a page of the plain list holds, which says the others then."""

METRICS = 60
"""How many metrics can be columns of their own: those that most models have."""

DESCRIPTION = 240
"""How many characters of a description the table has."""

DATA = "data/models.js"


def data_paths(site: Site) -> list[str]:
    """The script that opens the table, then its chunks in order."""
    chunks = range(len(range(0, len(site.models), CHUNK)))
    return [DATA, *(f"data/models/{number}.js" for number in chunks)]


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The scripts of a portal that has a model: (path, bytes)."""
    if not site.models:
        return
    metrics = metric_keys(site.models)
    first, *others = data_paths(site)
    yield first, script("dashboard", "open", _head(site, metrics, len(others)))
    for number, path in enumerate(others):
        rows = site.models[number * CHUNK : (number + 1) * CHUNK]
        yield path, script("dashboard", "take", _chunk(site, metrics, number, rows))


def plain_models(site: Site) -> tuple[ModelView, ...]:
    """What the page says without JavaScript: all models, or of too many the newest.

    The newest by their last event are what people come for most; a page of every model would take
    megabytes that nobody with JavaScript ever looks at. The others stand in the plain list.
    """
    if len(site.models) <= PLAIN:
        return site.models
    return tuple(sorted(site.models, key=lambda m: -_last(m))[:PLAIN])


def plain_lists(site: Site) -> list[tuple[str, tuple[ModelView, ...]]]:
    """The pages that list every model where the dashboard cannot: (path, models)."""
    if len(site.models) <= PLAIN:
        return []
    return [
        (urls.model_list(number + 1), site.models[start : start + LISTED])
        for number, start in enumerate(range(0, len(site.models), LISTED))
    ]


def _last(model: ModelView) -> int:
    return model.last_event.when.seconds if model.last_event else -1


def metric_keys(models: Iterable[ModelView]) -> tuple[str, ...]:
    """The metrics of latest versions that become columns, those that most models have first."""
    counted = Counter(key for model in models for key in {v.key for v in model.headline})
    return tuple(sorted(counted, key=lambda key: (-counted[key], key))[:METRICS])


def _head(site: Site, metrics: Sequence[str], chunks: int) -> dict[str, Any]:
    """All but the rows. repos: [name, its page, the folder of its models' pages]."""
    return {
        "title": site.title,
        "rows": len(site.models),
        "chunks": chunks,
        "stages": [[stage.name, stage.hue, stage.description] for stage in site.stages],
        "repos": [[name, page, _folder(name)] for name, page in _repositories(site).items()],
        "states": list(STATES),
        "facets": [[facet.field, facet.title] for facet in site.facets if facet.values],
        "metrics": list(metrics),
        "has": {
            "framework": any(model.framework for model in site.models),
            "labels": any(model.labels for model in site.models),
            "description": any(model.description for model in site.models),
        },
    }


def _repositories(site: Site) -> dict[str, str]:
    """Name -> its page, of every repository that has a model."""
    return dict(sorted({model.repo: model.repo_url for model in site.models}.items()))


def _folder(repo: str) -> str:
    return f"models/{urls.slug(repo)}/"


def _chunk(
    site: Site, metrics: Sequence[str], number: int, rows: Sequence[ModelView]
) -> dict[str, Any]:
    repos = {name: place for place, name in enumerate(_repositories(site))}
    return {
        "number": number,
        "start": number * CHUNK,
        "name": [model.name for model in rows],
        "repo": distinct([repos[model.repo] for model in rows]),
        # Most pages are called as their model is.
        "url": sparse(
            [model.url if model.url != _usual(model.repo, model.name) else "" for model in rows]
        ),
        "type": distinct([model.type for model in rows]),
        "state": distinct([STATES.index(model_state(model)) for model in rows]),
        "framework": distinct([model.framework for model in rows]),
        "labels": distinct([list(model.labels) for model in rows]),
        "description": distinct([_short(model.description) for model in rows]),
        "versions": distinct([sum(v.registered for v in model.versions) for model in rows]),
        "latest": _latest(rows),
        "held": _held(site, rows),
        "event": _events(rows),
        "metrics": _metrics(metrics, rows),
    }


def _usual(repo: str, name: str) -> str:
    return f"{_folder(repo)}{name}.html"


def _short(description: str) -> str:
    line = " ".join(description.split())
    return line if len(line) <= DESCRIPTION else line[: DESCRIPTION - 1].rstrip() + "…"


def _pages(pairs: Iterable[tuple[ModelView, str, str]]) -> dict[str, str]:
    """Place -> the page of a version, where it is not called as the version is."""
    return sparse(
        [
            url if url != f"{model.url.removesuffix('.html')}/{version}.html" else ""
            for model, version, url in pairs
        ]
    )


def _dates(dates: Sequence[When]) -> list[Any]:
    """[seconds, offsets]: "+01:00", "" for what is no date."""
    return [[when.seconds for when in dates], distinct([_offset(when) for when in dates])]


def _offset(when: When) -> str:
    return when.iso[19:] if when.iso else ""


def _latest(rows: Sequence[ModelView]) -> dict[str, Any]:
    found = [(place, model, model.latest) for place, model in enumerate(rows) if model.latest]
    return {
        "at": [place for place, _, _ in found],
        "version": distinct([latest.label for _, _, latest in found]),
        "url": _pages((model, latest.label, latest.url) for _, model, latest in found),
        "when": _dates([latest.created for _, _, latest in found]),
        "author": distinct([latest.author for _, _, latest in found]),
    }


def _held(site: Site, rows: Sequence[ModelView]) -> dict[str, Any]:
    """What is in which stage; a model comes as often as it holds one."""
    stages = {stage.name: number for number, stage in enumerate(site.stages)}
    found = [(place, model, chip) for place, model in enumerate(rows) for chip in model.chips]
    return {
        "at": [place for place, _, _ in found],
        "stage": [stages[chip.stage.name] for _, _, chip in found],
        "version": distinct([chip.version for _, _, chip in found]),
        "url": _pages((model, chip.version, chip.url) for _, model, chip in found),
        "when": _dates([chip.when for _, _, chip in found]),
        "author": distinct([chip.author for _, _, chip in found]),
    }


def _events(rows: Sequence[ModelView]) -> dict[str, Any]:
    found = [(place, m.last_event) for place, m in enumerate(rows) if m.last_event]
    return {
        "at": [place for place, _ in found],
        "verb": distinct([event.verb for _, event in found]),
        "when": _dates([event.when for _, event in found]),
        "author": distinct([event.author for _, event in found]),
    }


def _metrics(metrics: Sequence[str], rows: Sequence[ModelView]) -> dict[str, Any]:
    """The metrics of latest versions, by their number in `metrics`; of two files' the first."""
    numbers = {key: number for number, key in enumerate(metrics)}
    found: dict[tuple[int, int], Any] = {}
    for place, model in enumerate(rows):
        for value in model.headline:
            if value.key in numbers:
                cell = number_cell(value.number, value.full)
                found.setdefault((place, numbers[value.key]), cell)
    return {
        "at": [place for place, _ in found],
        "metric": [number for _, number in found],
        "value": list(found.values()),
    }
