"""Safetensors: the header tells every tensor, and nothing else is read.

Source of the layout: the README of safetensors ("Format").
"""

from __future__ import annotations

import math
from typing import Any

from sitegen.inspection import jsonscan, tabular
from sitegen.inspection.base import Format, Inspected, Source, Tensor, Unreadable
from sitegen.registry.schemas import ModelMetadata, Requirement

HEADER = 32 << 20
"""Bytes of a header that is read; the format itself allows a hundred million."""
TENSORS = 1000
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
    "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
_FRAMEWORKS = {"pt": "torch", "tf": "tensorflow", "flax": "flax", "mlx": "mlx"}


def matches(head: bytes, source: Source) -> bool:
    if source.name.lower().endswith(".safetensors"):
        return True
    length = int.from_bytes(head[:8], "little")
    return head[8:9] == b"{" and 2 <= length <= source.size - 8 and head[9:10] in b'"}'


def read(source: Source) -> Inspected:
    """The tensors of the header. Raises Unreadable."""
    length = int.from_bytes(source.read(0, 8), "little")
    if length > source.size - 8:
        raise Unreadable(f"its header has {length} bytes, the file after it {source.size - 8}")
    if length > HEADER:
        raise Unreadable(f"its header has {length} bytes: more than {HEADER}")
    parsed = jsonscan.parse(source.read(8, length))
    if not parsed.complete or not isinstance(parsed.value, dict):
        raise Unreadable("its header is no object of JSON")
    said: dict[str, Any] = parsed.value
    metadata = said.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise Unreadable("__metadata__ is no object of texts")
    tensors = [_tensor(name, one, source.size - 8 - length) for name, one in said.items()]
    _in_order(
        [(begin, end, tensor.name) for tensor, begin, end in tensors], source.size - 8 - length
    )
    count = sum(_size(tensor) for tensor, _, _ in tensors)
    dtypes = sorted({tensor.dtype for tensor, _, _ in tensors})
    texts = {str(key): value for key, value in metadata.items() if isinstance(value, str)}
    framework = _FRAMEWORKS.get(texts.get("format", ""), "")
    return Inspected(
        ModelMetadata(
            source=source.name,
            framework=framework,
            format="safetensors",
            requirements=(
                *((Requirement(framework, framework),) if framework else ()),
                Requirement("safetensors", "safetensors"),
            ),
            facts=tabular.facts(
                (
                    ("parameters", count),
                    ("dtypes", ", ".join(dtypes)),
                    *list(texts.items())[:50],
                )
            ),
        ),
        tensors=tuple(tensor for tensor, _, _ in tensors[:TENSORS]),
        tensor_count=len(tensors),
    )


def _tensor(name: str, said: Any, most: int) -> tuple[Tensor, int, int]:
    said = said if isinstance(said, dict) else {}
    dtype, shape, offsets = (said.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or not _are_sizes(shape) or not _are_sizes(offsets):
        raise Unreadable(f"the tensor {name} lacks its dtype, shape or data_offsets")
    if len(offsets) != 2 or not offsets[0] <= offsets[1] <= most:
        raise Unreadable(f"the tensor {name} stands at {offsets}, outside of {most} bytes")
    tensor = Tensor(name, dtype, tuple(shape))
    bits = BITS.get(dtype)
    if bits is not None and (_size(tensor) * bits + 7) // 8 != offsets[1] - offsets[0]:
        raise Unreadable(f"the tensor {name} has {offsets[1] - offsets[0]} bytes: not its shape's")
    return tensor, offsets[0], offsets[1]


def _are_sizes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= 64
        and all(type(one) is int and 0 <= one < 1 << 62 for one in value)
    )


def _size(tensor: Tensor) -> int:
    return math.prod(one for one in tensor.shape if isinstance(one, int))


def _in_order(places: list[tuple[int, int, str]], size: int) -> None:
    """Tensors stand one behind the other and fill the file: nothing else hides in it."""
    at = 0
    for begin, end, name in sorted(places):
        if begin != at:
            raise Unreadable(f"the tensor {name} begins at byte {begin}: expected {at}")
        at = end
    if at != size:
        raise Unreadable(f"the tensors have {at} bytes, the file has {size} for them")


SAFETENSORS = Format("safetensors", matches, read)
