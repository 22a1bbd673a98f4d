"""The records of inspection."""

from __future__ import annotations

from sitegen.inspection.base import Inspected
from sitegen.registry.schemas import ModelMetadata


def test_what_says_nothing_else_has_neither_warnings_nor_tensors() -> None:
    found = Inspected(ModelMetadata("m.bin"))
    assert (found.warnings, found.tensors, found.tensor_count) == ((), (), 0)
