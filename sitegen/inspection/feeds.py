"""Bytes that are read forward only: of a file, or unpacked from a compressed one; all bounded."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from sitegen.inspection.base import Source, Unreadable
from sitegen.inspection.sources import TooMuch

LINE = 1 << 16
"""Bytes of one line of text that is kept."""
UNPACKED = 256 << 20
"""Bytes that are unpacked of a compressed file, kept or passed over."""

_WINDOW = 1 << 16
_FIRST = 1 << 12
_CHUNK = 1 << 16


class Feed(Protocol):
    """Bytes that are read forward: at most `length` of them, fewer only at their end."""

    def pull(self, offset: int, length: int) -> bytes: ...


class SourceFeed:
    """A Source as a Feed."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def pull(self, offset: int, length: int) -> bytes:
        left = max(0, self._source.size - offset)
        return self._source.read(offset, min(length, left)) if left else b""


class Cursor:
    """Reads a Feed forward through a window; what is passed over is not read."""

    def __init__(self, feed: Feed, at: int = 0) -> None:
        self._feed, self._base, self._at = feed, at, 0
        self._window, self._size = b"", _FIRST

    @property
    def place(self) -> int:
        return self._base + self._at

    def take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._window):
            self._refill(length)
            end = length
        data = self._window[self._at : end]
        self._at = end
        return data

    def _refill(self, length: int) -> None:
        self._more(max(length, self._size))
        self._size = min(_WINDOW, self._size * 2)
        if len(self._window) < length:
            raise Unreadable(f"the pickle ends after {self.place + len(self._window)} bytes")

    def _more(self, length: int) -> None:
        """Makes the window begin here and hold `length` bytes, or all there are."""
        place, left = self.place, self._window[self._at :]
        end = place + len(left)
        self._window = left + self._feed.pull(end, max(0, length - len(left)))
        self._base, self._at = place, 0

    def skip(self, length: int) -> None:
        """Passes over bytes that have to be there."""
        if self._at + length <= len(self._window):
            self._at += length
        elif length:
            place = self.place + length - 1
            self._base, self._at, self._window, self._size = place, 0, b"", _FIRST
            self.take(1)

    def line(self) -> bytes | None:
        """The line that begins here, None where it has more than LINE bytes and is passed over."""
        start, parts = self.place, 0
        while (end := self._window.find(b"\n", self._at)) < 0:
            if len(self._window) - self._at >= LINE:
                # Nothing of it is kept but where it began.
                self._at, parts = len(self._window), parts + 1
            before = self.place + len(self._window) - self._at
            self._more(LINE)
            if self.place + len(self._window) == before:
                raise Unreadable(f"no end of the line that begins at byte {start} of the pickle")
        data = self._window[self._at : end]
        self._at = end + 1
        return None if parts else data


def packing_of(head: bytes) -> str:
    """How a file with this beginning is compressed as a whole, "" where it is not."""
    for name, magic in _MAGICS.items():
        if head.startswith(magic):
            return name
    zlib_header = len(head) > 1 and head[0] == 0x78 and (head[0] << 8 | head[1]) % 31 == 0
    return "zlib" if zlib_header else ""


class PackedFeed:
    """What a compressed file unpacks to. It is read forward only, in pieces of bounded size."""

    def __init__(self, source: Source, packing: str) -> None:
        if packing not in _DECOMPRESSORS:
            raise Unreadable(
                f"compressed by {packing}, which is not unpacked here: expected zlib, gzip, bz2, xz"
                " or lzma"
            )
        self._source, self._read_to = source, 0
        self._unpack = _DECOMPRESSORS[packing]()
        self._at = 0
        self._waiting = b""

    def pull(self, offset: int, length: int) -> bytes:
        if offset < self._at:
            raise Unreadable("a compressed file cannot be read backwards")
        while offset > self._at:
            passed = self._piece(min(offset - self._at, 1 << 20))
            if not passed:
                return b""
        parts, missing = [], length
        while missing > 0:
            part = self._piece(missing)
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _piece(self, most: int) -> bytes:
        """The next bytes, `most` at most; none at the end."""
        while True:
            if self._at >= UNPACKED:
                raise TooMuch(f"it unpacks to more than {UNPACKED >> 20} MB")
            if self._unpack.eof:
                return b""
            if not self._waiting:
                left = self._source.size - self._read_to
                self._waiting = self._source.read(self._read_to, min(_CHUNK, left))
                self._read_to += len(self._waiting)
            try:
                part, used_up = self._decompress(most)
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
                raise Unreadable(f"what is compressed is damaged: {error}") from None
            self._at += len(part)
            if part or used_up:
                return part

    def _decompress(self, most: int) -> tuple[bytes, bool]:
        """The next piece, and whether there is nothing more to unpack from."""
        unpack, ended = self._unpack, self._read_to >= self._source.size
        if hasattr(unpack, "unconsumed_tail"):
            part = unpack.decompress(self._waiting, most)
            self._waiting = unpack.unconsumed_tail
            return part, ended and not self._waiting
        if not unpack.needs_input:
            return unpack.decompress(b"", most), False
        part = unpack.decompress(self._waiting, most)
        self._waiting = b""
        return part, ended and unpack.needs_input


_MAGICS = {
    "gzip": b"\x1f\x8b\x08",
    "bz2": b"BZh",
    "xz": b"\xfd7zXZ\0",
    "lzma": b"\x5d\0\0",
    "lz4": b"\x04\x22\x4d\x18",
}
_DECOMPRESSORS: dict[str, Callable[[], Any]] = {
    "zlib": zlib.decompressobj,
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "bz2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY),
    "lzma": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MEMORY),
}
_MEMORY = 128 << 20
