"""The data of the tables of experiments: one script that opens a table, one for each chunk of rows,
as `columnar` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sitegen.render.columnar import distinct, number_cell, script, sparse
from sitegen.site.model import Site
from sitegen.site.tables import CellView, ExperimentsView, RowView, TableColumn

CELLS = 12_000
"""How many cells a chunk holds at most, about; at 60 columns these are 200 rows."""

PLAIN = 200
"""How many rows show without JavaScript."""


def data_paths(table: ExperimentsView) -> list[str]:
    """The scripts of a table: the one that opens it, then its chunks in order."""
    stem = table.url.replace("projects/", "data/experiments/", 1).removesuffix(".html")
    chunks = len(range(0, len(table.rows), _rows_of(table)))
    return [f"{stem}.js", *(f"{stem}/{number}.js" for number in range(chunks))]


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The scripts of every table that has a row: (path, bytes)."""
    for repository in site.repositories:
        table = repository.table
        if not table.rows:
            continue
        first, *others = data_paths(table)
        yield first, script("experiments", "open", _head(table, len(others)))
        size = _rows_of(table)
        for number, path in enumerate(others):
            rows = range(len(table.rows))[number * size : (number + 1) * size]
            yield path, script("experiments", "take", _chunk(table, number, rows))


def plain_rows(table: ExperimentsView) -> tuple[int, ...]:
    """The numbers of the newest rows that are not hidden, in the table's order."""
    shown = [i for i, row in enumerate(table.rows) if not row.hidden]
    newest = sorted(shown, key=lambda i: table.rows[i].commit.when.seconds, reverse=True)[:PLAIN]
    return tuple(sorted(newest))


def _rows_of(table: ExperimentsView) -> int:
    """How many rows a chunk holds. A row's own facts count as ten cells."""
    return max(CELLS // (len(table.columns) + 10), 25)


def _head(table: ExperimentsView, chunks: int) -> dict[str, Any]:
    """All but the rows. badges: [model, label, url, [[stage, hue]]], named by number in chunks."""
    return {
        "repo": table.repo,
        "branch": table.branch,
        "rows": len(table.rows),
        "chunks": chunks,
        "baseline": table.baseline,
        "git": [table.commit_shape, table.compare_shape],
        "branches": [[b.name, b.parent, b.depth, b.rows] for b in table.branches],
        "models": [[name, command] for name, command in table.models],
        "columns": [[c.id, c.group, c.file, c.key, c.goal, int(c.shown)] for c in table.columns],
        "badges": [
            [b.number, b.label, b.url, [[stage.name, stage.hue] for stage in b.stages]]
            for row in table.rows
            for b in row.badges
        ],
    }


def _chunk(table: ExperimentsView, number: int, rows: range) -> dict[str, Any]:
    here = table.rows[rows.start : rows.stop]
    before = sum(len(row.badges) for row in table.rows[: rows.start])
    badges = {}
    for place, row in enumerate(here):
        if row.badges:
            badges[str(place)] = list(range(before, before + len(row.badges)))
            before += len(row.badges)
    return {
        "number": number,
        "start": rows.start,
        "id": [row.id for row in here],
        "subject": [row.commit.subject for row in here],
        # Often the subject is all of it.
        "message": [0 if row.message == row.commit.subject else row.message for row in here],
        "author": distinct([row.commit.author for row in here]),
        "date": [row.commit.when.iso for row in here],
        "seconds": [row.commit.when.seconds for row in here],
        "parents": [_after(here, place) for place in range(len(here))],
        "kind": [0 if not row.baseline else row.name or 1 for row in here],
        "branch": distinct([row.branch for row in here]),
        "branches": distinct([list(row.branches) for row in here]),
        "tips": sparse([list(row.tips) for row in here]),
        "tags": sparse([list(row.tags) for row in here]),
        "notes": distinct([list(row.notes) for row in here]),
        "hidden": sparse([row.hidden for row in here]),
        "badges": badges,
        "cells": [_cells(column, rows) for column in table.columns],
    }


def _after(rows: Sequence[RowView], place: int) -> list[str] | int:
    """A row's parents; 1 where the only one is the next row, as it most often is."""
    parents = rows[place].parents
    if place + 1 < len(rows) and parents == (rows[place + 1].id,):
        return 1
    return list(parents)


def _cells(column: TableColumn, rows: range) -> list[Any] | int:
    """A column's cells as `distinct` says them; 0 where the chunk has none of it."""
    cells = column.cells[rows.start : rows.stop]
    if not any(cells):
        return 0
    known: dict[int, Any] = {}
    values = []
    for cell in cells:
        if id(cell) not in known:
            known[id(cell)] = None if cell is None else _cell(cell, column.group)
        values.append(known[id(cell)])
    return distinct(values)


def _cell(cell: CellView, group: str) -> Any:
    """What `number_cell` says, or of data [hash, size]."""
    if group == "data":
        return [cell.full, cell.size]
    return number_cell(cell.number, cell.full)
