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
    """A version's standing. assigned: stage -> the place of the assignment in force."""

    active: bool = True
    assigned: dict[str, int] = {}


def stays(artifact: Artifact) -> tuple[Stay, ...]:
    """Every stay, by stage and then oldest first; those that began and ended at once are left out.

    A stage's holder is, as in the fold, the version that was assigned last of those in force.
    """
    drafts: dict[tuple[str, str], _Held] = {}
    holders: dict[str, tuple[tuple[str, str], Event]] = {}
    found: list[Stay] = []

    def settle(stage: str, event: Event) -> None:
        best = max(
            (key for key, one in drafts.items() if one.active and stage in one.assigned),
            key=lambda key: drafts[key].assigned[stage],
            default=None,
        )
        now = holders.get(stage)
        if now and now[0] != best:
            found.append(Stay(stage, *now[0], now[1], event))
            del holders[stage]
        if best and (not now or now[0] != best):
            holders[stage] = best, event

    for place, event in enumerate(artifact.events):
        if not event.version:
            continue
        draft = drafts.setdefault((event.version, event.commit), _Held())
        if not event.stage:
            draft.active = event.kind == "registration"
            for stage in draft.assigned:
                settle(stage, event)
            continue
        if event.kind == "assignment":
            draft.assigned[event.stage] = place
        else:
            draft.assigned.pop(event.stage, None)
        settle(event.stage, event)
    found += [Stay(stage, *key, event, None) for stage, (key, event) in holders.items()]
    lasting = [stay for stay in found if stay.end is None or _at(stay.start) < _at(stay.end)]
    lasting.sort(key=lambda stay: (stay.stage, _at(stay.start)))
    return tuple(lasting)


def _at(event: Event) -> int:
    return event.when.seconds if event.when else -1
