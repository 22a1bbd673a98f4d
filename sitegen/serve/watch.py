"""What a site is built from, for watching: refs, content, theme and configuration.

Reading a repository touches none of it: only files that change when a ref changes are looked at,
never objects, the index or locks. And a change that left everything as it was builds nothing.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from sitegen.config import Config

_CHANGES = frozenset(["created", "modified", "moved", "deleted", "closed"])


class Watched(msgspec.Struct, frozen=True, order=True):
    """A folder to watch. names: the only entries that count, () for all. deep: its folders too.
    by_content: what files hold counts, not their size and time."""

    folder: Path
    names: tuple[str, ...] = ()
    deep: bool = False
    by_content: bool = False

    def counts(self, path: Path) -> bool:
        """Whether a change of `path` may change the site."""
        if self.names:
            return path.parent == self.folder and path.name in self.names
        inside = path.relative_to(self.folder).parts if path.is_relative_to(self.folder) else ()
        if self.by_content:
            return not path.name.endswith(".lock")
        hidden = any(part.startswith(".") or part == "__pycache__" for part in inside)
        return not hidden and not path.name.endswith("~")


def inputs(config: Config) -> tuple[Watched, ...]:
    """Everything that the site of these settings is built from."""
    found: set[Watched] = set()
    for repository in config.repositories:
        if repository.path is not None:
            for folder in git_folders(repository.path):
                found.add(Watched(folder, ("HEAD", "packed-refs", "shallow"), by_content=True))
                for refs in (folder / "refs", folder / "reftable"):
                    if refs.is_dir():
                        found.add(Watched(refs, deep=True, by_content=True))
    for own in (config.content, config.theme):
        if own is not None:
            found.add(Watched(own, deep=True))
    if config.source is not None:
        found.add(Watched(config.source.parent, (config.source.name,), by_content=True))
    return tuple(sorted(found))


def git_folders(path: Path) -> tuple[Path, ...]:
    """Where the refs of a repository are: its git folder, and of a linked worktree the common one,
    too. () where there is none."""
    for folder in (path, *path.parents):
        dot = folder / ".git"
        with suppress(OSError, ValueError):
            if dot.is_file():
                target = dot.read_text().removeprefix("gitdir:").strip()
                return _with_common((folder / target).resolve())
        for candidate in (dot, folder):
            # What may not be read is no reason to stop watching the rest.
            with suppress(OSError):
                if (candidate / "HEAD").is_file() and (candidate / "refs").is_dir():
                    return _with_common(candidate.resolve())
    return ()


def _with_common(folder: Path) -> tuple[Path, ...]:
    with suppress(OSError, ValueError):
        return folder, (folder / (folder / "commondir").read_text().strip()).resolve()
    return (folder,)


def fingerprint(watched: tuple[Watched, ...], output: Path) -> bytes:
    """Differs where what the site is built from differs. output: left out, wherever it is."""
    digest = hashlib.blake2b()
    for one in watched:
        for path in _files(one, output):
            digest.update(os.fsencode(path) + b"\0")
            with suppress(OSError):
                if one.by_content:
                    data = path.read_bytes()
                    digest.update(b"%d\0" % len(data) + data)
                else:
                    stat = path.stat()
                    digest.update(b"%d %d\0" % (stat.st_mtime_ns, stat.st_size))
    return digest.digest()


def _files(watched: Watched, output: Path) -> Iterator[Path]:
    if watched.names:
        yield from (watched.folder / name for name in watched.names)
        return
    for folder, folders, names in os.walk(watched.folder):
        here = Path(folder)
        folders[:] = sorted(n for n in folders if watched.counts(here / n) and here / n != output)
        yield from (here / name for name in sorted(names) if watched.counts(here / name))


class Watcher:
    """Calls `changed` whenever something may have changed. Follows what it is told to."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._observer = Observer()
        self._watched: tuple[Watched, ...] = ()
        self._lock = threading.Lock()

    def start(self) -> None:
        self._observer.start()

    def follow(self, watched: tuple[Watched, ...]) -> None:
        """Watch these and nothing else; what cannot be watched is left out."""
        with self._lock:
            if watched == self._watched:
                return
            self._watched = watched
            self._observer.unschedule_all()
            for one in watched:
                with suppress(OSError):
                    handler = _Handler(one, self._changed)
                    self._observer.schedule(handler, str(one.folder), recursive=one.deep)

    def stop(self) -> None:
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, watched: Watched, changed: Callable[[], None]) -> None:
        self._watched = watched
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        # "opened" and "closed_no_write" are what readers do, our own build among them.
        if event.event_type not in _CHANGES:
            return
        paths = (Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)
        if any(self._watched.counts(path) for path in paths):
            self._changed()
