"""Publishes files as a folder: written aside, then put in place in one step.

What holds, whenever the process is killed or the disk is full:

- On Linux, where the file system can exchange two folders (ext4, xfs, btrfs, tmpfs, overlayfs do):
  the published folder is the whole old site until one system call makes it the whole new one.
- Elsewhere two renames do it. Killed between them, nothing stands at the target for a reader until
  the next `publish` or `recover` puts the old site back; never does a mix stand there.
- Whatever a killed build left beside the target is removed by the next one.

A power cut is another matter: when data reaches the disk is left to the system.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import stat
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from sitegen.errors import OutputError

MARKER = ".sitegen"
"""The file by which a published folder is known to be ours, so that it may be replaced."""

FORMAT = b"sitegen 1\n"
LONGEST_COMPONENT = 200
WAIT = 30.0

_EXCHANGE = 2
_AT_FDCWD = -100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Report(msgspec.Struct, frozen=True):
    """What was published. files: all; unchanged: those equal to the old site's; bytes: of all.

    An unchanged file keeps its modification time, for hosts that upload only what is newer.
    """

    target: Path
    files: int
    unchanged: int
    bytes: int

    @property
    def written(self) -> int:
        """How many files are new or differ from the old site's."""
        return self.files - self.unchanged


def publish(target: Path, files: Iterable[tuple[str, bytes]], *, wait: float = WAIT) -> Report:
    """Make `target` hold exactly `files`: (path with "/", relative to the target; bytes).

    A link at `target` is followed once; what it leads to is replaced. wait: seconds until a build
    that another process has under way in the same place must be done. An error that `files` raises
    passes through. In every case but success the old site is left as it was.

    Raises OutputError: two files for one path (on any file system), a path that is not safe inside
    a folder, a target that is not ours, is in use, or cannot be written to.
    """
    place = _resolved(target)
    fresh = _beside(place, f"{os.getpid()}.tmp")
    with _errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place, wait):
            _recover(place)
            _refuse_foreign(place)
            try:
                fresh.mkdir()
                report = _write_all(fresh, place, files)
                _swap(fresh, place)
            finally:
                _remove(fresh)
    return report


def recover(target: Path, *, wait: float = WAIT) -> None:
    """Put the old site back where a build was killed half-way, and remove what it left behind.

    `publish` does it by itself. Raises OutputError.
    """
    place = _resolved(target)
    if place.parent.is_dir():
        with _errors(place), _locked(place, wait):
            _recover(place)


def _resolved(target: Path) -> Path:
    try:
        place = target.resolve()
    except (OSError, RuntimeError) as error:
        raise OutputError(
            f"the output cannot be found: {error}", path=str(target), remedy="name another folder"
        ) from error
    if not place.name:
        raise OutputError(
            "the root of a file system cannot be the output",
            path=str(target),
            remedy="name a folder of its own, such as _site",
        )
    if os.path.ismount(place):
        raise OutputError(
            "a mounted folder cannot be replaced in one step",
            path=str(target),
            remedy=f"name a folder inside it, such as {place.name}/site",
        )
    if any(_is_git(folder) for folder in (place, *place.parents)):
        raise OutputError(
            "the output lies inside of a Git folder, which is git's alone",
            path=str(place),
            remedy="name a folder outside of it, such as _site",
        )
    return place


def _is_git(folder: Path) -> bool:
    parts = [folder / part for part in ("HEAD", "objects", "refs")]
    return folder.name.casefold() == ".git" or all(part.exists() for part in parts)


def _refuse_foreign(place: Path) -> None:
    if place.exists() and not place.is_dir():
        raise OutputError(
            "the output must be a folder, but a file stands there",
            path=str(place),
            remedy="name another folder, or move the file away",
        )
    if not place.exists() or next(place.iterdir(), None) is None or _is_ours(place):
        return
    raise OutputError(
        f"the folder is not empty and no site of ours (it has no file {MARKER}), and a build "
        "replaces everything in it",
        path=str(place),
        remedy="name another folder, or empty this one",
    )


def _is_ours(place: Path) -> bool:
    marker = place / MARKER
    if marker.is_symlink() or not marker.is_file():
        return False
    with marker.open("rb") as file:
        return file.read(len(FORMAT)).startswith(b"sitegen ")


def _beside(place: Path, ending: str) -> Path:
    """A name beside the target: hidden, of the same file system, and short enough for any name."""
    return place.with_name(f".{place.name[:100]}.{ending}")


def _write_all(fresh: Path, old: Path, files: Iterable[tuple[str, bytes]]) -> Report:
    """Write every file and, last, the marker."""
    written: dict[str, str] = {}
    folders: dict[str, str] = {}
    made = {""}
    unchanged = size = 0
    for path, data in files:
        _claim(path, written, folders)
        folder = path.rpartition("/")[0]
        if folder not in made:
            (fresh / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        if _reuse(f"{old}/{path}", f"{fresh}/{path}", data):
            unchanged += 1
        else:
            _write(f"{fresh}/{path}", data)
        size += len(data)
    _write(str(fresh / MARKER), FORMAT)
    if old.is_dir():
        shutil.copymode(old, fresh)
    return Report(old, len(written), unchanged, size)


def _claim(path: str, written: dict[str, str], folders: dict[str, str]) -> None:
    """Note `path` as taken; OutputError where it is unsafe or meets another on some file system."""
    reason = _unsafe(path)
    if reason:
        raise OutputError(
            f"a file of the site has a path that {reason}",
            path=_visible(path),
            remedy="rename the file of the theme or of content/ that it comes from",
        )
    key = _folded(path)
    other = written.get(key) or folders.get(key)
    above = key.rpartition("/")[0]
    while other is None and above and above not in folders:
        other = written.get(above)
        folders[above] = path
        above = above.rpartition("/")[0]
    if other is not None:
        raise OutputError(
            f"two files of the site want one path, the other is {_visible(other)} (paths that "
            "differ in case or composition alone are one on many file systems)",
            path=_visible(path),
            remedy="rename one of the files of the theme or of content/ that they come from",
        )
    written[key] = path


def _unsafe(path: str) -> str:
    """Why `path` must not be written, "" where it may."""
    if not path or path.startswith("/"):
        return "is absolute or empty"
    if "\\" in path or ":" in path:
        return "holds a backslash or a colon"
    if _CONTROL.search(path):
        return "holds a control character"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "has a component that is empty, '.' or '..'"
        try:
            length = len(part.encode())
        except UnicodeEncodeError:
            return "is not valid Unicode"
        if length > LONGEST_COMPONENT:
            return f"has a component of over {LONGEST_COMPONENT} bytes"
    if _folded(path).partition("/")[0] == MARKER:
        return "is kept for the mark of the published folder"
    return ""


def _visible(path: str) -> str:
    """A path as text for an error, with what cannot be printed spelt out."""
    return path if path.isprintable() else ascii(path)[1:-1]


def _folded(path: str) -> str:
    """Equal for paths that are one on a file system that folds case, composition or endings."""
    if path.isascii():
        folded = path.lower()
    else:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
    if ". " not in folded and "./" not in folded and " /" not in folded and folded[-1] not in ". ":
        return folded
    return "/".join(part.rstrip(". ") for part in folded.split("/"))


def _reuse(old: str, new: str, data: bytes) -> bool:
    """Link the old site's file into the new one where it has the same bytes already."""
    try:
        found = os.lstat(old)
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
            return False
        with Path(old).open("rb", buffering=0) as file:
            if file.read() != data:
                return False
        os.link(old, new)
    except OSError:
        return False
    return True


def _write(path: str, data: bytes) -> None:
    """Write a file that does not exist yet; every step's status is looked at, close's too."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
    except BaseException:
        with suppress(OSError):
            os.close(file)
        raise
    os.close(file)


def _swap(fresh: Path, place: Path) -> None:
    if not place.exists():
        fresh.rename(place)
    elif not _exchange(fresh, place):
        old = _beside(place, "sitegen-old")
        place.rename(old)
        try:
            fresh.rename(place)
        except OSError:
            old.rename(place)
            raise
        _remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _recover(place: Path) -> None:
    """Undo what a killed build left; only under the lock."""
    old = _beside(place, "sitegen-old")
    if old.is_dir() and not place.exists():
        old.rename(place)
    _remove(old)
    stem = re.escape(_beside(place, "").name)
    for entry in list(place.parent.iterdir()):
        if re.fullmatch(rf"{stem}\d+\.tmp", entry.name):
            _remove(entry)


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(place: Path, wait: float) -> Iterator[None]:
    """Hold the lock of `place`, a file beside it that names its holder's process."""
    path = _beside(place, "lock")
    limit = time.monotonic() + wait
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            taken = _try_lock(file)
            # Whoever held it before may have removed the file between our two steps.
            if taken and os.path.samestat(os.fstat(file), path.stat()):
                break
            os.lseek(file, 1, os.SEEK_SET)
            holder = os.read(file, 32).decode("ascii", "replace").strip()
        except FileNotFoundError:
            holder = ""
        except BaseException:
            os.close(file)
            raise
        os.close(file)
        if not taken and time.monotonic() >= limit:
            raise OutputError(
                f"another build (process {holder or 'unknown'}) is writing this folder",
                path=str(place),
                remedy="wait until it is done, or name another folder",
            )
        if not taken:
            time.sleep(0.05)
    try:
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f" {os.getpid()}\n".encode())
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _try_lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            raise
        return False
    return True


@contextmanager
def _errors(place: Path) -> Iterator[None]:
    """Say what the system said, as an error that a user can act on."""
    remedies = {
        errno.ENOSPC: "free some space on the disk, or name a folder on another one",
        errno.EDQUOT: "free some of your quota, or name a folder on another disk",
        errno.EFBIG: "raise the limit of file sizes, or name a folder on another disk",
        errno.EACCES: "name a folder that may be written to",
        errno.EROFS: "name a folder that may be written to",
    }
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the site cannot be written: {error.strerror or error}; the old one is untouched",
            path=str(error.filename or place),
            remedy=remedies.get(error.errno or 0, "name another folder, or mend the cause"),
        ) from error
