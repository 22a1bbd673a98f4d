"""The arrays that joblib writes between the instructions of a pickle.

Source of the layout: `NumpyArrayWrapper` of joblib, 0.10 and later.
"""

from __future__ import annotations

from typing import Any

from sitegen.inspection.arrays import Array, array_of, count_of, decoded, dtype_of, shape_of
from sitegen.inspection.base import Unreadable
from sitegen.inspection.opcodes import KEEP, Machine
from sitegen.inspection.sources import TooMuch
from sitegen.inspection.symbols import Made

LARGEST = 1 << 50


def arrays_between(machine: Machine, made: Made) -> Any:
    """The array whose bytes follow, where `made` announces one; else what was made."""
    found = made.callable
    if str(found) != "joblib.numpy_pickle.NumpyArrayWrapper":
        return made
    state = made.state if isinstance(made.state, dict) else {}
    dtype, shape = dtype_of(state.get("dtype")), shape_of(state.get("shape"))
    if dtype is None or shape is None:
        raise TooMuch("an array of a kind that is not known stands between its instructions")
    if dtype.objects:
        return _pickled(machine) or Array(dtype, shape, None)
    cursor = machine.cursor
    if state.get("numpy_array_alignment_bytes") is not None:
        cursor.skip(cursor.take(1)[0])
    size = count_of(shape) * dtype.size
    if size > LARGEST:
        raise Unreadable(f"an array of {size} bytes at byte {cursor.place}")
    if size > KEEP:
        cursor.skip(size)
        return Array(dtype, shape, None)
    return Array(dtype, shape, decoded(cursor.take(size), dtype))


def _pickled(machine: Machine) -> Array | None:
    """The array of Python objects that follows as a pickle of its own."""
    inner = Machine(machine.cursor)
    inner.left, inner.imports, inner.calls = machine.left, machine.imports, machine.calls
    value = inner.run()
    machine.left, machine.nameless = inner.left, machine.nameless or inner.nameless
    if inner.stopped:
        raise TooMuch(inner.stopped)
    return array_of(value)
