"""Atom feeds: valid, dated by events alone, with stable ids."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec

from sitegen.render.feeds import LONGEST, NEVER, feeds
from sitegen.site import urls
from sitegen.site.model import Site
from tests.unit.render import views

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(site: Site) -> dict[str, ET.Element]:
    return {path: ET.fromstring(data) for path, data in feeds(site)}


def texts(element: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path.replace("a:", ATOM))]


def test_there_is_a_feed_of_the_registry_and_one_of_each_model() -> None:
    site = views.site(views.model("good"), views.model("other"))
    found = parsed(site)
    assert set(found) == {urls.FEED, *(model.feed for model in site.models)}
    model = found[urls.model_feed("demo", "good")]
    assert texts(model, "a:entry/a:title") == [
        "good v1.0.0 assigned to prod",
        "good v1.0.0 registered",
    ]
    assert texts(model, "a:updated") == ["2026-03-02T14:05:33+01:00"]


def test_every_feed_and_entry_has_what_the_standard_asks_for() -> None:
    for feed in parsed(views.site()).values():
        for element in [feed, *feed.findall(f"{ATOM}entry")]:
            for name in ("id", "title", "updated", "author"):
                assert len(element.findall(ATOM + name)) == 1, name
            assert texts(element, "a:id")[0].startswith("urn:uuid:")
            assert texts(element, "a:author/a:name")[0]
        identities = texts(feed, "a:entry/a:id")
        assert len(set(identities)) == len(identities) == 2


def test_links_are_relative_without_a_base_url_and_absolute_with_one() -> None:
    def links(base_url: str) -> list[str | None]:
        feed = parsed(views.site(base_url=base_url))[urls.model_feed("demo", "good")]
        return [link.get("href") for link in feed.iter(f"{ATOM}link")]

    page, version = urls.model("demo", "good"), urls.version("demo", "good", "v1.0.0")
    up, base = "../../../../", "https://example.com/portal/"
    assert links("") == [up + page, up + version, up + version]
    assert links(base) == [
        base + urls.model_feed("demo", "good"), base + page, base + version, base + version,
    ]  # fmt: skip


def test_an_entry_has_the_same_id_in_every_portal_and_feed() -> None:
    one, other = parsed(views.site()), parsed(views.site(base_url="https://example.com/"))
    every = [texts(feed, "a:entry/a:id") for found in (one, other) for feed in found.values()]
    assert all(identities == every[0] for identities in every)
    assert texts(one[urls.FEED], "a:id") != texts(other[urls.FEED], "a:id")


def test_only_the_newest_entries_are_in_a_feed_newest_first() -> None:
    events = tuple(
        msgspec.structs.replace(
            views.event(1),
            tag=f"t{i}",
            when=msgspec.structs.replace(views.day(1), seconds=i),
        )
        for i in range(300)
    )
    feed = parsed(msgspec.structs.replace(views.site(), events=events))[urls.FEED]
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == LONGEST
    assert "tag t299," in texts(entries[0], "a:content")[0]


def test_events_without_a_valid_date_are_left_out_and_an_empty_feed_is_still_valid() -> None:
    lost = msgspec.structs.replace(views.event(1), when=views.NEVER)
    site = msgspec.structs.replace(views.site(), events=(lost,))
    assert texts(parsed(site)[urls.FEED], "a:updated") == [views.day(3).iso]
    assert texts(parsed(site)[urls.FEED], "a:entry/a:id") == []
    empty = msgspec.structs.replace(site, generated=None)
    assert texts(parsed(empty)[urls.FEED], "a:updated") == [NEVER]


def test_markup_and_control_characters_stay_text() -> None:
    bad = views.EVIL + "\x00\x1b\ufffe\udcff]]>"
    event = msgspec.structs.replace(
        views.event(1), artifact=bad, author=bad, message=bad, tag=bad, repo=bad, version_url=bad
    )
    site = msgspec.structs.replace(views.site(), events=(event,), title=bad)
    data = dict(feeds(site))[urls.FEED]
    assert b"<img" not in data
    assert b"<script" not in data
    feed = ET.fromstring(data)
    clean = views.EVIL + "\ufffd\ufffd\ufffd\ufffd]]>"
    assert texts(feed, "a:title") == [clean]
    assert texts(feed, "a:entry/a:author/a:name") == [clean]
    assert {element.tag.removeprefix(ATOM) for element in feed.iter()} == {
        "feed", "id", "title", "updated", "link", "author", "name", "generator", "entry",
        "category", "content",
    }  # fmt: skip
