"""All events in pages, and the older pages' events for the browser."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from sitegen.render import activity
from sitegen.site.model import Site
from tests.unit.render import views


def site_of(count: int) -> Site:
    events = tuple(views.event(number) for number in reversed(range(count)))
    return msgspec.structs.replace(views.site(), events=events)


def read(script: bytes) -> dict[str, Any]:
    text = script.decode()
    start = "window.sitegen.older.take("
    assert text.startswith(start) and text.endswith(");\n")
    value: dict[str, Any] = json.loads(json.loads(text[len(start) : -3]))
    return value


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "EVENTS_A_PAGE", 3)


def test_each_event_is_on_one_page_newest_first() -> None:
    site = site_of(10)
    pages = activity.event_pages(site)
    assert [page.path for page in pages] == ["activity/1.html", "activity/2.html", "activity.html"]
    assert [event for page in reversed(pages) for event in page.events] == list(site.events)
    assert [(page.older, page.newer) for page in pages] == [
        ("", "activity/2.html"), ("activity/1.html", "activity.html"), ("activity/2.html", ""),
    ]  # fmt: skip
    seconds = [event.when.seconds for event in site.events]
    assert activity.spans(pages) == [(seconds[9], seconds[7]), (seconds[6], seconds[4])]


def test_older_pages_have_their_events_as_data() -> None:
    site = site_of(7)
    ((path, script),) = activity.data_files(site)
    assert path == "data/activity/0.js"
    chunk = read(script)
    assert (chunk["number"], chunk["count"], chunk["kinds"]) == (0, 3, "000")
    assert chunk["when"] == [
        [
            [event.when.seconds, "+01:00"]
            for event in (views.event(2), views.event(1), views.event(0))
        ]
    ]
    assert chunk["model"] == [[["good", "demo", "models/demo/good.html"]], [0, 0, 0]]
    assert chunk["messages"] == {
        "0": "the reason for good",
        "1": "the reason for good",
        "2": "the reason for good",
    }


def test_what_is_said_of_a_stage_and_of_no_date_is_kept() -> None:
    assigned = msgspec.structs.replace(views.event(0, kind="assignment"), when=views.NEVER)
    events = (*site_of(6).events, assigned)
    ((_, script),) = activity.data_files(msgspec.structs.replace(views.site(), events=events))
    chunk = read(script)
    assert chunk["kinds"] == "002"
    assert chunk["stage"] == [[None, None, ["prod", 2]]]
    assert chunk["when"][0][-1] == [-1, ""]


def test_without_older_pages_there_is_no_such_data() -> None:
    assert list(activity.data_files(site_of(5))) == []
    assert activity.spans(activity.event_pages(site_of(0))) == []


def test_what_attacks_cannot_end_its_script() -> None:
    evil = tuple(views.event(number, views.EVIL) for number in reversed(range(7)))
    ((_, script),) = activity.data_files(msgspec.structs.replace(views.site(), events=evil))
    assert b"</script" not in script and b"<!--" not in script
    assert read(script)["model"][0][0][0] == views.EVIL
