"""Events of one second whose order matters: there GTO, which knows the time alone, may differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from sitegen.errors import Problem
from sitegen.registry.events import Event
from sitegen.registry.state import Registry

SOME_TAGS = 5
"""How many tags a problem names; a script may make thousands in one second."""


def find_ties(registry: Registry, repo: str = "") -> tuple[Problem, ...]:
    """A problem for every tag that shares its second with another one about the same thing.

    The same thing is a stage of the artifact, a version of it, or, for a deprecation, all of it:
    what else happens in one second (a registration and the first assignment) has one outcome.
    """
    return tuple(
        Problem(
            repo,
            event.tag,
            "",
            f"it was made in the same second as {_named(others)}; they are ordered by counter "
            "and kind, and GTO may order them otherwise",
            "nothing needs to be done here; for GTO, say again what is to hold",
            "tag.same-second",
        )
        for artifact in registry.artifacts.values()
        for event, others in _tied(artifact.events)
    )


def _tied(events: Sequence[Event]) -> Iterator[tuple[Event, list[str]]]:
    for second, group in groupby(events, key=lambda e: e.when.seconds if e.when else None):
        row = list(group)
        if second is None or len(row) < 2:
            continue
        for event in row:
            others = (o.tag for o in row if o is not event and _about_the_same(o, event))
            if some := list(islice(others, SOME_TAGS + 1)):
                yield event, some


def _named(tags: Sequence[str]) -> str:
    more = " and others" if len(tags) > SOME_TAGS else ""
    return f"{', '.join(tags[:SOME_TAGS])}{more}"


def _about_the_same(a: Event, b: Event) -> bool:
    if "deprecation" in (a.kind, b.kind):
        return True
    if a.stage or b.stage:
        return a.stage == b.stage
    return a.version == b.version
