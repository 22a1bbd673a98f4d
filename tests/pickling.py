"""Writes pickles of things that are not installed, and of ones that nobody should load."""

from __future__ import annotations

import io
import pickle
from typing import Any, NamedTuple


class Name(NamedTuple):
    """An import."""

    module: str
    name: str


class Call:
    """What a call makes. state: for BUILD; new: by `__new__` of a class, as most objects are."""

    def __init__(self, function: Any, *args: Any, state: Any = None, new: bool = False) -> None:
        self.function, self.args, self.state, self.new = function, args, state, new


def instance(name: str, **attributes: Any) -> Call:
    """An object of the class of this dotted name."""
    module, _, last = name.rpartition(".")
    return Call(Name(module, last), state=attributes, new=True)


class Pickler(pickle._Pickler):
    """Writes names and calls as the instructions that they are."""

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        known = self.memo.get(id(obj))
        if isinstance(obj, Name):
            if self.proto >= 4:
                self.save(obj.module)
                self.save(obj.name)
                self.write(pickle.STACK_GLOBAL)
            else:
                self.write(f"c{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, Call) and known is not None:
            self.write(self.get(known[0]))
        elif isinstance(obj, Call):
            self.save(obj.function)
            self.save(obj.args)
            self.write(pickle.NEWOBJ if obj.new and self.proto >= 2 else pickle.REDUCE)
            self.memoize(obj)
            if obj.state is not None:
                self.save(obj.state)
                self.write(pickle.BUILD)
        else:
            super().save(obj, save_persistent_id)


def dumps(value: Any, protocol: int = 4) -> bytes:
    file = io.BytesIO()
    Pickler(file, protocol).dump(value)
    return file.getvalue()


def dtype(code: str, order: str = "<") -> Call:
    """A dtype of NumPy, such as `f8`."""
    where = "|" if code in ("O8", "b1") else order
    state = (3, where, None, None, None, -1, -1, 63 if code == "O8" else 0)
    return Call(Name("numpy", "dtype"), code, False, True, state=state)


def array(code: str, shape: tuple[int, ...], content: Any, order: str = "<") -> Call:
    """An array of NumPy with its bytes, or with a list of objects."""
    state = (1, shape, dtype(code, order), False, content)
    begin = (Name("numpy", "ndarray"), (0,), b"b")
    return Call(Name("numpy._core.multiarray", "_reconstruct"), *begin, state=state)


def texts(*values: str) -> Call:
    """An array of texts, as of the names of columns."""
    return array("O8", (len(values),), list(values))
