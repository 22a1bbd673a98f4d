"""ONNX: inputs, outputs, operators and weights of the graph; the weights themselves are not read.

Source of the numbers of fields: onnx.proto of ONNX.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from sitegen.inspection import protobuf, tabular
from sitegen.inspection.base import Format, Inspected, Source, Tensor, Unreadable
from sitegen.inspection.protobuf import Span
from sitegen.registry.schemas import Argument, DataType, Method, ModelMetadata, Requirement

TENSORS = 1000
MOST = 20
"""Warnings that are told."""
DEEPEST = 10
ENDING = ".onnx"
SMALL = 1 << 14
"""Bytes of a part of the graph that are read at once: there may be very many weights."""
DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
    8: "str", 9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64",
    14: "complex64", 15: "complex128", 16: "bfloat16", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
}  # fmt: skip

_HEAD = re.compile(rb"\x08[\x01-\x20]\x12[\x01-\x40][A-Za-z0-9_. -]", re.DOTALL)

Value = int | bytes | Span


class _Port(msgspec.Struct, frozen=True):
    """An input or output. shown: its sizes as the model names them."""

    name: str
    type: DataType | None
    shown: str


def matches(head: bytes, source: Source) -> bool:
    name = source.name.lower()
    return name.endswith(ENDING) or (
        _HEAD.match(head) is not None and not name.endswith((".mlmodel", ".pb"))
    )


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    texts: dict[int, str] = {}
    numbers: dict[int, int] = {}
    opsets: list[str] = []
    props: list[tuple[str, str]] = []
    graph: Value | None = None
    for number, wire, value in protobuf.spans(source):
        if number == 7 and wire == protobuf.BYTES:
            graph = value
        elif number == 8 and isinstance(value, bytes):
            opset = protobuf.message(value)
            domain = protobuf.text(_last(opset, 1)) or "ai.onnx"
            version = _last(opset, 2)
            opsets.append(f"{domain} {version if isinstance(version, int) else 0}")
        elif number == 14 and isinstance(value, bytes) and len(props) < 50:
            pair = protobuf.message(value)
            props.append((protobuf.text(_last(pair, 1)), protobuf.text(_last(pair, 2))))
        elif isinstance(value, int):
            numbers[number] = protobuf.signed(value)
        elif number in (2, 3, 4, 6):
            texts[number] = protobuf.text(value)
    if graph is None or isinstance(graph, int):
        raise Unreadable("it has no graph: expected a ModelProto of ONNX")
    found = _Graph(source, graph)
    producer = f"{texts.get(2, '')} {texts.get(3, '')}".strip()
    metadata = ModelMetadata(
        source=source.name,
        framework="onnx",
        format="onnx",
        description=tabular.shortened(texts.get(6, "") or found.description),
        methods=found.methods(),
        requirements=(Requirement("onnxruntime", "onnxruntime"),),
        facts=tabular.facts(
            (
                ("graph", found.name),
                ("producer", producer),
                ("domain", texts.get(4)),
                ("model version", numbers.get(5) or ""),
                ("format version", numbers.get(1)),
                ("operator sets", ", ".join(dict.fromkeys(opsets[:50]))),
                ("inputs", ", ".join(f"{one.name}: {one.shown}" for one in found.taken())),
                ("outputs", ", ".join(f"{one.name}: {one.shown}" for one in found.outputs)),
                ("operators", ", ".join(f"{op} x{n}" for op, n in found.operators.most_common(50))),
                ("external data", ", ".join(sorted(found.external)[:50])),
                *props,
            )
        ),
    )
    outside = sorted(name for name in found.external if _leads_out(name))
    warnings = tuple(
        f"Loading it would read weights from {name}, which is not beside it." for name in outside
    )
    return Inspected(metadata, warnings[:MOST], tuple(found.tensors), found.count)


def _leads_out(location: str) -> bool:
    parts = location.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or parts[0].endswith(":")


class _Graph:
    """What a GraphProto says."""

    def __init__(self, source: Source, value: bytes | Span) -> None:
        self._source = source
        self.name = self.description = ""
        self.inputs: list[_Port] = []
        self.outputs: list[_Port] = []
        self.operators: Counter[str] = Counter()
        self.tensors: list[Tensor] = []
        self.count = 0
        self.external: set[str] = set()
        self._weights: set[str] = set()
        for number, wire, field in _within(source, value):
            if number == 2:
                self.name = protobuf.text(field)
            elif number == 10:
                self.description = protobuf.text(field)
            elif wire != protobuf.BYTES or isinstance(field, int):
                continue
            elif number == 1:
                self._node(field)
            elif number == 5:
                self._weight(field)
            elif number in (11, 12) and isinstance(field, bytes):
                (self.inputs if number == 11 else self.outputs).append(_port(field))

    def taken(self) -> list[_Port]:
        """The inputs that nothing in the file fills."""
        return [one for one in self.inputs if one.name not in self._weights]

    def methods(self) -> tuple[Method, ...]:
        if not self.outputs:
            return ()
        arguments = tuple(Argument(one.name, one.type) for one in self.taken())
        returned = tuple((one.name, one.type or DataType("unspecified")) for one in self.outputs)
        whole = returned[0][1] if len(returned) == 1 else DataType("dict", items=returned)
        return (Method("predict", arguments, whole),)

    def _node(self, value: bytes | Span) -> None:
        operator = domain = ""
        for number, _, field in _within(self._source, value):
            if number == 4:
                operator = protobuf.text(field)[:100]
            elif number == 7:
                domain = protobuf.text(field)[:100]
        name = f"{domain}.{operator}" if domain not in ("", "ai.onnx") else operator
        if name in self.operators or len(self.operators) < 1000:
            self.operators[name] += 1

    def _weight(self, value: bytes | Span) -> None:
        dims: list[int | bytes] = []
        name, dtype = "", 0
        for number, _, field in _within(self._source, value):
            if number == 1 and not isinstance(field, Span):
                dims.append(field)
            elif number == 2 and isinstance(field, int):
                dtype = field
            elif number == 8:
                name = protobuf.text(field)
            elif number == 13 and isinstance(field, bytes):
                pair = protobuf.message(field)
                if _last(pair, 1) == b"location" and len(self.external) < 1000:
                    self.external.add(protobuf.text(_last(pair, 2))[:200])
        self.count += 1
        self._weights.add(name)
        if len(self.tensors) < TENSORS:
            shape = tuple(protobuf.packed(dims, 64))
            self.tensors.append(Tensor(name, DTYPES.get(dtype, f"type {dtype}"), shape))


def _within(source: Source, value: bytes | Span) -> Iterator[tuple[int, int, Value]]:
    if isinstance(value, Span):
        return protobuf.spans(source, value.offset, value.offset + value.length, small=SMALL)
    return iter(protobuf.fields(value))


def _last(message: dict[int, list[int | bytes]], number: int) -> int | bytes | None:
    found = message.get(number)
    return found[-1] if found else None


def _port(data: bytes) -> _Port:
    said = protobuf.message(data)
    name, type = protobuf.text(_last(said, 1)), _last(said, 2)
    if not isinstance(type, bytes):
        return _Port(name, None, "of no type")
    return _Port(name, *_type(type, DEEPEST))


def _type(data: bytes, depth: int) -> tuple[DataType | None, str]:
    """The type of a value, and how the model names it."""
    if depth == 0:
        return None, "..."
    for number, _, value in protobuf.fields(data):
        if not isinstance(value, bytes):
            continue
        if number in (1, 8):
            return _tensor(value)
        said = protobuf.message(value)
        inner = _last(said, 2 if number == 5 else 1)
        within, shown = _type(inner, depth - 1) if isinstance(inner, bytes) else (None, "?")
        within = within or DataType("unspecified")
        if number == 4:
            return DataType("array", items=(("", within),)), f"sequence of {shown}"
        if number == 5:
            key = _last(said, 1)
            dtype = DTYPES.get(key, "?") if isinstance(key, int) else "?"
            kinds = (("key", DataType("primitive", dtype)), ("value", within))
            return DataType("d_dict", items=kinds), f"map of {dtype} to {shown}"
        if number == 9:
            return within, f"optional {shown}"
    return None, "of no type"


def _tensor(data: bytes) -> tuple[DataType, str]:
    said = protobuf.message(data)
    kind = _last(said, 1)
    dtype = DTYPES.get(kind, f"type {kind}") if isinstance(kind, int) else ""
    shape = _last(said, 2)
    if not isinstance(shape, bytes):
        return DataType("ndarray", dtype), dtype
    sizes: list[int | None] = []
    names = []
    for number, _, dimension in protobuf.fields(shape, 64):
        if number != 1 or not isinstance(dimension, bytes):
            continue
        one = protobuf.message(dimension)
        size, name = _last(one, 1), protobuf.text(_last(one, 2))
        known = protobuf.signed(size) if isinstance(size, int) else None
        # Some exporters write no size as -1 or 0.
        sizes.append(known if known is not None and known > 0 else None)
        names.append(str(sizes[-1] or name or "?"))
    if not sizes and kind is not None:
        return DataType("number", dtype), dtype
    return DataType("ndarray", dtype, tuple(sizes)), f"{dtype}[{', '.join(names)}]"


ONNX = Format("onnx", matches, read)
