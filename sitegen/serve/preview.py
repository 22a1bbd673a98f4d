"""Build, serve, watch, build again: a failing build leaves the last good site where it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from sitegen.config import Config
from sitegen.errors import Problem, SitegenError
from sitegen.output import recover
from sitegen.redact import redact
from sitegen.serve.http import Server, bound
from sitegen.serve.live import Live
from sitegen.serve.watch import Watcher, fingerprint, inputs

if TYPE_CHECKING:
    from sitegen.pipeline import Built

QUIET = 0.2
LONGEST = 2.0
"""Seconds: how long nothing must change before a build, and when it starts all the same."""


class Preview:
    """A portal that is served and kept up to date until `stop`.

    load: reads the settings anew. build: publishes the site of these settings to their output
    folder and returns its problems, or raises. told: is given lines for people.
    """

    def __init__(
        self,
        load: Callable[[], Config],
        build: Callable[[Config], Iterable[Problem]],
        told: Callable[[str], None] = lambda line: None,
        *,
        quiet: float = QUIET,
    ) -> None:
        self.live = Live()
        self._load, self._build, self._told, self._quiet = load, build, told, quiet
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._watcher = Watcher(self._changed.set)
        self._threads: list[threading.Thread] = []
        self._server: Server | None = None
        self._last = b""
        self._problems: list[str] = []
        self.config = load()

    def start(self, host: str, ports: Iterable[int]) -> str:
        """Build and begin to serve; the address.

        Raises what the settings or the server raise, and what the first build raises where there
        is no earlier site to show.
        """
        prefix = f"{urlsplit(self.config.base_url).path.rstrip('/')}/"
        self._server = bound(host, ports, self.config.output, prefix, self.live)
        try:
            # A build that was killed half-way may have left the last good site aside.
            recover(self.config.output)
            self._watcher.start()
            self._watcher.follow(inputs(self.config))
            error = self.rebuild()
            if error is not None and not self._has_site():
                raise error
        except BaseException:
            self.stop()
            raise
        for work in (partial(self._server.serve_forever, poll_interval=0.05), self._follow):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self._server.address

    def stop(self) -> None:
        """End everything; a build under way is waited for."""
        self._stopping.set()
        self._changed.set()
        self.live.close()
        if self._server:
            if self._threads:
                self._server.shutdown()
            self._server.server_close()
        self._watcher.stop()
        for thread in self._threads:
            thread.join()

    def rebuild(self) -> Exception | None:
        """Build again if anything is different; the error that kept the site as it was."""
        watched = inputs(self.config)
        # Taken before building: what changes meanwhile differs from it and is built next.
        now = fingerprint(watched, self.config.output)
        if now == self._last:
            return None
        again, self._last = bool(self._last), now
        started = time.monotonic()
        try:
            if again:
                self.config = self._loaded()
            if (fresh := inputs(self.config)) != watched:
                self._watcher.follow(fresh)
                self._last = fingerprint(fresh, self.config.output)
            problems = [str(problem) for problem in self._build(self.config)]
        except Exception as error:
            known = isinstance(error, SitegenError)
            text = str(error) if known else f"{type(error).__name__}: {error}"
            self.live.failed(redact(text))
            if again or self._has_site():
                # Else `start` raises it, and it is told by whoever called that.
                self._told(f"The build failed: {redact(text)}")
            return error
        self.live.published()
        for line in problems:
            if line not in self._problems:
                self._told(redact(line))
        self._problems = problems
        if again:
            self._told(f"Rebuilt in {time.monotonic() - started:.1f} s")
        return None

    def _has_site(self) -> bool:
        return (self.config.output / "index.html").is_file()

    def _loaded(self) -> Config:
        """The settings anew, but for those that a running server cannot change."""
        before = self.config
        return msgspec.structs.replace(self._load(), output=before.output, base_url=before.base_url)

    def _follow(self) -> None:
        while self._changed.wait() and not self._stopping.is_set():
            latest = time.monotonic() + LONGEST
            while time.monotonic() < latest:
                self._changed.clear()
                if not self._changed.wait(self._quiet):
                    break
            if not self._stopping.is_set():
                self._changed.clear()
                self.rebuild()


def run(
    load: Callable[[], Config],
    *,
    host: str,
    ports: Iterable[int],
    started: Callable[[str], None],
    told: Callable[[str], None],
    built: Callable[[Built], None] = lambda built: None,
    allow_empty: bool = False,
    allow_shallow: bool = False,
) -> None:
    """Serve until Ctrl-C. started: is given the address. built: is given every build that was good.

    allow_empty, allow_shallow: as in `pipeline.build`. Raises SitegenError, see `start`.
    """

    def build(config: Config) -> Iterable[Problem]:
        from sitegen import pipeline

        # Where nothing is lost by it, a first look at a registry that is yet to begin is welcome.
        first = not pipeline.published(config.output)
        done = pipeline.build(config, allow_empty=allow_empty or first, allow_shallow=allow_shallow)
        built(done)
        return done.problems

    preview = Preview(load, build, told)
    try:
        started(preview.start(host, ports))
        threading.Event().wait()
    except KeyboardInterrupt:
        told("Stopped")
    finally:
        preview.stop()
