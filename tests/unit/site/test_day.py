from datetime import UTC, datetime
from itertools import pairwise

import msgspec
import pytest

from sitegen.registry.facts import Moment
from sitegen.site import day
from sitegen.site.build import Settings, build_site
from sitegen.site.day import RecordView, TimelineView
from sitegen.site.model import ModelView
from tests.facts import oid, source, tag

YEAR = 365 * 86_400
START = int(datetime(2025, 1, 15, tzinfo=UTC).timestamp())


def model(*tags: tuple[str, str, int | None], today: int = 0, message: str = "") -> ModelView:
    made = [tag(name, commit, at, message) for name, commit, at in tags]
    settings = Settings(generated=Moment(today) if today else None)
    return build_site([source(*made)], settings).models[0]


def timeline(*tags: tuple[str, str, int | None], today: int = 0) -> TimelineView:
    found = model(*tags, today=today).timeline
    assert found is not None
    return found


def test_the_record_tells_events_oldest_first() -> None:
    found = model(
        ("m#dev#1", "a", 3), ("m@v1.0.0", "a", None), ("m@deprecated", "a", 5),
        message="Ship\n\nVersion: v1.0.0",
    )  # fmt: skip
    assert found.record == (
        RecordView("registration", "v1.0.0", "", oid("a"), -1, "", "Ada", ""),
        RecordView("assignment", "", "dev", oid("a"), 3, "+00:00", "Ada", "v1.0.0"),
        RecordView("deprecation", "", "", oid("a"), 5, "+00:00", "Ada", ""),
    )


def test_stays_share_the_time_from_the_first_event_until_today() -> None:
    found = timeline(
        ("m@v1.0.0", "a", START), ("m#prod#1", "a", START + YEAR // 4), ("m@v2.0.0", "b", START),
        ("m#prod#2", "b", START + YEAR // 2), ("m#dev#3", "c", START), today=START + YEAR,
    )  # fmt: skip
    assert (found.start.seconds, found.end.seconds) == (START, START + YEAR)
    dev, prod = found.lanes
    assert (dev.stage.name, prod.stage.name) == ("dev", "prod")
    assert [(s.version, s.x, s.width, s.end is None) for s in prod.stays] == [
        ("v1.0.0", "25", "25", False),
        ("v2.0.0", "50", "50", True),
    ]
    assert [s.lasted for s in prod.stays] == ["91 days", "182 days"]
    assert prod.stays[0].url == "models/repo/m/v1.0.0.html"
    assert (dev.stays[0].version, dev.stays[0].x) == (oid("c")[:7], "0")


def test_without_stages_there_is_no_timeline() -> None:
    assert model(("m@v1.0.0", "a", 3)).timeline is None
    assert model(("m#dev#1", "a", None)).timeline is None


def test_a_registry_of_one_second_has_a_timeline_of_a_day() -> None:
    found = timeline(("m#dev#1", "a", START))
    assert found.end.seconds - found.start.seconds == 86_400
    assert found.lanes[0].stays[0].width == "100"
    assert found.lanes[0].stays[0].lasted == "1 day"


def test_what_began_just_now_has_a_bar_that_can_be_seen() -> None:
    (lane,) = timeline(("m@v1.0.0", "a", START), ("m#dev#1", "a", START + YEAR)).lanes
    assert [(stay.x, stay.width) for stay in lane.stays] == [("98.5", "1.5")]


def test_a_lane_has_the_newest_stays_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "MOST_STAYS", 2)
    tags = [(f"m#dev#{n}", f"c{n}", START + n * 86_400) for n in range(5)]
    (lane,) = timeline(*tags).lanes
    assert [stay.version for stay in lane.stays] == [oid("c3")[:7], oid("c4")[:7]]
    assert lane.cut == 3


def test_an_event_without_a_date_stands_at_the_beginning() -> None:
    found = timeline(("m#dev#1", "a", None), ("m#dev#2", "b", START), today=START + YEAR)
    assert [stay.x for stay in found.lanes[0].stays] == ["0", "0"]
    assert found.lanes[0].stays[0].start.text == "invalid date"
    assert found.lanes[0].stays[0].lasted == "less than a day"


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (1, "16 Jan"), (6, "16 Jan"), (30, "16 Jan"), (90, "16 Jan"), (200, "Feb 2025"),
        (400, "Mar 2025"), (800, "Jul 2025"), (2500, "2026"), (5000, "2026"), (40_000, "2040"),
    ],
)  # fmt: skip
def test_ticks_are_few_and_in_order(days: int, first: str) -> None:
    ticks = timeline(("m#dev#1", "a", START), today=START + days * 86_400).ticks
    assert ticks[0][1] == first
    assert 1 <= len(ticks) <= 8
    places = [float(x) for x, _ in ticks]
    assert all(a < b for a, b in pairwise(places)) and places[0] >= 0 and places[-1] <= 100


@pytest.mark.parametrize(("offset", "text"), [(0, "+00:00"), (-270, "-04:30"), (765, "+12:45")])
def test_a_record_keeps_the_sources_offset(offset: int, text: str) -> None:
    made = msgspec.structs.replace(tag("m@v1.0.0", at=START), when=Moment(START, offset))
    (record,) = build_site([source(made)], Settings()).models[0].record
    assert record.offset == text
