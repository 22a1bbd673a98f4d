"""The author's own pages: a Markdown file of `content/` with YAML front matter, to its view.

Front matter is optional: `title`, `description`, `order` (a number; pages without one come last,
by path) and `url` are not asked for. The title defaults to the first heading, then to the name.
"""

from __future__ import annotations

import re

from sitegen.errors import Problem
from sitegen.readers.front_matter import part
from sitegen.safeyaml import YamlError, load
from sitegen.site import urls
from sitegen.site.model import ContentView

LAST = 1_000_000
"""The order of a page that has none."""

_HEADING = re.compile(r"^#[ \t]+(?P<text>.+?)[ \t#]*$", re.M)
_KEYS = ("title", "description", "order")


def read_page(path: str, data: bytes) -> tuple[ContentView, float, tuple[Problem, ...]]:
    """The page at `path` (relative to the content folder), its order, and what was wrong in it."""
    found = part(data)
    text = found.text
    problems: list[Problem] = []
    if not found.readable:
        problems.append(
            _problem(path, "not UTF-8; unreadable bytes were replaced", "save the file as UTF-8")
        )
    fields: dict[str, object] = {}
    if found.yaml is not None:
        fields, more = _front_matter(path, found.yaml)
        problems += more
    heading = _HEADING.search(text)
    fallback = heading["text"] if heading else path.rsplit("/", 1)[-1].removesuffix(".md")
    title = str(fields.get("title") or fallback)
    order = fields.get("order", LAST)
    if isinstance(order, bool) or not isinstance(order, (int, float)):
        problems.append(_problem(path, f"order is a number, not {order!r}", "write a number"))
        order = LAST
    view = ContentView(title, urls.content(path), str(fields.get("description") or ""), text, path)
    return view, float(order), tuple(problems)


def _front_matter(path: str, source: str) -> tuple[dict[str, object], list[Problem]]:
    try:
        document = load(source, name=path)
    except YamlError as error:
        return {}, [_problem(path, f"front matter: {error.problem.reason}", "correct the file")]
    if document.value is None:
        return {}, []
    if not isinstance(document.value, dict):
        return {}, [
            _problem(path, "front matter is no mapping of keys to values", "write key: value")
        ]
    unknown = [key for key in document.value if key not in _KEYS]
    problems = [
        _problem(path, f"front matter has no key {key!r}", f"use one of {', '.join(_KEYS)}")
        for key in unknown
    ]
    return document.value, problems


def _problem(path: str, reason: str, remedy: str) -> Problem:
    return Problem("", "", path, reason, remedy, "content")
