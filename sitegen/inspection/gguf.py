"""GGUF: the header's key-values and the tensors' descriptions.

Source of the layout: docs/gguf.md of ggml, versions 2 and 3; version 1 had shorter lengths.
"""

from __future__ import annotations

import math
import struct
from typing import Any

from sitegen.inspection import tabular
from sitegen.inspection.base import Format, Inspected, Source, Tensor, Unreadable
from sitegen.registry.schemas import ModelMetadata

PAIRS = 10_000
"""Key-values of one file that are read."""
COUNT = 100_000
"""Tensors of one file that are read."""
TENSORS = 1000
TEXT = 1 << 20
KEPT = 16
"""Elements of an array that are kept; the others are passed over."""
ELEMENTS = 4_000_000
"""Elements of arrays of texts that are passed over one by one."""

_WINDOW = 1 << 18
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q",
            12: "d"}  # fmt: skip
_TEXT, _ARRAY = 8, 9
# Type of a tensor -> its name, and how many elements are how many bytes.
TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2),
    26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
}  # fmt: skip
ALIGNMENT = 32
"""What the place of each tensor is a multiple of, where the file does not say."""
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
    39: "NVFP4", 40: "Q1_0",
}  # fmt: skip


def matches(head: bytes, source: Source) -> bool:
    return head.startswith(b"GGUF")


def read(source: Source) -> Inspected:
    """The header. Raises Unreadable."""
    reader = _Reader(source)
    reader.take(4)
    version = int.from_bytes(reader.take(4), "little")
    if version > 0xFFFF:
        reader.order, version = ">", version >> 24
    if version not in (2, 3):
        raise Unreadable(f"version {version} of the format: expected 2 or 3")
    count, pairs = reader.number("Q"), reader.number("Q")
    if pairs > PAIRS or count > COUNT:
        raise Unreadable(f"{pairs} key-values and {count} tensors: more than {PAIRS} or {COUNT}")
    said: dict[str, Any] = {}
    for _ in range(pairs):
        key = reader.text()
        said[key] = reader.value(reader.number("I"))
    placed = [reader.tensor() for _ in range(count)]
    tensors = [tensor for tensor, _ in placed]
    alignment = said.get("general.alignment", ALIGNMENT)
    if not isinstance(alignment, int) or alignment <= 0:
        raise Unreadable(f"an alignment of {str(alignment)[:100]}: expected a number above 0")
    start = -(-reader.place // alignment) * alignment
    for tensor, end in placed:
        if start + end > source.size:
            raise Unreadable(
                f"the file ends too early: the tensor {tensor.name[:200]} ends at byte"
                f" {start + end}, the file has {source.size}"
            )
    architecture = str(said.get("general.architecture") or "")
    kind = said.get("general.file_type")
    quantisation = _FILE_TYPES.get(kind, f"type {kind}") if isinstance(kind, int) else ""
    kinds = sorted({one.dtype for one in tensors})
    first = {
        "architecture": architecture,
        "quantisation": quantisation,
        "context length": said.get(f"{architecture}.context_length"),
        "parameters": sum(map(_size, tensors)) or "",
        "dtypes": ", ".join(kinds),
        "version of the format": version,
    }
    others = [(key, value) for key, value in said.items() if key != "general.architecture"]
    return Inspected(
        ModelMetadata(
            source=source.name,
            framework="gguf",
            format="gguf",
            description=tabular.shortened(str(said.get("general.description") or "")),
            facts=tabular.facts((*first.items(), *others[:100])),
        ),
        tensors=tuple(tensors[:TENSORS]),
        tensor_count=len(tensors),
    )


def _size(tensor: Tensor) -> int:
    return math.prod(one for one in tensor.shape if isinstance(one, int))


class _Reader:
    """Reads forward through a window."""

    def __init__(self, source: Source) -> None:
        self._source, self._base, self._at, self._window = source, 0, 0, b""
        self.order = "<"
        self._elements = ELEMENTS

    def take(self, length: int) -> bytes:
        if self._at + length > len(self._window):
            place = self._base + self._at
            left = self._source.size - place
            if length > left:
                raise Unreadable(f"the header ends after {self._source.size} bytes")
            self._window = self._source.read(place, min(max(length, _WINDOW), left))
            self._base, self._at = place, 0
        data = self._window[self._at : self._at + length]
        self._at += length
        return data

    @property
    def place(self) -> int:
        return self._base + self._at

    def skip(self, length: int) -> None:
        if self._base + self._at + length > self._source.size:
            raise Unreadable(f"the header ends after {self._source.size} bytes")
        if self._at + length <= len(self._window):
            self._at += length
        else:
            self._base, self._at, self._window = self._base + self._at + length, 0, b""

    def number(self, code: str) -> Any:
        return struct.unpack(f"{self.order}{code}", self.take(struct.calcsize(f"={code}")))[0]

    def text(self) -> str:
        length = self.number("Q")
        if length > TEXT:
            self.skip(length)
            return f"{length} bytes"
        return str(self.take(length).decode("utf-8", "replace"))

    def value(self, kind: int) -> Any:
        if kind in _NUMBERS:
            return self.number(_NUMBERS[kind])
        if kind == _TEXT:
            return self.text()
        if kind != _ARRAY:
            raise Unreadable(f"a value of the unknown type {kind}")
        return self.array()

    def array(self) -> str:
        kind, count = self.number("I"), self.number("Q")
        if kind not in _NUMBERS and kind != _TEXT:
            raise Unreadable(f"an array of values of type {kind}: expected numbers or texts")
        kept = [self.value(kind) for _ in range(min(count, KEPT))]
        left = count - len(kept)
        if kind == _TEXT:
            self._elements -= left
            if self._elements < 0:
                raise Unreadable(f"arrays of more than {ELEMENTS} texts")
            for _ in range(left):
                self.skip(self.number("Q"))
        else:
            self.skip(left * struct.calcsize(f"={_NUMBERS[kind]}"))
        shown = ", ".join(str(one)[:100] for one in kept)
        return f"{shown}, … ({count})" if left else shown

    def tensor(self) -> tuple[Tensor, int]:
        """A tensor, and where it ends among all of them."""
        name, dimensions = self.text(), self.number("I")
        if dimensions > 8:
            raise Unreadable(f"the tensor {name[:200]} has {dimensions} dimensions")
        # The fastest dimension comes first.
        shape = tuple(self.number("Q") for _ in range(dimensions))[::-1]
        kind = self.number("I")
        begin = self.number("Q")
        dtype, elements, size = TYPES.get(kind, (f"type {kind}", 1, 0))
        tensor = Tensor(name, dtype, shape)
        return tensor, begin + -(-_size(tensor) // elements) * size


GGUF = Format("gguf", matches, read)
