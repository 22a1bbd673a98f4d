"""The registry on a given day: which tags count then, and what changed between two states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from sitegen.registry.events import Event
from sitegen.registry.facts import Tag
from sitegen.registry.state import Artifact, Registry
from sitegen.registry.versions import sort_key

What = Literal["deprecated", "revived", "latest", "registered", "deregistered", "stage"]


class Change(msgspec.Struct, frozen=True):
    """One thing that is not as it was.

    what: "latest" and "stage": another version holds the place, `old` before and `new` now, ""
    for none. "registered" and "deregistered": the version `new`, or `old`, that is there now, or
    not any more. "deprecated" and "revived": the artifact itself. event: the last one between that
    bears on it, None where only a version's commit was registered elsewhere.
    """

    artifact: str
    what: What
    stage: str
    old: str
    new: str
    event: Event | None


def until(tags: Iterable[Tag], seconds: int) -> tuple[Tag, ...]:
    """The tags that were made up to and including a second (Unix time), in the order given.

    A tag without a valid date comes first in every history, and so was always there.
    """
    return tuple(tag for tag in tags if tag.when is None or tag.when.seconds <= seconds)


def changes(before: Registry, after: Registry) -> tuple[Change, ...]:
    """What is different in `after`, by artifact. before: the same registry at an earlier moment."""
    found: list[Change] = []
    for name, artifact in after.artifacts.items():
        if artifact.events:
            found += _of_artifact(before.artifacts.get(name), artifact)
    return tuple(found)


def _of_artifact(before: Artifact | None, after: Artifact) -> Iterable[Change]:
    # What happened by the earlier moment is how the later history begins.
    fresh = after.events[len(before.events) if before else 0 :]
    if not fresh:
        return

    def change(what: What, old: str = "", new: str = "", stage: str = "") -> Change:
        return Change(after.name, what, stage, old, new, _cause(fresh, {old, new}, stage))

    if after.deprecated != (before is not None and before.deprecated):
        last = fresh[-1]
        what: What = "deprecated" if after.deprecated else "revived"
        yield Change(after.name, what, "", "", "", last)
    old = before.latest if before else ""
    if old != after.latest:
        yield change("latest", old, after.latest)
    were, are = _active(before), _active(after)
    for version in are:
        if version not in were:
            yield change("registered", "", version)
    for version in were:
        if version not in are:
            yield change("deregistered", version)
    held_before, held = _holders(before), _holders(after)
    for stage in sorted(held_before.keys() | held.keys()):
        old, new = held_before.get(stage, ""), held.get(stage, "")
        if old != new:
            yield change("stage", old, new, stage)


def _active(artifact: Artifact | None) -> tuple[str, ...]:
    """The registered versions that were not withdrawn, greatest first, each once."""
    versions = artifact.versions if artifact else ()
    found = {v.name for v in versions if v.registered and v.active}
    return tuple(sorted(found, key=lambda name: (sort_key(name), name), reverse=True))


def _holders(artifact: Artifact | None) -> dict[str, str]:
    """Stage -> the version that holds it."""
    return {s: held[0].version for s, held in artifact.stages.items()} if artifact else {}


def _cause(fresh: Sequence[Event], versions: set[str], stage: str) -> Event | None:
    """The last of these events that is about the stage, else about one of the versions itself."""
    itself = None
    for event in reversed(fresh):
        if event.stage and event.stage == stage:
            return event
        if itself is None and not event.stage and event.version and event.version in versions:
            itself = event
    return itself
