"""Objects of DVC that stand for a folder: what files it has, and their hashes.

Source of the format: DVC 3, a JSON list of {md5, relpath}, at an md5 that ends in `.dir`.
"""

from __future__ import annotations

import re

import msgspec

from sitegen.errors import StorageError

LONGEST = 128 * 1024 * 1024
MOST = 1_000_000

_MD5 = re.compile(r"[0-9a-f]{32}")
_DEEPEST = 64
_LONGEST_PATH = 4096


class Listed(msgspec.Struct, frozen=True, gc=False):
    """One file of a folder. relpath: below it, with `/`."""

    md5: str
    relpath: str


_decoder = msgspec.json.Decoder(list[Listed])


def read_listing(data: bytes, name: str) -> tuple[Listed, ...]:
    """The files of a folder. Raises StorageError for anything that is no such list, or that leads
    out of the folder. name: how people know it."""
    if len(data) > LONGEST:
        raise _wrong(name, f"has {len(data)} bytes, more than the {LONGEST} that are read")
    try:
        found = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        raise _wrong(name, "is expected to be a list of md5 and relpath") from None
    if len(found) > MOST:
        raise _wrong(name, f"has {len(found)} files, more than the {MOST} that are fetched")
    seen: set[str] = set()
    for one in found:
        if not _MD5.fullmatch(one.md5):
            raise _wrong(name, f"has {one.md5[:80]!r} where an md5 is expected")
        if not safe_path(one.relpath):
            raise _wrong(name, f"has the path {one.relpath[:200]!r}, which leads out of the folder")
        if one.relpath in seen:
            raise _wrong(name, f"has the path {one.relpath[:200]!r} twice")
        seen.add(one.relpath)
    for path in seen:
        above = path.rpartition("/")[0]
        while above:
            if above in seen:
                raise _wrong(name, f"has {above[:200]!r} as a file and as a folder")
            above = above.rpartition("/")[0]
    return tuple(found)


def safe_path(path: str) -> bool:
    """Whether a path stays below the folder that it is meant for, on every system."""
    parts = path.split("/")
    return (
        path.isprintable()
        and len(path) <= _LONGEST_PATH
        and len(parts) <= _DEEPEST
        and {"", ".", ".."}.isdisjoint(parts)
        and "\\" not in path
        and not re.match(r"[A-Za-z]:", path)
    )


def _wrong(name: str, why: str) -> StorageError:
    return StorageError(
        f"the list of the folder's files {why}",
        path=name,
        remedy="nothing was fetched; see whether the storage is damaged",
    )
