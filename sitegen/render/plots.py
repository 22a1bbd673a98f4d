"""The published files of plots: for the browser, and as the Vega-Lite that DVC makes of them.

DVC's templates and how they are filled come from its own library; `plot-spec.js` fills them in the
browser, where several versions are laid over each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from dvc_render.vega import VegaRenderer
from dvc_render.vega_templates import TEMPLATES, Template

from sitegen.registry.datapoints import datapoints
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.plots import Plot
from sitegen.registry.projects import within_projects
from sitegen.render.data import encode
from sitegen.site import urls
from sitegen.site.links import repository_links
from sitegen.site.parts import PlotView
from sitegen.site.plots import (
    ShownPlot,
    image_url,
    plot_text,
    plot_views,
    shown_plots,
    template_of,
)

REVISION = "workspace"
"""What a published specification calls its one revision, as `dvc plots show` does."""


def files(repositories: Iterable[RepositoryFacts]) -> Iterator[tuple[str, bytes]]:
    """Every file of every plot, each once: (path, bytes)."""
    written: set[str] = set()
    drawn = False
    for facts in repositories:
        for plots in shown_plots(facts).values():
            for shown in plots:
                if shown.digest and shown.digest not in written:
                    written.add(shown.digest)
                    drawn = drawn or not shown.plot.image
                    yield from _files(shown, facts)
        compared = within_projects(facts)
        if compared.plots:
            yield urls.plot_index(facts.name), _script("index", _index(compared))
    if drawn:
        yield urls.PLOT_TEMPLATES, _script("templates", dvc_templates())


def _files(shown: ShownPlot, facts: RepositoryFacts) -> Iterator[tuple[str, bytes]]:
    plot, digest = shown.plot, shown.digest
    if plot.image:
        yield image_url(shown, facts), facts.pictures[plot.picture].data
        return
    text = plot_text(plot, facts).decode()
    yield urls.plot_data(digest), _script("take", digest, text)
    yield urls.plot_specification(digest), encode(specification(plot, facts)) + b"\n"


def _index(facts: RepositoryFacts) -> str:
    """JSON of which commit has which plots, each distinct one once.

    plots: as `drawn_from` says them. commits: commit -> places in plots.
    """
    links = repository_links("", "")
    places: dict[bytes, int] = {}
    rows: list[dict[str, Any]] = []
    commits: dict[str, list[int]] = {}
    for commit, shown in shown_plots(facts).items():
        commits[commit] = []
        for view in plot_views(shown, facts, links, commit):
            said = drawn_from(view)
            key = encode(said)
            if key not in places:
                places[key] = len(rows)
                rows.append(said)
            commits[commit].append(places[key])
    return encode({"plots": rows, "commits": commits}).decode()


def drawn_from(plot: PlotView) -> dict[str, Any]:
    """What `plots.js` draws one plot of one revision from, without what says nothing."""
    said = {
        "name": plot.name,
        "title": plot.title,
        "kind": plot.kind,
        "digest": plot.digest,
        "image": plot.image,
        "width": plot.width,
        "height": plot.height,
        "note": plot.note,
    }
    return {key: value for key, value in said.items() if value}


def _script(name: str, *arguments: Any) -> bytes:
    said = b",".join(encode(argument) for argument in arguments)
    return b"window.sitegen.plots.%s(%s);\n" % (name.encode(), said)


@cache
def dvc_templates() -> dict[str, dict[str, Any]]:
    """DVC's own templates by name."""
    return {one.DEFAULT_NAME: one.DEFAULT_CONTENT for one in TEMPLATES}


def specification(plot: Plot, facts: RepositoryFacts) -> dict[str, Any]:
    """A plot of data as Vega-Lite, its data included: what `dvc plots show --json` prints of it."""
    rows, properties = datapoints(plot, facts.tables, REVISION)
    own = facts.templates.get(plot.template)
    content = json.loads(own) if own else dvc_templates()[template_of(plot)]
    # As an object: by name, the library would look for files where the program was started.
    properties["template"] = Template(content, template_of(plot))
    filled: dict[str, Any] = VegaRenderer(rows, plot.name, **properties).get_filled_template()
    return filled
