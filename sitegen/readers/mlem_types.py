"""Data types of MLEM as plain values -> DataType, and how fields of an object are read.

Source of the vocabulary: MLEM 0.4.14 (`mlem.core.data_type` and `mlem.contrib`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sitegen.registry.schemas import Column, DataType
from sitegen.safeyaml import Document

MAX_DEPTH = 20
MAX_COLUMNS = 10_000
# Methods, arguments, members, requirements, files: far more than any model has.
MAX_MEMBERS = 1_000
MAX_TEXT = 1_000
# Bounded with the columns of all tables.
_OF_COLUMNS = {"columns", "dtypes", "index_cols", "feature_names", "feature_type_names"}

Report = Callable[[str, str], None]
"""Takes what is wrong and what was expected, and the remedy."""


class Fields:
    """Reads fields of one file; what has a wrong type is left out, and reported.

    document: the file, for its own spelling of numbers. path: of the file. report: as in Report.
    """

    def __init__(self, document: Document, path: str, report: Report) -> None:
        self.document = document
        self.path = path
        self._report = report
        self._columns = 0
        self._tables: dict[tuple[Column, ...], tuple[Column, ...]] = {}

    # Plain values

    def mapping(self, holder: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = holder.get(key)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.wrong(key, "a mapping")
        return {}

    def items(self, holder: Mapping[str, Any], key: str) -> list[Any]:
        value = holder.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "a list")
            return []
        return value[: self.fits(len(value), key)]

    def fits(self, count: int, key: str) -> int:
        if count > MAX_MEMBERS and key not in _OF_COLUMNS:
            self._report(
                f"{key[:80]!r} has {count} members, the first {MAX_MEMBERS} are shown",
                f"shorten {self.path}",
            )
            return MAX_MEMBERS
        return count

    def wrong(self, key: str, expected: str) -> None:
        self._report(f"{key[:80]!r} is expected to be {expected}", f"correct {self.path}")

    def text(self, holder: Mapping[str, Any], key: str) -> str:
        """A scalar as the file writes it ("3.10"), "" where there is none."""
        value = holder.get(key)
        if value is None or isinstance(value, dict | list):
            return ""
        return self.document.text_in(holder, key)[:MAX_TEXT]  # type: ignore[arg-type]

    def texts(self, holder: Mapping[str, Any], key: str) -> list[str]:
        found = self.items(holder, key)
        return [
            "" if one is None or isinstance(one, dict | list) else self.item(holder[key], at)
            for at, one in enumerate(found[: MAX_COLUMNS + 1])
        ]

    def item(self, holder: list[Any], at: int) -> str:
        return self.document.text_in(holder, at)[:MAX_TEXT]

    # Data types

    def type(self, holder: Mapping[str, Any], key: str, depth: int = 1) -> DataType | None:
        value = holder.get(key)
        if value is None:
            return None
        return self._data_type(value, key, depth)

    def _data_type(self, value: Any, key: str, depth: int) -> DataType:
        if isinstance(value, str):
            # MLEM takes a text for a type without fields.
            return DataType(value[:MAX_TEXT])
        if not isinstance(value, dict):
            self.wrong(key, "a data type, which is a mapping with 'type'")
            return DataType("unspecified")
        kind = self.text(value, "type") or "unspecified"
        if depth > MAX_DEPTH:
            self._report(
                f"a data type nests more than {MAX_DEPTH} levels deep, the rest is left out",
                f"simplify the type in {self.path}",
            )
            return DataType(kind)
        if kind == "array":
            size = value.get("size")
            items = self._inner(value, ("dtype",), depth, named=False)
            return DataType(kind, shape=(_size(size),), items=items)
        if kind == "primitive":
            return DataType(kind, dtype=self.text(value, "ptype"))
        if kind in ("dataframe", "series"):
            return DataType(kind, columns=self._table(value))
        if kind == "xgboost_dmatrix":
            return DataType(kind, columns=self._features(value))
        return DataType(
            kind,
            dtype=self.text(value, "dtype"),
            shape=self._shape(value),
            items=self._members(kind, value, depth),
        )

    def _members(
        self, kind: str, value: Mapping[str, Any], depth: int
    ) -> tuple[tuple[str, DataType], ...]:
        if kind in ("list", "tuple"):
            found = self.items(value, "items")
            return tuple(("", self._data_type(one, "items", depth + 1)) for one in found)
        if kind == "dict":
            inner = self.mapping(value, "item_types")
            names = list(inner)[: self.fits(len(inner), "item_types")]
            return self._inner(inner, names, depth)
        if kind == "d_dict":
            keys = {"key_type": "key", "value_type": "value"}
            found_types = self._inner(value, keys, depth)
            return tuple((keys[key], one) for key, one in found_types)
        if kind == "lightgbm":
            return self._inner(value, ("inner", "labels"), depth)
        return ()

    def _inner(
        self, holder: Mapping[str, Any], keys: Iterable[str], depth: int, named: bool = True
    ) -> tuple[tuple[str, DataType], ...]:
        found = ((key, self.type(holder, key, depth + 1)) for key in keys)
        return tuple((key[:MAX_TEXT] if named else "", one) for key, one in found if one)

    def _shape(self, value: Mapping[str, Any]) -> tuple[int | None, ...] | None:
        if value.get("shape") is None:
            return None
        return tuple(map(_size, self.items(value, "shape")))

    def _table(self, value: Mapping[str, Any]) -> tuple[Column, ...]:
        names, types = self.texts(value, "columns"), self.texts(value, "dtypes")
        index = frozenset(self.texts(value, "index_cols"))
        types += [""] * (len(names) - len(types))
        return self._bounded(
            tuple(
                Column(name, dtype, name in index)
                for name, dtype in zip(names, types, strict=False)
            )
        )

    def _features(self, value: Mapping[str, Any]) -> tuple[Column, ...]:
        """Features without names have "": MLEM makes such a matrix of a plain list."""
        names = self.texts(value, "feature_names")
        types = self.texts(value, "feature_type_names")
        count = max(len(names), len(types))
        names += [""] * (count - len(names))
        types += [""] * (count - len(types))
        return self._bounded(tuple(map(Column, names, types)))

    def _bounded(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        # Methods of one model mostly take the same table, which counts and is kept once.
        if columns in self._tables:
            return self._tables[columns]
        left = MAX_COLUMNS - self._columns
        self._columns += min(len(columns), left)
        if len(columns) > left:
            self._report(
                f"the tables have more than {MAX_COLUMNS} columns in all, the rest is left out",
                f"describe fewer columns in {self.path}",
            )
        return self._tables.setdefault(columns, columns[:left])


def _size(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**63 else None
