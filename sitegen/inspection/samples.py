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
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sitegen.inspection.base import Inspected, Unreadable
from sitegen.registry.schemas import Argument, Column, DataType, Method, type_text

ROWS = 10_000
"""Rows of a CSV file that are looked at."""
_COLUMNS = 10_000
_HEAD = 16 << 20
_CELL = 1 << 20
_NAME = 500

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)", re.IGNORECASE
)
# As pandas has them: what stands for nothing.
_NOTHING = frozenset(
    {"", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "None", "<NA>", "#N/A",
     "#N/A N/A", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"}
)  # fmt: skip
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


def with_sample(inspected: Inspected, sample: DataType) -> Inspected:
    """The same model, whose methods take the sample's columns, as far as they are what it takes.

    Columns that the model names get the sample's types, and others of the sample are left out, as
    what is to be predicted often stands there too. A model of which no method is known gets
    `predict`. What does not go together is a warning, and stays as the model has it.
    """
    warnings: dict[str, None] = {}
    methods = tuple(_taking(method, sample, warnings) for method in inspected.metadata.methods) or (
        Method("predict", (Argument("data", sample),)),
    )
    return msgspec.structs.replace(
        inspected,
        metadata=msgspec.structs.replace(inspected.metadata, methods=methods),
        warnings=(*inspected.warnings, *warnings),
    )


def _taking(method: Method, sample: DataType, warnings: dict[str, None]) -> Method:
    if not method.arguments:
        return method
    first, *rest = method.arguments
    try:
        type_ = _joined(first.type, sample)
    except _Apart as why:
        warnings[f"The sample is not what `{method.name}` takes: {why}."] = None
        return method
    first = msgspec.structs.replace(first, type=type_)
    return msgspec.structs.replace(method, arguments=(first, *rest))


class _Apart(Exception):
    """A sample does not go together with what a method takes."""


def _joined(taken: DataType | None, sample: DataType) -> DataType:
    """What a method takes, and a sample of it, as one type. Raises _Apart."""
    if taken is None or taken.kind == "unspecified":
        return sample
    known = {column.name: column for column in sample.columns if not column.index}
    if taken.columns:
        wanted = [column.name for column in taken.columns if not column.index]
        missing = [name for name in wanted if name not in known]
        if missing:
            raise _Apart(f"it lacks {_some(missing)} of its {len(wanted)} columns")
        columns = tuple(known.get(column.name, column) for column in taken.columns)
        return msgspec.structs.replace(taken, columns=columns)
    if taken.kind != "ndarray" or (taken.shape is not None and len(taken.shape) != 2):
        raise _Apart(f"that is {type_text(taken)}")
    count = taken.shape[1] if taken.shape else None
    if count is not None and count != len(known):
        raise _Apart(f"it has {len(known)} columns, and {count} are taken")
    return sample


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


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


def _type_of(cells: Sequence[str]) -> str:
    """As pandas infers it: of whole numbers, numbers, truth values, else of anything."""
    kinds = set()
    for cell in cells:
        bare = cell.strip()
        if cell in _NOTHING:
            kinds.add("nothing")
        elif _INTEGER.fullmatch(bare):
            kinds.add(_whole(bare))
        elif _NUMBER.fullmatch(bare):
            kinds.add("float64")
        elif cell in _TRUTH:
            kinds.add("bool")
        else:
            return "object"
    if kinds in ({"int64"}, {"uint64"}, {"bool"}):
        return kinds.pop()
    if kinds == {"int64", "uint64"} and not any(cell.strip().startswith("-") for cell in cells):
        return "uint64"
    if "float64" in kinds:
        return "object" if "bool" in kinds else "float64"
    return "float64" if kinds and kinds <= {"int64", "nothing"} else "object"


def _whole(digits: str) -> str:
    number = int(digits) if len(digits) < 30 else 2**64
    if -(2**63) <= number < 2**63:
        return "int64"
    return "uint64" if 0 <= number < 2**64 else "large"


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
