"""Images of a repository: which ones a Markdown text names, and what their first bytes say.

An image is one here only where its bytes are those of PNG, JPEG, GIF or WebP, whatever it is
called: a browser runs nothing in these. SVG is another matter (`svg`). Sources of the formats: PNG
(third edition) 5.2 and 11.2.1, ITU-T T.81 B.2, GIF89a 18, RFC 9649.
"""

from __future__ import annotations

import re

from sitegen.registry.facts import Picture
from sitegen.site.links import file_of

LARGEST = 2 * 1024 * 1024
"""Bytes of an image that is shown."""

MOST_PIXELS = 40_000_000
"""A browser takes four bytes for each, however small the file is."""

MOST = 50
"""Images of one text that are looked for."""

_MEANT = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

# Bounded at every repetition: the time taken is in proportion to the text.
_INLINE = re.compile(
    r"!\[[^\]\n]{0,300}\]\(\s{0,9}"
    r"(?:<([^<>\n]{1,500})>|((?:[^\s()<>]|\([^\s()<>]{0,100}\)){1,500}))"
)
_ELEMENT = re.compile(r"<img\s[^<>]{1,1000}", re.IGNORECASE)
_SOURCE = re.compile(
    r"\ssrc\s{0,9}=\s{0,9}(?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\s\"'=]{1,500}))", re.IGNORECASE
)
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:\s{0,9}<?([^\s<>]{1,500})", re.MULTILINE)

# The frames of a JPEG that tell its size: all SOFn but DHT (C4), JPG (C8) and DAC (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def image_paths(text: str, folder: str) -> tuple[str, ...]:
    """The paths in the repository that a Markdown text in `folder` names as images, the first few.

    Too many are found rather than too few (in code, for instance): what a text shows is seen when
    it is converted.
    """
    found: dict[int, str] = {}
    for match in _INLINE.finditer(text):
        found[match.start()] = match[1] or match[2]
    for match in _ELEMENT.finditer(text):
        if source := _SOURCE.search(match[0]):
            found[match.start()] = source[1] or source[2] or source[3]
    for match in _DEFINED.finditer(text):
        # Most definitions are of links; those of images are known by their names alone.
        if means_image(file_of(match[1], folder)):
            found[match.start()] = match[1]
    paths = (file_of(found[at], folder) for at in sorted(found))
    return tuple(dict.fromkeys(path for path in paths if path))[:MOST]


def means_image(path: str) -> bool:
    """Whether a file's name says that it is an image of a format that is shown."""
    return path.lower().endswith(_MEANT)


def read_picture(path: str, oid: str, data: bytes) -> Picture | str:
    """The image in a file, or why it is not shown."""
    kind, size = _size(data)
    if not kind:
        return "its bytes are not those of a PNG, JPEG, GIF or WebP image"
    if size is None or 0 in size:
        return f"it begins as {kind} and does not say how large it is"
    width, height = size
    if width * height > MOST_PIXELS:
        return f"it has {width} by {height} pixels, over the limit of {MOST_PIXELS:,}"
    return Picture(path, oid, kind, data, width, height)


def _size(data: bytes) -> tuple[str, tuple[int, int] | None]:
    """The media type by the first bytes, "" for any other, and width and height in pixels."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", _pair(data, 16, 4, "big") if data[12:16] == b"IHDR" else None
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif", _pair(data, 6, 2, "little")
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", _jpeg_size(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp", _webp_size(data)
    return "", None


def _pair(data: bytes, at: int, width: int, order: str) -> tuple[int, int] | None:
    """Two numbers of `width` bytes each."""
    raw = data[at : at + 2 * width]
    if len(raw) < 2 * width:
        return None
    first, second = raw[:width], raw[width:]
    return int.from_bytes(first, order), int.from_bytes(second, order)  # type: ignore[arg-type]


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            found = _pair(data, at + 5, 2, "big")
            return (found[1], found[0]) if found else None
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        found = _pair(data, 24, 3, "little")
        return (found[0] + 1, found[1] + 1) if found else None
    if kind == b"VP8L" and data[20:21] == b"\x2f" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        found = _pair(data, 26, 2, "little")
        return (found[0] & 0x3FFF, found[1] & 0x3FFF) if found else None
    return None
