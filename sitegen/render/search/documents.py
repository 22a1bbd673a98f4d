"""What can be found in a portal: models, their versions, experiments, the pages of `content/`.

Documents are numbered by age, so that those of later builds come after those there are already, and
what the index says of these stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.render import markup
from sitegen.render.search.fields import Document
from sitegen.render.search.plain import plain, sections
from sitegen.site import cards, urls
from sitegen.site.build import model_state
from sitegen.site.model import ContentView, ModelView, Site, VersionView
from sitegen.site.parts import When
from sitegen.site.tables import ExperimentsView

SHOWN_DESCRIPTION = 300
"""Characters of a description in a result."""


def groups_of(site: Site) -> dict[str, list[Document]]:
    """Every document: group -> its documents in order."""
    dated: list[tuple[tuple[bool, int, str], Document]] = []
    versions: list[tuple[tuple[bool, int, str], Document]] = []
    for model in site.models:
        first = model.events[-1].when if model.events else None
        dated.append((_age(first, model.url), _model(model)))
        # What is only known from HEAD's annotation is found as the model.
        for version in (each for each in model.versions if not each.discovered):
            versions.append((_age(version.created, version.url), _version(model, version)))
    experiments = [row for each in site.repositories for row in _experiments(each.table)]
    own = cards.own_pages(site.models)
    return {
        "models": [document for _, document in sorted(dated, key=lambda row: row[0])],
        "versions": [document for _, document in sorted(versions, key=lambda row: row[0])],
        "experiments": [document for _, document in sorted(experiments, key=lambda row: row[0])],
        "pages": [
            document
            for content in sorted(site.contents, key=lambda content: content.url)
            for document in _pages(content, own)
        ],
    }


def _age(when: When | None, url: str) -> tuple[bool, int, str]:
    # What has no date comes last: it is a registry's exception, or its beginning.
    seconds = when.seconds if when else -1
    return (seconds < 0, seconds, url)


def card(
    title: str,
    url: str,
    *,
    where: str = "",
    description: str = "",
    tags: Iterable[str] = (),
    version: str = "",
    stages: Iterable[tuple[str, int]] = (),
    framework: str = "",
    labels: Iterable[str] = (),
    when: When | None = None,
) -> tuple[Any, ...]:
    """What a result shows, in the order that `search-results.js` knows."""
    if len(description) > SHOWN_DESCRIPTION:
        description = description[:SHOWN_DESCRIPTION].rstrip() + "…"
    return (
        title, url, where, description, list(tags), version, [list(stage) for stage in stages],
        framework, list(labels), [when.iso, when.text] if when and when.iso else [],
    )  # fmt: skip


def _model(model: ModelView) -> Document:
    shown = model.latest or (model.versions[0] if model.versions else None)
    state = model_state(model)
    kind = model.type or "model"
    text = _card_text(shown)
    return Document(
        texts=_said(
            name=[model.name],
            label=model.labels,
            framework=_frameworks(shown),
            stage=model.held,
            version=[version.label for version in model.versions if version.registered],
            repo=[model.repo],
            description=[model.description],
            author=[event.author for event in reversed(model.events)],
            type=[kind],
            column=_columns(shown),
            package=_packages(shown),
            message=[event.message for event in reversed(model.events) if not event.version_url],
            text=[text],
        ),
        card=card(
            model.name,
            model.url,
            where=model.repo,
            description=model.description,
            tags=[tag for tag in (kind, state) if tag not in ("model", "registered")],
            version=model.latest.label if model.latest else "",
            stages=[(chip.stage.name, chip.stage.hue) for chip in model.chips],
            framework=model.framework,
            labels=model.labels,
            when=model.last_event.when if model.last_event else None,
        ),
        passage=text,
        numbers=_numbers(shown),
        state=state,
    )


def _version(model: ModelView, version: VersionView) -> Document:
    state = "deprecated" if model.deprecated else _state(version)
    events = version.events[::-1]
    description = version.description if version.description != model.description else ""
    return Document(
        texts=_said(
            name=[model.name],
            label=version.labels,
            framework=_frameworks(version),
            stage=[stage.name for stage in version.stages],
            version=[version.label],
            repo=[model.repo],
            description=[description],
            author=[version.author, *(event.author for event in events)],
            message=[version.message, *(event.message for event in events)],
        ),
        card=card(
            model.name,
            version.url,
            where=model.repo,
            description=version.message.strip() or description,
            tags=[state] if state != "registered" else [],
            version=version.label,
            stages=[(stage.name, stage.hue) for stage in version.stages],
            framework=version.metadata.framework if version.metadata else "",
            labels=version.labels,
            when=version.created,
        ),
        numbers=_numbers(version),
        state=state,
    )


def _state(version: VersionView) -> str:
    return "registered" if version.registered and version.active else "unregistered"


def _experiments(table: ExperimentsView) -> Iterator[tuple[tuple[bool, int, str], Document]]:
    """The rows that are shown at first, with their age."""
    measured = [column for column in table.columns if column.group == "metrics"]
    for number, row in enumerate(table.rows):
        if row.hidden:
            continue
        commit = row.commit
        url = urls.experiment(table.repo, row.id)
        versions = [f"{badge.model} {badge.label}" for badge in row.badges]
        values: dict[str, float] = {}
        for column in measured:
            cell = column.cells[number]
            if cell is not None and cell.number is not None and math.isfinite(cell.number):
                values.setdefault(column.key, cell.number)
        document = Document(
            texts=_said(
                name=[row.name, commit.short],
                stage=[stage.name for badge in row.badges for stage in badge.stages],
                version=versions,
                repo=[table.repo],
                author=[commit.author],
                message=[row.message],
            ),
            card=card(
                row.name or commit.subject or commit.short,
                url,
                where=table.repo,
                description=commit.subject if row.name else "",
                tags=versions,
                version=commit.short,
                when=commit.when,
            ),
            numbers=values,
        )
        yield _age(commit.when, url), document


def _pages(content: ContentView, own: Mapping[str, str]) -> Iterator[Document]:
    """A page's sections: each is found by itself, and its link leads to its heading."""
    for at, section in enumerate(sections(markup.author(content.source, content.path, own))):
        title = f"{content.title}: {section.title}" if section.title else content.title
        url = f"{content.url}#{section.anchor}" if section.anchor else content.url
        description = content.description if at == 0 else ""
        yield Document(
            texts=_said(name=[title], description=[description], text=[section.text]),
            card=card(title, url, description=description),
            passage=section.text,
        )


def _said(**fields: Iterable[str]) -> dict[str, str]:
    """Field -> its distinct texts, one to a line; empty ones are left out."""
    lines = {name: "\n".join(filter(None, dict.fromkeys(texts))) for name, texts in fields.items()}
    return {name: text for name, text in lines.items() if text}


def _frameworks(version: VersionView | None) -> list[str]:
    """By the name that people use, and by that of its metadata."""
    found = version.metadata if version else None
    return [found.framework, found.framework_id] if found else []


def _columns(version: VersionView | None) -> list[str]:
    found = version.metadata if version else None
    return [column.name for table in found.tables for column in table.columns] if found else []


def _packages(version: VersionView | None) -> list[str]:
    found = version.metadata if version else None
    return [f"{each.name} {each.version}" for each in found.requirements] if found else []


def _card_text(version: VersionView | None) -> str:
    found = version.card if version else None
    if found is None:
        return ""
    facts = [f"{fact.title}: {', '.join(fact.values)}" for fact in found.facts]
    return "\n".join(filter(None, (*facts, plain(found.html))))


def _numbers(version: VersionView | None) -> dict[str, float]:
    """Dotted name -> value; of several files that have one, the first."""
    found: dict[str, float] = {}
    for file in version.metrics if version else ():
        for value in file.values:
            if value.number is not None and math.isfinite(value.number):
                found.setdefault(value.key, value.number)
    return found
