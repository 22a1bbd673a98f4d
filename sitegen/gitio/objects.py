"""Objects in bulk, from one long-lived `git cat-file` that knows object ids and nothing else.

The process sees the repository's objects through a folder and a configuration of our own, so the
repository's settings cannot make it do anything, and a blob that a partial clone left on its server
is missing here instead of being fetched.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from operator import length_hint
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

from sitegen.errors import GitError
from sitegen.gitio.process import Place, Process, start
from sitegen.gitio.repository import Repository, make_bare

LIMIT = 4 * 1024 * 1024

# Pseudo-types of what could not be read.
MISSING = "missing"
CORRUPT = "corrupt"

# An object on which git dies costs one new process; after so many the rest counts as unreadable.
RESTARTS = 32

# Requests sent between two flushes: enough that waiting for git does not count.
BATCH = 50_000

# Seconds without a byte after which git counts as hung.
SILENCE = 120.0

_CHUNK = 1 << 18
_KINDS = {name.encode(): name for name in ("tag", "commit", "tree", "blob", MISSING)}
_IDS = {
    "sha1": re.compile(r"(?:[0-9a-f]{40}\n)*"),
    "sha256": re.compile(r"(?:[0-9a-f]{64}\n)*"),
}


class ObjectInfo(msgspec.Struct, frozen=True, gc=False):
    """What an object is, and its size in bytes."""

    kind: str
    size: int


class _Died(Exception):
    """The process ended before it had answered; unanswered: the number of requests that are left.

    A death while requests are still being sent is one before any answer.
    """

    def __init__(self, unanswered: int = 0) -> None:
        super().__init__()
        self.unanswered = unanswered


class ObjectReader:
    """Reads objects by id; a context manager, for one thread. The process starts when needed."""

    def __init__(self, repo: Repository) -> None:
        self.repo = repo
        self._process: Process | None = None
        self._folder: Path | None = None
        self._buffer = b""
        self._position = 0
        self._descriptor = -1
        self._restarts = 0
        self._ready = False
        self._asked: list[str] | None = None

    def __enter__(self) -> ObjectReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its folder."""
        self._stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def info(self, oids: Iterable[str]) -> dict[str, ObjectInfo]:
        """Type and size of each object, without reading it; those that are missing are left out."""
        found: dict[str, ObjectInfo] = {}
        for oid, kind, size in self._ask("info", list(dict.fromkeys(oids)), 0):
            if kind not in (MISSING, CORRUPT):
                found[oid] = ObjectInfo(kind, size)
        return found

    def contents(
        self, oids: Sequence[str], limit: int = LIMIT
    ) -> Iterator[tuple[str, str, bytes | None]]:
        """(id, type, bytes) of every object asked for, in that order, as they arrive.

        bytes is None for an object of more than `limit` bytes, which is passed over without being
        held, and for those of type MISSING or CORRUPT. Raises GitError where git is too old,
        cannot be started, or says nothing for two minutes, and ValueError for what is no id.
        """
        return self._ask("contents", oids, limit)

    def warm_up(self) -> None:
        """Start git now, so that it is ready when the first question is."""
        self._spawn()

    def prefetch(self, oids: Sequence[str]) -> None:
        """Let git begin with what `contents` will be asked for next, while other work is done."""
        if not 0 < len(oids) <= BATCH:
            return
        with suppress(_Died):  # the question itself finds out what is wrong
            self._request("contents", oids)
            self._asked = list(oids)

    def _ask(self, command: str, oids: Sequence[str], limit: int) -> Iterator[tuple[str, str, Any]]:
        """(id, type, size for `info`, bytes for `contents`) of every object, whatever happens."""
        for first in range(0, len(oids), BATCH):
            waiting = oids[first : first + BATCH]
            while waiting:
                try:
                    yield from self._batch(command, waiting, limit)
                    break
                except _Died as death:
                    # Git writes out its answers before it dies: the next one is what killed it.
                    yield waiting[-death.unanswered], CORRUPT, None
                    waiting = waiting[len(waiting) - death.unanswered + 1 :]
                self._restarts += 1
                if self._restarts > RESTARTS:
                    yield from ((oid, CORRUPT, None) for oid in waiting)
                    break

    def _request(self, command: str, oids: Sequence[str]) -> None:
        """Ask for all at once; git answers nothing before the flush."""
        listed = "\n".join(oids)
        digits = 40 if self.repo.object_format == "sha1" else 64
        whole_ids = len(listed) == len(oids) * (digits + 1) - 1
        if not whole_ids or not _IDS[self.repo.object_format].fullmatch(f"{listed}\n"):
            raise ValueError("only full object ids are ever sent to git")
        if self._asked is not None:
            self._stop()
        self._start()
        self._send(f"{command} " + listed.replace("\n", f"\n{command} ") + "\nflush\n")

    def _batch(
        self, command: str, oids: Sequence[str], limit: int
    ) -> Iterator[tuple[str, str, Any]]:
        """Ask, unless `prefetch` has, and yield the answers."""
        sizes_only = command == "info"
        start_of_kind = 41 if self.repo.object_format == "sha1" else 65
        left = iter(oids)
        whole = False
        try:
            if sizes_only or self._asked != oids:
                self._request(command, oids)
            self._asked = None
            for oid in left:
                buffer, position = self._buffer, self._position
                end = buffer.find(b"\n", position)
                while end < 0:
                    self._fill(len(buffer) - position + 1)
                    buffer, position = self._buffer, 0
                    end = buffer.find(b"\n")
                kind, _, length = buffer[position + start_of_kind : end].partition(b" ")
                begin = end + 1
                if not length or sizes_only:
                    self._position = begin
                    yield oid, _KINDS.get(kind, CORRUPT), int(length) if length else None
                    continue
                size = int(length)
                if size > limit:
                    # Who ends the reading here is spared all of it.
                    yield oid, _KINDS.get(kind, CORRUPT), None
                    self._position = begin
                    self._skip(size + 1)
                    continue
                stop = begin + size
                if stop >= len(buffer):
                    self._fill(stop + 1 - position)
                    stop -= position
                    begin -= position
                    buffer = self._buffer
                self._position = stop + 1
                yield oid, _KINDS.get(kind, CORRUPT), buffer[begin:stop]
            whole = True
        except _Died:
            raise _Died(min(length_hint(left) + 1, len(oids))) from None
        finally:
            # Answers that nobody took would be read as those of the next question.
            if not whole:
                self._stop()

    def _send(self, requests: str) -> None:
        assert self._process is not None
        try:
            self._process.stdin.write(requests.encode("ascii"))
            self._process.stdin.flush()
        except OSError:
            raise _Died from None

    def _read(self) -> bytes:
        with suppress(OSError, ValueError):  # select knows no pipes on some systems
            if not select.select([self._descriptor], [], [], SILENCE)[0]:
                raise GitError(
                    f"git cat-file gave no answer for {SILENCE:g} seconds",
                    path=str(self.repo.top),
                    remedy="see whether its disk answers",
                )
        chunk = os.read(self._descriptor, _CHUNK)
        if not chunk:
            raise _Died
        return chunk

    def _fill(self, needed: int) -> None:
        """Have `needed` bytes from the position on, which becomes 0."""
        have = self._buffer[self._position :]
        pieces, size = [have], len(have)
        while size < needed:
            pieces.append(self._read())
            size += len(pieces[-1])
        self._buffer, self._position = b"".join(pieces), 0

    def _skip(self, size: int) -> None:
        here = len(self._buffer) - self._position
        while here < size:
            size -= here
            self._buffer, self._position = self._read(), 0
            here = len(self._buffer)
        self._position += size

    def _start(self) -> None:
        self._spawn()
        if not self._ready:
            self._greet()

    def _spawn(self) -> None:
        if self._process is not None:
            return
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sitegen-git-"))
            make_bare(self._folder, self.repo.object_format)
        place = Place(self._folder, self._folder, self.repo.place.objects)
        self._process = start(["cat-file", "--batch-command", "--buffer"], place)
        self._descriptor = self._process.stdout.fileno()
        # A wide pipe lets git work ahead while its first answers are still to be read.
        with suppress(OSError, AttributeError):
            fcntl.fcntl(self._descriptor, fcntl.F_SETPIPE_SZ, 1 << 20)
        self._buffer, self._position, self._ready = b"", 0, False

    def _greet(self) -> None:
        # One answer proves that git understands and is at the right place; from then on an end of
        # the process is about an object.
        nothing = "0" * (40 if self.repo.object_format == "sha1" else 64)
        try:
            self._send(f"info {nothing}\nflush\n")
            self._fill(1)
            while b"\n" not in self._buffer:
                self._fill(len(self._buffer) + 1)
        except _Died:
            self._judge_start()
        self._buffer, self._position, self._ready = b"", 0, True

    def _judge_start(self) -> None:
        process, self._process = self._process, None
        assert process is not None
        process.wait()
        words = process.error
        process.close()
        if "batch-command" in words or "usage:" in words:
            raise GitError(
                "this git is too old to read objects in bulk",
                remedy="install git 2.36 or newer",
            )
        said = next((line for line in words.splitlines() if line.startswith("fatal: ")), words)
        raise GitError(f"git cat-file failed: {said}", path=str(self.repo.top))

    def _stop(self) -> None:
        self._asked = None
        process, self._process = self._process, None
        if process is not None:
            process.close()
