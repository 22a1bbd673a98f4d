"""A sample of a model's input, CSV or Parquet -> the columns that the model takes, with types.

Types are spelt as pandas spells them, since that is how people load such a file: whole numbers with
a gap are floats, and what is no number is `object`.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from sitegen.inspection.base import Unreadable
from sitegen.registry.schemas import Argument, Column, DataType, Method, ModelMetadata

ROWS = 10_000
"""Rows of a CSV file that are looked at."""
_COLUMNS = 10_000
_HEAD = 16 << 20
_CELL = 1 << 20
_NAME = 500

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf)", re.IGNORECASE)
# As pandas has them: what stands for nothing.
_NOTHING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>", "#N/A", "n/a"})
_TRUTH = frozenset({"True", "False", "TRUE", "FALSE", "true", "false"})

_ARROW = {
    "double": "float64", "float": "float32", "halffloat": "float16", "string": "object",
    "large_string": "object", "binary": "object", "bool": "bool", "date32[day]": "object",
}  # fmt: skip


def read_sample(path: Path) -> DataType:
    """The table in a file by its ending: .csv, .tsv, .parquet. Raises Unreadable."""
    ending = path.suffix.lower()
    try:
        if ending in (".parquet", ".pq"):
            return _parquet(path)
        if ending in (".csv", ".tsv", ".txt"):
            return _csv(path, ending)
    except OSError as error:
        raise Unreadable(f"{path.name}: cannot be read: {error.strerror or error}") from None
    raise Unreadable(f"{path.name}: a sample is expected to be .csv, .tsv or .parquet")


def with_sample(metadata: ModelMetadata, sample: DataType) -> ModelMetadata:
    """The same model, whose methods take the sample's columns.

    The first argument of each method takes them where it has no columns of its own; a model of
    which no method is known gets `predict`.
    """
    methods = tuple(_taking(method, sample) for method in metadata.methods)
    if not methods:
        methods = (Method("predict", (Argument("data", sample),)),)
    return msgspec.structs.replace(metadata, methods=methods)


def _taking(method: Method, sample: DataType) -> Method:
    if not method.arguments:
        return method
    first, *rest = method.arguments
    if first.type is not None and first.type.columns:
        return method
    first = msgspec.structs.replace(first, type=sample)
    return msgspec.structs.replace(method, arguments=(first, *rest))


def _csv(path: Path, ending: str) -> DataType:
    with path.open("rb") as file:
        head = file.read(_HEAD + 1)
    cut = len(head) > _HEAD
    try:
        # A character that the bound cuts in two is not the file's fault.
        text = head.decode("utf-8-sig", "ignore" if cut else "strict")
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name}: expected to be UTF-8") from None
    if "\0" in text:
        raise Unreadable(f"{path.name}: holds a NUL byte: expected text")
    delimiter = "\t" if ending == ".tsv" else _delimiter(text)
    before = csv.field_size_limit(_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = next(reader, [])
        rows = list(itertools.islice(reader, ROWS + 1))
    except csv.Error as error:
        raise Unreadable(f"{path.name}: no readable CSV: {error}") from None
    finally:
        csv.field_size_limit(before)
    if not header or not any(header):
        raise Unreadable(f"{path.name}: expected a first line with the names of the columns")
    if len(header) > _COLUMNS:
        raise Unreadable(f"{path.name}: has {len(header)} columns: more than {_COLUMNS}")
    # The last row may be cut by the bound.
    rows = [row for row in (rows[:-1] if cut or len(rows) > ROWS else rows) if row]
    columns = []
    for at, name in enumerate(header):
        cells = [row[at] if at < len(row) else "" for row in rows]
        # pandas writes an index as a first column without a name.
        index = at == 0 and not name
        columns.append(Column(name[:_NAME], _type_of(cells), index))
    return DataType("dataframe", columns=tuple(columns))


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)


def _type_of(cells: Iterable[str]) -> str:
    """As pandas infers it: of whole numbers, numbers, truth values, else of anything."""
    kinds = set()
    for raw in cells:
        cell = raw.strip()
        if cell in _NOTHING:
            kinds.add("nothing")
        elif _INTEGER.fullmatch(cell):
            kinds.add("int64" if abs(int(cell[:19])) < 2**63 and len(cell) < 20 else "object")
        elif _NUMBER.fullmatch(cell):
            kinds.add("float64")
        elif cell in _TRUTH:
            kinds.add("bool")
        else:
            return "object"
    if kinds == {"int64"}:
        return "int64"
    if kinds == {"bool"}:
        return "bool"
    return "float64" if kinds and kinds <= {"int64", "float64", "nothing"} else "object"


def _parquet(path: Path) -> DataType:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise Unreadable(
            f"{path.name}: reading it needs pyarrow: pip install 'sitegen[parquet]'"
        ) from None
    try:
        # Of the file only its footer is read.
        schema = parquet.read_schema(path)
    except (ArrowException, ValueError) as error:
        raise Unreadable(f"{path.name}: no Parquet: {str(error).splitlines()[0][:200]}") from None
    if len(schema) > _COLUMNS:
        raise Unreadable(f"{path.name}: has {len(schema)} columns: more than {_COLUMNS}")
    indexes = _indexes((schema.metadata or {}).get(b"pandas", b""))
    return DataType(
        "dataframe",
        columns=tuple(
            Column("" if _unnamed(field.name) else field.name[:_NAME], _arrow(str(field.type)),
                   field.name in indexes)
            for field in schema
        ),
    )  # fmt: skip


def _indexes(pandas: bytes) -> Sequence[str]:
    try:
        found = json.loads(pandas).get("index_columns", [])
    except (ValueError, AttributeError, RecursionError):
        return ()
    return [one for one in found if isinstance(one, str)]


def _unnamed(name: str) -> bool:
    return re.fullmatch(r"__index_level_[0-9]+__", name) is not None


def _arrow(kind: str) -> str:
    if kind.startswith("timestamp"):
        return "datetime64[ns]"
    if kind.startswith("dictionary"):
        return "category"
    return _ARROW.get(kind, kind[:100])
