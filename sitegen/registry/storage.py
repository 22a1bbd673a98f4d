"""Storage remotes at a commit, where in them an object is, and how people fetch it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from sitegen.registry import versions
from sitegen.registry.lineage import Data

_MD5 = re.compile(r"[0-9a-f]{32}(?:\.dir)?")
_VERSIONED = ("version_aware", "worktree")


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


def object_path(data: Data) -> str:
    """Where in a storage the content is, by its md5; "" for what is not stored so.

    DVC 3 has its objects below files/md5, earlier ones are right at the top.
    """
    if data.algorithm != "md5" or not _MD5.fullmatch(data.hash):
        return ""
    place = f"{data.hash[:2]}/{data.hash[2:]}"
    return place if data.legacy else f"files/md5/{place}"


def storage_of(storages: Iterable[Storage], path: str) -> Storage | None:
    """The storage of the nearest DVC root above a path."""
    above = (one for one in storages if not one.folder or path.startswith(f"{one.folder}/"))
    return max(above, key=lambda one: len(one.folder), default=None)


def remote_of(storages: Iterable[Storage], data: Data) -> StorageRemote | None:
    """The remote that has the content: the one that `data` names, else the default."""
    storage = storage_of(storages, data.path)
    if storage is None or not data.cached or not data.pushed:
        return None
    name = (data.remote or storage.default).lower()
    return next((remote for remote in storage.remotes if remote.name == name), None)


def is_versioned(remote: StorageRemote) -> bool:
    """Whether it keeps files under their own names, the cloud keeping their versions."""
    return any(key in _VERSIONED and value.lower() == "true" for key, value in remote.options)


def address_of(storages: Iterable[Storage], data: Data) -> str:
    """The address of the content, or its path where the storage is a folder; "" if unknown."""
    storages = tuple(storages)
    remote, storage = remote_of(storages, data), storage_of(storages, data.path)
    if remote is None or storage is None:
        return ""
    if is_versioned(remote):
        # A path with dots would lead to somebody else's file.
        if not data.hash or not {"", ".", ".."}.isdisjoint(data.path.split("/")):
            return ""
        return f"{remote.url}/{data.path[len(storage.folder) :].lstrip('/')}"
    place = object_path(data)
    return f"{remote.url.rstrip('/')}/{place}" if place else ""


def direct_link(storages: Iterable[Storage], data: Data) -> str:
    """An address that a browser can open: of a file in a storage with http(s), else ""."""
    found = address_of(storages, data)
    if data.hash.endswith(".dir") or not found.lower().startswith(("http://", "https://")):
        return ""
    return quote(found, safe="%/:@[]!$&'()*+,;=~-._")


def fetch_commands(
    url: str,
    artifact: str,
    version: str,
    stage: str,
    rev: str,
    path: str,
    known: bool,
    in_dvc_yaml: bool = True,
) -> tuple[tuple[str, str], ...]:
    """How people get a version's files: (title, command) each, ready for a shell.

    version, stage: as GTO names them, "" where there is none; of an unregistered version its
    commit, which only `modelreg get` takes. rev: the version's tag or commit.
    known: whether DVC or Git has the file, which `dvc get` needs. in_dvc_yaml: whether a dvc.yaml
    describes the artifact, which `dvc artifacts get` needs.
    """
    named = f"@{version}" if version else f"#{stage}" if stage else ""
    found = [("modelreg get", _modelreg(f"{artifact}{named}", url))]
    if not known or not path or "://" in path:
        return tuple(found)
    at = ("--rev", rev)
    found.append(("dvc get", _dvc("get", (url, path), at)))
    registered = versions.is_version(version)
    if in_dvc_yaml and (registered or (stage and not version)):
        at = ("--rev", version) if registered else ("--stage", stage)
        found.append(("dvc artifacts get", _dvc("artifacts get", (url, artifact), at)))
    call = f"dvc.api.open({_python(path)}, repo={_python(url)}, rev={_python(rev)}, mode='rb')"
    found.append(("Python", f"import dvc.api\n\nwith {call} as file:\n    data = file.read()"))
    return tuple(found)


def _modelreg(name: str, url: str) -> str:
    end = "-- " if name.startswith("-") else ""
    # The value of an option may look like one; only the argument needs the double hyphen.
    return (
        f"modelreg get -r {shlex.quote(url)} {end}{shlex.quote(name)}"
        if end
        else (f"modelreg get {shlex.quote(name)} -r {shlex.quote(url)}")
    )


def _dvc(command: str, arguments: tuple[str, str], option: tuple[str, str]) -> str:
    shown = " ".join(map(shlex.quote, arguments))
    name, value = option
    said = (
        f" {name}={shlex.quote(value)}"
        if value.startswith("-")
        else (f" {name} {shlex.quote(value)}" if value else "")
    )
    if any(one.startswith("-") for one in arguments):
        return f"dvc {command}{said} -- {shown}"
    return f"dvc {command} {shown}{said}"


def _python(text: str) -> str:
    """A text as Python writes it, with nothing in it that a terminal would act on."""
    return ascii(text) if not text.isprintable() else repr(text)
