"""Short ways to name a version: NAME@latest, NAME@vX.Y.Z, NAME#stage. Source: GTO 1.10."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from sitegen.registry import names, versions

_SHORTCUT = re.compile(
    rf"(?P<artifact>(?:{names.DIR}:)?{names.NAME})"
    rf"(?:\#(?P<stage>{names.NAME})|@(?P<version>latest|greatest|v{versions.SEMVER}))"
)


class Shortcut(msgspec.Struct, frozen=True):
    """An artifact, or one that is narrowed to a stage, a version or the latest one."""

    artifact: str
    stage: str = ""
    version: str = ""
    latest: bool = False

    def __bool__(self) -> bool:
        return self.latest or bool(self.stage or self.version)


def parse_shortcut(text: str) -> Shortcut:
    """What `text` names; where it is no shortcut, all of it is the artifact."""
    match = _SHORTCUT.fullmatch(text)
    if match is None:
        return Shortcut(text)
    version = match["version"] or ""
    latest = version in ("latest", "greatest")
    return Shortcut(match["artifact"], match["stage"] or "", "" if latest else version, latest)


def narrow(rows: Sequence[dict[str, Any]], shortcut: Shortcut) -> list[dict[str, Any]]:
    """Those of `gto.show_versions` that the shortcut means."""
    if shortcut.latest:
        return list(rows[:1])
    if shortcut.version:
        return [row for row in rows if row["version"] == shortcut.version]
    if shortcut.stage:
        return [row for row in rows for held in row["stages"] if held["stage"] == shortcut.stage]
    return list(rows)
