"""Inspects a version's model where it is kept: of a large file in a storage only parts are read."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from pathlib import Path

import msgspec

from sitegen.errors import InspectionError, StorageError
from sitegen.inspection.base import Inspected, Unreadable
from sitegen.inspection.formats import inspect_file, inspect_source
from sitegen.inspection.samples import read_sample, with_sample
from sitegen.pipeline.fetching import fetch
from sitegen.pipeline.kept import ADDRESS, DVC, LFS, Found
from sitegen.storage.transfer import CutError, Progress, Source

BLOCK = 1 << 20
"""Bytes that are asked for at once."""
WHOLE = 32 << 20
"""Up to so many bytes a file is fetched and checked; a larger one is read where it is needed."""
FOLDER = 4 << 30
_ATTEMPTS = 3
_KEPT = 64


class Ranges:
    """A file in a storage as a source of an inspection: blocks of it, fetched when needed."""

    def __init__(self, source: Source, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._source = source
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def read(self, offset: int, length: int) -> bytes:
        if offset < 0 or length < 0 or offset + length > self.size:
            raise Unreadable(
                f"the file ends too early: {length} bytes at byte {offset} were expected, "
                f"it has {self.size}"
            )
        first, last = offset // BLOCK, (offset + max(length, 1) - 1) // BLOCK
        data = b"".join(self._block(number) for number in range(first, last + 1))
        return data[offset - first * BLOCK :][:length]

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        start = number * BLOCK
        wanted = min(BLOCK, self.size - start)
        data = b""
        for attempt in range(_ATTEMPTS):
            try:
                data = self._from(start, wanted)
                break
            except CutError as error:
                if attempt == _ATTEMPTS - 1:
                    raise StorageError(f"{self._source.shown} broke off: {error}") from None
        if len(data) < wanted:
            raise Unreadable(f"the file ends at byte {start + len(data)}: {self.size} are recorded")
        self._blocks[number] = data
        if len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)
        return data

    def _from(self, start: int, wanted: int) -> bytes:
        with self._source.open(start) as opened:
            if opened.start != start:
                # The server gives no ranges: all before would have to come first.
                raise StorageError(
                    f"{self._source.shown} cannot be read in parts",
                    remedy="fetch it with `modelreg get`, then inspect the file",
                )
            parts: list[bytes] = []
            have = 0
            for chunk in opened.chunks:
                parts.append(chunk)
                have += len(chunk)
                if have >= wanted:
                    break
            return b"".join(parts)[:wanted]


def inspect_path(path: Path) -> Inspected:
    """What the model file, or folder, at a path is. Raises InspectionError."""
    try:
        return inspect_file(path)
    except Unreadable as error:
        raise _wrong(error) from None


def inspect_found(found: Found, progress: Progress) -> Inspected:
    """What a version's model is, from where it is kept. Raises InspectionError, StorageError.

    What is small or in Git is fetched aside and checked against its hash; of a larger file only
    what tells the format is read, so that nothing checks it.
    """
    try:
        if _in_parts(found):
            (piece,) = found.pieces()
            assert found.size is not None
            return inspect_source(Ranges(piece.source, found.name, found.size))
        if found.folder and (found.size or 0) > FOLDER:
            raise InspectionError(
                f"the folder has {found.size} bytes, more than the {FOLDER} that are fetched",
                path=found.path,
                remedy="fetch it with `modelreg get`, then inspect the model's own file",
            )
        with tempfile.TemporaryDirectory(prefix="modelreg-") as aside:
            target = Path(aside) / found.name
            fetch(found, target, False, progress)
            return inspect_file(target)
    except Unreadable as error:
        raise _wrong(error, found) from None


def add_sample(inspected: Inspected, path: Path) -> Inspected:
    """The same, whose methods take the columns of a sample. Raises InspectionError."""
    try:
        metadata = with_sample(inspected.metadata, read_sample(path))
    except Unreadable as error:
        raise _wrong(error) from None
    return msgspec.structs.replace(inspected, metadata=metadata)


def _in_parts(found: Found) -> bool:
    known = found.size is not None and found.size > WHOLE and not found.folder
    return known and found.kind in (DVC, LFS, ADDRESS)


def _wrong(error: Unreadable, found: Found | None = None) -> InspectionError:
    path, colon, reason = str(error).partition(": ")
    if not colon:
        path, reason = "", str(error)
    return InspectionError(
        reason,
        ref=f"{found.artifact}@{found.version}" if found and found.version else "",
        path=found.path if found else path,
        remedy="see which formats are read in the documentation of `modelreg inspect`",
    )
