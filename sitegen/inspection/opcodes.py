"""Follows the instructions of a pickle without carrying any out.

What a pickle would import, call and fill in is kept as symbols. Source of the instructions and of
how their arguments are written: `pickletools` of the standard library.
"""

from __future__ import annotations

import codecs
import pickletools
import struct
from collections.abc import Callable
from typing import Any

import msgspec

from sitegen.inspection.base import Unreadable
from sitegen.inspection.feeds import Cursor
from sitegen.inspection.sources import TooMuch

STEPS = 1_000_000
"""Instructions that are followed: what a file does after them is not known."""
KEEP = 1 << 16
"""Bytes of one value that are kept; a longer one is passed over."""
NAMES = 10_000
"""Different imports that are kept."""

_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: struct.Struct("<B"),
    pickletools.TAKEN_FROM_ARGUMENT4: struct.Struct("<i"),
    pickletools.TAKEN_FROM_ARGUMENT4U: struct.Struct("<I"),
    pickletools.TAKEN_FROM_ARGUMENT8U: struct.Struct("<Q"),
}
_CODES = {
    ord(op.code): (op.name, None if op.arg is None else op.arg.n) for op in pickletools.opcodes
}


class Global(msgspec.Struct, frozen=True):
    """Something that is imported: `name` of `module`."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Blob(msgspec.Struct, frozen=True):
    """Bytes or text that were passed over. place: where they begin in the pickle."""

    size: int
    place: int = 0


class Persistent:
    """What the loading program is asked for by an id."""

    __slots__ = ("id",)

    def __init__(self, id: Any) -> None:
        self.id = id


class Made:
    """What a call would make. state: what BUILD would set; items: of a mapping or sequence."""

    __slots__ = ("args", "callable", "items", "state", "values")

    def __init__(self, callable: Any, args: Any) -> None:
        self.callable, self.args = callable, args
        self.state: Any = None
        self.items: dict[Any, Any] = {}
        self.values: list[Any] = []


class Machine:
    """The stack, memo and imports of one file, which may hold several pickles.

    imports: everything named; calls: what would be called. nameless: whether something would be
    called that only loading makes. left: instructions that may still be followed.
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

        Where there is more than may be read, `stopped` says so, and the value is the first one.
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
            first = self.marks[0] if self.marks else self.stack
            return first[0] if first else None
        # An empty stack, a memo without that entry, text that is no number.
        except (IndexError, KeyError, ValueError, TypeError) as error:
            what = type(error).__name__
            place = self.cursor.place
            raise Unreadable(
                f"{name} before byte {place} of the pickle has nothing to work on: {what}"
            ) from None

    def _argument(self, name: str, size: int) -> bytes | Blob:
        if size >= 0:
            return self.cursor.take(size)
        if size == pickletools.UP_TO_NEWLINE:
            line = self.cursor.line()
            return line + b"\n" + self.cursor.line() if name in ("GLOBAL", "INST") else line
        length = _LENGTHS[size]
        count = int(length.unpack(self.cursor.take(length.size))[0])
        if count < 0:
            raise Unreadable(f"a length of {count} before byte {self.cursor.place} of the pickle")
        if count > KEEP:
            place = self.cursor.place
            self.cursor.skip(count)
            return Blob(count, place)
        return self.cursor.take(count)

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
        if function.name == "encode" and function.module == "_codecs" and given:
            text = given[0]
            return text.encode("latin-1", "replace") if isinstance(text, str) else text
        if function.name == "_reconstructor" and given and isinstance(given[0], Global):
            self.calls[given[0]] = None
            return Made(given[0], ())
        return Made(function, args)


def _text(data: bytes | Blob) -> Any:
    # Symbols are told to people: no halves of surrogate pairs.
    return data if isinstance(data, Blob) else data.decode("utf-8", "replace")


def _put(machine: Machine, key: int) -> None:
    machine.memo[key] = machine.stack[-1]


def _key(data: Any) -> int:
    key = int(data)
    if not 0 <= key < 1 << 32:
        raise ValueError(key)
    return key


def _unsigned(data: Any) -> int:
    return int.from_bytes(data, "little")


def _int(machine: Machine, data: Any) -> None:
    machine.push({b"00": False, b"01": True}.get(data) if data in (b"00", b"01") else int(data, 0))


def _long(machine: Machine, data: Any) -> None:
    large = isinstance(data, Blob) or len(data) > 1024
    machine.push(Blob(len(data)) if large else int.from_bytes(data, "little", signed=True))


def _string(machine: Machine, data: Any) -> None:
    if len(data) < 2 or data[:1] != data[-1:] or data[:1] not in (b'"', b"'"):
        raise Unreadable("a text without quotation marks in the pickle")
    # Escapes may spell a name that would not be known otherwise.
    machine.push(codecs.escape_decode(data[1:-1])[0].decode("latin-1"))


def _unicode(_: Machine, data: Any) -> str:
    text: str = data.decode("raw-unicode-escape")
    return text.encode("utf-8", "replace").decode("utf-8")


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


def _newobj_ex(machine: Machine, _: Any) -> None:
    machine.stack.pop()
    _reduce(machine, _)


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
    return machine.named("copyreg", f"extension_{_unsigned(data)}")


_TEXTS = ("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8")
_BYTES = ("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8")
_STEPS: dict[str, Callable[[Machine, Any], Any]] = {
    "PROTO": lambda machine, data: setattr(machine, "protocol", data[0]),
    "FRAME": lambda machine, _: None,
    "MARK": _mark,
    "POP": lambda machine, _: machine.stack.pop() if machine.stack else machine.to_mark(),
    "POP_MARK": lambda machine, _: machine.to_mark(),
    "DUP": lambda machine, _: machine.push(machine.stack[-1]),
    "INT": _int,
    "LONG": lambda machine, data: machine.push(int(data.removesuffix(b"L"))),
    "LONG1": _long,
    "LONG4": _long,
    "FLOAT": _pushing(lambda _, data: float(data)),
    "BINFLOAT": _pushing(lambda _, data: struct.unpack(">d", data)[0]),
    "BININT": _pushing(lambda _, data: int.from_bytes(data, "little", signed=True)),
    "BININT1": _pushing(lambda _, data: data[0]),
    "BININT2": _pushing(lambda _, data: _unsigned(data)),
    "NONE": _pushing(lambda _, data: None),
    "NEWTRUE": _pushing(lambda _, data: True),
    "NEWFALSE": _pushing(lambda _, data: False),
    "STRING": _string,
    "BINSTRING": _pushing(lambda _, data: _text(data)),
    "SHORT_BINSTRING": _pushing(lambda _, data: data.decode("latin-1")),
    **dict.fromkeys(_TEXTS, _pushing(lambda _, data: _text(data))),
    **dict.fromkeys(_BYTES, _pushing(lambda _, data: data)),
    "UNICODE": _pushing(_unicode),
    "NEXT_BUFFER": _pushing(lambda _, data: Blob(0)),
    "READONLY_BUFFER": lambda machine, _: machine.stack[-1],
    "PERSID": _pushing(lambda _, data: Persistent(_text(data))),
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
    "GET": lambda machine, data: machine.push(machine.memo[_key(data)]),
    "BINGET": lambda machine, data: machine.push(machine.memo[data[0]]),
    "LONG_BINGET": lambda machine, data: machine.push(machine.memo[_unsigned(data)]),
    "PUT": lambda machine, data: _put(machine, _key(data)),
    "BINPUT": lambda machine, data: _put(machine, data[0]),
    "LONG_BINPUT": lambda machine, data: _put(machine, _unsigned(data)),
    "MEMOIZE": lambda machine, _: _put(machine, len(machine.memo)),
    "GLOBAL": _pushing(_global),
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _newobj_ex,
    "BUILD": _build,
    "INST": _inst,
    "OBJ": _obj,
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _pushing(_extension)),
}
