"""The texts of repositories' model cards to HTML, each once, and the files of their images.

One bounded process converts them all, one after the other. What it cannot convert is shown as
text, and so is the rest of a repository whose cards take far longer than honest ones would: many
that are each stopped in time must not add up to minutes.
"""

from __future__ import annotations

import hashlib
import posixpath
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from sitegen.errors import Problem
from sitegen.registry.facts import Card, RepositoryFacts
from sitegen.render.markup import Around, Untrusted, as_text
from sitegen.site import urls
from sitegen.site.build import Source
from sitegen.site.cards import COMMIT, PREFIX, ROOT, Cards, OwnCard, card_of
from sitegen.site.links import repository_links
from sitegen.site.plots import IMAGE_ENDINGS

SPARE_SECONDS = 5.0
"""How long the cards of one repository may take, beyond what is fair for each, all together."""

# Far more than any text takes that is not made to take long, on a machine that is busy with others.
_FAIR_SECONDS = 0.25
_FAIR_SECONDS_PER_BYTE = 20e-6


class CardTexts(msgspec.Struct, frozen=True):
    """What became of the cards. pictures: path in the site -> bytes. problems: sorted."""

    cards: Cards
    pictures: Mapping[str, bytes] = {}
    problems: tuple[Problem, ...] = ()


def convert_cards(
    sources: Sequence[Source],
    own: Mapping[tuple[str, str], OwnCard],
    *,
    spare: float = SPARE_SECONDS,
    converter: Untrusted | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> CardTexts:
    """The cards of every version that is shown, less those for which the author's own counts.

    converter: another than one with the usual limits; it is closed in the end. clock: seconds.
    """
    html: dict[str, dict[Card, str]] = {}
    pictures: dict[str, bytes] = {}
    problems: set[Problem] = set()
    with converter or Untrusted() as bounded:
        for source in sources:
            texts = _Texts(source.facts, bounded, spare, clock)
            for card, commit in _shown(source, Cards(own)):
                texts.convert(card, commit)
            html[source.facts.name] = texts.html
            pictures |= texts.pictures
            problems |= texts.problems
    return CardTexts(Cards(own, html), pictures, tuple(sorted(problems)))


def _shown(source: Source, cards: Cards) -> Iterator[tuple[Card, str]]:
    """Each card of a repository once, with the commit of the greatest version that has it."""
    seen: set[Card] = set()
    for artifact in source.registry.artifacts.values():
        for version in artifact.versions:
            chosen = card_of(source.facts, cards, artifact.name, version.commit)
            if chosen is None or chosen.own or chosen.card.note or chosen.card in seen:
                continue
            seen.add(chosen.card)
            yield chosen.card, version.commit


class _Texts:
    """The cards of one repository, as they are converted."""

    def __init__(
        self,
        facts: RepositoryFacts,
        converter: Untrusted,
        spare: float,
        clock: Callable[[], float],
    ) -> None:
        self.html: dict[Card, str] = {}
        self.pictures: dict[str, bytes] = {}
        self.problems: set[Problem] = set()
        self._facts = facts
        self._files = repository_links(facts.url, facts.web).file_shape(COMMIT)
        self._converter = converter
        self._spare = spare
        self._clock = clock
        self._stopped = False
        self._published: dict[str, tuple[str, int, int]] = {}

    def convert(self, card: Card, commit: str) -> None:
        text = self._facts.texts.get(card.oid, "")
        if self._spare <= 0:
            self.html[card] = as_text(text)
            if not self._stopped:
                self._stopped = True
                self._tell(
                    card, commit, "card.limit",
                    "the model cards of this repository take far too long to convert; this one and "
                    "those after it are shown as text",
                )  # fmt: skip
            return
        pictures = {
            path: found
            for path, blob in card.pictures
            if (found := self._picture(blob)) is not None
        }
        around = Around(PREFIX, posixpath.dirname(card.path), self._files, pictures)
        self._converter.start()
        start = self._clock()
        rendered = self._converter.render(text, around)
        fair = _FAIR_SECONDS + _FAIR_SECONDS_PER_BYTE * len(text)
        self._spare -= max(self._clock() - start - fair, 0)
        self.html[card] = rendered.html
        if rendered.reason:
            reason = f"the model card is shown as text: {rendered.reason}"
            self._tell(card, commit, "card.text", reason)

    def _picture(self, blob: str) -> tuple[str, int, int] | None:
        """The address, with the mark `ROOT`, and the size of an image; it is then published."""
        if blob not in self._published:
            found = self._facts.pictures.get(blob)
            if found is None:
                return None
            digest = hashlib.sha256(found.data).hexdigest()[:32]
            path = urls.picture(digest, IMAGE_ENDINGS[found.media_type])
            self.pictures[path] = found.data
            self._published[blob] = (ROOT + path, found.width, found.height)
        return self._published[blob]

    def _tell(self, card: Card, commit: str, kind: str, reason: str) -> None:
        remedy = "simplify the Markdown: less nesting, smaller tables, fewer brackets"
        self.problems.add(Problem(self._facts.name, commit, card.path, reason, remedy, kind))
