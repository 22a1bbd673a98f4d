"""What a model's page says of its past: events for the browser's fold, and the stages' timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from sitegen.registry import versions
from sitegen.registry.events import Event, version_trailer
from sitegen.registry.facts import Moment
from sitegen.registry.state import Artifact
from sitegen.registry.timeline import Stay, stays
from sitegen.site.parts import StageView, When
from sitegen.site.text import visible, when

MOST_STAYS = 200
"""How many bars a lane has; more could not be told apart, and a page would be megabytes."""

_DAY = 86_400
_MOST_TICKS = 7
_LATEST_START = 98.5
_TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_TICK_DAYS = (1, 2, 7, 14)


class RecordView(msgspec.Struct, frozen=True, gc=False):
    """One event, as the browser needs it to fold the registry of a day.

    version: of a registration or deregistration; which version another event means depends on the
    day, and is found by its commit. seconds: Unix time, -1 without a valid date. offset: the
    source's, "+01:00", "" without a date. trailer: the version that an (un)assignment's message
    names, "" for none.
    """

    kind: str
    version: str
    stage: str
    commit: str
    seconds: int
    offset: str
    author: str
    trailer: str


class StayView(msgspec.Struct, frozen=True):
    """A version that held a stage for a time. x, width: in per cent of the timeline.

    url: of its version's page. end: None where it holds the stage still. lasted: "33 days".
    """

    version: str
    url: str
    x: str
    width: str
    start: When
    end: When | None
    lasted: str
    author: str


class LaneView(msgspec.Struct, frozen=True):
    """A stage of the timeline and who held it, oldest first. cut: how many older ones there are."""

    stage: StageView
    stays: tuple[StayView, ...]
    cut: int = 0


class TimelineView(msgspec.Struct, frozen=True):
    """Which version was in which stage when. ticks: (x in per cent, "Mar 2026"), at most eight."""

    start: When
    end: When
    lanes: tuple[LaneView, ...]
    ticks: tuple[tuple[str, str], ...]


def record_views(artifact: Artifact) -> tuple[RecordView, ...]:
    """The artifact's events, oldest first."""
    return tuple(
        RecordView(
            event.kind,
            "" if event.stage else event.version,
            event.stage,
            event.commit,
            event.when.seconds if event.when else -1,
            _offset(event.when.offset) if event.when else "",
            visible(event.author.name) if event.author else "",
            version_trailer(event.message) if event.stage else "",
        )
        for event in artifact.events
    )


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def timeline_view(
    artifact: Artifact,
    stages: Mapping[str, StageView],
    today: Moment | None,
    url_of: Callable[[str], str],
) -> TimelineView | None:
    """The timeline, until today or the last event; None where no version was ever in a stage."""
    found = stays(artifact)
    dated = [event.when for event in artifact.events if event.when]
    if not found or not dated:
        return None
    first, last = min(dated), max((*dated, *([today] if today else [])))
    span = max(last.seconds - first.seconds, _DAY)
    end = Moment(first.seconds + span, last.offset)

    def place(seconds: int) -> float:
        return 100 * (seconds - first.seconds) / span

    def view(stay: Stay) -> StayView:
        start = _seconds(stay.start, first)
        until = _seconds(stay.end, first) if stay.end else end.seconds
        # What began just now has to be seen too.
        x = place(start) if stay.end else min(place(start), _LATEST_START)
        return StayView(
            visible(stay.version) if versions.is_version(stay.version) else stay.version[:7],
            url_of(stay.version),
            _text(x),
            _text(place(until) - x),
            when(stay.start.when),
            when(stay.end.when) if stay.end else None,
            _lasted(until - start),
            visible(stay.start.author.name) if stay.start.author else "",
        )

    def lane(stage: str) -> LaneView:
        here = [stay for stay in found if stay.stage == stage]
        shown = here[-MOST_STAYS:]
        return LaneView(stages[stage], tuple(map(view, shown)), len(here) - len(shown))

    lanes = tuple(lane(stage) for stage in stages if any(stay.stage == stage for stay in found))
    ticks = tuple(
        (_text(place(seconds)), text) for seconds, text in _ticks(first.seconds, end.seconds)
    )
    return TimelineView(when(first), when(end), lanes, ticks)


def _seconds(event: Event, first: Moment) -> int:
    """An event's second; what has no date stands at the beginning."""
    return event.when.seconds if event.when else first.seconds


def _text(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".")


def _lasted(seconds: int) -> str:
    days = seconds // _DAY
    if days < 1:
        return "less than a day"
    return f"{days} day{'' if days == 1 else 's'}"


def _ticks(start: int, end: int) -> Sequence[tuple[int, str]]:
    """Days or months within the timeline, in UTC: (Unix time, text)."""
    days = (end - start) // _DAY
    first = datetime.fromtimestamp(start, UTC).date()
    last = datetime.fromtimestamp(end, UTC).date()
    every = next((n for n in _TICK_DAYS if days / n <= _MOST_TICKS), 0)
    if every:
        steps = range(1, (last - first).days + 1, every)
        return [_tick(first + timedelta(days=n), "{0.day} {1}") for n in steps]
    months = (last.year - first.year) * 12 + last.month - first.month
    decades = (months // (_MOST_TICKS * 120) + 1) * 120
    every = next((n for n in _TICK_MONTHS if months / n <= _MOST_TICKS), decades)
    begin = first.year * 12 + first.month  # the month after the first one, counted from 0
    begin += -begin % every
    return [
        _tick(date(n // 12, n % 12 + 1, 1), "{0.year}" if every >= 12 else "{1} {0.year}")
        for n in range(begin, last.year * 12 + last.month, every)
    ]


def _tick(day: date, shape: str) -> tuple[int, str]:
    seconds = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    month = when(Moment(seconds)).text.split()[1]
    return seconds, shape.format(day, month)
