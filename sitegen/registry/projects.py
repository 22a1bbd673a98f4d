"""The folders of a monorepo that the settings name: what of its experiments lies in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

import msgspec

from sitegen.registry.facts import RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data
from sitegen.registry.plots import Plot

T = TypeVar("T")


def lies_in(path: str, projects: Collection[str]) -> bool:
    """Whether a folder or file is one of the folders or below one; () holds everything."""
    return not projects or any(
        path == project or path.startswith(f"{project}/") for project in projects
    )


def within_projects(facts: RepositoryFacts) -> RepositoryFacts:
    """The facts with those metrics, params, data and plots alone that lie in the folders shown.

    Commits that shared an object share one again.
    """
    shown = facts.shown
    if not shown:
        return facts

    def values(files: tuple[ValueFile, ...]) -> tuple[ValueFile, ...]:
        return tuple(file for file in files if lies_in(file.path, shown))

    def data(rows: dict[str, Data]) -> dict[str, Data]:
        return {path: one for path, one in rows.items() if lies_in(path, shown)}

    def plots(rows: tuple[Plot, ...]) -> tuple[Plot, ...]:
        return tuple(
            plot
            for plot in rows
            if any(lies_in(path, shown) for path in (plot.source, *(f.path for f in plot.files)))
        )

    return msgspec.structs.replace(
        facts,
        values=_each(facts.values, values),
        data=_each(facts.data, data),
        plots=_each(facts.plots, plots),
    )


def _each(rows: Mapping[str, T], narrowed: Callable[[T], T]) -> dict[str, T]:
    """Each row narrowed, once for all commits that share it; empty ones are left out."""
    known: dict[int, T] = {}
    for row in rows.values():
        if id(row) not in known:
            known[id(row)] = narrowed(row)
    return {commit: known[id(row)] for commit, row in rows.items() if known[id(row)]}
