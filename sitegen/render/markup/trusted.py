"""The author's door: pages and model cards of `content/`, trusted as they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor

from sitegen.render.markup.inert import TABLES
from sitegen.site import urls
from sitegen.site.cards import PREFIX, ROOT
from sitegen.site.headings import Outline

_EXTENSIONS = ["tables", "fenced_code", "toc", "admonition", "attr_list", "sane_lists"]
_HEADING = re.compile(r"h[1-6]")


def author(source: str, path: str, cards: Mapping[str, str] | None = None) -> str:
    """The HTML of a page of `content/`; `path` is the page's own, relative to `content/`.

    Relative links to other Markdown files lead to their pages, those to other files to their
    copies (`asset`). Highlighting is left to the theme: code has its language as a class.
    cards: path of a model card of `content/` -> the page that shows it.
    """
    return _author(source, path, tuple(sorted((cards or {}).items())))


# A page is shown and searched: both need it.
@lru_cache(maxsize=256)
def _author(source: str, path: str, cards: tuple[tuple[str, str], ...]) -> str:
    here = posixpath.dirname(urls.content(path))

    def relative(found: str) -> str:
        return quote(posixpath.relpath(found, here), safe="/~")

    converter = _converter()
    converter.treeprocessors.register(_Links(converter, path, relative, dict(cards)), "links", 0)
    return converter.convert(source)


def author_card(source: str, path: str, cards: Mapping[str, str] | None = None) -> str:
    """The HTML of a model card of `content/`, for any page: its links begin with `ROOT`.

    Its headings stand below the page's own, and its ids begin with `PREFIX`.
    """
    converter = _converter()
    links = _Links(converter, path, lambda found: ROOT + quote(found, safe="/~"), cards or {})
    converter.treeprocessors.register(links, "links", 0)
    converter.treeprocessors.register(_Below(converter), "below", 1)
    return converter.convert(source)


def asset(path: str) -> str:
    """Where a file of `content/` that is no page is published: at its own path below docs/."""
    return f"docs/{path}"


def _converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=_EXTENSIONS, extension_configs=TABLES, output_format="html")


class _Links(Treeprocessor):
    """Rewrites links. address: from a path of the site to what stands in the HTML."""

    def __init__(
        self,
        converter: markdown.Markdown,
        path: str,
        address: Callable[[str], str],
        cards: Mapping[str, str],
    ) -> None:
        super().__init__(converter)
        self._path = path
        self._address = address
        self._cards = cards

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                target = element.get(name)
                if target:
                    element.set(name, self._rewritten(target))

    def _rewritten(self, target: str) -> str:
        try:
            parts = urlsplit(target)
        except ValueError:
            return target
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return target
        folder = posixpath.dirname(self._path)
        wanted = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        if wanted.startswith(".."):
            return target
        page = urls.content(wanted) if wanted.endswith(".md") else asset(wanted)
        found = self._cards.get(wanted, page)
        return parts._replace(path=self._address(found)).geturl()


class _Below(Treeprocessor):
    """Puts headings below the page's own, and gives ids, and links to them, their prefix."""

    def run(self, root: Element) -> None:
        outline = Outline()
        for element in root.iter():
            if _HEADING.fullmatch(element.tag):
                element.tag = f"h{outline.level(int(element.tag[1]))}"
            if identifier := element.get("id"):
                element.set("id", PREFIX + identifier)
            if (target := element.get("href", "")).startswith("#") and len(target) > 1:
                element.set("href", f"#{PREFIX}{target[1:]}")
