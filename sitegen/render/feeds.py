"""Atom feeds (RFC 4287) of what happened: one of the whole registry, one of each model."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from sitegen.site import urls
from sitegen.site.model import EventView, ModelView, Site

LONGEST = 200
"""Entries of a feed; older ones are on the activity page."""

NEVER = "1970-01-01T00:00:00+00:00"
"""Atom wants a date even of a feed without entries, where the input has none."""

_ATOM = "http://www.w3.org/2005/Atom"
_SPACE = uuid.UUID("6a7c2b57-5c0f-5e52-9d3d-0d8f2c1f3a10")

# XML 1.0 cannot hold these in any spelling.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feeds(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every feed: (path, bytes)."""
    yield urls.FEED, _feed(site, urls.FEED, site.title, urls.ACTIVITY, site.events)
    for model in site.models:
        yield (
            model.feed,
            _feed(site, model.feed, _model_title(site, model), model.url, model.events),
        )


def _model_title(site: Site, model: ModelView) -> str:
    return f"{model.name} ({model.repo}) - {site.title}"


def _feed(site: Site, path: str, title: str, page: str, events: Iterable[EventView]) -> bytes:
    """Newest first. An event without a valid date has no place in a feed, which orders by dates."""
    root = site.base_url or urls.root(path)
    dated = sorted(
        (event for event in events if event.when.iso), key=lambda event: -event.when.seconds
    )[:LONGEST]
    feed = Element("feed", xmlns=_ATOM)
    _text(feed, "id", _identity("feed", site.base_url or site.title, path))
    _text(feed, "title", title)
    newest = dated[0].when.iso if dated else site.generated.iso if site.generated else ""
    _text(feed, "updated", _utc(newest) if newest else NEVER)
    if site.base_url:
        SubElement(feed, "link", rel="self", type="application/atom+xml", href=_href(root, path))
    SubElement(feed, "link", rel="alternate", type="text/html", href=_href(root, page))
    _text(SubElement(feed, "author"), "name", site.title)
    _text(feed, "generator", "sitegen")
    for event in dated:
        feed.append(_entry(event, root))
    return bytes(tostring(feed, "utf-8", xml_declaration=True)) + b"\n"


def _entry(event: EventView, root: str) -> Element:
    entry = Element("entry")
    # The same action has the same id in every portal and feed.
    key = (event.repo, event.tag, event.commit, event.artifact, event.kind, event.when.iso)
    _text(entry, "id", _identity("event", *key))
    _text(entry, "title", headline(event))
    _text(entry, "updated", _utc(event.when.iso))
    SubElement(
        entry, "link", rel="alternate", type="text/html",
        href=_href(root, event.version_url or event.model_url),
    )  # fmt: skip
    _text(SubElement(entry, "author"), "name", event.author or "unknown")
    SubElement(entry, "category", term=event.kind)
    said = [event.message, f"Repository {event.repo}, tag {event.tag}, commit {event.commit}"]
    _text(entry, "content", "\n\n".join(part for part in said if part))
    return entry


def headline(event: EventView) -> str:
    """An event as a line: "churn v1.0.0 assigned to prod"."""
    what = " ".join(part for part in (event.artifact, event.version, event.verb) if part)
    if event.stage is None:
        return what
    return f"{what} {'from' if event.kind == 'unassignment' else 'to'} {event.stage.name}"


def _utc(iso: str) -> str:
    """RFC 3339 wants seconds and a zone; `When.iso` has both, and Python writes them alike."""
    return datetime.fromisoformat(iso).isoformat(timespec="seconds")


def _identity(*parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, chr(0).join(parts).encode('utf-8', 'replace').decode())}"


def _href(root: str, path: str) -> str:
    return root + quote(path, safe="/#~", errors="replace")


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _NOT_XML.sub("\ufffd", text)
