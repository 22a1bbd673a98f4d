"""Metrics and params as tables: one version against the one before, and across versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sitegen.registry.facts import Leaf, ValueFile
from sitegen.site.links import RepositoryLinks
from sitegen.site.model import MetricColumn, ValueFileView, ValueView, VersionView
from sitegen.site.parts import FileView
from sitegen.site.text import delta, number, short_number, visible

HEADLINES = 4
"""How many metrics stand for a model in a list."""


def file_views(
    files: Sequence[ValueFile],
    before: Sequence[ValueFile],
    kind: str,
    links: RepositoryLinks,
    commit: str,
    kept: Callable[[str], FileView | None] = lambda _: None,
) -> tuple[ValueFileView, ...]:
    """The files of one kind ("metrics" or "params"), each value compared with `before`'s.

    kept: tells what DVC records of a path.
    """
    old = {file.path: file.entries for file in before if file.kind == kind}
    return tuple(
        ValueFileView(
            visible(file.path),
            "" if file.note else links.blob(commit, file.path),
            visible(file.note),
            tuple(
                value_view(key, leaf, old.get(file.path, {}).get(key), compared=bool(before))
                for key, leaf in file.entries.items()
            ),
            kept(file.path) if file.note else None,
        )
        for file in files
        if file.kind == kind and (file.entries or file.note)
    )


def value_view(key: str, leaf: Leaf, before: Leaf | None, *, compared: bool) -> ValueView:
    """One value. compared: whether there is a previous version at all."""
    now = number(leaf)
    then = None if before is None else number(before)
    change = difference = ""
    if before is None:
        change = "new" if compared else ""
    elif before.text == leaf.text:
        change = "same"
    elif now is not None and then is not None:
        difference = delta(now, then)
        change = "up" if now > then else "down" if now < then else "same"
    return ValueView(
        visible(key),
        short_number(leaf),
        visible(leaf.text),
        now,
        "" if before is None else short_number(before),
        difference,
        change,
    )


def headline(version: VersionView | None) -> tuple[ValueView, ...]:
    """The few metrics that stand for a version in a list: the first numbers that it has."""
    if version is None:
        return ()
    found = [v for file in version.metrics for v in file.values if v.number is not None]
    return tuple(found[:HEADLINES])


def metric_table(versions: Sequence[VersionView]) -> tuple[MetricColumn, ...]:
    """Every metric of any of `versions`, in the order of the newest that has it."""
    rows: dict[tuple[str, str], dict[str, ValueView]] = {}
    for version in versions:
        for file in version.metrics:
            for value in file.values:
                rows.setdefault((file.path, value.key), {})[version.name] = value
    return tuple(
        MetricColumn(path, key, tuple(found.get(version.name) for version in versions))
        for (path, key), found in rows.items()
    )
