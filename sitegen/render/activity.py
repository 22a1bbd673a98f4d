"""All events, newest first, cut into pages; and the older pages' events for the browser.

The newest page lists what happened between two days, of which older pages may hold some: each of
these has a script with the same events, as `columnar` writes them. It is loaded when it is asked
for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.render.columnar import distinct, script, sparse
from sitegen.render.day import KINDS
from sitegen.site import urls
from sitegen.site.model import EventView, Site

EVENTS_A_PAGE = 500
"""The newest page of events holds up to twice as many."""

DATA = "data/activity"


class EventPage(msgspec.Struct, frozen=True):
    """The events of a page, newest first. older, newer: the pages beside it, "" for none."""

    path: str
    events: tuple[EventView, ...]
    older: str
    newer: str


def event_pages(site: Site) -> list[EventPage]:
    """The newest events on a page of their own name, older ones on numbered pages, oldest first.

    Pages are cut from the oldest event on, so a new event changes the newest page alone.
    """
    events = site.events[::-1]
    full = max(len(events) // EVENTS_A_PAGE - 1, 0)
    cuts = [*range(0, full * EVENTS_A_PAGE, EVENTS_A_PAGE), full * EVENTS_A_PAGE]
    paths = [urls.older_activity(i + 1) for i in range(full)] + [urls.ACTIVITY]
    return [
        EventPage(
            path,
            events[start : cuts[i + 1] if i < full else len(events)][::-1],
            paths[i - 1] if i else "",
            paths[i + 1] if i < full else "",
        )
        for i, (start, path) in enumerate(zip(cuts, paths, strict=True))
    ]


def spans(pages: list[EventPage]) -> list[tuple[int, int]]:
    """Of each older page its oldest and its newest second, -1 for no date: [(oldest, newest)]."""
    return [(page.events[-1].when.seconds, page.events[0].when.seconds) for page in pages[:-1]]


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The scripts of the older pages: (path, bytes)."""
    for number, page in enumerate(event_pages(site)[:-1]):
        chunk = {"number": number, **_columns(page.events)}
        yield f"{DATA}/{number}.js", script("older", "take", chunk)


def _columns(events: tuple[EventView, ...]) -> dict[str, Any]:
    """Events by column, each but the first ones as `columnar.distinct` gives them.

    count: of events. kinds: a digit each, its place in `day.KINDS`. messages: place -> message.
    when: Unix seconds and the source's offset; [-1, ""] without a date. model: its name, repository
    and page. version: as shown, and its page. stage: its name and hue, or null. commit: its id and
    web address.
    """
    return {
        "count": len(events),
        "kinds": "".join(str(KINDS.index(event.kind)) for event in events),
        "when": distinct([[event.when.seconds, event.when.iso[19:]] for event in events]),
        "model": distinct([[event.artifact, event.repo, event.model_url] for event in events]),
        "version": distinct([[event.version, event.version_url] for event in events]),
        "stage": distinct(
            [event.stage and [event.stage.name, event.stage.hue] for event in events]
        ),
        "author": distinct([event.author for event in events]),
        "commit": distinct([[event.commit, event.commit_href] for event in events]),
        "messages": sparse([event.message for event in events]),
    }
