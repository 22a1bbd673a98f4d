"""One large file out of Git: streamed, and brought from the server where a mirror left it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from sitegen.errors import GitError
from sitegen.gitio import clone
from sitegen.gitio.address import Address
from sitegen.gitio.process import TIMEOUT, run, start
from sitegen.gitio.repository import Repository

_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CHUNK = 1 << 18


def stream_blob(repo: Repository, oid: str) -> Iterator[bytes]:
    """A blob's bytes. Raises GitError where it is missing or broken, maybe after some of them."""
    if not _OID.fullmatch(oid):
        raise ValueError("only full object ids are ever sent to git")
    with closing(start(["cat-file", "blob", oid], repo.place)) as process:
        process.stdin.close()
        while chunk := process.stdout.read(_CHUNK):
            yield chunk
        if process.wait() != 0:
            raise GitError(
                f"the content of {oid} is missing or cannot be read",
                path=str(repo.top),
                remedy="fetch it, or clone the repository again without a filter",
            )


def fetch_blobs(repo: Repository, address: Address, oids: list[str]) -> None:
    """Bring large blobs into a mirror of `address` that left them on the server."""
    if not all(map(_OID.fullmatch, oids)):
        raise ValueError("only full object ids are ever sent to git")
    config = {
        "remote.origin.url": address.url,
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": clone.FILTER,
    }
    if address.header:
        config[f"http.{address.site}.extraHeader"] = address.header
    arguments = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-filter"]
    try:
        run(
            [*arguments, "--no-recurse-submodules", "--stdin", "--", "origin"],
            repo.place,
            data="".join(f"{oid}\n" for oid in oids).encode("ascii"),
            protocol=address.protocol,
            config=config,
            secrets=address.secrets,
            timeout=TIMEOUT,
        )
    except GitError as error:
        raise GitError(
            f"{address.shown}: {error.problem.reason}",
            remedy="the server gives no single files: clone the repository, and name it with -r",
        ) from None
