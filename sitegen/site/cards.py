"""Model cards as people read them: whose card counts, its facts, and where its text stands.

A card's HTML is made once for all versions that have it, so what differs from page to page has a
mark in it, which `card_html` fills in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.registry.facts import Card, RepositoryFacts
from sitegen.site.links import RepositoryLinks, file_of
from sitegen.site.model import ModelView, VersionView
from sitegen.site.parts import CardFactView, CardView, ResultView
from sitegen.site.text import visible

PREFIX = "card-"
"""Begins every id of a card's HTML."""

ROOT = "~sitegen-root~/"
"""Stands for the way from the page to the site's root."""

COMMIT = "~sitegen-commit~"
"""Stands for the version's commit, in links to the Git host."""

AS_TEXT = '<pre class="source">'
"""Begins the HTML of a text that could not be converted: of what was converted no class stays."""

REPEATED = 32 * 1024
"""Characters of HTML up to which a card stands on the page of every version that has it."""

TITLES = {
    "license": "License",
    "license_name": "License name",
    "license_link": "License text",
    "base_model": "Base model",
    "datasets": "Datasets",
    "language": "Language",
    "library_name": "Library",
    "pipeline_tag": "Task",
    "tags": "Tags",
    "metrics": "Metrics",
}

# What is longer is better folded: characters, lines, and the height of a line in pixels.
_LONG = 2_500
_LONG_LINES = 40
_LINE = 20


class OwnCard(msgspec.Struct, frozen=True):
    """A model card of the author's, out of `content/`.

    card: its path is relative to `content/`. text: its Markdown. html: with the mark `ROOT` in it.
    """

    card: Card
    text: str
    html: str


class Cards(msgspec.Struct, frozen=True):
    """What is known of cards beside the facts.

    own: (repository, artifact) -> the author's card, which counts before any of the repository.
    html: repository -> card -> its HTML with the marks `ROOT` and `COMMIT` in it.
    """

    own: Mapping[tuple[str, str], OwnCard] = {}
    html: Mapping[str, Mapping[Card, str]] = {}


class Chosen(msgspec.Struct, frozen=True):
    """The card of one version.

    own: whether it is the author's. text, html: as in the above. tall: the heights of its images
    together, in pixels.
    """

    card: Card
    own: bool
    text: str
    html: str
    tall: int = 0


def card_of(facts: RepositoryFacts, cards: Cards, artifact: str, commit: str) -> Chosen | None:
    """The card that counts for the version of `artifact` at `commit`, None without one.

    What the repository's annotation names counts first, then the author's own, then what else
    there is in the repository.
    """
    own = cards.own.get((facts.name, artifact))
    found = facts.cards.get(commit, {}).get(artifact)
    if own is not None and not (found and found.named):
        return Chosen(own.card, True, own.text, own.html)
    if found is None:
        return None
    html = cards.html.get(facts.name, {}).get(found, "")
    pictures = (facts.pictures.get(blob) for _, blob in found.pictures)
    tall = sum(picture.height for picture in pictures if picture is not None)
    return Chosen(found, False, facts.texts.get(found.oid, ""), html, tall)


def card_view(chosen: Chosen | None, links: RepositoryLinks, commit: str) -> CardView | None:
    """The card of one version as shown. commit: the version's own."""
    if chosen is None:
        return None
    card = chosen.card
    text = chosen.text
    return CardView(
        own=chosen.own,
        path=visible(card.path),
        href="" if chosen.own else links.blob(commit, card.path),
        digest=card.oid[:7],
        facts=tuple(
            CardFactView(
                TITLES[key],
                tuple(visible(value) for value in values),
                _license_href(chosen, values[0], links, commit) if key == "license_link" else "",
            )
            for key, values in card.facts
        ),
        results=tuple(ResultView(*map(visible, row)) for row in card.results),
        note=card.note,
        long=len(text) > _LONG or text.count("\n") + chosen.tall // _LINE > _LONG_LINES,
        html=chosen.html,
        plain=chosen.html.startswith(AS_TEXT),
    )


def _license_href(chosen: Chosen, value: str, links: RepositoryLinks, commit: str) -> str:
    if value.endswith("…"):
        return ""
    if value.startswith(("https://", "http://")):
        return value
    path = file_of(value, posixpath.dirname(chosen.card.path))
    return links.blob(commit, path) if path and not chosen.own else ""


def card_html(view: CardView | None, root: str, commit: str) -> str:
    """The HTML of a card for one page. root: the way to the site's root. commit: the version's."""
    return view.html.replace(ROOT, root).replace(COMMIT, commit) if view else ""


def own_pages(models: Iterable[ModelView]) -> dict[str, str]:
    """Path of an author's card, relative to `content/` -> the page of the model that shows it."""
    found: dict[str, str] = {}
    for model in models:
        for version in model.versions:
            if version.card is not None and version.card.own:
                found.setdefault(version.card.path, model.url)
    return found


def without_repeats(views: Sequence[VersionView]) -> tuple[VersionView, ...]:
    """The versions of a model with each very long card on the page of one of them alone.

    That is the latest, which the model's page shows too, else the first that has it.
    """
    holders: dict[str, VersionView] = {}
    for view in sorted(views, key=lambda view: not view.latest):
        if view.card is not None and len(view.card.html) > REPEATED:
            holders.setdefault(view.card.html, view)
    return tuple(_elsewhere(view, holders) for view in views)


def _elsewhere(view: VersionView, holders: Mapping[str, VersionView]) -> VersionView:
    card = view.card
    holder = holders.get(card.html) if card else None
    if card is None or holder is None or holder is view:
        return view
    card = msgspec.structs.replace(card, html="", elsewhere=holder.label, elsewhere_url=holder.url)
    return msgspec.structs.replace(view, card=card)
