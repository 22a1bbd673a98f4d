"""Files and folders put where the user wants them: made aside, checked, then moved there whole.

What is interrupted stays beside the target as `NAME.HASH.part`, and the next attempt goes on with
it; what turns out to be something else than recorded is removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sitegen.errors import OutputError, RefusedError, StorageError
from sitegen.storage.hashes import Expected, check
from sitegen.storage.listing import safe_path
from sitegen.storage.transfer import BrokenOffError, Progress, Source, transfer


class Piece(msgspec.Struct, frozen=True):
    """One file of a folder. path: below the folder, with `/`."""

    path: str
    source: Source
    expected: Expected


class Placed(msgspec.Struct, frozen=True):
    """What was written. checked: how many of the files have a recorded hash, all of them right."""

    files: int
    size: int
    checked: int


def place_file(
    source: Source, expected: Expected, target: Path, force: bool, progress: Progress
) -> Placed:
    """Fetch one file to `target`. Raises RefusedError where something is there (without `force`),
    StorageError, and OutputError."""
    refuse(target, force)
    with _writing(target):
        part = _part(target, expected.hash or source.shown)
        _fetch(source, expected, part, target.name, progress)
        size = part.stat().st_size
        _move(part, target, force)
    return Placed(1, size, int(expected.checkable))


def place_folder(
    ask: Callable[[], Iterable[Piece]], key: str, target: Path, force: bool, progress: Progress
) -> Placed:
    """Fetch a folder to `target`, all of it or nothing; raises as `place_file`.

    ask: for its files, which may have to be fetched first.
    key: tells the content of the folder, so that only the same one is gone on with.
    """
    refuse(target, force)
    pieces = tuple(ask())
    sizes = [piece.expected.size for piece in pieces]
    known = [size for size in sizes if size is not None]
    total = sum(known) if len(known) == len(sizes) else None
    with _writing(target):
        part = _part(target, key)
        if part.is_symlink() or part.is_file():
            part.unlink()
        files = part / "files"
        files.mkdir(parents=True, exist_ok=True)
        done = 0
        try:
            for piece in pieces:
                before = done
                here = _place_of(files, piece.path)
                if not _is_there(here, piece.expected):
                    _fetch(
                        piece.source,
                        piece.expected,
                        part / _short(piece.expected.hash or piece.path),
                        f"{target.name}/{piece.path}",
                        lambda now, _, before=before: progress(before + now, total),  # type: ignore[misc]
                        here,
                    )
                done += here.stat().st_size
                progress(done, total)
        except BrokenOffError:
            raise
        except StorageError:
            shutil.rmtree(part, ignore_errors=True)
            raise
        _move(files, target, force)
        shutil.rmtree(part, ignore_errors=True)
    return Placed(len(pieces), done, sum(piece.expected.checkable for piece in pieces))


def read_small(source: Source, expected: Expected, limit: int, name: str) -> bytes:
    """A checked file of at most `limit` bytes, in memory. Raises StorageError."""
    with tempfile.TemporaryDirectory(prefix="modelreg-") as folder:
        part = Path(folder) / "part"
        transfer(source, part, limit, lambda _done, _total: None)
        check(part, expected, name)
        return part.read_bytes()


def refuse(target: Path, force: bool) -> None:
    """Raise RefusedError where something is at `target` already, and it shall stay."""
    if not force and (target.exists() or target.is_symlink()):
        raise RefusedError(
            "it is there already",
            path=str(target),
            remedy="use --force to replace it, or -o to name another place",
        )


def _fetch(
    source: Source,
    expected: Expected,
    part: Path,
    name: str,
    progress: Progress,
    target: Path | None = None,
) -> None:
    if not expected.checkable or part.is_symlink():
        # Nothing would tell that the bytes of two attempts belong together.
        part.unlink(missing_ok=True)
    limit = None if expected.legacy else expected.size
    while True:
        resumed = part.exists()
        try:
            transfer(source, part, limit, progress)
            check(part, expected, name)
            break
        except BrokenOffError:
            raise
        except StorageError:
            part.unlink(missing_ok=True)
            # What an earlier command left may be to blame; begun anew, it is the storage.
            if not resumed:
                raise
    if target is not None:
        part.replace(target)


def _part(target: Path, key: str) -> Path:
    return target.with_name(f"{target.name}.{_short(key)}.part")


def _short(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _place_of(folder: Path, path: str) -> Path:
    """Where a file goes, in folders made for it; never out of `folder`."""
    if not safe_path(path):
        raise StorageError(
            f"{path[:200]!r} leads out of the folder", remedy="nothing was kept; report it"
        )
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _is_there(place: Path, expected: Expected) -> bool:
    if not expected.checkable or place.is_symlink() or not place.is_file():
        return False
    try:
        check(place, expected, place.name)
    except StorageError:
        return False
    return True


def _move(part: Path, target: Path, force: bool) -> None:
    refuse(target, force)
    if not target.is_dir() or target.is_symlink():
        if part.is_dir() and (target.exists() or target.is_symlink()):
            target.unlink()
        part.replace(target)
        return
    # A folder cannot be replaced at once: the old one steps aside, and back where it must.
    aside = target.with_name(f"{target.name}.{os.getpid()}.old")
    target.replace(aside)
    try:
        part.replace(target)
    except OSError:
        aside.replace(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}", path=str(target)
        ) from None
