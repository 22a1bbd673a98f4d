"""The registry in the shapes that `gto` prints as JSON: the same keys, values and order.

Source: GTO 1.10 (`gto/base.py`, `gto/api.py`). Scripts written for `gto --json` go on working.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sitegen.registry.events import Event
from sitegen.registry.facts import Annotation, Commit, Moment, timestamp
from sitegen.registry.state import Artifact, Registry, Version
from sitegen.registry.tags import PRIORITY
from sitegen.registry.versions import is_version, sort_key

_ADDITIONS = ("registration", "assignment")


class Look(msgspec.Struct, frozen=True):
    """What to show, as GTO's options have it.

    per_version, per_stage: how many assignments of a version, versions of a stage; -1 for all.
    by_semver: the greatest version of a stage comes first, not the newest assignment.
    """

    registered_only: bool = False
    deprecated: bool = False
    per_version: int = -1
    per_stage: int = 1
    by_semver: bool = False


class Sources(msgspec.Struct, frozen=True):
    """What GTO looks up besides tags.

    said: commit -> artifact -> its entry in artifacts.yaml there, in the file's order. allowed,
    types: the stages and types of `.gto`, () for all. head: HEAD's commit.
    """

    commits: Mapping[str, Commit] = {}
    said: Mapping[str, Mapping[str, Annotation]] = {}
    allowed: tuple[str, ...] = ()
    head: str = ""
    types: tuple[str, ...] = ()


class _Stage(msgspec.Struct, frozen=True):
    """The events of one version in one stage, oldest first."""

    version: str
    commit: str
    stage: str
    events: tuple[Event, ...]

    @property
    def active(self) -> bool:
        return self.events[-1].kind == "assignment"

    @property
    def authoring(self) -> Event:
        return _authoring(self.events) or self.events[-1]


class _Row(msgspec.Struct, frozen=True):
    """A version as GTO lists it: one that is not registered has a row for every event and more."""

    name: str
    commit: str
    direct: tuple[Event, ...]
    stages: tuple[_Stage, ...]

    @property
    def registered(self) -> bool:
        return any(event.kind == "registration" for event in self.direct)

    @property
    def active(self) -> bool:
        return not self.direct or self.direct[-1].kind == "registration"


def show_registry(registry: Registry, look: Look, sources: Sources) -> dict[str, Any]:
    """`gto show --json`: artifact -> latest version, stages, flags."""
    stages = list_stages(registry, sources) or []
    shown = {}
    for artifact in in_gtos_order(registry, sources):
        if artifact.deprecated and not look.deprecated:
            continue
        held = _held(_rows(artifact, sources), look, sources)
        shown[artifact.name] = {
            "version": artifact.latest or None,
            "stage": {
                stage: ", ".join(s.version for s in held.get(stage, ())) or None for stage in stages
            },
            "registered": artifact.registered,
            "active": not artifact.deprecated,
        }
    return shown


def show_versions(artifact: Artifact, look: Look, sources: Sources) -> list[dict[str, Any]]:
    """`gto show NAME --json`: its versions, greatest first, unregistered ones last."""
    if artifact.deprecated and not look.deprecated:
        return []
    rows = _rows(artifact, sources)
    held = [stage for row in _held(rows, look, sources).values() for stage in row]
    listed = [row for row in rows if look.deprecated or (row.active and _is_listed(row, look))]
    return [_version(artifact.name, row, held, sources) for row in _by_number(listed)]


def history(
    registry: Registry, artifact: str = "", ascending: bool = False
) -> list[dict[str, Any]]:
    """`gto history --json`: every event, newest first."""
    events = [
        event
        for one in registry.artifacts.values()
        if not artifact or one.name == artifact
        for event in one.events
    ]
    # A stable sort keeps each artifact's own order within a second.
    events.sort(key=lambda event: event.when.seconds if event.when else -1)
    if not ascending:
        events.reverse()
    return [
        {
            "timestamp": timestamp(event.when),
            "artifact": event.artifact,
            "event": event.kind,
            "priority": PRIORITY[event.kind],
            "version": event.version or None,
            "stage": event.stage or None,
            "commit": event.commit,
            **_author(event),
            "message": event.message,
            "ref": event.tag,
        }
        for event in events
    ]


def check_ref(event: Event) -> dict[str, Any]:
    """`gto check-ref TAG --json`."""
    shown = _event(event)
    del shown["priority"], shown["addition"]
    return {**shown, "event": event.kind}


def describe(said: Annotation) -> dict[str, Any]:
    """What GTO knows of an artifact's entry in artifacts.yaml."""
    return {
        "type": said.type or None,
        "path": said.path or None,
        "virtual": said.virtual,
        "labels": list(said.labels),
        "description": said.description,
        "custom": said.custom,
    }


def list_stages(
    registry: Registry, sources: Sources, allowed: bool = False, used: bool = False
) -> list[str] | None:
    """`gto stages --json`: those of `.gto`, else those in use; None for allowed ones without."""
    if allowed:
        return list(sources.allowed) or None
    if sources.allowed and not used:
        return list(sources.allowed)
    return sorted({stage for a in registry.artifacts.values() for stage in a.stages})


def in_gtos_order(registry: Registry, sources: Sources) -> list[Artifact]:
    """Artifacts as GTO meets them: by deprecations, then versions, then stages, each by time."""
    ranks = {"deprecation": 0, "registration": 1, "deregistration": 1}
    in_file = list(sources.said.get(sources.head, ()))

    def first(artifact: Artifact) -> tuple[int, int, str]:
        if not artifact.events:
            place = in_file.index(artifact.name) if artifact.name in in_file else len(in_file)
            return 3, place, artifact.name
        return min((ranks.get(e.kind, 2), _seconds(e.when), e.tag) for e in artifact.events)

    return sorted(registry.artifacts.values(), key=first)


def _rows(artifact: Artifact, sources: Sources) -> list[_Row]:
    """The versions as GTO makes them, in its order.

    For each event of an unregistered version it makes one version without the event and one with.
    """
    explicit: list[tuple[tuple[int, int], _Row]] = []
    hashes: list[tuple[tuple[int, int], _Row]] = []
    place = {event.tag: i for i, event in enumerate(artifact.events)}
    found_at_head = ""
    for version in artifact.versions:
        direct = tuple(event for event in version.events if not event.stage)
        if version.discovered:
            found_at_head = version.name
        elif direct:
            order = (min(place[event.tag] for event in direct), 0)
            row = _Row(version.name, version.commit, direct, _stages(version, version.events))
            explicit.append((order, row))
        else:
            for event in version.events:
                order = (place[event.tag], 0)
                empty = _Row(version.name, version.commit, (), ())
                staged = _stages(version, [event], version.events)
                hashes.append((order, empty))
                hashes.append(((order[0], 1), _Row(version.name, version.commit, (), staged)))
    rows = [row for _, row in sorted(explicit, key=lambda pair: pair[0])]
    rows += [row for _, row in sorted(hashes, key=lambda pair: pair[0])]
    has_version = any(row.direct and row.commit == sources.head for row in rows)
    if artifact.name in sources.said.get(sources.head, {}) and not has_version:
        found_at_head = sources.head
    if found_at_head:
        rows.append(_Row(found_at_head, found_at_head, (), ()))
    return rows


def _stages(
    version: Version, events: Iterable[Event], all_events: Iterable[Event] | None = None
) -> tuple[_Stage, ...]:
    """The stages that `events` touch. all_events: of the same commit, to leave what was left."""
    left = {}
    for event in all_events or ():
        left[event.stage] = event.kind == "unassignment"
    touched: dict[str, list[Event]] = {}
    for event in events:
        if event.stage and not left.get(event.stage):
            touched.setdefault(event.stage, []).append(event)
    return tuple(
        _Stage(version.name, version.commit, stage, tuple(row)) for stage, row in touched.items()
    )


def _is_listed(row: _Row, look: Look) -> bool:
    return row.registered or not row.direct or not look.registered_only


def _held(rows: list[_Row], look: Look, sources: Sources) -> dict[str, list[_Stage]]:
    """Stage -> what GTO shows in it, the holder first."""
    counted = [row for row in rows if row.active and (row.registered or not look.registered_only)]
    ordered = _by_number(counted) if look.by_semver else _by_time(counted, sources)
    found: list[_Stage] = []
    for row in ordered:
        active = [stage for stage in row.stages if stage.active]
        active.sort(key=lambda stage: _seconds(stage.events[-1].when))
        found += active if look.per_version < 0 else active[: look.per_version]
    if not look.by_semver:
        found.sort(key=lambda stage: _seconds(stage.authoring.when))
        found.reverse()
    held: dict[str, list[_Stage]] = {}
    for stage in found:
        here = held.setdefault(stage.stage, [])
        full = look.per_stage >= 0 and len(here) >= look.per_stage
        if not full and all(other.version != stage.version for other in here):
            here.append(stage)
    return held


def _by_number(rows: Iterable[_Row]) -> list[_Row]:
    rows = list(rows)
    numbered = sorted(
        (row for row in rows if is_version(row.name)), key=lambda row: sort_key(row.name)
    )
    others = sorted((row for row in rows if not is_version(row.name)), key=lambda row: row.name)
    return numbered[::-1] + others[::-1]


def _by_time(rows: Iterable[_Row], sources: Sources) -> list[_Row]:
    return sorted(rows, key=lambda row: _seconds(_created(row, sources)[0]))[::-1]


def _created(row: _Row, sources: Sources) -> tuple[Moment | None, Event | None]:
    """When GTO says the version was made, and the event it says so from (None: its commit)."""
    direct = _authoring(row.direct)
    if direct is not None:
        return direct.when, direct
    events = [event for stage in row.stages for event in stage.events]
    commit = sources.commits.get(row.commit)
    newest = max(events, key=lambda event: _seconds(event.when), default=None)
    committed = commit.committed if commit else None
    if newest is not None and _seconds(newest.when) >= _seconds(committed):
        return newest.when, newest
    return committed, None


def _authoring(events: Iterable[Event]) -> Event | None:
    return next((e for e in reversed(tuple(events)) if e.kind in _ADDITIONS), None)


def _seconds(moment: Moment | None) -> int:
    return -1 if moment is None else moment.seconds


def _version(artifact: str, row: _Row, held: list[_Stage], sources: Sources) -> dict[str, Any]:
    commit = sources.commits.get(row.commit)
    created, event = _created(row, sources)
    registrations = [e for e in row.direct if e.kind == "registration"]
    events = [*row.direct, *(e for stage in row.stages for e in stage.events)]
    moments = [event.when for event in events] + [commit.committed if commit else None]
    earliest = min((moment for moment in moments if moment), default=None)
    activated = registrations[0].when if registrations else earliest
    if event is not None:
        said = {**_author(event), "message": event.message, "ref": event.tag}
    else:
        said = {
            "author": commit.author.name if commit else None,
            "author_email": commit.author.email if commit else None,
            "message": commit.message if commit else None,
            "ref": row.commit,
        }
    return {
        "artifact": artifact,
        "commit_hexsha": row.commit,
        "version": row.name,
        "enrichments": [_commit(artifact, row.name, commit, sources)] if commit else [],
        "registrations": [_event(e) for e in registrations],
        "deregistrations": [_event(e) for e in row.direct if e.kind == "deregistration"],
        "stages": [_stage(artifact, stage) for stage in held if stage.version == row.name],
        "is_active": row.active,
        "activated_at": timestamp(activated),
        "created_at": timestamp(created),
        **said,
        "discovered": not row.direct,
    }


def _stage(artifact: str, stage: _Stage) -> dict[str, Any]:
    authoring = stage.authoring
    rows = {
        kind: [{**_event(e), "event": kind} for e in stage.events if e.kind == kind]
        for kind in ("assignment", "unassignment")
    }
    return {
        "artifact": artifact,
        "commit_hexsha": stage.commit,
        "version": stage.version,
        "stage": stage.stage,
        "assignments": rows["assignment"],
        "unassignments": rows["unassignment"],
        "is_active": stage.active,
        "activated_at": timestamp(stage.events[-1].when) if stage.active else None,
        "created_at": timestamp(authoring.when),
        **_author(authoring),
        "message": authoring.message,
        "ref": authoring.tag,
    }


def _event(event: Event) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "priority": PRIORITY[event.kind],
        "addition": event.kind in _ADDITIONS,
        "artifact": event.artifact,
        "created_at": timestamp(event.when),
        **_author(event),
        "message": event.message,
        "commit_hexsha": event.commit,
        "tag": event.tag,
    }
    if event.version:
        shown["version"] = event.version
    if event.stage:
        shown["stage"] = event.stage
    return shown


def _author(event: Event) -> dict[str, Any]:
    person = event.author
    return {
        "author": person.name if person else None,
        "author_email": person.email if person else None,
    }


def _commit(artifact: str, version: str, commit: Commit, sources: Sources) -> dict[str, Any]:
    said = sources.said.get(commit.oid, {}).get(artifact)
    return {
        "priority": 0,
        "addition": True,
        "artifact": artifact,
        "created_at": timestamp(commit.committed),
        "author": commit.author.name,
        "author_email": commit.author.email,
        "message": commit.message,
        "commit_hexsha": commit.oid,
        "version": version,
        "enrichments": [{"source": "gto", "artifact": describe(said)}] if said else [],
        "committer": commit.committer.name,
        "committer_email": commit.committer.email,
    }
