"""The pages: a table of their kinds, and the loop that renders them through the theme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import msgspec

from sitegen.render import activity, compare, dashboard, day, experiments, markup
from sitegen.render.theme import Templates, Theme, safe
from sitegen.site import cards, colors, urls
from sitegen.site.compare import facts_of, line_up, with_files
from sitegen.site.model import ModelView, Page, Site, VersionView

STAGES_CSS = "static/stages.css"
"""Always there, so that every page can name it; empty where no colours are configured."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SITEMAP_LONGEST = 50_000


class PageJob(msgspec.Struct, frozen=True):
    """One page to be rendered. context: what its template gets besides `site` and `page`."""

    path: str
    title: str
    description: str
    context: dict[str, Any]


class PageKind(msgspec.Struct, frozen=True):
    """A kind of page. jobs: the pages of that kind that a portal has."""

    name: str
    template: str
    jobs: Callable[[Site], Iterable[PageJob]]


def _single(path: str, title: str, description: str) -> Callable[[Site], Iterable[PageJob]]:
    """A kind of which there is one page."""

    def jobs(site: Site) -> Iterable[PageJob]:
        yield PageJob(path, title, description, {})

    return jobs


def _dashboard(site: Site) -> Iterable[PageJob]:
    lists = dashboard.plain_lists(site)
    context = {
        "plain": dashboard.plain_models(site),
        "lists": [path for path, _ in lists],
        "data": dashboard.data_paths(site),
    }
    description = "Models, their versions, and which of them is in which stage"
    yield PageJob(urls.DASHBOARD, site.title, description, context)


def _lists(site: Site) -> Iterable[PageJob]:
    pages = dashboard.plain_lists(site)
    for place, (path, models) in enumerate(pages):
        context = {
            "models": models,
            "first": place * dashboard.LISTED + 1,
            "before": pages[place - 1][0] if place else "",
            "after": pages[place + 1][0] if place + 1 < len(pages) else "",
        }
        yield PageJob(path, "All models", "Every model of the registry as a plain list", context)


def _models(site: Site) -> Iterable[PageJob]:
    for model in site.models:
        chosen = model.latest or (model.versions[0] if model.versions else None)
        context = {
            "model": model,
            "version": chosen,
            "card_html": _card_html(chosen, model.url) if chosen else "",
            "day_data": safe(day.page_data(model, site)),
        }
        yield PageJob(model.url, model.name, _summary(model), context)


def _versions(site: Site) -> Iterable[PageJob]:
    for model, chunk in zip(site.models, day.chunks(site.models), strict=True):
        for version in model.versions:
            yield PageJob(
                version.url,
                f"{model.name} {version.label}",
                version.description or _summary(model),
                {
                    "model": model,
                    "version": version,
                    "card_html": _card_html(version, version.url),
                    "day_chunk": chunk,
                },
            )


def _card_html(version: VersionView, path: str) -> str:
    """The model card's text for the page at `path`, as safe HTML."""
    return safe(cards.card_html(version.card, urls.root(path), version.commit.oid))


def _compares(site: Site) -> Iterable[PageJob]:
    for model in site.models:
        if not model.compare:
            continue
        first = tuple(v for v in model.versions if v.registered and v.active)[:2]
        # The older one first: the newer one is measured against it, as on its own page.
        shown = tuple(reversed(first if len(first) == 2 else model.versions[:2]))
        files = with_files(model.versions)
        context = {
            "model": model,
            "versions": shown,
            "groups": line_up([facts_of(version, files) for version in shown]),
            "data": compare.data_path(model),
        }
        title = f"Compare versions of {model.name}"
        yield PageJob(model.compare, title, f"Versions of {model.name} side by side", context)


def _experiments(site: Site) -> Iterable[PageJob]:
    for repository in site.repositories:
        table = repository.table
        context = {
            "table": table,
            "repository": repository,
            "plain": experiments.plain_rows(table),
            "data": experiments.data_paths(table)[:2] if table.rows else [],
        }
        description = f"Branches, commits and DVC experiments of {repository.name} side by side"
        yield PageJob(table.url, f"Experiments of {repository.name}", description, context)


def _summary(model: ModelView) -> str:
    return model.description or f"Versions, stages and history of {model.name} in {model.repo}"


def _contents(site: Site) -> Iterable[PageJob]:
    own = cards.own_pages(site.models)
    for content in site.contents:
        html = safe(markup.author(content.source, content.path, own))
        context = {"content": content, "html": html}
        yield PageJob(content.url, content.title, content.description, context)


def _activity(site: Site) -> Iterable[PageJob]:
    found = activity.event_pages(site)
    spans = activity.spans(found)
    for each in found:
        context = {
            "events": each.events,
            "older": each.older,
            "newer": each.newer,
            "data": activity.DATA,
            "spans": spans,
        }
        yield PageJob(each.path, "Activity", "What happened in the registry, newest first", context)


PAGE_KINDS = (
    PageKind("dashboard", "dashboard.html", _dashboard),
    PageKind("list", "list.html", _lists),
    PageKind("model", "model.html", _models),
    PageKind("version", "version.html", _versions),
    PageKind("compare", "compare.html", _compares),
    PageKind(
        "projects", "projects.html",
        _single(urls.PROJECTS, "Projects", "The repositories and projects of the registry"),
    ),
    PageKind("experiments", "experiments.html", _experiments),
    PageKind("activity", "activity.html", _activity),
    PageKind(
        "problems", "problems.html",
        _single(urls.PROBLEMS, "Problems", "What is wrong in the input, and how to mend it"),
    ),
    PageKind(
        "search", "search.html",
        _single(urls.SEARCH, "Search", "Find models, versions and pages"),
    ),
    PageKind("content", "content.html", _contents),
    PageKind("missing", "404.html", _single(urls.MISSING, "Page not found", "")),
)  # fmt: skip


def render_pages(site: Site, theme: Theme) -> Iterator[tuple[str, bytes]]:
    """Every page, and with a base URL the sitemap: (path, UTF-8 bytes). Raises RenderError."""
    templates = Templates(theme)
    paths: list[str] = []
    for kind in PAGE_KINDS:
        for job in kind.jobs(site):
            page = page_of(site, kind.name, job)
            html = templates.render(kind.template, {"site": site, "page": page, **job.context})
            yield job.path, html.encode("utf-8", "replace")
            if kind.name != "missing":
                paths.append(job.path)
    if site.base_url:
        yield from sitemap(site.base_url, paths)


def page_of(site: Site, kind: str, job: PageJob) -> Page:
    """What a template knows of its own page."""
    missing = kind == "missing"
    root = (urlsplit(site.base_url).path or "/") if missing else urls.root(job.path)
    canonical = "" if missing or not site.base_url else address(site.base_url, job.path)
    return Page(kind, job.path, job.title, job.description, root, canonical)


def address(base_url: str, path: str) -> str:
    """A page's address under a base URL; the dashboard's is the base URL itself."""
    return base_url if path == urls.DASHBOARD else base_url + quote(path, safe="/~")


def sitemap(base_url: str, paths: list[str]) -> Iterator[tuple[str, bytes]]:
    """sitemap.xml, in parts where there are more pages than one may list (sitemaps.org)."""
    addresses = sorted(address(base_url, path) for path in paths)
    if len(addresses) <= _SITEMAP_LONGEST:
        yield "sitemap.xml", _listing("urlset", "url", addresses)
        return
    parts: list[str] = []
    for start in range(0, len(addresses), _SITEMAP_LONGEST):
        name = f"sitemap-{len(parts) + 1}.xml"
        yield name, _listing("urlset", "url", addresses[start : start + _SITEMAP_LONGEST])
        parts.append(base_url + name)
    yield "sitemap.xml", _listing("sitemapindex", "sitemap", parts)


def _listing(root: str, item: str, addresses: list[str]) -> bytes:
    lines = [f"<{item}><loc>{escape(each)}</loc></{item}>" for each in addresses]
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{_SITEMAP}">'
    return "\n".join([head, *lines, f"</{root}>", ""]).encode()


def stages_css(site: Site) -> bytes:
    """The configured stage colours: the theme's `--stage` for a stage's class.

    Raises RenderError for anything but a colour.
    """
    rules = {
        stage.hue: f".stage-{stage.hue} {{ --stage: {colors.normal(stage.color)}; }}\n"
        for stage in site.stages
        if stage.color
    }
    return "".join(rules[hue] for hue in sorted(rules)).encode()
