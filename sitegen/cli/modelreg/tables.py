"""Tables for people, with colours at a terminal; rows with tabs for grep; lines for scripts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from sitegen.cli.common import clean, is_terminal

Row = Mapping[str, Any]

NOTHING = "Nothing found"
_STYLES = {"name": "bold", "artifact": "bold", "version": "cyan", "latest": "cyan", "ref": "dim"}
_EVENTS = {"registration": "green", "assignment": "green", "deprecation": "red"}


def print_rows(rows: Sequence[Row], plain: bool = False) -> None:
    """A table with the rows' keys as its heading; every row has the same ones."""
    if not rows:
        if not plain:
            click.echo(NOTHING)
        return
    if plain:
        click.echo("\t".join(_cell(key) for key in rows[0]))
        for row in rows:
            click.echo("\t".join(_cell(value) for value in row.values()))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colors = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    table = Table(header_style="bold" if colors else "")
    for key in rows[0]:
        table.add_column(Text(_cell(key)), overflow="fold")
    if is_terminal(sys.stdout):
        width = None
        for row in rows:
            table.add_row(*(Text(_cell(value), _style(key, value)) for key, value in row.items()))
    else:
        # A pipe has no width of its own: nothing is cut there, so that a column is one cell, which
        # rich lays out in a third of the time that its lines take one by one.
        columns = [[_cell(row[key]) for row in rows] for key in rows[0]]
        width = max(
            200,
            sum(
                2 * max(map(len, (key, *cells))) + 3
                for key, cells in zip(rows[0], columns, strict=True)
            )
            + 1,
        )
        table.add_row(*(Text("\n".join(cells), no_wrap=True) for cells in columns))
    console = Console(
        file=sys.stdout, width=width, no_color=not colors, highlight=False, soft_wrap=False
    )
    console.print(table)


def print_lines(values: Sequence[Any]) -> None:
    """One value a line."""
    for value in values:
        click.echo(clean("" if value is None else str(value)).replace("\n", " "))


def print_gto_json(value: Any) -> None:
    """JSON as `gto` formats it."""
    import json

    click.echo(json.dumps(value, indent=4))


def short(version: Any) -> Any:
    """The hash of an unregistered version, cut; anything else as it is."""
    text = str(version)
    if len(text) in (40, 64) and set(text) <= set("0123456789abcdef"):
        return text[:7]
    return version


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return clean(text).replace("\n", " ").replace("\t", " ") or "-"


def _style(key: str, value: Any) -> str:
    if key == "event":
        return _EVENTS.get(str(value), "yellow")
    return _STYLES.get(key, "magenta" if key.startswith("#") or key == "stage" else "")
