"""One dependency or output as DVC's files record it: where it is, its hash, its size.

Source of the format: DVC 3 (`dvc/output.py`), which reads that of DVC 1 and 2 too.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from operator import itemgetter
from typing import Any

from sitegen import redact
from sitegen.readers.context import within
from sitegen.registry.lineage import Data
from sitegen.safeyaml import Document

_HASHES = ("md5", "etag", "checksum")
_LONGEST = 4096
_LARGEST = 2**63


def text_of(document: Document, holder: Any, key: str, longest: int = _LONGEST) -> str:
    """A scalar as the file writes it; "" for nothing, or for a list or mapping."""
    value = holder.get(key) if isinstance(holder, dict) else None
    if value is None or isinstance(value, dict | list):
        return ""
    return document.text_in(holder, key)[:longest]


def place(folder: str, path: str) -> str:
    """A path from the repository's root. An address is without credentials; a path that lies
    outside of the repository, which DVC allows, is absolute or begins with `../`."""
    if "://" in path:
        return redact.address(path)
    return within(folder, path) or posixpath.normpath(posixpath.join(folder, path))


def read_data(document: Document, entry: Any, folder: str, source: str) -> Data | None:
    """The dependency or output that `entry`, a part of `document`, is; None if it has no path.

    folder: what its path is relative to. source: the file that says it. Of what is not said the
    defaults hold, as of something that DVC keeps.
    """
    path = text_of(document, entry, "path")
    if not path or "\0" in path:
        return None
    listed = entry.get("files")
    if isinstance(listed, list) and listed:
        digest, size = _folder(document, listed)
        count: int | None = len(listed)
        algorithm, version, remote = "md5" if digest else "", "", _remote_of(listed[0])
    else:
        remote, stored = _cloud(entry)
        algorithm, digest = _hash(document, entry)
        if not digest:
            algorithm, digest = _hash(document, stored)
        size = _count(entry, "size") if "size" in entry else _count(stored, "size")
        version = text_of(document, entry, "version_id") or text_of(document, stored, "version_id")
        count = _count(entry, "nfiles")
    return Data(
        place(folder, path),
        digest,
        algorithm,
        size,
        count,
        legacy=algorithm == "md5" and text_of(document, entry, "hash") != "md5",
        remote=text_of(document, entry, "remote") or remote,
        cached=entry.get("cache") is not False,
        pushed=entry.get("push") is not False,
        version_id=version,
        source=source,
    )


def _hash(document: Document, holder: Any) -> tuple[str, str]:
    for name in _HASHES:
        digest = text_of(document, holder, name)
        if digest:
            return name, digest
    return "", ""


def _count(holder: Any, key: str) -> int | None:
    value = holder.get(key)
    return value if type(value) is int and 0 <= value < _LARGEST else None


def _cloud(entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a storage with cloud versioning says: (storage remote, its record)."""
    cloud = entry.get("cloud")
    for remote, stored in cloud.items() if isinstance(cloud, dict) else ():
        if isinstance(stored, dict):
            return remote, stored
    return "", {}


def _remote_of(entry: Any) -> str:
    return _cloud(entry)[0] if isinstance(entry, dict) else ""


def _folder(document: Document, listed: list[Any]) -> tuple[str, int | None]:
    """(hash, size) of a folder whose files are recorded one by one.

    The hash is not written down; DVC makes it of the list, and so do we.
    """
    rows = []
    sizes = []
    for one in listed:
        if not isinstance(one, dict):
            continue
        rows.append(
            {"md5": text_of(document, one, "md5"), "relpath": text_of(document, one, "relpath")}
        )
        sizes.append(_count(one, "size"))
    known = [size for size in sizes if size is not None]
    size = sum(known) if len(known) == len(sizes) else None
    if not all(row["md5"] and row["relpath"] for row in rows):
        return "", size
    text = json.dumps(sorted(rows, key=itemgetter("relpath")), sort_keys=True)
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return f"{digest}.dir", size
