"""Follows the instructions of a pickle without carrying any out.

What a pickle would import, call and fill in is kept as symbols. Source of the instructions and of
how their arguments are written: `pickletools` of the standard library.
"""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable
from typing import Any

from sitegen.inspection.base import Unreadable
from sitegen.inspection.feeds import Cursor
from sitegen.inspection.literals import (
    decimal,
    escaped,
    memo_key,
    quoted,
    text,
    twos_complement,
    unsigned,
    whole,
)  # fmt: skip
from sitegen.inspection.sources import TooMuch
from sitegen.inspection.symbols import Blob, Global, Made, Persistent

STEPS = 1_000_000
"""Instructions that are followed: what a file does after them is not known."""
KEEP = 1 << 16
"""Bytes of one value that are kept; a longer one is passed over."""
NAMES = 10_000
"""Different imports that are kept."""
# What makes bytes of bytes, or of a text in which each letter stands for one.
_BYTES_OF = (
    "_codecs.encode", "__builtin__.bytes", "builtins.bytes", "__builtin__.bytearray",
    "builtins.bytearray",
)  # fmt: skip
_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: struct.Struct("<B"),
    pickletools.TAKEN_FROM_ARGUMENT4: struct.Struct("<i"),
    pickletools.TAKEN_FROM_ARGUMENT4U: struct.Struct("<I"),
    pickletools.TAKEN_FROM_ARGUMENT8U: struct.Struct("<Q"),
}
_CODES = {
    ord(op.code): (op.name, None if op.arg is None else op.arg.n) for op in pickletools.opcodes
}


class Machine:
    """The stack, memo and imports of one file, which may hold several pickles.

    imports: everything named; calls: what would be called, other than a class that only makes an
    empty object of its own. nameless: whether something would be called that only loading makes.
    left: instructions that may still be followed.
    """

    def __init__(self, cursor: Cursor, built: Callable[[Machine, Made], Any] | None = None) -> None:
        self.cursor, self._built = cursor, built
        self.imports: dict[Global, None] = {}
        self.calls: dict[Global, None] = {}
        self.nameless = False
        self.left = STEPS
        self.protocol = 0
        self.stopped = ""
        self._begin()

    def _begin(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        """The symbol of what the next pickle holds. Raises Unreadable.

        Where there is more than may be read, `stopped` says so, and the value is the first one,
        with what was read of it.
        """
        self._begin()
        name = ""
        try:
            while True:
                if self.left <= 0:
                    raise TooMuch(f"it has more than {STEPS} instructions")
                self.left -= 1
                code = self.cursor.take(1)[0]
                found = _CODES.get(code)
                if found is None:
                    place = self.cursor.place - 1
                    raise Unreadable(f"no instruction of a pickle at byte {place}: {code:#04x}")
                name, size = found
                if name == "STOP":
                    return self.stack.pop()
                argument = b"" if size is None else self._argument(name, size)
                _STEPS[name](self, argument)
        except TooMuch as error:
            self.stopped = str(error)
            return self._unfinished()
        # An empty stack, a memo without that entry, text that is no number.
        except (IndexError, KeyError, ValueError, TypeError) as error:
            where = f"before byte {self.cursor.place} of the pickle"
            why = f"the instruction {name} {where} cannot be followed: {type(error).__name__}"
            raise Unreadable(why) from None

    def _unfinished(self) -> Any:
        """The value at the bottom of the stack, what waits above it put where it would go."""
        levels = [*self.marks, self.stack]
        while True:
            level = levels[-1]
            # A state that is not set yet stands right above what it is the state of.
            while len(level) > 1 and isinstance(made := level[-2], Made):
                if not isinstance(level[-1], dict):
                    break
                made.state = made.state or level[-1]
                level.pop()
            if len(levels) == 1 or not levels[-2]:
                break
            waiting, target = levels.pop(), levels[-1][-1]
            if isinstance(target, dict):
                _fill(target, waiting)
            elif isinstance(target, list):
                target.extend(waiting)
        return levels[0][0] if levels[0] else None

    def _argument(self, name: str, size: int) -> bytes | Blob:
        if size >= 0:
            return self.cursor.take(size)
        if size == pickletools.UP_TO_NEWLINE:
            if name in ("STRING", "UNICODE"):
                place, line = self.cursor.place, self.cursor.line()
                return Blob(self.cursor.place - place) if line is None else line
            return b"\n".join(self._short() for _ in range(2 if name in ("GLOBAL", "INST") else 1))
        length = _LENGTHS[size]
        count = int(length.unpack(self.cursor.take(length.size))[0])
        if count < 0:
            raise Unreadable(f"a length of {count} before byte {self.cursor.place} of the pickle")
        if count > KEEP:
            place = self.cursor.place
            self.cursor.skip(count)
            return Blob(count, place)
        return self.cursor.take(count)

    def _short(self) -> bytes:
        place, line = self.cursor.place, self.cursor.line()
        if line is None:
            raise Unreadable(f"a name or number that is too long at byte {place} of the pickle")
        return line

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def to_mark(self) -> list[Any]:
        """What stands on the stack since the last mark, which goes."""
        found, self.stack = self.stack, self.marks.pop()
        return found

    def named(self, module: str, name: str) -> Global:
        found = Global(module, name)
        if found not in self.imports and len(self.imports) >= NAMES:
            raise TooMuch(f"it imports more than {NAMES} things")
        self.imports[found] = None
        return found

    def call(self, function: Any, args: Any) -> Any:
        if not isinstance(function, Global):
            self.nameless = True
            return Made(function, args)
        self.calls[function] = None
        given = args if isinstance(args, tuple) else ()
        if str(function) in _BYTES_OF and (not given or isinstance(given[0], str | bytes | Blob)):
            data = given[0] if given else b""
            return data.encode("latin-1", "replace") if isinstance(data, str) else data
        if function.name == "_reconstructor" and given and isinstance(given[0], Global):
            # What is called is the class that it builds on.
            self.calls |= {base: None for base in given[1:2] if isinstance(base, Global)}
            return Made(given[0], ())
        return Made(function, args)


def _put(machine: Machine, key: int) -> None:
    machine.memo[key] = machine.stack[-1]


def _append(machine: Machine, values: list[Any]) -> None:
    target = machine.stack[-1]
    if isinstance(target, list):
        target.extend(values)
    elif isinstance(target, Made):
        target.values.extend(values)


def _set(machine: Machine, pairs: list[Any]) -> None:
    target = machine.stack[-1]
    into = target.items if isinstance(target, Made) else target
    if not isinstance(into, dict):
        raise TypeError
    _fill(into, pairs)


def _fill(into: dict[Any, Any], pairs: list[Any]) -> None:
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        # Other keys tell nothing, and may be made to collide.
        if isinstance(key, str | bytes) or (isinstance(key, int) and abs(key) < 1 << 31):
            into[key] = value


def _global(machine: Machine, data: Any) -> Global:
    module, _, name = data.decode("utf-8", "replace").partition("\n")
    return machine.named(module, name)


def _stack_global(machine: Machine, _: Any) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        machine.nameless = True
        machine.push(Made(None, ()))
        return
    machine.push(machine.named(module, name))


def _build(machine: Machine, _: Any) -> None:
    state = machine.stack.pop()
    made = machine.stack[-1]
    if isinstance(made, Made):
        made.state = state
        if machine._built is not None:
            machine.stack[-1] = machine._built(machine, made)


def _reduce(machine: Machine, _: Any) -> None:
    args = machine.stack.pop()
    machine.push(machine.call(machine.stack.pop(), args))


def _newobj(machine: Machine, _: Any) -> None:
    args, function = machine.stack.pop(), machine.stack.pop()
    if isinstance(function, Global):
        # Only the `__new__` of a class is called: no function is, whatever the name.
        machine.push(Made(function, args))
    else:
        machine.push(machine.call(function, args))


def _newobj_ex(machine: Machine, _: Any) -> None:
    machine.stack.pop()
    _newobj(machine, _)


def _inst(machine: Machine, data: Any) -> None:
    args = tuple(machine.to_mark())
    machine.push(machine.call(_global(machine, data), args))


def _obj(machine: Machine, _: Any) -> None:
    function, *args = machine.to_mark()
    machine.push(machine.call(function, tuple(args)))


def _mark(machine: Machine, _: Any) -> None:
    machine.marks.append(machine.stack)
    machine.stack = []


def _dict(machine: Machine, _: Any) -> None:
    pairs = machine.to_mark()
    machine.push({})
    _set(machine, pairs)


def _setitem(machine: Machine, _: Any) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _set(machine, [key, value])


def _appended(machine: Machine, _: Any) -> None:
    value = machine.stack.pop()
    _append(machine, [value])


def _several(count: int) -> Callable[[Machine, Any], None]:
    def step(machine: Machine, _: Any) -> None:
        values = tuple(machine.stack[-count:])
        if len(values) < count:
            raise IndexError
        del machine.stack[-count:]
        machine.push(values)

    return step


def _pushing(value: Callable[[Machine, Any], Any]) -> Callable[[Machine, Any], None]:
    return lambda machine, data: machine.push(value(machine, data))


def _extension(machine: Machine, data: Any) -> Global:
    return machine.named("copyreg", f"extension_{unsigned(data)}")


_TEXTS = ("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8")
_BYTES = ("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8")
_STEPS: dict[str, Callable[[Machine, Any], Any]] = {
    "PROTO": lambda machine, data: setattr(machine, "protocol", data[0]),
    "FRAME": lambda machine, _: None,
    "MARK": _mark,
    "POP": lambda machine, _: machine.stack.pop() if machine.stack else machine.to_mark(),
    "POP_MARK": lambda machine, _: machine.to_mark(),
    "DUP": lambda machine, _: machine.push(machine.stack[-1]),
    "INT": _pushing(lambda _, data: whole(data)),
    "LONG": _pushing(lambda _, data: decimal(data)),
    **dict.fromkeys(("LONG1", "LONG4"), _pushing(lambda _, data: twos_complement(data))),
    "FLOAT": _pushing(lambda _, data: float(data)),
    "BINFLOAT": _pushing(lambda _, data: struct.unpack(">d", data)[0]),
    "BININT": _pushing(lambda _, data: twos_complement(data)),
    "BININT1": _pushing(lambda _, data: data[0]),
    "BININT2": _pushing(lambda _, data: unsigned(data)),
    "NONE": _pushing(lambda _, data: None),
    "NEWTRUE": _pushing(lambda _, data: True),
    "NEWFALSE": _pushing(lambda _, data: False),
    "STRING": _pushing(lambda _, data: quoted(data)),
    "BINSTRING": _pushing(lambda _, data: text(data)),
    "SHORT_BINSTRING": _pushing(lambda _, data: data.decode("latin-1")),
    **dict.fromkeys(_TEXTS, _pushing(lambda _, data: text(data))),
    **dict.fromkeys(_BYTES, _pushing(lambda _, data: data)),
    "UNICODE": _pushing(lambda _, data: escaped(data)),
    "NEXT_BUFFER": _pushing(lambda _, data: Blob(0)),
    "READONLY_BUFFER": lambda machine, _: machine.stack[-1],
    "PERSID": _pushing(lambda _, data: Persistent(text(data))),
    "BINPERSID": _pushing(lambda machine, _: Persistent(machine.stack.pop())),
    "EMPTY_LIST": _pushing(lambda _, data: []),
    "EMPTY_DICT": _pushing(lambda _, data: {}),
    "EMPTY_SET": _pushing(lambda _, data: []),
    "EMPTY_TUPLE": _pushing(lambda _, data: ()),
    "LIST": lambda machine, _: machine.push(machine.to_mark()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.to_mark())),
    "FROZENSET": lambda machine, _: machine.push(machine.to_mark()),
    "TUPLE1": _several(1),
    "TUPLE2": _several(2),
    "TUPLE3": _several(3),
    "DICT": _dict,
    "SETITEM": _setitem,
    "SETITEMS": lambda machine, _: _set(machine, machine.to_mark()),
    "APPEND": _appended,
    "APPENDS": lambda machine, _: _append(machine, machine.to_mark()),
    "ADDITEMS": lambda machine, _: _append(machine, machine.to_mark()),
    "GET": lambda machine, data: machine.push(machine.memo[memo_key(data)]),
    "BINGET": lambda machine, data: machine.push(machine.memo[data[0]]),
    "LONG_BINGET": lambda machine, data: machine.push(machine.memo[unsigned(data)]),
    "PUT": lambda machine, data: _put(machine, memo_key(data)),
    "BINPUT": lambda machine, data: _put(machine, data[0]),
    "LONG_BINPUT": lambda machine, data: _put(machine, unsigned(data)),
    "MEMOIZE": lambda machine, _: _put(machine, len(machine.memo)),
    "GLOBAL": _pushing(_global),
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _newobj,
    "NEWOBJ_EX": _newobj_ex,
    "BUILD": _build,
    "INST": _inst,
    "OBJ": _obj,
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _pushing(_extension)),
}
