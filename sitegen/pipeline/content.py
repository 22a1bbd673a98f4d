"""The author's pages: a walk over the content folder, where links are never followed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sitegen.config import Entry
from sitegen.errors import ConfigError, Problem
from sitegen.readers.pages import read_page
from sitegen.site import urls
from sitegen.site.model import ContentView, NavLink

LARGEST = 16 * 1024 * 1024
_CLOSED = ("it may not be read", "let the user who builds read it")
CARDS = "models/"
"""The folder of `content/` that holds model cards, which are no pages of their own."""


class Content(msgspec.Struct, frozen=True):
    """The pages in their order, the other files by their path in the site, and what was wrong.

    cards: path below the content folder -> bytes, of the author's own model cards.
    """

    pages: tuple[ContentView, ...] = ()
    files: tuple[tuple[str, Path], ...] = ()
    problems: tuple[Problem, ...] = ()
    cards: Mapping[str, bytes] = {}


def read_content(folder: Path | None) -> Content:
    """Everything in `folder`; nothing where there is none."""
    if folder is None:
        return Content()
    pages: list[tuple[float, str, ContentView]] = []
    files: list[tuple[str, Path]] = []
    problems: list[Problem] = []
    cards: dict[str, bytes] = {}
    for path, relative in _walk(folder, "", problems):
        if relative.startswith(CARDS) and relative.endswith(".md"):
            cards[relative] = path.read_bytes()
        elif relative.endswith(".md"):
            view, order, wrong = read_page(relative, path.read_bytes())
            pages.append((order, relative, view))
            problems += wrong
        else:
            files.append((f"docs/{relative}", path))
    pages.sort(key=lambda row: row[:2])
    return Content(tuple(view for *_, view in pages), tuple(files), tuple(problems), cards)


def _walk(folder: Path, prefix: str, problems: list[Problem]) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    if not os.access(folder, os.R_OK | os.X_OK):
        problems.append(_problem(prefix.rstrip("/"), *_CLOSED))
        return found
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            relative = f"{prefix}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                problems.append(
                    _problem(relative, "a link; links are never followed", "copy the file instead")
                )
            elif entry.is_dir():
                found += _walk(Path(entry.path), f"{relative}/", problems)
            elif not entry.is_file():
                problems.append(
                    _problem(relative, "neither a file nor a folder", "remove it from there")
                )
            elif not os.access(entry.path, os.R_OK):
                problems.append(_problem(relative, *_CLOSED))
            elif entry.stat().st_size > LARGEST:
                problems.append(
                    _problem(relative, f"more than {LARGEST} bytes", "host the file elsewhere")
                )
            else:
                found.append((Path(entry.path), relative))
    return found


def _problem(path: str, reason: str, remedy: str) -> Problem:
    return Problem("", "", path, reason, remedy, "content")


def navigation(entries: tuple[Entry, ...], content: Content) -> tuple[NavLink, ...]:
    """The configured navigation, else the documentation as one entry with the pages below it.

    Raises ConfigError for an entry whose page is not there.
    """
    if entries:
        return tuple(_link(entry, {page.path: page for page in content.pages}) for entry in entries)
    rows = tuple(NavLink(page.title, page.url, "", "content") for page in content.pages)
    index = next((row for row in rows if row.url == urls.content("index.md")), None)
    if index is None:
        return rows
    rest = tuple(row for row in rows if row is not index)
    return (NavLink(index.title, index.url, "", "content", rest),)


_OWN = {urls.DASHBOARD, urls.PROJECTS, urls.ACTIVITY, urls.PROBLEMS, urls.SEARCH}


def _link(entry: Entry, pages: dict[str, ContentView]) -> NavLink:
    children = tuple(_link(child, pages) for child in entry.children)
    if not entry.page:
        return NavLink(entry.title, "", entry.url, "link", children)
    if entry.page in pages:
        return NavLink(entry.title, pages[entry.page].url, "", "content", children)
    if entry.page in _OWN:
        return NavLink(entry.title, entry.page, "", "page", children)
    raise ConfigError(
        f"navigation leads to {entry.page!r}, which is no page of the site",
        remedy=f"name a file of the content folder or one of {', '.join(sorted(_OWN))}",
    )
