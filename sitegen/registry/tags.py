"""The grammar of registry tags, both ways: a tag's name to what it says, and back.

Source: GTO 1.10 (`gto/constants.py`, `gto/tag.py`). Names are matched whole,
so a trailing newline never passes.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from sitegen.registry import names, versions

Kind = Literal[
    "registration",
    "deregistration",
    "assignment",
    "unassignment",
    "deprecation",
    "creation",
]

# The order of events of one second without counters (GTO's own priorities).
PRIORITY: dict[str, int] = {
    "creation": 1,
    "deprecation": 2,
    "registration": 3,
    "deregistration": 4,
    "assignment": 5,
    "unassignment": 6,
}

# Python refuses to read longer integers; no counter or version of people's comes near.
LONGEST_NUMBER = 1000


class TagName(msgspec.Struct, frozen=True, gc=False):
    """What a registry tag's name says. `counter` is None where the name has none."""

    artifact: str
    kind: Kind
    version: str = ""
    stage: str = ""
    counter: int | None = None


class NearMiss(msgspec.Struct, frozen=True, gc=False):
    """A tag that was probably meant for the registry and is not: why, and what to write."""

    name: str
    reason: str
    remedy: str


_TAG = re.compile(
    rf"(?P<artifact>(?:{names.DIR}=)?{names.NAME})"
    rf"(?:@(?P<version>v{versions.SEMVER})(?P<dereg>!)?"
    rf"|\#(?P<stage>{names.NAME})(?P<unassign>!)?"
    r"|@(?P<word>deprecated|created))"
    r"(?:\#(?P<counter>[0-9]+))?"
)

_AND = ", and delete this tag (git tag -d, git push --delete)"
_VERSION_LIKE = re.compile(r"(?P<artifact>.+)@(?P<v>[vV]?)(?P<rest>[0-9][^@]*)")
_PARTIAL = re.compile(r"(?P<core>[0-9]+(?:\.[0-9]+){0,2})(?P<tail>[^0-9.].*)?")
_STAGE_LIKE = re.compile(r"[^#\s]+#[^#\s]+(?:#.*)?")
_LONG = re.compile(rf"[0-9]{{{LONGEST_NUMBER + 1}}}")


def parse(name: str) -> TagName | None:
    """Read a tag's short name (`churn#prod#3`); None where it is no registry tag."""
    match = _TAG.fullmatch(name)
    if match is None:
        return None
    artifact, version, dereg, stage, unassign, word, counter = match.groups()
    if len(name) > LONGEST_NUMBER and _LONG.search(name):
        return None
    if "=" in artifact:
        artifact = names.from_tag(artifact)
    number = None if counter is None else int(counter)
    if version is not None:
        kind: Kind = "deregistration" if dereg else "registration"
        return TagName(artifact, kind, version, "", number)
    if stage is not None:
        return TagName(artifact, "unassignment" if unassign else "assignment", "", stage, number)
    return TagName(artifact, "deprecation" if word == "deprecated" else "creation", "", "", number)


def format(tag: TagName) -> str:
    """Write the tag's name: the inverse of `parse`."""
    mark = {
        "registration": f"@{tag.version}",
        "deregistration": f"@{tag.version}!",
        "assignment": f"#{tag.stage}",
        "unassignment": f"#{tag.stage}!",
        "deprecation": "@deprecated",
        "creation": "@created",
    }[tag.kind]
    counter = "" if tag.counter is None else f"#{tag.counter}"
    return f"{names.to_tag(tag.artifact)}{mark}{counter}"


def near_miss(name: str) -> NearMiss | None:
    """Whether a tag that is not the registry's looks as if it should be; None if not.

    Only for names that `parse` refuses. Ordinary tags (v1.0, release-2024) are nobody's business.
    """
    if _LONG.search(name):
        return NearMiss(
            name,
            f"a number in it has more than {LONGEST_NUMBER} digits",
            "delete the tag and use a shorter number",
        )
    match = _VERSION_LIKE.fullmatch(name)
    if match:
        return _near_version(name, match)
    artifact, mark, rest = name.partition("#")
    if mark and _STAGE_LIKE.fullmatch(name):
        stage = rest.partition("#")[0].removesuffix("!")
        if not names.is_artifact(names.from_tag(artifact)):
            return _bad_artifact(name, artifact)
        if not names.is_name(stage):
            return NearMiss(
                name,
                f"{stage!r} is no stage: letters, digits, '-', '_' and '/', "
                "starting and ending with a letter or digit",
                "delete the tag and assign a stage with a legal name",
            )
        return NearMiss(
            name,
            "a stage is assigned with ARTIFACT#STAGE or ARTIFACT#STAGE#N, N being a number",
            "delete the tag and assign the stage again",
        )
    return None


def _near_version(name: str, match: re.Match[str]) -> NearMiss:
    artifact = match["artifact"]
    if not names.is_artifact(names.from_tag(artifact)):
        return _bad_artifact(name, artifact)
    version = match["rest"].partition("#")[0].removesuffix("!")
    partial = _PARTIAL.fullmatch(version)
    if match["v"] == "v" or not versions.is_version(f"v{version}"):
        reason = f"{match['v']}{version} is no version vX.Y.Z of SemVer 2.0.0"
    else:
        reason = f"the version lacks its 'v': {match['v']}{version}"
    if partial:
        core = ".".join([*(str(int(n)) for n in partial["core"].split(".")), "0", "0"][:3])
        wanted = f"v{core}{partial['tail'] or ''}"
        if versions.is_version(wanted):
            return NearMiss(name, reason, f"tag the commit again as {artifact}@{wanted}{_AND}")
    return NearMiss(name, reason, f"tag the commit again as {artifact}@vX.Y.Z{_AND}")


def _bad_artifact(name: str, artifact: str) -> NearMiss:
    return NearMiss(
        name,
        f"{artifact!r} is no artifact's name: letters, digits, '-', '_' and '/', starting and "
        "ending with a letter or digit, after an optional folder and '='",
        "delete the tag and register the artifact under a legal name",
    )
