"""Which version was in which stage, and from when to when."""

from __future__ import annotations

import msgspec

from sitegen.registry.events import Event
from sitegen.registry.state import Artifact


class Stay(msgspec.Struct, frozen=True, gc=False):
    """A version that held a stage for a time.

    version: as the fold has it today, or the commit's id. start: the event that made it the holder:
    its assignment, or what took the one before it away. end: the event that ended it, None where it
    holds the stage still.
    """

    stage: str
    version: str
    commit: str
    start: Event
    end: Event | None


class _Held(msgspec.Struct):
    """A version's standing. assigned: the stages whose assignment is in force."""

    active: bool = True
    assigned: dict[str, None] = {}


def stays(artifact: Artifact) -> tuple[Stay, ...]:
    """Every stay, by stage and then oldest first; those that began and ended at once are left out.

    A stage's holder is, as in the fold, the version that was assigned last of those in force.
    """
    drafts: dict[tuple[str, str], _Held] = {}
    # Stage -> the versions assigned to it, last the one that was assigned last.
    assigned: dict[str, dict[tuple[str, str], None]] = {}
    holders: dict[str, tuple[tuple[str, str], Event]] = {}
    found: list[Stay] = []

    def settle(stage: str, event: Event) -> None:
        row = reversed(assigned.get(stage, {}))
        best = next((key for key in row if drafts[key].active), None)
        now = holders.get(stage)
        if now and now[0] != best:
            found.append(Stay(stage, *now[0], now[1], event))
            del holders[stage]
        if best and (not now or now[0] != best):
            holders[stage] = best, event

    for event in artifact.events:
        if not event.version:
            continue
        key = event.version, event.commit
        draft = drafts.setdefault(key, _Held())
        if not event.stage:
            draft.active = event.kind == "registration"
            for stage in draft.assigned:
                settle(stage, event)
            continue
        here = assigned.setdefault(event.stage, {})
        here.pop(key, None)
        draft.assigned.pop(event.stage, None)
        if event.kind == "assignment":
            here[key] = draft.assigned[event.stage] = None
        settle(event.stage, event)
    found += [Stay(stage, *key, event, None) for stage, (key, event) in holders.items()]
    lasting = [stay for stay in found if stay.end is None or _at(stay.start) < _at(stay.end)]
    lasting.sort(key=lambda stay: (stay.stage, _at(stay.start)))
    return tuple(lasting)


def _at(event: Event) -> int:
    return event.when.seconds if event.when else -1
