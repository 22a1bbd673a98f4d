"""The door for untrusted text: a bounded process of its own, and what it is asked and answers."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO

import msgspec

from sitegen.render.markup.inert import LIMIT_OUTPUT, Around, converted
from sitegen.site.cards import AS_TEXT
from sitegen.site.text import visible

LIMIT_BYTES = 256 * 1024
LIMIT_SECONDS = 4.0
_LIMIT_MEMORY = 512 * 1024 * 1024

# Of characters that mislead, those that turn text around and control characters are spelt out, as
# everywhere in the portal; zero-width ones stay in prose, where emoji and some scripts need them.
_MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class _Request(msgspec.Struct, frozen=True):
    """What the process is asked to convert."""

    source: str
    around: Around


class Rendered(msgspec.Struct, frozen=True):
    """Untrusted Markdown as HTML that is safe to stand in a page.

    reason: "" where all is well; else why `html` is the source as text, for a Problem.
    """

    html: str
    reason: str = ""


class Untrusted:
    """The bounded converter: one process for many texts, started when first needed.

    Use it as a context manager, or call `close`. Threads may share it; they take turns.
    """

    def __init__(self, *, seconds: float = LIMIT_SECONDS, memory: int = _LIMIT_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Untrusted:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def render(
        self, source: str, around: Around | None = None, *, limit_bytes: int = LIMIT_BYTES
    ) -> Rendered:
        """The text as HTML that is safe to stand in a page. around: what it stands in."""
        text = _MISLEADING.sub(lambda match: visible(match[0]), source)
        data = text.encode("utf-8", "replace")
        if len(data) > limit_bytes:
            size = f"{len(data):,} bytes, over the limit of {limit_bytes:,}"
            return Rendered(as_text(source, limit_bytes), f"the Markdown has {size}")
        with self._lock:
            asked = _Request(data.decode("utf-8"), around or Around())
            answer = self._ask(msgspec.json.encode(asked))
        if answer.startswith(b"+"):
            return Rendered(answer[1:].decode("utf-8"))
        return Rendered(as_text(source, limit_bytes), answer[1:].decode("utf-8"))

    def start(self) -> None:
        """Start the process where there is none, so that the next text is not kept waiting."""
        with self._lock:
            self._started()

    def _ask(self, request: bytes) -> bytes:
        """The process's answer: "+" and HTML, or "-" and a reason."""
        process = self._started()
        overrun = threading.Event()

        def kill() -> None:
            overrun.set()
            process.kill()

        timer = threading.Timer(self._seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _send(process.stdin, request)
            return _receive(process.stdout)
        except (OSError, EOFError):
            self._stop()
            if overrun.is_set():
                return f"-the Markdown takes over {self._seconds:g} seconds to convert".encode()
            return b"-the Markdown takes too much memory to convert"
        finally:
            timer.cancel()
            # Killed just after it answered: the next text needs a new one.
            if overrun.is_set():
                self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            # Isolated from the user's environment; it finds modules where this process does.
            program = (
                f"import sys; sys.path[:] = {json.dumps(sys.path)}; "
                "from sitegen.render.markup.untrusted import serve_requests; "
                f"serve_requests({self._memory})"
            )
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdout is not None
            with suppress(EOFError):
                _receive(self._process.stdout)  # it has started: from here on the time counts
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError):
                process.communicate()


def _send(stream: BinaryIO | Any, data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> bytes:
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    data: bytes = stream.read(size)
    if len(head) < 4 or len(data) < size:
        raise EOFError
    return data


def as_text(source: str, limit_bytes: int = LIMIT_BYTES) -> str:
    """The text as it is, as HTML; cut where it is too long."""
    text = _MISLEADING.sub(lambda match: visible(match[0]), source)
    data = text.encode("utf-8", "replace")
    if len(data) > limit_bytes:
        text = data[:limit_bytes].decode("utf-8", "ignore") + "\n[…]"
    return f"{AS_TEXT}{html.escape(text)}</pre>"


def serve_requests(memory: int) -> None:
    """What the bounded process runs: requests from standard input, answers to standard output."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    _send(outgoing, b"ready")
    while True:
        try:
            request = _receive(incoming)
        except EOFError:
            return
        asked = msgspec.json.decode(request, type=_Request)
        try:
            answer = b"+" + converted(asked.source, asked.around).encode("utf-8", "replace")
        except RecursionError:
            answer = b"-the Markdown is nested too deeply"
        except MemoryError:
            answer = b"-the Markdown takes too much memory to convert"
        except Exception as error:
            answer = f"-the Markdown cannot be converted ({type(error).__name__})".encode()
        if len(answer) > LIMIT_OUTPUT:
            answer = f"-the Markdown becomes over {LIMIT_OUTPUT:,} bytes of HTML".encode()
        _send(outgoing, answer)
