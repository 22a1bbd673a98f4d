"""Bytes from a source into a file, going on where an earlier attempt was cut off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from sitegen.errors import OutputError, StorageError

CHUNK = 1 << 18
ATTEMPTS = 5
"""How often a transfer is begun again without a byte more than before."""

# (bytes that are there, bytes that there will be, None if nobody said); called often.
Progress = Callable[[int, int | None], None]


class BrokenOffError(StorageError):
    """A transfer that ended too early too often; what came is kept for the next command."""


class CutError(Exception):
    """A transfer that ended too early, and can be gone on with."""


class Opened(msgspec.Struct, frozen=True):
    """Bytes on their way. start: where they begin, which may be before where they were asked from.

    total: how many bytes the whole has, None if nobody said.
    """

    chunks: Iterator[bytes]
    start: int = 0
    total: int | None = None


class Source(Protocol):
    """Where a file's bytes come from. shown: its address, for people."""

    @property
    def shown(self) -> str: ...

    def open(self, start: int) -> AbstractContextManager[Opened]:
        """Its bytes from `start` on, or all of them.

        Raises StorageError for good, CutError for now; so does reading.
        """


def transfer(source: Source, part: Path, limit: int | None, progress: Progress) -> None:
    """All bytes of `source` into `part`, after those that are there already.

    limit: more bytes than that are refused. Raises StorageError, BrokenOffError, OutputError.
    """
    failures = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            _once(source, part, before, limit, progress)
            return
        except CutError as error:
            after = part.stat().st_size if part.exists() else 0
            failures = 0 if after > before else failures + 1
            if failures >= ATTEMPTS:
                raise BrokenOffError(
                    f"{source.shown} {'broke off' if after else 'sent nothing'}: {error}",
                    path=part.name,
                    remedy="run the same command again; it goes on from here"
                    if after
                    else "see that the address is right and reachable, and run it again",
                ) from None


def _once(source: Source, part: Path, have: int, limit: int | None, progress: Progress) -> None:
    with source.open(have) as opened:
        done = opened.start
        if done > have:
            raise StorageError(f"{source.shown} left out bytes {have} to {done}")
        try:
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(part, flags, 0o666), "wb") as file:
                file.seek(done)
                file.truncate()
                for chunk in opened.chunks:
                    done += len(chunk)
                    if limit is not None and done > limit:
                        raise StorageError(
                            f"{source.shown} has more than the {limit} bytes that were recorded",
                            remedy="see whether the storage is damaged",
                        )
                    file.write(chunk)
                    progress(done, opened.total)
        except OSError as error:
            raise OutputError(
                f"cannot be written: {error.strerror or error}", path=str(part)
            ) from None
        if opened.total is not None and done < opened.total:
            raise CutError(f"{done} of {opened.total} bytes came")
