"""Inspects a version's model where it is kept: of a large file in a storage only parts are read."""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections import OrderedDict
from pathlib import Path

import msgspec

from sitegen.errors import InspectionError, StorageError
from sitegen.inspection.base import Inspected, Unreadable
from sitegen.inspection.formats import inspect_file, inspect_source
from sitegen.inspection.samples import read_sample, with_sample
from sitegen.inspection.sources import BUDGET, TooMuch
from sitegen.pipeline.fetching import fetch
from sitegen.pipeline.kept import ADDRESS, DVC, LFS, Found
from sitegen.readers.lfs import LONGEST, read_pointer
from sitegen.registry.schemas import ModelFile
from sitegen.storage.transfer import CutError, Progress, Source

BLOCK = 1 << 20
"""Bytes that are asked for at once."""
WHOLE = 32 << 20
"""Up to so many bytes a file is fetched and checked; a larger one is read where it is needed."""
FOLDER = 4 << 30
FILES = 1000
"""Files of a folder that are named."""
_ATTEMPTS = 3
_KEPT = 64


class Ranges:
    """A file in a storage as a source of an inspection: blocks of it, fetched when needed."""

    def __init__(self, source: Source, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._source = source
        self._left = BUDGET
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
        if wanted > self._left:
            raise TooMuch(f"more than {BUDGET >> 20} MB would have to be fetched")
        self._left -= wanted
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
    """What the model file, or folder, at a path is, and its files. Raises InspectionError."""
    try:
        return _inspected(path)
    except Unreadable as error:
        raise elsewhere(path) or _wrong(error, path.name, str(path)) from None


def hashed(inspected: Inspected, path: Path) -> Inspected:
    """The same with the md5 of its files, which are read for it. Raises InspectionError.

    path: of the file or folder that was inspected.
    """
    try:
        files = (
            one if one.hash else msgspec.structs.replace(one, hash=_md5(path.parent / one.path))
            for one in inspected.metadata.files
        )
        return _with_files(inspected, tuple(files))
    except OSError as error:
        raise InspectionError(
            f"cannot be read: {error.strerror or error}", path=str(path)
        ) from None


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _files(path: Path) -> tuple[ModelFile, ...]:
    """The file, or those of a folder; their paths count from where it is in."""
    inner = (one for one in path.rglob("*") if one.is_file()) if path.is_dir() else iter((path,))
    found = sorted(itertools.islice(inner, FILES))
    return tuple(
        ModelFile(
            one.relative_to(path).as_posix() if one != path else path.name,
            (relative := one.relative_to(path.parent).as_posix()),
            relative,
            one.stat().st_size,
        )
        for one in found
    )


def _inspected(path: Path) -> Inspected:
    return _with_files(inspect_file(path), _files(path))


def _with_files(inspected: Inspected, files: tuple[ModelFile, ...]) -> Inspected:
    metadata = msgspec.structs.replace(inspected.metadata, files=files)
    return msgspec.structs.replace(inspected, metadata=metadata)


def elsewhere(path: Path) -> InspectionError | None:
    """Where a file is that is not here: in Git LFS, or kept by DVC."""
    try:
        if path.is_file() and path.stat().st_size < LONGEST and read_pointer(path.read_bytes()):
            return InspectionError(
                "it is a pointer of Git LFS, and the file itself is not here",
                path=str(path),
                remedy="run `git lfs pull`",
            )
        if not path.exists() and path.with_name(f"{path.name}.dvc").is_file():
            return InspectionError(
                "DVC keeps it, and it is not here", path=str(path), remedy="run `dvc pull`"
            )
    except (OSError, ValueError):
        pass
    return None


def inspect_found(found: Found, progress: Progress) -> Inspected:
    """What a version's model is, from where it is kept. Raises InspectionError, StorageError.

    What is small or in Git is fetched aside and checked against its hash; of a larger file only
    what tells the format is read, so that nothing checks it.
    """
    if found.folder and (found.size or 0) > FOLDER:
        raise InspectionError(
            f"the folder has {found.size} bytes, more than the {FOLDER} that are fetched",
            path=found.path,
            remedy="fetch it with `modelreg get`, then inspect the model's own file",
        )
    try:
        if not found.folder and found.kind in (DVC, LFS, ADDRESS):
            (piece,) = found.pieces()
            size = _size(piece.source) if found.size is None else found.size
            if size is not None and size > WHOLE:
                inspected = inspect_source(Ranges(piece.source, found.name, size))
                return _with_files(inspected, (_file(found, size),))
        with tempfile.TemporaryDirectory(prefix="modelreg-") as aside:
            target = Path(aside) / found.name
            fetch(found, target, False, progress)
            return hashed(_inspected(target), target)
    except Unreadable as error:
        ref = f"{found.artifact}@{found.version}" if found.version else ""
        raise _wrong(error, found.name, found.path, ref) from None


def _size(source: Source) -> int | None:
    """How many bytes a storage says a file has; None where it does not, or cannot be asked now."""
    try:
        with source.open(0) as opened:
            return opened.total
    except CutError:
        return None


def _file(found: Found, size: int) -> ModelFile:
    return ModelFile(found.name, found.name, found.name, size, found.hash)


def add_sample(inspected: Inspected, path: Path) -> Inspected:
    """The same, whose methods take the columns of a sample. Raises InspectionError."""
    try:
        return with_sample(inspected, read_sample(path))
    except Unreadable as error:
        raise _wrong(error, path.name, str(path)) from None


def _wrong(error: Unreadable, name: str, path: str, ref: str = "") -> InspectionError:
    """name: how the error's text names the file, which stands elsewhere here."""
    return InspectionError(
        str(error).removeprefix(f"{name}: "),
        ref=ref,
        path=path,
        remedy="see which files are read in the documentation of `modelreg inspect`",
    )
