"""Storage remotes at a commit, and where in them an object is."""

from __future__ import annotations

import msgspec


class StorageRemote(msgspec.Struct, frozen=True):
    """A storage remote. url: without credentials. options: what else the configuration says of it,
    without anything secret (endpointurl, version_aware, worktree, region, ...)."""

    name: str
    url: str
    options: tuple[tuple[str, str], ...] = ()


class Storage(msgspec.Struct, frozen=True):
    """The storage remotes of `.dvc/config` at a commit. folder: where its DVC root lies, "" for
    the repository's. default: a remote's name, "" without one."""

    folder: str = ""
    default: str = ""
    remotes: tuple[StorageRemote, ...] = ()
