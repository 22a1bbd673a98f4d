"""The data of the tables of experiments: classic scripts, one that opens a table and one for each
chunk of its rows.

Opened from disk a page cannot fetch, so a script hands over one string of JSON. A chunk is small,
so that parsing it holds up the page for a few milliseconds only, and the first rows need but one.
Inside it is columnar, each distinct cell once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sitegen.render.data import encode
from sitegen.site.model import Site
from sitegen.site.tables import CellView, ExperimentsView, RowView, TableColumn

CELLS = 12_000
"""How many cells a chunk holds at most, about; at 60 columns these are 200 rows."""

PLAIN = 200
"""How many rows show without JavaScript."""

_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")


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
        yield first, _script("open", _head(table, len(others)))
        size = _rows_of(table)
        for number, path in enumerate(others):
            rows = range(len(table.rows))[number * size : (number + 1) * size]
            yield path, _script("take", _chunk(table, number, rows))


def plain_rows(table: ExperimentsView) -> tuple[int, ...]:
    """The numbers of the newest rows that are not hidden, in the table's order."""
    shown = [i for i, row in enumerate(table.rows) if not row.hidden]
    newest = sorted(shown, key=lambda i: table.rows[i].commit.when.seconds, reverse=True)[:PLAIN]
    return tuple(sorted(newest))


def _rows_of(table: ExperimentsView) -> int:
    """How many rows a chunk holds. A row's own facts count as ten cells."""
    return max(CELLS // (len(table.columns) + 10), 25)


def _script(name: str, value: Any) -> bytes:
    text = encode(encode(value).decode()).decode()
    return f"window.sitegen.experiments.{name}({text});\n".encode()


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
        "author": _distinct([row.commit.author for row in here]),
        "date": [row.commit.when.iso for row in here],
        "seconds": [row.commit.when.seconds for row in here],
        "parents": [_after(here, place) for place in range(len(here))],
        "kind": [0 if not row.baseline else row.name or 1 for row in here],
        "branch": _distinct([row.branch for row in here]),
        "branches": _distinct([list(row.branches) for row in here]),
        "tips": _sparse([list(row.tips) for row in here]),
        "tags": _sparse([list(row.tags) for row in here]),
        "notes": _distinct([list(row.notes) for row in here]),
        "hidden": _sparse([row.hidden for row in here]),
        "badges": badges,
        "cells": [_cells(column, rows) for column in table.columns],
    }


def _after(rows: Sequence[RowView], place: int) -> list[str] | int:
    """A row's parents; 1 where the only one is the next row, as it most often is."""
    parents = rows[place].parents
    if place + 1 < len(rows) and parents == (rows[place + 1].id,):
        return 1
    return list(parents)


def _sparse(values: Sequence[Any]) -> dict[str, Any]:
    """Place -> value, for those that say something."""
    return {str(place): value for place, value in enumerate(values) if value}


def _distinct(values: Sequence[Any]) -> list[Any]:
    """[distinct values, the place of each row's], or [values] where that is not shorter."""
    keys: dict[Any, int] = {}
    kept: list[Any] = []
    places = []
    for value in values:
        key = repr(value) if isinstance(value, list) else value
        if key not in keys:
            keys[key] = len(kept)
            kept.append(value)
        places.append(keys[key])
    return [kept, places] if len(kept) * 2 < len(values) or len(kept) == 1 else [list(values)]


def _cells(column: TableColumn, rows: range) -> list[Any] | int:
    """A column's cells as `_distinct` says them; 0 where the chunk has none of it."""
    cells = column.cells[rows.start : rows.stop]
    if not any(cells):
        return 0
    known: dict[int, Any] = {}
    values = []
    for cell in cells:
        if id(cell) not in known:
            known[id(cell)] = None if cell is None else _cell(cell, column.group)
        values.append(known[id(cell)])
    return _distinct(values)


def _cell(cell: CellView, group: str) -> Any:
    """A number that every reader of JSON spells as the source does, a text, [number, its spelling],
    or of data [hash, size]."""
    if group == "data":
        return [cell.full, cell.size]
    if cell.number is None:
        return cell.full
    if _INTEGER.fullmatch(cell.full):
        return int(cell.full)
    # JavaScript writes an exponent elsewhere than Python does.
    plain = math.isfinite(cell.number) and repr(cell.number) == cell.full
    if plain and "e" not in cell.full and not cell.full.endswith(".0"):
        return cell.number
    return [cell.number, cell.full]
