"""PyTorch: what torch.save and torch.jit.save write, in its zip, its older and its oldest form.

Source of the layout: torch/serialization.py, torch/_utils.py and the notes on serialization.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from sitegen.inspection import tabular
from sitegen.inspection.arrays import shape_of
from sitegen.inspection.base import Format, Inspected, Source, Tensor, Unreadable
from sitegen.inspection.estimators import attributes_of, class_of
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.imports import judge
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.pickle import followed
from sitegen.inspection.sources import Archive, Part
from sitegen.inspection.symbols import Global, Made, Persistent
from sitegen.registry.schemas import Argument, DataType, Method, ModelMetadata, Requirement

TENSORS = 1000
SEEN = 100_000
"""Symbols that are looked at for tensors."""
CODE = 1 << 20
MEMBERS = 20
MAGIC = bytes.fromhex("8a0a6cfc9c46f9206aa850192e")
"""What the older form begins with: a pickle of the number 0x1950a86a20f9469cfc6c."""

_STORAGES = {
    "BFloat16": "bfloat16", "Bool": "bool", "Byte": "uint8", "Char": "int8", "ComplexDouble":
    "complex128", "ComplexFloat": "complex64", "Double": "float64", "Float": "float32",
    "Half": "float16", "Int": "int32", "Long": "int64", "QInt32": "qint32", "QInt8": "qint8",
    "QUInt8": "quint8", "Short": "int16", "Untyped": "",
}  # fmt: skip
_SHELLS = ("_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_from_type_v2")
_FORWARD = "\n  def forward("
SIGNATURE = 10_000
"""Characters of one method's arguments and result."""
_TAR = (257, b"ustar")
_OCTAL = re.compile(rb"[0-7]+")
_FIRST = (b"/data.pkl", b"/.format_version", b"/version", b"/data/0")
"""How the name of the first member may end."""


def matches(head: bytes, source: Source) -> bool:
    if head[:2] == b"\x80\x02" and head[2 : 2 + len(MAGIC)] == MAGIC:
        return True
    if head.startswith(b"PK\x03\x04"):
        # The directory stands at the end, where a file that is cut short has none.
        first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
        return first.endswith(_FIRST) or _pickle_of(Archive(source)) is not None
    return _is_old_tar(head)


def _pickle_of(archive: Archive) -> str | None:
    """The pickle that torch loads: that of the folder which the first member is in."""
    folder = archive.names[0].partition("/")[0] if archive.names else ""
    name = f"{folder}/data.pkl"
    return name if name in archive else None


def _is_old_tar(head: bytes) -> bool:
    at, magic = _TAR
    return head[at : at + 5] == magic and head.partition(b"\0")[0].strip(b"./") in (
        b"storages", b"tensors", b"pickle", b"sys_info",
    )  # fmt: skip


def read(source: Source) -> Inspected:
    """The tensors, classes and imports. Raises Unreadable."""
    head = source.read(0, min(512, source.size))
    if head.startswith(b"PK"):
        return _zip(source)
    if _is_old_tar(head):
        machine = Machine(Cursor(SourceFeed(_old_member(source))))
        return _told(source.name, machine, followed(machine), "torch (tar)")
    machine = Machine(Cursor(SourceFeed(source)))
    _, version, _ = (followed(machine) for _ in range(3))
    facts = (("format version", version if isinstance(version, int) else ""),)
    return _told(source.name, machine, followed(machine), "torch (legacy)", facts)


def _old_member(source: Source) -> Source:
    """The pickle in the tar file of the oldest form."""
    at = 0
    for _ in range(MEMBERS):
        header = source.read(at, 512)
        name = header[:100].partition(b"\0")[0].strip(b"./")
        digits = header[124:136].strip(b" \0") or b"0"
        if not _OCTAL.fullmatch(digits):
            raise Unreadable(f"the tar file names no size of a member at byte {at}")
        size = int(digits, 8)
        if name == b"pickle":
            return Part(source, at + 512, size, "pickle")
        at += 512 + -(-size // 512) * 512
    raise Unreadable("the tar file has no member `pickle`")


def _zip(source: Source) -> Inspected:
    archive = Archive(source)
    name = _pickle_of(archive)
    if name is None:
        raise Unreadable("the zip file has no data.pkl in its first folder")
    folder = name.removesuffix("data.pkl")
    said = {
        key: archive.read(f"{folder}{key}", 100, whole=False).decode("utf-8", "replace").strip()
        for key in ("version", "byteorder")
        if f"{folder}{key}" in archive
    }
    facts = (("format version", said.get("version")), ("byte order", said.get("byteorder")))
    machine = Machine(Cursor(SourceFeed(archive.member(name))))
    value = followed(machine)
    if f"{folder}constants.pkl" not in archive:
        return _told(source.name, machine, value, "torch", facts)
    return _script(source.name, archive, folder, value, facts)


def _told(
    name: str, machine: Machine, value: Any, format: str, facts: tuple[tuple[str, Any], ...] = ()
) -> Inspected:
    judged = judge(machine.imports, machine.calls, nameless=machine.nameless)
    warnings = judged.warnings
    if machine.stopped:
        rest = f"It was read in part only: {machine.stopped}."
        warnings = (rest, *warnings)
    tensors = list(tensors_in(value))
    keys = _keys(value)
    needed = [one for one in judged.requirements if one.module != "torch"]
    return Inspected(
        ModelMetadata(
            source=name,
            framework="torch",
            format=format,
            class_name=class_of(value),
            requirements=(Requirement("torch", "torch"), *needed),
            facts=tabular.facts(
                (("parameters", _size(tensors) or ""), *facts, ("keys", ", ".join(keys[:50])))
            ),
        ),
        warnings,
        tuple(tensors[:TENSORS]),
        len(tensors),
    )


def _script(
    name: str, archive: Archive, folder: str, value: Any, facts: tuple[tuple[str, Any], ...]
) -> Inspected:
    """A TorchScript program: its classes are in the file, and no Python is imported."""
    class_name = class_of(value)
    module, _, _ = class_name.rpartition(".")
    code = f"{folder}code/{module.replace('.', '/')}.py"
    text = ""
    if code in archive:
        text = archive.read(code, CODE, whole=False).decode("utf-8", "replace")
    # A file of code may hold several classes.
    _, _, own = text.partition(f"class {class_name.rpartition('.')[2]}(")
    tensors = list(tensors_in(value))
    return Inspected(
        ModelMetadata(
            source=name,
            framework="torch",
            format="torchscript",
            class_name=class_name.removeprefix("__torch__."),
            methods=_forward(own.partition("\nclass ")[0]),
            requirements=(Requirement("torch", "torch"),),
            facts=tabular.facts((("parameters", _size(tensors) or ""), *facts)),
        ),
        (),
        tuple(tensors[:TENSORS]),
        len(tensors),
    )


def _forward(code: str) -> tuple[Method, ...]:
    """The method of a class as TorchScript prints it: a type for every argument, and no comment."""
    _, found, rest = code.partition(_FORWARD)
    parts, end = _parted(rest[:SIGNATURE])
    returns, colon, _ = rest[end:SIGNATURE].partition(":\n")
    if not found or not parts or not colon:
        return ()
    # The model itself comes first, under the name that its author gave it.
    arguments = []
    for part in parts[1:]:
        name, _, said = part.partition(":")
        type, _, default = said.partition("=")
        arguments.append(Argument(name.strip(), _type(type), not default, default.strip()))
    return (Method("forward", tuple(arguments), _type(returns.replace("->", ""))),)


def _parted(text: str) -> tuple[list[str], int]:
    """What stands between commas, outside of brackets, until the bracket that closes all; its end.

    Nothing where it does not close.
    """
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in "([{":
            depth += 1
        elif letter in ")]}" and depth:
            depth -= 1
        elif letter in ",)" and not depth:
            parts.append(text[start:at])
            start = at + 1
            if letter == ")":
                return [part for part in parts if part.strip()], at + 1
    return [], 0


def _type(text: str) -> DataType:
    return DataType("torch") if text.strip() == "Tensor" else DataType("primitive", text.strip())


def _size(tensors: list[Tensor]) -> int:
    return sum(math.prod(n for n in one.shape if isinstance(n, int)) for one in tensors)


def _keys(value: Any) -> list[str]:
    held = value if isinstance(value, dict) else {}
    return [key for key in held if isinstance(key, str)]


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The tensors that a symbol holds, by their dotted names, in order.

    The parts of a module are named as in its state_dict.
    """
    waiting: list[tuple[str, Any]] = [("", value)]
    known: set[int] = set()
    for _ in range(SEEN):
        if not waiting:
            return
        name, one = waiting.pop()
        found = _tensor(name, one)
        if found is not None:
            yield found
            continue
        # A tensor may be shared under two names; what holds tensors is looked into once.
        if id(one) in known:
            continue
        known.add(id(one))
        inner = [(_joined(name, key), held) for key, held in _members(one)]
        waiting += inner[: SEEN - len(waiting)][::-1] if len(waiting) < SEEN else []


_UNNAMED = ("_parameters", "_buffers", "_modules")


def _joined(name: str, key: Any) -> str:
    if key in _UNNAMED:
        return name
    return f"{name}.{key}"[-500:] if name else str(key)


def _members(one: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(one, Made):
        yield from attributes_of(one).items()
        yield from one.items.items()
        yield from zip(range(SEEN), one.values, strict=False)
    elif isinstance(one, dict):
        yield from one.items()
    elif isinstance(one, list | tuple):
        yield from zip(range(SEEN), one, strict=False)


def _tensor(name: str, made: Any) -> Tensor | None:
    for _ in range(4):
        if not isinstance(made, Made) or not isinstance(made.callable, Global):
            return None
        args = made.args if isinstance(made.args, tuple) else ()
        if not args or not made.callable.module.startswith("torch"):
            return None
        if made.callable.name in _SHELLS:
            made = _shelled(made.callable.name, args)
            continue
        break
    else:
        return None
    if not made.callable.name.startswith(("_rebuild_tensor", "_rebuild_qtensor")) or len(args) < 3:
        return None
    shape = shape_of(args[2])
    if shape is None:
        return None
    dtype = _dtype(args[0])
    named = [one for one in args[3:] if isinstance(one, Global) and one.module == "torch"]
    return Tensor(name, dtype or (named[0].name if named else ""), shape)


def _shelled(name: str, args: tuple[Any, ...]) -> Any:
    """The tensor that a parameter, or a subclass of Tensor, is made around."""
    if name != "_rebuild_from_type_v2":
        return args[0]
    inner = args[2] if len(args) > 2 and isinstance(args[2], tuple) else ()
    return Made(args[0], inner)


def _dtype(storage: Any) -> str:
    """The dtype that the class of a storage tells, "" where none does."""
    said = storage.id if isinstance(storage, Persistent) else ()
    if not isinstance(said, tuple) or len(said) < 2 or not isinstance(said[1], Global):
        return ""
    kind = said[1].name.removesuffix("Storage")
    return _STORAGES.get(kind, kind.lower())


TORCH = Format("torch", matches, read)
