"""Packed files: data that pages load as classic scripts, since from disk they cannot fetch.

A script hands over one string: base64 of raw deflate, which is a third of the size of the data, and
which nothing in the data can break out of.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

FOLDER = "data/search"
INLINE = 400
"""Data that packs to at most so many characters stands in the directory itself."""

TEXT, NUMBERS, SMALL_NUMBERS = zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_RLE
"""What data is made of: in small numbers nothing repeats, and to look for it takes time."""

Kept = Mapping[str, tuple[bytes, bytes]]
"""Files of an earlier build: path -> digest of the data, the script."""


def pack(data: bytes, kind: int = TEXT) -> str:
    """The data as the string in which scripts hand it over."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15, strategy=kind)
    return b64encode(deflate.compress(data) + deflate.flush()).decode("ascii")


def unpack(packed: str) -> bytes:
    """The data of such a string."""
    return zlib.decompress(b64decode(packed), -15)


def script(name: str, packed: str) -> bytes:
    """The script that hands packed data over under its name."""
    return f'window.sitegen.search.take({json.dumps(name)},"{packed}");\n'.encode()


class Packed:
    """Packed files under names made of their content: equal data is one file, and stays it.

    kept: files of an earlier build, which are not packed again. files: path -> digest, script.
    """

    def __init__(self, kept: Kept | None = None) -> None:
        self.files: dict[str, tuple[bytes, bytes]] = {}
        self._kept = kept or {}

    def add(self, data: bytes, kind: int = TEXT) -> str:
        """How the directory names the data: the file's name, or "=" and the packed data itself."""
        digest = hashlib.sha256(data).digest()
        name = digest.hex()[:12]
        path = _path(name)
        if path in self.files:
            return name
        kept = self._kept.get(path)
        if kept is None:
            packed = pack(data, kind)
            if len(packed) <= INLINE:
                return f"={packed}"
            kept = digest, script(name, packed)
        self.files[path] = kept
        return name

    def add_named(self, name: str, digest: bytes, data: Callable[[], bytes]) -> None:
        """A file under a name that says nothing of its content. digest: of what `data` makes."""
        path = _path(name)
        kept = self._kept.get(path)
        known = kept is not None and kept[0] == digest
        self.files[path] = kept if kept and known else (digest, script(name, pack(data())))

    def keep(self, name: str) -> str:
        """Take over what an earlier build named so."""
        if not name.startswith("="):
            self.files[_path(name)] = self._kept[_path(name)]
        return name

    def read(self, name: str) -> bytes:
        """The data that an earlier build named so."""
        if name.startswith("="):
            return unpack(name[1:])
        text = self._kept[_path(name)][1].decode("ascii")
        return unpack(text[text.rindex(',"') + 2 : text.rindex('"')])


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.js"
