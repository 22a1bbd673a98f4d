"""The model cards of many commits, and the images that they name: found, then read in bulk.

A card belongs to a version's own commit. Most commits leave it as it was, so each is read once for
each distinct blob, and so is each image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.files import Entry, Files, path_parts
from sitegen.gitio.trees import FILE, LINK
from sitegen.pipeline.details import Report
from sitegen.pipeline.pictures import read_pictures
from sitegen.readers.card import (
    NAMED_BY,
    Place,
    ReadCard,
    card_places,
    named_card,
    read_card,
)
from sitegen.registry import names
from sitegen.registry.facts import Annotation, Card, Picture

LARGEST = 1024 * 1024
"""Bytes of a model card that is read."""

Said = Mapping[str, Sequence[Annotation]]
Found = dict[str, dict[str, ReadCard]]


class Cards:
    """The cards of one repository; `read` fills cards, texts and pictures as in RepositoryFacts.

    trees: commit -> tree, in the order in which a problem's first commit is meant.
    """

    def __init__(self, files: Files, trees: Mapping[str, str], repo: str) -> None:
        self.cards: dict[str, dict[str, Card]] = {}
        self.texts: dict[str, str] = {}
        self.pictures: dict[str, Picture] = {}
        self._files = files
        self._trees = trees
        self._repo = repo
        self._problems: dict[Problem, dict[str, None]] = {}

    def read(self, said: Said, annotations: Said, reported: Report) -> None:
        """said: commit -> an annotation of each artifact that matters there; an empty one where
        none says anything. annotations: all that there are. reported: gets what is wrong."""
        found = self.find(said, annotations)
        images = {
            commit: tuple(dict.fromkeys(path for one in here.values() for path in one.images))
            for commit, here in found.items()
        }
        shown, self.pictures = read_pictures(self._files, self._trees, images, self._tell_picture)
        same: dict[Card, Card] = {}
        for commit, here in found.items():
            row = shown.get(commit, {})
            self.cards[commit] = {}
            for artifact, one in here.items():
                named = tuple((path, row[path]) for path in one.images if path in row)
                card = msgspec.structs.replace(one.card, pictures=named)
                self.cards[commit][artifact] = same.setdefault(card, card)
                if not card.note:
                    self.texts[card.oid] = one.text
        for problem, commits in self._problems.items():
            reported.add([problem], tuple(commits))

    def find(self, said: Said, annotations: Said) -> Found:
        """The card of each artifact that has one: commit -> artifact -> the card as read."""
        places = _places(said, annotations)
        there = self._resolve(
            {
                commit: [place.path for each in row.values() for place in each]
                for commit, row in places.items()
            }
        )
        self._tell_missing(said, places, there)
        places = {commit: row for commit, row in places.items() if there[commit]}
        read = self._read_all(places, there)
        found: Found = {}
        for commit, row in places.items():
            for artifact, each in row.items():
                for place in each:
                    entry = there[commit].get(place.path)
                    one = read.get((place.path, entry.oid)) if entry else None
                    if one is not None and (one.marked or not place.marked):
                        card = msgspec.structs.replace(one.card, named=place.named)
                        one = msgspec.structs.replace(one, card=card)
                        found.setdefault(commit, {})[artifact] = one
                        for problem in one.problems:
                            self._tell(problem, commit)
                        break
        return found

    def _resolve(self, asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Entry]]:
        """What is at the paths; those that no file can safely have are passed over."""
        every = {path for paths in asked.values() for path in paths}
        safe = {path for path in every if path_parts(path)}
        return self._files.resolve(
            self._trees,
            {
                commit: [path for path in dict.fromkeys(paths) if path in safe]
                for commit, paths in asked.items()
            },
        )

    def _tell_missing(
        self,
        said: Said,
        places: Mapping[str, Mapping[str, Sequence[Place]]],
        there: Mapping[str, Mapping[str, Entry]],
    ) -> None:
        """Cards that an annotation names and that are not there, and links in a card's place."""
        for commit, row in said.items():
            for one in row:
                named = named_card(one)
                if not named and not there[commit]:
                    continue
                found = [(p, there[commit].get(p.path)) for p in places[commit][one.artifact]]
                if named and not any(p.named and e and e.kind in (FILE, LINK) for p, e in found):
                    reason = f"the card of {one.artifact} is said to be here, and there is no file"
                    remedy = f"correct `{NAMED_BY}` in {one.source}, or commit the file"
                    self._tell(self._problem("card.missing", named[:200], reason, remedy), commit)
                for place, entry in found:
                    # A README.md that would tell of the whole project may well be a link.
                    if entry is not None and entry.kind == LINK and not place.marked:
                        reason = "the model card is a symbolic link, and links are never followed"
                        remedy = "put the file itself there"
                        self._tell(self._problem("card.link", place.path, reason, remedy), commit)

    def _read_all(
        self,
        places: Mapping[str, Mapping[str, Sequence[Place]]],
        there: Mapping[str, Mapping[str, Entry]],
    ) -> dict[tuple[str, str], ReadCard]:
        """Path and blob -> the card in it, of all files that one may have to look into."""
        wanted: dict[str, dict[str, str]] = {}
        for commit, row in places.items():
            for each in row.values():
                for place in each:
                    entry = there[commit].get(place.path)
                    if entry is not None and entry.kind == FILE:
                        wanted.setdefault(commit, {})[place.path] = entry.oid
                        if not place.marked:
                            break
        sizes = self._files.sizes({oid for row in wanted.values() for oid in row.values()})
        small = {
            commit: {path: oid for path, oid in row.items() if sizes.get(oid, 0) <= LARGEST}
            for commit, row in wanted.items()
        }
        blobs = self._files.read(small)
        read: dict[tuple[str, str], ReadCard] = {}
        for path, oid in dict.fromkeys(item for row in wanted.values() for item in row.items()):
            if oid in blobs:
                read[path, oid] = read_card(path, oid, blobs[oid], self._repo)
            elif sizes.get(oid, 0) > LARGEST:
                read[path, oid] = self._too_large(path, oid, sizes[oid])
        return read

    def _too_large(self, path: str, oid: str, size: int) -> ReadCard:
        reason = f"the model card has {size:,} bytes; at most {LARGEST:,} are read"
        problem = self._problem("card.large", path, reason, "shorten it, or keep data elsewhere")
        note = f"has {size:,} bytes and is not read"
        return ReadCard(Card(path, oid, note=note), "", problems=(problem,))

    def _tell_picture(self, path: str, why: str, commit: str) -> None:
        reason = f"the image of a model card is not shown: {why}"
        remedy = "keep a PNG, JPEG, GIF, WebP or SVG image of a modest size in Git itself"
        self._tell(self._problem("card.picture", path, reason, remedy), commit)

    def _problem(self, kind: str, path: str, reason: str, remedy: str) -> Problem:
        return Problem(self._repo, "", path, reason, remedy, kind)

    def _tell(self, problem: Problem, commit: str) -> None:
        self._problems.setdefault(problem, {})[commit] = None


def _places(said: Said, annotations: Said) -> dict[str, dict[str, tuple[Place, ...]]]:
    """Where the card of each artifact that matters may be: commit -> artifact -> places."""
    models: dict[int, dict[str, set[str]]] = {}
    known: dict[tuple[str, str, str, bool], tuple[Place, ...]] = {}
    found: dict[str, dict[str, tuple[Place, ...]]] = {}
    for commit, row in said.items():
        everything = annotations.get(commit, ())
        # By identity: commits that say the same share what they say.
        if id(everything) not in models:
            models[id(everything)] = _by_project(everything)
        by_project = models[id(everything)]
        found[commit] = {}
        for one in row:
            others = by_project.get(names.split(one.artifact)[0], set()) - {one.artifact}
            key = (one.artifact, one.path, named_card(one), not others)
            if key not in known:
                known[key] = card_places(one, alone=not others)
            found[commit][one.artifact] = known[key]
    return found


def _by_project(everything: Sequence[Annotation]) -> dict[str, set[str]]:
    """The models that are annotated in each folder of a monorepo."""
    found: dict[str, set[str]] = {}
    for one in everything:
        if one.type in ("", "model"):
            found.setdefault(names.split(one.artifact)[0], set()).add(one.artifact)
    return found
