"""The numbers and texts that are written into a pickle's instructions.

Source of how they are written: `pickletools` of the standard library.
"""

from __future__ import annotations

import codecs
from typing import Any

from sitegen.inspection.base import Unreadable
from sitegen.inspection.symbols import Blob

DIGITS = 1024
"""Digits or bytes of a number that is kept."""


def text(data: bytes | Blob) -> str | Blob:
    """A text as UTF-8. It is told to people: no halves of surrogate pairs are in it."""
    return data if isinstance(data, Blob) else data.decode("utf-8", "replace")


def quoted(data: bytes | Blob) -> str | Blob:
    """A text between quotation marks. Raises Unreadable without them."""
    if isinstance(data, Blob):
        return data
    if len(data) < 2 or data[:1] != data[-1:] or data[:1] not in (b'"', b"'"):
        raise Unreadable("a text without quotation marks in the pickle")
    # Escapes may spell a name that would not be known otherwise.
    return codecs.escape_decode(data[1:-1])[0].decode("latin-1")


def escaped(data: bytes | Blob) -> str | Blob:
    """A text with escapes for all but ASCII."""
    if isinstance(data, Blob):
        return data
    return data.decode("raw-unicode-escape").encode("utf-8", "replace").decode("utf-8")


def whole(data: bytes) -> int | Blob:
    """A whole number, or a truth. Raises ValueError."""
    if data in (b"00", b"01"):
        return data == b"01"
    return int(data, 0) if len(data) <= DIGITS else Blob(len(data))


def decimal(data: bytes) -> int | Blob:
    """A whole number of any length. Raises ValueError."""
    return int(data.removesuffix(b"L")) if len(data) <= DIGITS else Blob(len(data))


def twos_complement(data: bytes | Blob) -> int | Blob:
    if isinstance(data, Blob):
        return data
    return Blob(len(data)) if len(data) > DIGITS else int.from_bytes(data, "little", signed=True)


def unsigned(data: bytes) -> int:
    return int.from_bytes(data, "little")


def memo_key(data: Any) -> int:
    """Where something is kept in the memo. Raises ValueError."""
    key = int(data)
    if not 0 <= key < 1 << 32:
        raise ValueError(key)
    return key
