"""TensorFlow SavedModels: the signatures of `saved_model.pb`, without its graph.

Source of the field numbers: TensorFlow's saved_model.proto, meta_graph.proto, tensor_shape.proto
and types.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.inspection import protobuf, tabular
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.jsonscan import clean
from sitegen.inspection.protobuf import Span
from sitegen.registry.schemas import Argument, DataType, Method, ModelMetadata

NAME = "saved_model.pb"
SIGNATURES = 200
TENSORS = 1000
RANK = 64

# Fields by their numbers.
_SCHEMA, _META_GRAPH = 1, 2
_META_INFO, _SIGNATURE = 1, 5
_TAGS, _TF_VERSION = 4, 5
_INPUTS, _OUTPUTS, _METHOD_NAME = 1, 2, 3
_TENSOR_DTYPE, _TENSOR_SHAPE = 2, 3
_DIM, _UNKNOWN_RANK = 2, 3
_KEY, _VALUE, _SIZE = 1, 2, 1

_DTYPES = {
    1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "string",
    8: "complex64", 9: "int64", 10: "bool", 11: "qint8", 12: "quint8", 13: "qint32",
    14: "bfloat16", 15: "qint16", 16: "quint16", 17: "uint16", 18: "complex128", 19: "float16",
    20: "resource", 21: "variant", 22: "uint32", 23: "uint64",
}  # fmt: skip
# What only initialises the model is no method of it.
_INNER = "__saved_model_"


def matches(head: bytes, source: Source) -> bool:
    return source.name.replace("\\", "/").rpartition("/")[2] == NAME and head[:1] in b"\x08\x12"


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    graphs = []
    schema = 0
    for number, _, value in protobuf.spans(source):
        if number == _SCHEMA and isinstance(value, int):
            schema = value
        elif number == _META_GRAPH and not isinstance(value, int):
            graphs.append(_graph(source, value))
    if not graphs:
        raise Unreadable("no SavedModel: it has no graph")
    # The graph for serving is the one that is loaded where several stand together.
    tags, version, methods = next((one for one in graphs if "serve" in one[0]), graphs[0])
    metadata = ModelMetadata(
        source=source.name,
        framework="tensorflow",
        framework_version=version,
        format="savedmodel",
        methods=methods,
        requirements=(tabular.needs("tensorflow", version),),
        facts=tabular.facts(
            (
                ("tags", ", ".join(tags)),
                ("signatures", ", ".join(method.name for method in methods)),
                ("graphs", len(graphs) if len(graphs) > 1 else ""),
                ("schema version", schema or ""),
            )
        ),
    )
    return Inspected(metadata)


def _inside(source: Source, value: bytes | Span) -> Iterator[tuple[int, int, int | bytes | Span]]:
    if isinstance(value, bytes):
        return iter(protobuf.fields(value))
    return protobuf.spans(source, value.offset, value.offset + value.length)


def _graph(source: Source, value: bytes | Span) -> tuple[list[str], str, tuple[Method, ...]]:
    """Tags, the version of TensorFlow, and the signatures of one graph."""
    tags: list[str] = []
    version = ""
    methods = []
    for number, _, part in _inside(source, value):
        if number == _META_INFO and not isinstance(part, int):
            for field, _, said in _inside(source, part):
                if field == _TAGS:
                    tags.append(clean(protobuf.text(said)))
                elif field == _TF_VERSION:
                    version = clean(protobuf.text(said))
        elif number == _SIGNATURE and isinstance(part, bytes):
            methods.append(_signature(part))
        if len(methods) > SIGNATURES or len(tags) > SIGNATURES:
            raise Unreadable(f"more than {SIGNATURES} signatures or tags")
    shown = (method for method in methods if not method.name.startswith(_INNER))
    return tags, version, tuple(sorted(shown, key=lambda method: method.name))


def _signature(entry: bytes) -> Method:
    """A signature as a method: what it takes and gives by name."""
    name, definition = _pair(entry)
    inputs: list[tuple[str, DataType]] = []
    outputs: list[tuple[str, DataType]] = []
    for number, _, value in protobuf.fields(definition, TENSORS):
        if isinstance(value, bytes) and number in (_INPUTS, _OUTPUTS):
            key, tensor = _pair(value)
            (inputs if number == _INPUTS else outputs).append((key, _tensor(tensor)))
    # The entries of a map have no order of their own.
    given = tuple(sorted(outputs, key=lambda pair: pair[0]))
    return Method(
        name,
        tuple(
            Argument(key, type, keyword_only=True)
            for key, type in sorted(inputs, key=lambda pair: pair[0])
        ),
        DataType("dict", items=given) if given else None,
    )


def _pair(entry: bytes) -> tuple[str, bytes]:
    """Key and value of an entry of a map."""
    found = protobuf.message(entry, 16)
    value = found.get(_VALUE, [b""])[-1]
    key = clean(protobuf.text(found.get(_KEY, [b""])[-1]))
    return key, value if isinstance(value, bytes) else b""


def _tensor(info: bytes) -> DataType:
    found = protobuf.message(info, 64)
    dtype = found.get(_TENSOR_DTYPE, [0])[-1]
    shape = found.get(_TENSOR_SHAPE, [b""])[-1]
    known = _DTYPES.get(dtype, "") if isinstance(dtype, int) else ""
    return DataType("tf_tensor", known, _shape(shape if isinstance(shape, bytes) else b""))


def _shape(message: bytes) -> tuple[int | None, ...] | None:
    """Sizes, None for any; None as a whole where not even their number is known."""
    found = protobuf.message(message, RANK)
    if any(found.get(_UNKNOWN_RANK, [])):
        return None
    sizes: list[int | None] = []
    for dimension in found.get(_DIM, []):
        said = protobuf.message(dimension, 8) if isinstance(dimension, bytes) else {}
        size = said.get(_SIZE, [0])[-1]
        number = protobuf.signed(size) if isinstance(size, int) else -1
        sizes.append(number if number >= 0 else None)
    return tuple(sizes)


SAVEDMODEL = Format("savedmodel", matches, read)
