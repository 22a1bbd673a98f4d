"""Objects of Git LFS: those of a checkout's own store, and those of a server by its batch API.

Source of the protocol: the Git LFS batch API, with the transfer `basic`.
"""

from __future__ import annotations

import re
import urllib.error
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from sitegen import redact
from sitegen.errors import StorageError
from sitegen.storage.http import (
    FAILURES,
    TIMEOUT,
    HttpSource,
    ask,
    check_url,
    is_local,
    reason,
    refusal,
)
from sitegen.storage.stores import source_at
from sitegen.storage.transfer import CutError, Source

_OID = re.compile(r"[0-9a-f]{64}")
_SSH = re.compile(r"(?:ssh://)?(?:[^@/\s]+@)?([A-Za-z0-9_.-]+)(?::[0-9]+/|[:/])/*([^\s]+)")
_KIND = "application/vnd.git-lfs+json"
_LONGEST = 16 * 1024 * 1024
_AT_ONCE = 100


class _Action(msgspec.Struct, frozen=True):
    href: str
    header: dict[str, str] = {}


class _Actions(msgspec.Struct, frozen=True):
    download: _Action | None = None


class _Fault(msgspec.Struct, frozen=True):
    code: int = 0


class _Object(msgspec.Struct, frozen=True):
    oid: str
    actions: _Actions | None = None
    error: _Fault | None = None


class _Answer(msgspec.Struct, frozen=True):
    objects: list[_Object]


_decoder = msgspec.json.Decoder(_Answer)


def stored(store: Path, oid: str) -> Path | None:
    """The file of a checkout's own store (`.git/lfs`) that has the object, if it is there."""
    if not _OID.fullmatch(oid):
        return None
    path = store / "objects" / oid[:2] / oid[2:4] / oid
    return path if path.is_file() and not path.is_symlink() else None


def endpoint(remote: str) -> str:
    """The address of the LFS server that goes with a Git remote; ssh ones are asked by https.

    Raises StorageError where there is none that may be asked.
    """
    over_ssh = remote.lower().startswith("ssh://") or "://" not in remote
    match = _SSH.fullmatch(remote) if over_ssh else None
    url = f"https://{match[1]}/{match[2]}" if match and "::" not in remote else remote
    if not url.lower().startswith("https://") and not (
        url.lower().startswith("http://") and is_local(url)
    ):
        raise StorageError(
            "the file is in Git LFS, and there is no Git remote with https to get it from",
            remedy="run `git lfs pull` in a checkout, then name it with -r",
        )
    check_url(url)
    bare = url.rstrip("/")
    return f"{bare if bare.endswith('.git') else f'{bare}.git'}/info/lfs"


def sources(
    remote: str, wanted: Iterable[tuple[str, int]], headers: Mapping[str, str] | None = None
) -> dict[str, Source]:
    """Where a server has objects (id, size): id -> source. Raises StorageError.

    headers: credentials, for the Git remote's host alone.
    """
    url = endpoint(remote)
    wanted = sorted(set(wanted))
    found: dict[str, Source] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        for one in _batch(url, some, dict(headers or {})):
            if one.oid in dict(some):
                found[one.oid] = _source(url, one)
    for oid, _ in wanted:
        if oid not in found:
            raise StorageError(f"{redact.redact(url)} says nothing of the object {oid}")
    return found


def local_source(path: Path) -> Source:
    """A file of a checkout's own store as a source."""
    return source_at(str(path), local=Path("/"))


def _batch(url: str, wanted: list[tuple[str, int]], headers: dict[str, str]) -> list[_Object]:
    asked = {
        "operation": "download",
        "transfers": ["basic"],
        "objects": [{"oid": oid, "size": size} for oid, size in wanted],
        "hash_algo": "sha256",
    }
    headers |= {"Accept": _KIND, "Content-Type": _KIND}
    shown = redact.redact(url)
    try:
        with ask(f"{url}/objects/batch", headers, msgspec.json.encode(asked), TIMEOUT) as answer:
            data = answer.read(_LONGEST + 1)
    except urllib.error.HTTPError as error:
        with error:
            why = refusal(shown, error)
        raise StorageError(str(why)) if isinstance(why, CutError) else why from None
    except FAILURES as error:
        raise StorageError(f"{shown} cannot be reached: {reason(error)}") from None
    try:
        if len(data) > _LONGEST:
            raise ValueError
        return _decoder.decode(data).objects
    except (ValueError, RecursionError):
        raise StorageError(f"{shown} gave an answer that is none of Git LFS") from None


def _source(url: str, one: _Object) -> Source:
    action = one.actions.download if one.actions else None
    if action is None:
        code = one.error.code if one.error else 0
        raise StorageError(
            f"{redact.redact(url)} does not have the object {one.oid}"
            + (f" (it says {code})" if code else ""),
            remedy="push it with `git lfs push --all`",
        )
    if urlsplit(url).scheme.lower() == "https" and not action.href.lower().startswith("https://"):
        raise StorageError(f"{redact.redact(url)} leads from https to another scheme")
    check_url(action.href)
    headers = {
        name: value
        for name, value in action.header.items()
        if name.isascii() and value.isascii() and name.isprintable() and value.isprintable()
    }
    return HttpSource(action.href, headers)
