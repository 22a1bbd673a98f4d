"""Events: one registry action each, made by one tag, and their order in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from sitegen.errors import Problem
from sitegen.registry.facts import Moment, Person, Ref, Tag
from sitegen.registry.tags import PRIORITY, Kind, TagName, near_miss, parse

PREFIX = "refs/tags/"


class Event(msgspec.Struct, frozen=True, gc=False):
    """One action on an artifact.

    tag: the tag's short name. when: None where the tag has no valid date; such events come first.
    version: "" for a deprecation; for assignments the version that the fold resolved (a version
    or, where the commit has none, the commit's id). stage: "" but for (un)assignments.
    """

    artifact: str
    kind: Kind
    version: str
    stage: str
    counter: int | None
    commit: str
    when: Moment | None
    author: Person | None
    message: str
    tag: str
    oid: str
    signature: str = ""


def candidates(refs: Iterable[Ref]) -> list[Ref]:
    """The refs that `select` may choose, told at a glance; all others need not be read."""
    return [r for r in refs if r.name.startswith(PREFIX) and ("@" in r.name or "#" in r.name)]


def select(refs: Iterable[Ref]) -> tuple[dict[str, TagName], list[Ref], list[tuple[Ref, str, str]]]:
    """The refs under refs/tags/ that are the registry's.

    Returns what each name says by the tag's short name, the refs to read in the order given, and
    the near misses as (ref, reason, remedy). All other refs are passed over in silence.
    """
    said: dict[str, TagName] = {}
    ours: list[Ref] = []
    missed: list[tuple[Ref, str, str]] = []
    start = len(PREFIX)
    for ref in refs:
        full = ref.name
        if not full.startswith(PREFIX):
            continue
        short = full[start:]
        name = parse(short)
        if name is not None:
            said[short] = name
            ours.append(ref)
        elif "@" in short or "#" in short:
            miss = near_miss(short)
            if miss is not None:
                missed.append((ref, miss.reason, miss.remedy))
    return said, ours, missed


def near_miss_problems(repo: str, missed: Iterable[tuple[Ref, str, str]]) -> tuple[Problem, ...]:
    """The near misses as problems of `repo`."""
    return tuple(
        Problem(repo, ref.name[len(PREFIX) :], "", reason, remedy, "tag.near-miss")
        for ref, reason, remedy in missed
    )


def in_order(events: Sequence[Event]) -> list[Event]:
    """One artifact's events, oldest first, in an order that does not depend on the input's.

    By tagger time; within a second by counter where both have one, else by the kind's priority,
    then by the tag's name. Comparing pairs that way is no order (three tags can form a circle), so
    events of one second are merged from two sorted rows, those with a counter and those without.
    GTO knows the time alone, and so loses an assign, unassign, assign within one second.
    """
    seconds = [-1 if event.when is None else event.when.seconds for event in events]
    if len(set(seconds)) == len(seconds):
        # Nearly always: no two events in one second, so time alone is an order.
        return [events[i] for i in sorted(range(len(seconds)), key=seconds.__getitem__)]
    ordered = sorted(events, key=_time_and_rank)
    merged: list[Event] = []
    for _, same in groupby(ordered, key=lambda event: event.when.seconds if event.when else -1):
        row = list(same)
        merged += row if len(row) == 1 else _merge_second(row)
    return merged


def _time_and_rank(event: Event) -> tuple[int, int, str]:
    when = event.when
    return (-1 if when is None else when.seconds, PRIORITY[event.kind], event.tag)


def _rank(event: Event) -> tuple[int, str]:
    return PRIORITY[event.kind], event.tag


def _merge_second(row: list[Event]) -> list[Event]:
    counted = [event for event in row if event.counter is not None]
    counted.sort(key=lambda event: (event.counter, *_rank(event)))
    plain = [event for event in row if event.counter is None]
    merged: list[Event] = []
    i = 0
    for event in counted:
        while i < len(plain) and _rank(plain[i]) < _rank(event):
            merged.append(plain[i])
            i += 1
        merged.append(event)
    return merged + plain[i:]


def from_tag(tag: Tag, name: TagName, version: str) -> Event:
    """The event that a tag makes. version: what the fold found an (un)assignment to mean."""
    return Event(
        name.artifact,
        name.kind,
        version,
        name.stage,
        name.counter,
        tag.commit,
        tag.when,
        tag.tagger,
        tag.message,
        tag.name,
        tag.oid,
        tag.signature,
    )


def version_trailer(message: str) -> str:
    """The value of the last `Version:` trailer in a tag's message, "" where there is none."""
    found = ""
    if "ersion:" not in message:
        return found
    for line in message.rsplit("\n\n", 1)[-1].splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() == "version":
            found = value.strip()
    return found
