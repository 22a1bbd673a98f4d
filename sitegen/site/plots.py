"""Plots as they are shown: named by what they hold, so that equal ones are published once."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Sequence
from typing import Any

import msgspec

from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.plots import DEFAULT_TEMPLATE, Plot
from sitegen.site import urls
from sitegen.site.links import RepositoryLinks
from sitegen.site.parts import PlotFileView, PlotView
from sitegen.site.records import ApiPlot, ApiPlotFile
from sitegen.site.text import size, visible

IMAGE_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
"""Media type -> the end of the name under which an image is published."""


class ShownPlot(msgspec.Struct, frozen=True):
    """A plot, and what its published files are named by.

    digest: of its data and definition, or of its image; "" where there is nothing to be seen.
    """

    plot: Plot
    digest: str = ""


def shown_plots(facts: RepositoryFacts) -> dict[str, tuple[ShownPlot, ...]]:
    """The plots of every commit that has any."""
    digests: dict[int, str] = {}
    found: dict[int, tuple[ShownPlot, ...]] = {}
    for plots in facts.plots.values():
        # Commits that have the same plots share them.
        if id(plots) not in found:
            for plot in plots:
                if id(plot) not in digests:
                    digests[id(plot)] = _digest(plot, facts)
            found[id(plots)] = tuple(ShownPlot(plot, digests[id(plot)]) for plot in plots)
    return {commit: found[id(plots)] for commit, plots in facts.plots.items()}


def _digest(plot: Plot, facts: RepositoryFacts) -> str:
    if plot.image:
        picture = facts.pictures.get(plot.picture)
        data = picture.data if picture else b""
    else:
        data = b"" if plot.note else plot_text(plot, facts)
    return hashlib.sha256(data).hexdigest()[:20] if data else ""


def plot_text(plot: Plot, facts: RepositoryFacts) -> bytes:
    """What the browser draws a plot from, as JSON; of several versions it makes one drawing.

    id, name, definition: as of `Plot`. template: the name of one of DVC's, or one itself. files:
    path -> {columns, rows, drawn, cells, absent} as of `Table`.
    """
    files = {
        file.path: {
            "columns": table.columns,
            "rows": table.rows,
            "drawn": table.drawn,
            "absent": table.absent,
            "cells": msgspec.Raw(table.cells.encode()),
        }
        for file in plot.files
        if (table := facts.tables.get(file.table)) is not None
    }
    own = facts.templates.get(plot.template)
    template: Any = msgspec.Raw(own.encode()) if own else template_of(plot)
    return msgspec.json.encode(
        {
            "id": plot.id,
            "name": plot.name,
            "definition": plot.definition,
            "template": template,
            "files": files,
        }
    )


def template_of(plot: Plot) -> str:
    """The name of a plot's template."""
    name: str = plot.definition.get("template") or DEFAULT_TEMPLATE
    return name


def image_url(shown: ShownPlot, facts: RepositoryFacts) -> str:
    """Where a plot's image is published, "" where it has none."""
    picture = facts.pictures.get(shown.plot.picture)
    if picture is None or not shown.digest:
        return ""
    return urls.plot_image(shown.digest, IMAGE_ENDINGS[picture.media_type])


def plot_views(
    shown: Sequence[ShownPlot], facts: RepositoryFacts, links: RepositoryLinks, commit: str
) -> tuple[PlotView, ...]:
    """The plots of one version: drawn ones first, then images, then those not to be seen.

    commit: its own.
    """
    folder = _shared_folder([one.plot for one in shown])
    views = (_view(one, facts, links, commit, folder) for one in shown)
    return tuple(sorted(views, key=lambda view: (not view.digest, not view.image)))


def _shared_folder(plots: Sequence[Plot]) -> str:
    """The folder that all plots without a title lie in, with a slash at its end, "" if in none."""
    untitled = [posixpath.dirname(plot.id) for plot in plots if not plot.definition.get("title")]
    folder = posixpath.commonpath(untitled) if untitled else ""
    return f"{folder}/" if folder else ""


def _view(
    shown: ShownPlot, facts: RepositoryFacts, links: RepositoryLinks, commit: str, folder: str
) -> PlotView:
    plot, digest = shown.plot, shown.digest
    drawn = digest if digest and not plot.image else ""
    picture = facts.pictures.get(plot.picture)
    return PlotView(
        name=visible(plot.name),
        title=visible(plot.definition.get("title") or plot.id.removeprefix(folder)),
        kind="image" if plot.image else "data",
        template="" if plot.image else visible(template_of(plot)),
        digest=drawn,
        data=urls.plot_data(drawn) if drawn else "",
        specification=urls.plot_specification(drawn) if drawn else "",
        image=image_url(shown, facts),
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        note=visible(plot.note),
        source=visible(plot.source),
        source_href=links.blob(commit, plot.source),
        files=tuple(
            PlotFileView(
                visible(file.path),
                "" if file.note else links.blob(commit, file.path),
                file.note,
                visible(file.hash),
                size(file.size),
            )
            for file in plot.files
        ),
    )


def plot_records(shown: Sequence[ShownPlot], facts: RepositoryFacts) -> list[ApiPlot]:
    """The same as records of the API."""
    return [_record(one, facts) for one in shown]


def _record(shown: ShownPlot, facts: RepositoryFacts) -> ApiPlot:
    plot, said = shown.plot, shown.plot.definition
    drawn = shown.digest and not plot.image
    return ApiPlot(
        name=plot.name,
        kind="image" if plot.image else "data",
        title=said.get("title"),
        template=None if plot.image else template_of(plot),
        x=said.get("x"),
        y=said.get("y"),
        x_label=said.get("x_label"),
        y_label=said.get("y_label"),
        source=plot.source,
        files=[
            ApiPlotFile(file.path, file.note or None, file.hash or None, file.size)
            for file in plot.files
        ],
        specification=urls.plot_specification(shown.digest) if drawn else None,
        image=image_url(shown, facts) or None,
        note=plot.note or None,
    )


def main_path(shown: ShownPlot) -> str:
    """The path that tells whose plot it is."""
    files = shown.plot.files
    return files[0].path if files else shown.plot.id
