"""Where the bytes of a model file come from: a file, bytes, a member of a zip file; all bounded."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sitegen.inspection.base import Source, Unreadable

BUDGET = 64 << 20
"""Bytes that one inspection reads of a file, however large the file is."""
DIRECTORY = 4 << 20
"""Bytes that a zip file's directory may have: some forty thousand members."""
MEMBER = 32 << 20
"""Bytes of a member that are unpacked at most."""


class TooMuch(Unreadable):
    """More would have to be read than one inspection may: what was read until then holds."""


class BytesSource:
    """Bytes in memory as a Source."""

    def __init__(self, data: bytes, name: str = "") -> None:
        self.name, self._data = name, data

    @property
    def size(self) -> int:
        return len(self._data)

    def read(self, offset: int, length: int) -> bytes:
        _check(offset, length, len(self._data))
        return self._data[offset : offset + length]


class FileSource:
    """An open file as a Source. budget: bytes that may still be read of it."""

    def __init__(self, file: IO[bytes], name: str, size: int, budget: int = BUDGET) -> None:
        self.name, self.size = name, size
        self._file, self.budget = file, budget

    def read(self, offset: int, length: int) -> bytes:
        _check(offset, length, self.size)
        if length > self.budget:
            raise TooMuch(f"more than {BUDGET >> 20} MB would have to be read to tell what it is")
        self.budget -= length
        try:
            self._file.seek(offset)
            data = self._file.read(length)
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror}") from None
        if len(data) < length:
            raise Unreadable(f"the file became shorter while it was read: {offset + len(data)}")
        return data


class Part:
    """A part of another Source as one of its own."""

    def __init__(self, source: Source, offset: int, length: int, name: str) -> None:
        _check(offset, length, source.size)
        self.name, self.size = name, length
        self._source, self._offset = source, offset

    def read(self, offset: int, length: int) -> bytes:
        _check(offset, length, self.size)
        return self._source.read(self._offset + offset, length)


def _check(offset: int, length: int, size: int) -> None:
    if offset < 0 or length < 0 or offset + length > size:
        raise Unreadable(
            f"the file ends too early: {length} bytes at byte {offset} were expected, it has {size}"
        )


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[FileSource]:
    """The regular file at `path`. Raises Unreadable for anything else."""
    try:
        # A named pipe must not be waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unreadable(f"cannot be opened: {reason}") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise Unreadable("expected a regular file")
    with os.fdopen(handle, "rb", buffering=0) as file:
        yield FileSource(file, path.name, found.st_size)


class Stream(io.RawIOBase):
    """A Source as a binary file that can be sought. most: bytes of one read."""

    def __init__(self, source: Source, most: int = DIRECTORY) -> None:
        self._source, self._at, self._most = source, 0, most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise Unreadable(f"a place before the beginning of the file is named: {base + offset}")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._source.size - self._at)
        length = left if size is None or size < 0 else min(size, left)
        if length > self._most:
            raise Unreadable(f"{length} bytes at once are too many, at byte {self._at}")
        data = self._source.read(self._at, length) if length else b""
        self._at += length
        return data


class Archive:
    """A zip file of which only what is asked for is unpacked. Raises Unreadable.

    names: of the members, in the order of the directory.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(Stream(source))
        except Exception as error:  # What a damaged directory makes of zipfile is not documented.
            raise _damaged(error) from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for one in self._zip.infolist():
            # Programs differ in which of the two they read: one may hide the other.
            if self._members.setdefault(one.filename, one) is not one:
                raise Unreadable(f"the zip file has {one.filename[:200]} twice")
        self.names = tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, most: int = MEMBER, *, whole: bool = True) -> bytes:
        """The member's bytes; with `whole` off, its beginning where it has more than `most`."""
        member = self._member(name)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{name} is packed by method {member.compress_type}: expected deflate")
        if member.flag_bits & 1:
            raise Unreadable(f"{name} is encrypted")
        if whole and member.file_size > most:
            raise Unreadable(f"{name} has {member.file_size} bytes: more than {most}")
        try:
            with self._zip.open(member) as file:
                data = file.read(most)
        except Exception as error:
            raise _damaged(error, name) from None
        if len(data) < min(most, member.file_size):
            raise Unreadable(f"{name} ends after {len(data)} of {member.file_size} bytes")
        return data

    def member(self, name: str) -> Source:
        """The member as a Source: read in place where it is stored as it is, else unpacked."""
        member = self._member(name)
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
            return BytesSource(self.read(name), name)
        local = self._source.read(member.header_offset, 30)
        if local[:4] != b"PK\x03\x04":
            raise Unreadable(f"{name} is not where the directory of the zip file says")
        lengths = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        return Part(self._source, member.header_offset + 30 + lengths, member.file_size, name)

    def _member(self, name: str) -> zipfile.ZipInfo:
        found = self._members.get(name)
        if found is None:
            raise Unreadable(f"the zip file lacks {name}")
        return found


def _damaged(error: Exception, name: str = "") -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    what = f"{name} in the zip file" if name else "the zip file"
    if str(error) == "File is not a zip file":
        return Unreadable(f"{what} lacks the directory at its end: it was cut short, or is none")
    return Unreadable(f"{what} is damaged: {str(error) or type(error).__name__}")
