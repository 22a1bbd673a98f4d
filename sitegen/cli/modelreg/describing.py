"""A model as people read it: what it is, its methods and their columns, requirements, warnings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sitegen.cli import common
from sitegen.cli.modelreg.fetching import size_text
from sitegen.registry import schemas

if TYPE_CHECKING:
    from sitegen.inspection.base import Inspected, Tensor
    from sitegen.registry.schemas import DataType, ModelMetadata

TENSORS = 20
"""Tensors that are shown; JSON has more."""
COLUMNS = 200
_WIDE = 1 << 16
_NOT_SAID = "-"


def print_model(inspected: Inspected, version: str = "") -> None:
    """All that was found, in colours at a terminal. version: of which artifact it is, "" if none.

    Elsewhere than at a terminal every fact is one line.
    """
    found = inspected.metadata
    terminal = common.is_terminal(sys.stdout)
    console = Console(
        file=sys.stdout,
        width=None if terminal else _WIDE,
        no_color=not terminal or bool(os.environ.get("NO_COLOR")),
        highlight=False,
    )
    _print_facts(console, [(name, value) for name, value in _facts(found, version) if value])
    if found.methods:
        _list(console, "methods", [schemas.signature_text(one) for one in found.methods])
    for where, type_ in tables_of(found):
        _heading(console, f"columns of {where}")
        console.print(Padding(_columns(type_), (0, 0, 0, 2), expand=False))
    if found.requirements:
        _list(console, "requirements", map(schemas.requirement_text, found.requirements))
    if inspected.tensor_count:
        more = inspected.tensor_count - TENSORS
        rows = [*map(_tensor, inspected.tensors[:TENSORS])]
        rows += [f"and {more} more: see --json"] if more > 0 else []
        _list(console, f"tensors ({inspected.tensor_count})", rows)
    for warning in inspected.warnings:
        console.print(_text(f"warning: {warning}", "bold red"))


def tables_of(found: ModelMetadata) -> list[tuple[str, DataType]]:
    """Each distinct table that methods take or give, and where: `X of predict and score`."""
    used: dict[tuple[object, ...], tuple[dict[str, list[str]], DataType]] = {}
    for method in found.methods:
        sides = [(one.name, one.type) for one in method.arguments]
        for name, type_ in (*sides, ("the result", method.returns)):
            if type_ is not None and type_.columns:
                where, _ = used.setdefault(type_.columns, ({}, type_))
                where.setdefault(name, []).append(method.name)
    return [
        (", ".join(f"{name} of {' and '.join(methods)}" for name, methods in where.items()), type_)
        for where, type_ in used.values()
    ]


def _facts(found: ModelMetadata, version: str) -> Iterator[tuple[str, str]]:
    sizes = [one.size or 0 for one in found.files]
    several = f"{len(sizes)} files, " if len(sizes) > 1 else ""
    if version:
        yield "version", version
    yield "file", f"{found.source} ({several}{size_text(sum(sizes))})"
    yield "format", found.format
    yield "framework", f"{found.framework or 'not known'} {found.framework_version}".strip()
    yield "class", found.class_name
    yield "description", found.description
    yield from found.facts


def _text(value: str, style: str = "") -> Text:
    # Where there are no colours, bold is left out as well.
    return Text(common.clean(value).replace("\n", " "), style if _styled() else "")


def _styled() -> bool:
    return common.is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")


def _heading(console: Console, text: str) -> None:
    console.print(_text(text, "bold"))


def _list(console: Console, heading: str, rows: Any) -> None:
    _heading(console, heading)
    for row in rows:
        console.print(Padding(_text(row), (0, 0, 0, 2), expand=False))


def _print_facts(console: Console, rows: Sequence[tuple[str, str]]) -> None:
    """Names and values beside each other; at a terminal a long value goes on below itself."""
    if not common.is_terminal(sys.stdout):
        width = max(len(name) for name, _ in rows)
        for name, value in rows:
            console.print(_text(f"{name.ljust(width)}  {value}"))
        return
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=30, overflow="fold")
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(_text(name, "bold"), _text(value))
    console.print(grid)


def _columns(type_: DataType) -> Table:
    table = Table(header_style="bold" if _styled() else "")
    table.add_column("column", overflow="fold")
    table.add_column("type", overflow="fold")
    for column in type_.columns[:COLUMNS]:
        index = " (index)" if column.index else ""
        dtype = f"{column.dtype or _NOT_SAID}{index}"
        table.add_row(_text(column.name or _NOT_SAID), _text(dtype))
    if len(type_.columns) > COLUMNS:
        table.add_row(f"and {len(type_.columns) - COLUMNS} more", "see --json")
    return table


def _tensor(one: Tensor) -> str:
    return f"{one.name}: {one.dtype}[{_sizes(one.shape)}]"


def _sizes(shape: Sequence[int | str | None]) -> str:
    return ", ".join("?" if size is None else str(size) for size in shape)
