"""GGUF files of both versions."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Tensor, Unreadable
from sitegen.inspection.gguf import GGUF, KEPT
from tests.damage import attempt, cut_short, inspected, scrambled

_KINDS = {int: (4, "I"), float: (6, "f"), bool: (7, "?")}
PAIRS: dict[str, Any] = {
    "general.architecture": "llama",
    "general.description": "A tiny one",
    "general.file_type": 15,
    "llama.context_length": 4096,
    "llama.rope": 0.5,
    "tokenizer.add": True,
    "tokenizer.tokens": [f"t{number}" for number in range(40)],
    "tokenizer.scores": [1, 2],
}
TENSORS = [("token_embd.weight", (8, 4), 0), ("blk.0.weight", (256, 2), 12)]


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def typed(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    if isinstance(value, list):
        inner = [typed(one) for one in value]
        head = struct.pack("<I", 9) + inner[0][:4] + struct.pack("<Q", len(inner))
        return head + b"".join(one[4:] for one in inner)
    kind, code = _KINDS[type(value)]
    return struct.pack(f"<I{code}", kind, value)


def model(
    pairs: dict[str, Any] = PAIRS, tensors: list[Any] = TENSORS, version: int = 3, data: int = 448
) -> bytes:
    head = struct.pack("<4sIQQ", b"GGUF", version, len(tensors), len(pairs))
    head += b"".join(text(key) + typed(value) for key, value in pairs.items())
    at = 0
    for name, dimensions, kind in tensors:
        count = len(dimensions)
        head += text(name) + struct.pack(f"<I{count}QIQ", count, *dimensions, kind, at)
        at += 160
    return head + bytes(-len(head) % 32 + data)


def test_a_model_says_its_architecture_and_tensors() -> None:
    found = inspected(GGUF, model())
    assert (found.metadata.framework, found.metadata.format) == ("gguf", "gguf")
    assert found.metadata.description == "A tiny one"
    facts = dict(found.metadata.facts)
    assert facts["architecture"] == "llama" and facts["quantisation"] == "Q4_K_M"
    assert facts["context length"] == "4096" and facts["parameters"] == str(8 * 4 + 512)
    assert facts["version of the format"] == "3" and facts["tokenizer.scores"] == "1, 2"
    assert found.tensors == (
        Tensor("token_embd.weight", "F32", (4, 8)), Tensor("blk.0.weight", "Q4_K", (2, 256)),
    )  # fmt: skip


def test_of_long_lists_the_beginning_is_told() -> None:
    said = dict(inspected(GGUF, model()).metadata.facts)["tokenizer.tokens"]
    assert said == f"{', '.join(f't{number}' for number in range(KEPT))}, … (40)"


def test_a_model_whose_weights_are_cut_short_is_unreadable() -> None:
    whole = model()
    assert inspected(GGUF, whole).tensor_count == 2
    with pytest.raises(Unreadable, match=r"blk\.0\.weight ends at byte \d+, the file has"):
        inspected(GGUF, whole[:-1])


def test_an_alignment_of_its_own_counts() -> None:
    with pytest.raises(Unreadable, match="ends too early"):
        inspected(GGUF, model({"general.alignment": 4096}))
    with pytest.raises(Unreadable, match="alignment"):
        inspected(GGUF, model({"general.alignment": "x"}))


def test_a_tensor_of_an_unknown_type_is_named_by_its_number() -> None:
    found = inspected(GGUF, model({}, [("a", (3,), 99)], 2))
    assert found.tensors == (Tensor("a", "type 99", (3,)),)
    assert found.metadata.description == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (struct.pack("<4sIQQ", b"GGUF", 1, 0, 0), "version 1"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 1 << 40, 0), "more than"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, 1 << 40), "more than"),
        (model({"a": [1]})[:40] + b"\xff" * 40, "the header ends|type"),
        (model({}, [("a", (1,) * 9, 0)]), "9 dimensions"),
    ],
)
def test_what_no_model_has_is_unreadable(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        inspected(GGUF, data)


def test_a_header_of_the_other_byte_order_is_read() -> None:
    assert inspected(GGUF, struct.pack(">4sIQQ", b"GGUF", 3, 0, 0)).tensor_count == 0


def test_a_model_that_is_cut_short_is_unreadable() -> None:
    assert cut_short(GGUF, model()) == [None] * 16


@given(st.integers(0, 10**9))
def test_a_damaged_model_is_read_or_unreadable(seed: int) -> None:
    scrambled(GGUF, model(), seed)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    attempt(GGUF, b"GGUF" + data)
    attempt(GGUF, struct.pack("<4sIQQ", b"GGUF", 3, 1, 1) + data)
