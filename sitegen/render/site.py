"""Everything of a portal as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sitegen.registry.facts import RepositoryFacts
from sitegen.render import (
    activity,
    badges,
    compare,
    dashboard,
    data,
    day,
    experiments,
    feeds,
    pages,
    plots,
)
from sitegen.render.search import index_files
from sitegen.render.search.documents import groups_of
from sitegen.render.search.languages import languages_of, unused_scripts
from sitegen.render.search.memory import Memory
from sitegen.render.theme import Theme, static_files
from sitegen.site.model import Site


def render_site(
    site: Site,
    theme: Theme,
    api_documents: Mapping[str, Any],
    repositories: Iterable[RepositoryFacts] = (),
    memory: Memory | None = None,
    languages: Sequence[str] = ("en",),
) -> Iterator[tuple[str, bytes]]:
    """Every file of the portal, one by one: (path, bytes).

    api_documents: path -> record, of `sitegen.site.api.documents`. repositories: those whose plots
    the site shows. memory: of the search index, which is of this build once all files were asked
    for. languages: of the search, by their codes. Raises RenderError.
    """
    statics = dict(static_files(theme))
    spoken = languages_of(languages, statics)
    for path in unused_scripts(languages):
        statics.pop(path, None)
    yield from statics.items()
    yield pages.STAGES_CSS, pages.stages_css(site)
    yield from pages.render_pages(site, theme)
    yield from dashboard.data_files(site)
    yield from compare.data_files(site)
    yield from plots.files(repositories)
    yield from experiments.data_files(site)
    yield from day.data_files(site)
    yield from activity.data_files(site)
    yield from index_files(groups_of(site), memory, spoken)
    yield from data.documents(api_documents)
    yield from data.schemas()
    yield from feeds.feeds(site)
    yield from badges.badges(site)
