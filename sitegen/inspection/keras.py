"""Keras archives (`.keras`): a zip whose `config.json` says the layers.

Weights are not read. Source of the layout: what Keras 3 writes with `model.save`.
"""

from __future__ import annotations

from sitegen.inspection.base import Format, Inspected, Source
from sitegen.inspection.layers import described, document
from sitegen.inspection.sources import Archive

MEMBER = 16 << 20
"""Bytes of one member that is unpacked."""
_FIRST = slice(30, 43)


def matches(head: bytes, source: Source) -> bool:
    if not head.startswith(b"PK\x03\x04"):
        return False
    return source.name.lower().endswith(".keras") or head[_FIRST] == b"metadata.json"


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    archive = Archive(source)
    said = document(archive.read("metadata.json", MEMBER), "`metadata.json`")
    version, saved = said.get("keras_version"), said.get("date_saved")
    return described(
        document(archive.read("config.json", MEMBER), "`config.json`"),
        source=source.name,
        format="keras",
        version=version if isinstance(version, str) else "",
        saved=saved if isinstance(saved, str) else "",
    )


KERAS = Format("keras", matches, read)
