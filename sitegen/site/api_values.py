"""Metrics and params as records of `api/v1`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.registry.facts import ValueFile


def by_file(files: Sequence[ValueFile], kind: str) -> dict[str, dict[str, Any]]:
    """File -> dotted key -> value, of the files of one kind that say anything."""
    return {
        file.path: {key: plain(leaf.value) for key, leaf in file.entries.items()}
        for file in files
        if file.kind == kind and file.entries
    }


def plain(value: Any) -> Any:
    """A value that every JSON parser reads: NaN and the infinities become strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
