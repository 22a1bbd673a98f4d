"""Mirrors of remote repositories in a cache folder: made once, then kept up by fetching.

A mirror is bare, holds branches, tags, DVC experiments and HEAD, and leaves large blobs on the
server where that allows it. Its address is told to git anew each time, in the environment: no
credential is ever written to disk or shown in a list of processes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import GitError, RepositoryError
from sitegen.gitio.address import Address, parse_address
from sitegen.gitio.process import Place, run
from sitegen.gitio.repository import make_bare
from sitegen.redact import without_credentials

TIMEOUT = 600.0
FILTER = "blob:limit=1m"

# (what git is doing, how much of it is done, from 0 to 1); called from another thread.
Progress = Callable[[str, float], None]

_REFS = (
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
    "+refs/exps/*:refs/exps/*",
    # What DVC keeps there for itself.
    *(f"^refs/exps/{name}*" for name in ("apply", "celery", "exec", "stash", "temp")),
)
_PERCENT = re.compile(rb"(?:remote: )?([A-Z][a-z]+ [a-z]+): +(\d{1,3})% ")
_DAMAGED = re.compile(
    r"(?i)not a git repository|bad config|bad object|bad signature|corrupt|unable to read|"
    r"missing (?:blob|tree)|did not send all necessary objects|could not read from pack|"
    r"invalid sha1 pointer"
)
_OTHER_FORMAT = re.compile(r"(?i)mismatched algorithms|object format .* does not match")


def mirror(
    url: str,
    cache: Path,
    *,
    allow_file: bool = False,
    timeout: float = TIMEOUT,
    token: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """The folder of an up-to-date bare mirror of `url` under `cache`.

    What is written there must be pushed at once, to the same address: the next call drops refs
    that the server does not have. timeout: seconds for all of it, waiting for another build that
    fetches the same included.
    token: an access token for https. Raises RepositoryError for an address that is not allowed,
    and GitError where the server refuses, fails or does not answer in time.
    """
    address = parse_address(url, token=token, allow_file=allow_file)
    deadline = time.monotonic() + timeout
    folder = cache / mirror_name(address)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _lock(folder.with_suffix(".lock"), deadline, address):
            _bring_up_to_date(folder, address, deadline, progress)
    except OSError as error:
        raise RepositoryError(
            f"the mirror of {address.shown} cannot be kept: {error.strerror or error}",
            path=str(cache),
            remedy="free space, or choose another cache folder",
        ) from None
    return folder


def mirror_name(address: Address) -> str:
    """The name of a mirror's folder: readable, distinct by address, without credentials."""
    place = re.sub(r"^[a-z+]+://", "", address.shown).rpartition("@")[2]
    slug = re.sub(r"[^A-Za-z0-9]+", "-", place.removesuffix(".git")).strip("-").lower()[-60:]
    # A query may say which repository is meant, so it counts; credentials, which change, do not.
    whole = without_credentials(address.url)
    digest = hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{slug.strip('-') or 'repository'}-{digest[:16]}.git"


def _bring_up_to_date(
    folder: Path, address: Address, deadline: float, progress: Progress | None
) -> None:
    if folder.is_dir():
        _remove_leftovers(folder)
        try:
            _fetch(folder, address, deadline, progress)
            return
        except GitError as error:
            if not _DAMAGED.search(str(error)) and not _OTHER_FORMAT.search(str(error)):
                raise
    # Built aside: a mirror that carries its name has been fetched whole at least once.
    part = folder.with_suffix(".part")
    for object_format in ("sha1", "sha256"):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        make_bare(part, object_format)
        try:
            _fetch(part, address, deadline, progress)
        except GitError as error:
            if object_format == "sha1" and _OTHER_FORMAT.search(str(error)):
                continue
            shutil.rmtree(part, ignore_errors=True)
            raise
        break
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _fetch(folder: Path, address: Address, deadline: float, progress: Progress | None) -> None:
    place = Place.at(folder)
    config = {
        "remote.origin.url": address.url,
        # Said here and not in the mirror's own file, so that reading it later never fetches.
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": FILTER,
        "core.logAllRefUpdates": "false",
        "fetch.fsckObjects": "false",
        "fetch.writeCommitGraph": "false",
        "gc.autoDetach": "false",
        "maintenance.autoDetach": "false",
    }
    if address.header:
        config[f"http.{address.site}.extraHeader"] = address.header
    arguments = [
        "fetch",
        "--prune",
        "--force",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        # Nothing is checked out that could differ from the branch that HEAD is on.
        "--update-head-ok",
        f"--filter={FILTER}",
        *(["--progress"] if progress else ["--quiet"]),
        "--",
        "origin",
        *_REFS,
    ]
    listener = _listener(progress) if progress else None
    _remote(arguments, place, address, config, deadline, listener)
    asking = ["ls-remote", "--symref", "--", "origin", "HEAD"]
    _set_head(place, _remote(asking, place, address, config, deadline))


def _remote(
    arguments: list[str],
    place: Place,
    address: Address,
    config: dict[str, str],
    deadline: float,
    listener: Callable[[bytes], None] | None = None,
) -> bytes:
    try:
        return run(
            arguments,
            place,
            protocol=address.protocol,
            config=config,
            secrets=address.secrets,
            listener=listener,
            timeout=max(0.1, deadline - time.monotonic()),
        ).output
    except GitError as error:
        remedy = error.problem.remedy or "see that the address is right and that you may read it"
        raise GitError(f"{address.shown}: {error.problem.reason}", remedy=remedy) from None


def _set_head(place: Place, answer: bytes) -> None:
    """Let HEAD be on the branch that the server's is on."""
    branch = oid = ""
    for line in answer.decode("utf-8", "surrogateescape").split("\n"):
        said, _, name = line.partition("\t")
        if name != "HEAD":
            continue
        if said.startswith("ref: refs/heads/"):
            branch = said.removeprefix("ref: ")
        elif re.fullmatch(r"[0-9a-f]{40,64}", said):
            oid = said
    if branch:
        run(["symbolic-ref", "--", "HEAD", branch], place, check=False, timeout=60)
    elif oid:
        run(["update-ref", "--no-deref", "HEAD", oid], place, check=False, timeout=60)


def _listener(progress: Progress) -> Callable[[bytes], None]:
    def listen(chunk: bytes) -> None:
        matches = _PERCENT.findall(chunk)
        if matches:
            phase, percent = matches[-1]
            progress(phase.decode("ascii"), min(100, int(percent)) / 100)

    return listen


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed fetch left: nobody else writes here while the lock is held."""
    for pattern in ("*.lock", "refs/**/*.lock", "objects/pack/tmp_*", "objects/tmp_*"):
        for path in folder.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


_here: dict[str, threading.Lock] = {}


@contextmanager
def _lock(path: Path, deadline: float, address: Address) -> Iterator[None]:
    """Hold the lock file of one mirror; where files cannot be locked, threads alone are kept apart.

    The system lets go of it when its holder dies. Raises GitError at the deadline.
    """
    busy = GitError(
        f"{address.shown}: another build has been fetching it for too long",
        remedy="wait for the other build, or end it",
    )
    own = _here.setdefault(str(path), threading.Lock())
    if not own.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise busy
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise busy
                time.sleep(0.05)
            yield
        finally:
            os.close(descriptor)
    finally:
        own.release()


def _try_lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
