"""Damages model files in every way that their readers must take, and looks at what comes out."""

from __future__ import annotations

import random
import time
from pathlib import Path

import msgspec

from sitegen.inspection.base import HEAD, Format, Inspected, Unreadable
from sitegen.inspection.sources import BytesSource

MODELS = Path(__file__).parent / "integration" / "model_files"
LONGEST = 5.0
"""Seconds of work, whatever else the machine does, that reading any file here may take."""


def stored(name: str) -> bytes:
    """A small model that its own library wrote."""
    return (MODELS / name).read_bytes()


def inspected(format: Format, data: bytes, name: str = "model") -> Inspected:
    """What the format says of these bytes, which it must know as its own."""
    source = BytesSource(data, name)
    assert format.matches(data[:HEAD], source)
    return format.read(source)


def attempt(format: Format, data: bytes, name: str = "model") -> Inspected | None:
    """What the format says, None where it is unreadable; nothing else may come out, nor late."""
    start = time.process_time()
    try:
        found = format.read(BytesSource(data, name))
    except Unreadable as error:
        assert str(error)
        found = None
    if found is not None:
        msgspec.json.encode(found)
    assert time.process_time() - start < LONGEST
    return found


def cut_short(format: Format, data: bytes, name: str = "model") -> list[Inspected | None]:
    """What comes of every sixteenth of a file."""
    return [attempt(format, data[: len(data) * part // 16], name) for part in range(16)]


def scrambled(format: Format, data: bytes, seed: int, name: str = "model") -> None:
    """Reads a file of which a few bytes, or a part, are others."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        changed[chance.randrange(len(changed))] = chance.choice(
            (0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x5B)
        )
    if chance.random() < 0.3:
        start = chance.randrange(len(changed))
        changed[start : start + chance.randrange(64)] = chance.randbytes(chance.randrange(64))
    attempt(format, bytes(changed), name)


def message(*fields: tuple[int, int | bytes]) -> bytes:
    """A message of Protocol Buffers: numbers as varints, bytes with their length."""
    return b"".join(
        _varint(number << 3) + _varint(value & (1 << 64) - 1)
        if isinstance(value, int)
        else _varint(number << 3 | 2) + _varint(len(value)) + value
        for number, value in fields
    )


def _varint(value: int) -> bytes:
    raw = bytearray()
    while value > 0x7F:
        raw.append(value & 0x7F | 0x80)
        value >>= 7
    raw.append(value)
    return bytes(raw)
