"""Packed files: data that pages load as classic scripts, since from disk they cannot fetch.

A script hands over one string of deflated data, which is a fraction of the data's size. The script
is in UTF-16, where two bytes of data are one character of the string, while base64 would be a third
larger. The mark with which it begins says so to browsers, whatever a host says of a script's
encoding (WHATWG Encoding, "BOM sniff"). Nothing in the data can end the string: what may not stand
in one is written as two other characters.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

FOLDER = "data/search"
INLINE = 300
"""Data that packs to at most so many bytes stands in the directory itself, in base64."""

TEXT, NUMBERS, SMALL_NUMBERS = zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_RLE
"""What data is made of: in small numbers nothing repeats, and to look for it takes time."""

Kept = Mapping[str, tuple[bytes, bytes]]
"""Files of an earlier build: path -> digest of the data, the script."""


_ESCAPE = "\ue000"
_APART = f'\0\n\r"\\\u2028\u2029{_ESCAPE}'
"""What ends a string, or might to some reader. Halves of pairs (surrogates) cannot stand alone."""
_SURROGATES = range(0xD800, 0xE000)
_FIRST = 0x100
_ESCAPED = {
    character: _ESCAPE + chr(number)
    for number, character in enumerate([*_APART, *map(chr, _SURROGATES)], _FIRST)
}
_WHOLE = {escaped: character for character, escaped in _ESCAPED.items()}
_TO_ESCAPE = re.compile(f"[{re.escape(_APART)}\ud800-\udfff]")


def pack(data: bytes, kind: int = TEXT) -> bytes:
    """The data, deflated (RFC 1951)."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15, strategy=kind)
    return deflate.compress(data) + deflate.flush()


def unpack(packed: bytes) -> bytes:
    """The data of such bytes."""
    return zlib.decompress(packed, -15)


def script(name: str, packed: bytes) -> bytes:
    """The script that hands packed data over under its name."""
    units = (packed + b"\0" * (len(packed) % 2)).decode("utf-16-le", "surrogatepass")
    text = _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], units)
    return codecs.BOM_UTF16_LE + (
        f'window.sitegen.search.take({json.dumps(name)},"{text}");\n'.encode("utf-16-le")
    )


def handed_over(script: bytes) -> bytes:
    """The packed data of such a script, and perhaps a byte more, which does not matter to it."""
    text = script.decode("utf-16")
    text = text[text.index(',"') + 2 : text.rindex('"')]
    text = re.sub(f"{_ESCAPE}.", lambda found: _WHOLE[found[0]], text)
    return text.encode("utf-16-le", "surrogatepass")


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
                return f"={b64encode(packed).decode('ascii')}"
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
            return unpack(b64decode(name[1:]))
        return unpack(handed_over(self._kept[_path(name)][1]))


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.js"
