"""The data files of plots: CSV, TSV, JSON and YAML -> rows, column by column.

Source of the rules: DVC 3 (`dvc plots`). In JSON and YAML every list of records counts, however
deep in mappings: the records of several lists are joined row by row. Cells of CSV stay text. Two
rules are ours: a byte order mark is no part of the first column's name, and what is larger than a
page can draw is refused.
"""

from __future__ import annotations

import csv
import io
import json
import math
import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.readers.trees import TreeError, check_depth, plain, tree
from sitegen.registry.plots import Table
from sitegen.safeyaml import MAX_DIGITS

LARGEST = 4 * 1024 * 1024
"""Bytes of a data file that is read."""
MOST_ROWS = 50_000
MOST_CELLS = 500_000

EXTENSIONS = (".csv", ".tsv", ".json", ".yaml", ".yml", ".toml", ".py")

_SURROGATE = re.compile("[\ud800-\udfff]")

Row = dict[str, Any]


def read_table(path: str, data: bytes, header: bool = True) -> Table | None:
    """The rows of one data file; None where it is empty.

    header: whether the first row of a CSV or TSV names the columns, which are else "0", "1", ...
    Raises TreeError.
    """
    extension = posixpath.splitext(path)[1].lower()
    if extension not in EXTENSIONS:
        raise TreeError(
            "only JSON, YAML, CSV and TSV files, and PNG, JPEG, GIF and SVG images, are drawn"
        )
    if len(data) > LARGEST:
        raise TreeError(f"the file has {len(data)} bytes, at most {LARGEST} are drawn")
    if extension in (".csv", ".tsv"):
        text = _text(data).replace("\r\n", "\n").replace("\r", "\n")
        names, rows = _separated(text, "\t" if extension == ".tsv" else ",", header)
        return _from_cells(names, rows) if rows else None
    content = _json(data) if extension == ".json" else plain(tree(path, data))
    if not content:
        return None
    if not isinstance(content, list | dict):
        raise TreeError("a list of records was expected")
    return _from_lists([found for found in _lists(content) if found])


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TreeError("the file is no UTF-8 text") from None


def _separated(text: str, delimiter: str, header: bool) -> tuple[dict[str, int], list[list[str]]]:
    """Column -> its place in a row, and the rows."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows: list[list[str]] = []
    names: list[str] | None = None
    width = 0
    try:
        for row in reader:
            if names is None:
                names = row if header else [str(number) for number in range(len(row))]
                width = len(names)
                if header:
                    continue
            if not row:
                continue
            if len(row) > width:
                raise TreeError(
                    f"line {reader.line_num} has {len(row)} cells, the first line {width}"
                )
            _check_size(len(rows) + 1, width)
            rows.append(row)
    except csv.Error as error:
        raise TreeError(f"line {reader.line_num}: {error}") from None
    # Of two columns of one name the last one counts, as in a mapping.
    return {name: place for place, name in enumerate(names or [])}, rows


def _from_cells(names: dict[str, int], rows: list[list[str]]) -> Table:
    columns = [[row[at] if at < len(row) else None for row in rows] for at in names.values()]
    return Table(tuple(names), len(rows), next(reversed(names), ""), _encoded(columns))


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise TreeError(f"the file has more than {MOST_ROWS:,} rows")
    if rows * columns > MOST_CELLS:
        raise TreeError(f"the file has more than {MOST_CELLS:,} cells")


def _json(data: bytes) -> Any:
    text = _text(data)

    def integer(digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise TreeError(f"it holds a number of {len(digits)} digits")
        return int(digits)

    try:
        check_depth(text)
        return json.loads(text, parse_int=integer)
    except (RecursionError, MemoryError):
        raise TreeError("the file nests too deep") from None
    except ValueError as error:
        raise TreeError(f"no valid json: {str(error)[:200]}") from None


def _lists(content: Any) -> Iterator[list[Any]]:
    if isinstance(content, list):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _lists(value)


def _from_lists(lists: list[list[Any]]) -> Table:
    records = [found for found in lists if all(isinstance(item, dict) for item in found)]
    drawn = str(next(reversed(records[0][0]), "")) if records else ""
    rows: list[Row] = []
    names: dict[str, None] = {}
    for found in records:
        # A record with more than the first has makes no table of its list, as in DVC.
        if any(item.keys() - found[0].keys() for item in found):
            continue
        for name in found[0]:
            names[str(name)] = None
        _check_size(len(found), len(names))
        rows += [{} for _ in range(len(found) - len(rows))]
        for row, item in zip(rows, found, strict=False):
            row.update((str(key), value) for key, value in item.items())
    columns = [[row.get(name) for row in rows] for name in names]
    absent = tuple(
        tuple(number for number, row in enumerate(rows) if name not in row) for name in names
    )
    return Table(
        tuple(_clean(name) for name in names),
        len(rows),
        _clean(drawn),
        _encoded(columns),
        absent if any(absent) else (),
    )


def _encoded(columns: list[list[Any]]) -> str:
    """The columns as JSON that every parser reads."""
    said = [[_sayable(value) for value in column] for column in columns]
    return msgspec.json.encode(said).decode()


def _sayable(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return _clean(value)
    if kind is float and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if kind is int and value.bit_length() > 63:
        return str(value)
    if kind is list:
        return [_sayable(item) for item in value]
    if kind is dict:
        return {_clean(str(key)): _sayable(item) for key, item in value.items()}
    return value


def _clean(text: str) -> str:
    """Halves of a surrogate pair, which `\\ud800` can write, have no UTF-8."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
