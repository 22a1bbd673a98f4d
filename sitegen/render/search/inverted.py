"""The inverted index: for every term where it stands, and how long every field is.

What lunr.js makes of the same documents follows from it: a document's score is made of how often
the term stands in the field, in how many documents it does, and how long the field is.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from sitegen.render.search import words
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.coding import distances, varints

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


class Inverted:
    """The inverted index of documents with the same fields; `add` each in order, then ask.

    lengths: for each field the number of terms that each document has in it.
    """

    def __init__(self, fields: Sequence[str], analyser: Analyser) -> None:
        self.fields = tuple(fields)
        self.lengths: list[array[int]] = [array("I") for _ in fields]
        self.count = 0
        self._rows: list[dict[str, array[int]]] = [{} for _ in fields]
        self._adders = [_Adders(row, analyser) for row in self._rows]

    def add(self, document: Mapping[str, str]) -> None:
        """field -> text; a field that is not there is empty."""
        base = self.count << _PLACE_BITS
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
        self.count += 1

    def terms(self) -> list[str]:
        """Every term, in the order in which JavaScript sorts text."""
        found = set().union(*self._rows)
        beyond = any(not term.isascii() for term in found)
        return sorted(found, key=_utf16) if beyond else sorted(found)

    def postings(self, term: str) -> Iterator[Postings]:
        """Where a term stands, field by field."""
        for field, rows in enumerate(self._rows):
            if row := rows.get(term):
                yield _postings(field, row)


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


def _postings(field: int, row: array[int]) -> Postings:
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


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")
