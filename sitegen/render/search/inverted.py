"""The inverted index: for every term where it stands, and how long every field is.

What lunr.js makes of the same documents follows from it: a document's score is made of how often
the term stands in the field, in how many documents it does, and how long the field is.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.render.search import words
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.coding import Reader, distances, read_varints, varints

_PLACE_BITS = 20
_MOST_WORDS = 1 << _PLACE_BITS
_PLACE = _MOST_WORDS - 1


class Postings(msgspec.Struct, frozen=True):
    """Where a term stands in one field, as bytes.

    count: of documents. documents: for each the distance to the one before, doubled, and one more
    where the term stands there more than once: then how often follows. places: the ordinals of the
    words, the first of each document as it is, the others as distances.
    """

    field: int
    count: int
    documents: bytes
    places: bytes


Row = tuple[Postings, ...]
"""Where a term stands, field by field."""


class Inverted:
    """The inverted index of documents with the same fields; `add` each in order, then ask.

    lengths: for each field the number of terms that each document has in it. rows: for each field
    term -> its codes, a number for each place at which it stands: see `postings_of`.
    """

    def __init__(self, fields: Sequence[str], analyser: Analyser) -> None:
        self.fields = tuple(fields)
        self.lengths: list[array[int]] = [array("I") for _ in fields]
        self.rows: list[dict[str, array[int]]] = [{} for _ in fields]
        self._analyser = analyser
        self._adders = [_Adders(row, analyser) for row in self.rows]

    def add(self, number: int, document: Mapping[str, str]) -> None:
        """A document's number and its texts, field -> text; one that is not there is empty."""
        base = number << _PLACE_BITS
        self._analyser.document = number
        for field, adders, lengths in zip(self.fields, self._adders, self.lengths, strict=True):
            text = document.get(field)
            if not text:
                lengths.append(0)
                continue
            found = [adders[word] for word in words.split(text)[:_MOST_WORDS]]
            for place, each in enumerate(found, base):
                for add in each:
                    add(place)
            lengths.append(sum(map(len, found)))

    @property
    def surfaces(self) -> Mapping[str, str]:
        """Term -> the word that people are shown for it: see `Analyser`."""
        return self._analyser.surfaces

    def terms(self) -> set[str]:
        """Every term."""
        return set().union(*self.rows)

    def postings(self, term: str) -> Iterator[Postings]:
        """Where a term stands, field by field."""
        for field, rows in enumerate(self.rows):
            if codes := rows.get(term):
                yield postings_of(field, codes)


def in_order(terms: Iterable[str]) -> list[str]:
    """Terms in the order in which JavaScript sorts text."""
    found = list(terms)
    beyond = not "".join(found).isascii()
    return sorted(found, key=javascript_order) if beyond else sorted(found)


def javascript_order(term: str) -> bytes:
    """What that order compares: UTF-16 units."""
    return term.encode("utf-16-be", "surrogatepass")


class _Adders(dict[str, "tuple[Callable[[int], None], ...]"]):
    """Word -> what notes a place for each of its terms."""

    def __init__(self, rows: dict[str, array[int]], analyser: Analyser) -> None:
        self._rows = rows
        self._analyser = analyser

    def __missing__(self, word: str) -> tuple[Callable[[int], None], ...]:
        terms = self._analyser[word]
        found = tuple(self._rows.setdefault(term, array("Q")).append for term in terms)
        self[word] = found
        return found


def first_of(postings: Postings) -> int:
    """The first of the documents."""
    return Reader(postings.documents).number() >> 1


def replaced(old: Postings, numbers: Sequence[int], codes: Iterable[int]) -> Postings | None:
    """Postings after some documents, by rising numbers, were changed; None for no documents at all.

    codes: of those documents alone, as `postings_of` takes them.
    """
    places: dict[int, list[int]] = {}
    for code in codes:
        places.setdefault(code >> _PLACE_BITS, []).append(code & _PLACE)
    rest = _Rest(read_varints(old.documents), read_varints(old.places))
    count, last = old.count, 0
    documents: list[int] = []
    ordinals: list[int] = []
    for number in numbers:
        last = rest.move(number, last, documents, ordinals)
        count -= rest.drop(number)
        if here := places.get(number):
            documents.append((number - last) << 1 | (len(here) > 1))
            if len(here) > 1:
                documents.append(len(here))
            ordinals += distances(here)
            count += 1
            last = number
    rest.move(None, last, documents, ordinals)
    return Postings(old.field, count, varints(documents), varints(ordinals)) if count else None


class _Rest:
    """What is left of postings while they are copied: their numbers, read from a place on."""

    def __init__(self, documents: list[int], places: list[int]) -> None:
        self._documents = documents
        self._places = places
        self._at = self._place = 0
        self._number = 0

    def move(self, end: int | None, last: int, documents: list[int], places: list[int]) -> int:
        """Copy the documents before the number `end`; `last` is that of the one copied last."""
        at, place, number, base = self._at, self._place, self._number, self._number
        ours = self._documents
        if end is None:
            at, place = len(ours), len(self._places)
        while end is not None and at < len(ours) and number + (ours[at] >> 1) < end:
            number += ours[at] >> 1
            once = not ours[at] & 1
            place += 1 if once else ours[at + 1]
            at += 1 if once else 2
        if at == self._at:
            return last
        documents.append(ours[self._at] + (base - last << 1))
        documents += ours[self._at + 1 : at]
        places += self._places[self._place : place]
        self._at, self._place, self._number = at, place, number
        return number

    def drop(self, number: int) -> int:
        """Leave out a document, if it is the next; how many that are."""
        if self._at == len(self._documents):
            return 0
        code = self._documents[self._at]
        if self._number + (code >> 1) != number:
            return 0
        self._place += self._documents[self._at + 1] if code & 1 else 1
        self._at += 2 if code & 1 else 1
        self._number = number
        return 1


def postings_of(field: int, row: array[int]) -> Postings:
    """The postings of rising codes, each a document's number and a word's ordinal in its text."""
    numbers = [code >> _PLACE_BITS for code in row]
    distinct = dict.fromkeys(numbers)
    if len(distinct) == len(row):
        documents = varints([distance << 1 for distance in distances(numbers)])
        return Postings(field, len(row), documents, varints([code & _PLACE for code in row]))
    coded: list[int] = []
    places: list[int] = []
    before, at = 0, 0
    while at < len(row):
        number, place = numbers[at], row[at] & _PLACE
        places.append(place)
        end = at + 1
        while end < len(row) and numbers[end] == number:
            places.append((row[end] & _PLACE) - place)
            place = row[end] & _PLACE
            end += 1
        coded.append((number - before) << 1 | (end - at > 1))
        if end - at > 1:
            coded.append(end - at)
        before, at = number, end
    return Postings(field, len(distinct), varints(coded), varints(places))
