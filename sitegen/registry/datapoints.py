"""A plot's files -> the rows that are drawn, and what its axes are called.

Source of the rules: DVC 3 (`dvc/render/converter/vega.py`); the same is done in the browser by
`plot-spec.js` where several versions are laid over each other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.registry.plots import Plot, Table

INDEX = "step"
"""The column that numbers the rows where dvc.yaml names none for x."""

_X, _Y = "dvc_inferred_x_value", "dvc_inferred_y_value"

Row = dict[str, Any]
Axis = dict[str, Any]


class CannotDraw(Exception):
    """The data is not what the definition asks for; the text says why."""


def rows_of(table: Table) -> list[Row]:
    """A table's rows, each with the columns that it has."""
    columns: list[list[Any]] = msgspec.json.decode(table.cells)
    absent = [frozenset(rows) for rows in table.absent] or [frozenset[int]()] * len(columns)
    return [
        {
            name: cells[number]
            for name, cells, none in zip(table.columns, columns, absent, strict=True)
            if number not in none
        }
        for number in range(table.rows)
    ]


def datapoints(
    plot: Plot, tables: Mapping[str, Table], revision: str
) -> tuple[list[Row], dict[str, Any]]:
    """The rows of one revision, and the properties that its template is filled with.

    tables: those of the facts. Each row also says its revision (`rev`), and the file and column it
    was taken from (`filename`, `field`). No rows where there is nothing to draw. Raises CannotDraw.
    """
    found = {file.path: tables[file.table] for file in plot.files if file.table in tables}
    properties = {**plot.definition, **_inferred(plot, found)}
    properties["y_label"] = _y_label(properties)
    properties["x_label"] = _x_label(properties)
    rows = {path: rows_of(table) for path, table in found.items()}
    xs = list(_fields(properties.get("x"), rows))
    ys = list(_fields(properties.get("y"), rows))
    if len(xs) > 1 and len(xs) != len(ys):
        raise CannotDraw(f"there are {len(xs)} columns for x and {len(ys)} for y")
    if len(set(ys)) < len(ys):
        raise CannotDraw("one column is named twice for y")
    several_xs = len({field for _, field in xs}) > 1
    x_column = _X if several_xs else xs[0][1] if xs else INDEX
    y_fields = dict.fromkeys(field for _, field in ys)
    y_column = _Y if len(y_fields) > 1 else next(iter(y_fields), None)
    files = sorted({path for path, _ in ys})
    prefix = len(posixpath.commonpath(files)) if len(files) > 1 else 0
    drawn: list[Row] = []
    for number, (path, field) in enumerate(ys):
        points = [dict(row) for row in rows.get(path, ())]
        if y_column == _Y:
            _copy(points, points, field, _Y)
        if not xs:
            for index, point in enumerate(points):
                point[INDEX] = index
        else:
            x_path, x_field = xs[number if len(xs) > 1 else 0]
            source = rows.get(x_path, [])
            if len(source) != len(points):
                raise CannotDraw(
                    f"{x_field!r} of {x_path} has {len(source)} values, "
                    f"{field!r} of {path} has {len(points)}"
                )
            _copy(points, source, x_field, x_column)
        for point in points:
            point.update(rev=revision, filename=path[prefix:].strip("/\\"), field=field)
        drawn += points
    if not drawn:
        return [], {}
    definitions = [{"filename": path[prefix:].strip("/\\"), "field": field} for path, field in ys]
    return drawn, {
        "title": plot.name,
        **properties,
        "x": x_column,
        "y": y_column,
        "anchors_y_definitions": definitions,
        "revs_with_datapoints": [revision],
    }


def _inferred(plot: Plot, tables: Mapping[str, Table]) -> dict[str, Axis | None]:
    """x and y as file -> columns, where the definition leaves that open."""
    x, y = plot.definition.get("x"), plot.definition.get("y")
    found: dict[str, Axis | None] = {}
    if isinstance(x, str):
        if isinstance(y, dict):
            found["x"] = {
                file: [x] * len(fields) if isinstance(fields, list) else x
                for file, fields in y.items()
            }
        else:
            found["x"] = {plot.id: x}
    if y is None:
        table = tables.get(plot.id)
        found["y"] = {plot.id: table.drawn} if table and table.drawn else None
    elif not isinstance(y, dict):
        found["y"] = {plot.id: y}
    return found


def _pairs(axis: Axis | None) -> Iterator[tuple[str, str]]:
    for file, fields in (axis or {}).items():
        for field in fields if isinstance(fields, list) else [fields]:
            yield file, field


def _fields(axis: Axis | None, rows: Mapping[str, list[Row]]) -> Iterator[tuple[str, str]]:
    """(file, column) of an axis. Raises CannotDraw where a file's first row lacks the column."""
    for file, field in _pairs(axis):
        if file in rows:
            first: Row = rows[file][0] if rows[file] else {}
            if field not in first:
                there = ", ".join(first) or "none"
                raise CannotDraw(f"{file} has no column {field!r} (there: {there[:300]})")
        yield file, field


def _y_label(properties: Mapping[str, Any]) -> str | None:
    if (label := properties.get("y_label")) is not None:
        return str(label)
    if properties.get("y") is None:
        return None
    fields = {field for _, field in _pairs(properties["y"])}
    return fields.pop() if len(fields) == 1 else "y"


def _x_label(properties: Mapping[str, Any]) -> str:
    if (label := properties.get("x_label")) is not None:
        return str(label)
    if properties.get("x") is None:
        return INDEX
    fields = {field for _, field in _pairs(properties["x"])}
    return fields.pop() if len(fields) == 1 else "x"


def _copy(points: list[Row], source: list[Row], field: str, column: str) -> None:
    for point, row in zip(points, source, strict=True):
        if field in row:
            point[column] = row[field]
