"""Files from clouds, from other machines by ssh, and from folders, by fsspec.

Credentials are those that each library finds by itself: its environment and its settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sitegen import redact
from sitegen.errors import StorageError
from sitegen.storage.http import HttpSource
from sitegen.storage.transfer import CHUNK, CutError, Opened, Source

# Scheme -> (the extra that brings it, its class for fsspec).
BACKENDS = {
    "s3": ("s3", "s3fs.S3FileSystem"),
    "gs": ("gs", "gcsfs.GCSFileSystem"),
    "gcs": ("gs", "gcsfs.GCSFileSystem"),
    "azure": ("azure", "adlfs.AzureBlobFileSystem"),
    "az": ("azure", "adlfs.AzureBlobFileSystem"),
    "abfs": ("azure", "adlfs.AzureBlobFileSystem"),
    "abfss": ("azure", "adlfs.AzureBlobFileSystem"),
    "ssh": ("ssh", "sshfs.SSHFileSystem"),
    "sftp": ("ssh", "sshfs.SSHFileSystem"),
}


class StoreSource:
    """One file of a file system of fsspec. version: how its library names a version."""

    def __init__(
        self, system: Any, path: str, shown: str, version: dict[str, str] | None = None
    ) -> None:
        self._system = system
        self._path = path
        self._version = version or {}
        self.shown = shown

    @contextmanager
    def open(self, start: int) -> Iterator[Opened]:
        # Every library has errors of its own, which say what nobody else knows.
        try:
            total = self._system.info(self._path, **self._version).get("size")
            file = self._system.open(
                self._path, "rb", block_size=4 * CHUNK, cache_type="readahead", **self._version
            )
        except FileNotFoundError:
            raise StorageError(
                f"{self.shown} is not there", remedy="see that it was pushed there (`dvc push`)"
            ) from None
        except PermissionError:
            raise StorageError(f"{self.shown} may not be read by you") from None
        except Exception as error:
            raise StorageError(f"{self.shown} cannot be read: {_words(error)}") from None
        with file:
            if total is not None and start > total:
                start = 0
            try:
                file.seek(start)
            except Exception as error:
                raise CutError(_words(error)) from None
            yield Opened(_chunks(file), start, total)


def source_at(
    url: str,
    options: Iterable[tuple[str, str]] = (),
    version_id: str = "",
    local: Path | None = None,
) -> Source:
    """Where the bytes at an address come from. options: of the storage remote.

    local: the folder from which relative paths count, for a repository of this machine; None
    where a repository from elsewhere names the address: it shall not read this machine's files.
    """
    scheme, colon, rest = url.partition("://")
    if not colon or scheme.lower() == "file":
        path = rest if colon else url
        if local is None:
            raise StorageError(
                f"{redact.address(url)} is a folder of the machine that the repository was made on",
                remedy="clone the repository there and name the clone with -r",
            )
        import fsspec

        try:
            whole = str((local / Path(path).expanduser()).resolve())
        except (RuntimeError, ValueError):
            raise StorageError(
                f"{redact.address(url)[:200]!r} names no folder of this machine",
                remedy="correct the address of the storage, or of the file, in the repository",
            ) from None
        return StoreSource(fsspec.filesystem("file"), whole, whole)
    scheme = scheme.lower()
    if scheme in ("http", "https"):
        return HttpSource(url)
    if scheme not in BACKENDS:
        raise StorageError(
            f"storages with {scheme}:// are not read",
            remedy=f"use `dvc get`; read are http, https, {', '.join(BACKENDS)} and folders",
        )
    extra, name = BACKENDS[scheme]
    shown = redact.address(url)
    import fsspec

    try:
        fsspec.register_implementation(scheme, name, clobber=True)
        kind = fsspec.get_filesystem_class(scheme)
    except ImportError:
        raise StorageError(
            f"{shown} needs a library that is not installed",
            remedy=f"pip install 'sitegen[{extra}]'",
        ) from None
    address = url if scheme != "azure" else f"abfs://{rest}"
    version = {"version_aware": True} if version_id else {}
    try:
        said = {**kind._get_kwargs_from_urls(address), **arguments(scheme, dict(options))}
        path = kind._strip_protocol(address)
        system = kind(**said, **version)
    except Exception as error:
        raise StorageError(f"{shown} cannot be reached: {_words(error)}") from None
    if version_id and extra == "gs":
        return StoreSource(system, f"{path}#{version_id}", shown)
    return StoreSource(system, path, shown, {"version_id": version_id} if version_id else None)


def arguments(scheme: str, options: dict[str, str]) -> dict[str, Any]:
    """A remote's options as the library of its scheme takes them."""
    extra, _ = BACKENDS[scheme]
    found: dict[str, Any] = {}
    anonymous = options.get("allow_anonymous_login", "").lower() == "true"
    if extra == "s3":
        if options.get("endpointurl"):
            found["endpoint_url"] = options["endpointurl"]
        if options.get("region"):
            found["client_kwargs"] = {"region_name": options["region"]}
        if options.get("use_ssl", "").lower() == "false":
            found["use_ssl"] = False
        found |= {"anon": True} if anonymous else {}
    elif extra == "gs":
        if options.get("projectname"):
            found["project"] = options["projectname"]
        if options.get("endpointurl"):
            found["endpoint_url"] = options["endpointurl"]
        found |= {"token": "anon"} if anonymous else {}
    elif extra == "azure":
        if options.get("account_name"):
            found["account_name"] = options["account_name"]
        found["anon"] = anonymous
    elif options.get("port", "").isdecimal():
        found["port"] = int(options["port"])
    return found


def _chunks(file: Any) -> Iterator[bytes]:
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except Exception as error:
        raise CutError(_words(error)) from None


def _words(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return redact.redact(said) or type(error).__name__
