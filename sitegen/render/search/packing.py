"""Packed files: data that pages load as classic scripts, since from disk they cannot fetch.

A script hands over one string: base64 of raw deflate, which is a third of the size of the data, and
which nothing in the data can break out of.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64encode

FOLDER = "data/search"
INLINE = 400
"""Data that packs to at most so many characters stands in the directory itself."""


def pack(data: bytes) -> str:
    """The data as the string in which scripts hand it over."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return b64encode(deflate.compress(data) + deflate.flush()).decode("ascii")


def script(name: str, packed: str) -> bytes:
    """The script that hands packed data over under its name."""
    return f'window.sitegen.search.take({json.dumps(name)},"{packed}");\n'.encode()


class Packed:
    """Packed files under names made of their content: equal data is one file, and stays it.

    files: path -> bytes.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, data: bytes) -> str:
        """How the directory names the data: the file's name, or "=" and the packed data itself."""
        packed = pack(data)
        if len(packed) <= INLINE:
            return f"={packed}"
        name = hashlib.sha256(data).hexdigest()[:12]
        self.files[f"{FOLDER}/{name}.js"] = script(name, packed)
        return name
