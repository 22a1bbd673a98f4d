"""Files of terms: where each stands, in ranges of the sorted terms, and what is kept of them.

A range has a file of postings, which says what documents hold a term, and places, which say at
which words. Many ranges share a file of places: a word more in a text moves the places of all that
follow it, and a change should cost few files.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, pairwise

import msgspec

from sitegen.render.search.coding import Reader, front_coded, front_decoded, varint, varints
from sitegen.render.search.inverted import Postings, Row, first_of, in_order, javascript_order
from sitegen.render.search.packing import NUMBERS, SMALL_NUMBERS, Packed
from sitegen.render.search.ranges import cut

POSTINGS = 64 * 1024
"""Bytes of postings in a file, before they are packed."""
PLACES = 640 * 1024
"""Bytes of places in a file, before they are packed."""
STREAMS = (0, 1)
"""The places of short fields, and those of long ones, are in files of their own."""


class Term(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a term.

    size: bytes in its file of postings, about. frequency: in how many documents it stands, each
    field counted by itself. first: the first of them. shown: the word that people are shown for it.
    """

    size: int
    frequency: int
    first: int
    shown: str


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """The terms of a group, in order, and their files.

    starts: the term that begins each range. ends: how many terms there are up to the end of each.
    postings: the file of each. sections: for each stream how many bytes of places each range has.
    places: for each stream the files of places, each with the number of its first range.
    """

    terms: dict[str, Term]
    starts: list[str]
    ends: list[int]
    postings: list[str]
    sections: tuple[list[int], list[int]]
    places: tuple[list[tuple[int, str]], list[tuple[int, str]]]


NO_TERMS = Terms({}, [], [], [], ([], []), ([], []))


class Written:
    """What an earlier build wrote of the terms, read again. longs: the numbers of long fields."""

    def __init__(self, terms: Terms, longs: frozenset[int], packed: Packed) -> None:
        self.terms = terms
        self.longs = longs
        self._packed = packed
        self._keys = [javascript_order(start) for start in terms.starts]
        self._sections: dict[tuple[int, int], bytes] = {}
        self._rows: dict[int, dict[str, Row]] = {}

    def row(self, term: str) -> Row:
        """Where a term stands, () for nowhere."""
        if term not in self.terms.terms:
            return ()
        number = bisect_right(self._keys, javascript_order(term)) - 1
        if number not in self._rows:
            self._rows[number] = self._read(number)
        return self._rows[number][term]

    def section(self, number: int, stream: int) -> bytes:
        """The places of a range."""
        if (number, stream) not in self._sections:
            files = self.terms.places[stream]
            at = bisect_right(files, number, key=lambda file: file[0]) - 1
            first, name = files[at]
            reader = Reader(self._packed.read(name))
            while reader.at < len(reader.data):
                self._sections[first, stream] = reader.piece(reader.number())
                first += 1
        return self._sections[number, stream]

    def _read(self, number: int) -> dict[str, Row]:
        reader = Reader(self._packed.read(self.terms.postings[number]))
        terms = front_decoded(reader.piece(reader.number()).decode())
        rows = reader.numbers(len(terms))
        heads = iter(reader.numbers(3 * sum(rows)))
        found = list(zip(heads, heads, heads, strict=True))
        places = [Reader(self.section(number, stream)) for stream in STREAMS]
        streams = [int(field in self.longs) for field, _, _ in found]
        sizes = [iter(places[stream].numbers(streams.count(stream))) for stream in STREAMS]
        postings = (
            Postings(field, count, reader.piece(size), places[stream].piece(next(sizes[stream])))
            for (field, count, size), stream in zip(found, streams, strict=True)
        )
        return {
            term: tuple(islice(postings, count)) for term, count in zip(terms, rows, strict=True)
        }


def write(
    old: Written, changed: Mapping[str, Row], surfaces: Mapping[str, str], packed: Packed
) -> Terms:
    """The terms after a change, and their files in `packed`.

    changed: term -> its whole row, () where it stands nowhere any more. surfaces: term -> the word
    that is shown for it, for all new ones and those for which it may be another than before.
    """
    terms = _changed(old.terms.terms, changed, surfaces)
    ordered = list(terms)
    before = same_ranges(ordered, list(old.terms.terms), old.terms.ends)
    moved = [at for at, term in enumerate(ordered) if term in changed]
    stated = [at for at in moved if _is_stated(ordered[at], changed, old)]
    starts, ends, postings = [], [], []
    sources: list[int | tuple[bytes, bytes]] = []
    for start, end in cut(ordered, [term.size for term in terms.values()], POSTINGS):
        here = ordered[start:end]
        number = before(start, end)
        rows: list[Row] = []
        if number is None or within(moved, start, end):
            rows = [changed.get(term) or old.row(term) for term in here]
        if number is None or within(stated, start, end):
            postings.append(packed.add(_postings(here, rows), NUMBERS))
        else:
            postings.append(packed.keep(old.terms.postings[number]))
        sources.append(_places(rows, old.longs) if rows or number is None else number)
        starts.append(here[0])
        ends.append(end)
    sections = [
        [
            old.terms.sections[stream][source] if isinstance(source, int) else len(source[stream])
            for source in sources
        ]
        for stream in STREAMS
    ]
    places = [
        list(_place_files(old, stream, starts, sections[stream], sources, packed))
        for stream in STREAMS
    ]
    return Terms(terms, starts, ends, postings, (sections[0], sections[1]), (places[0], places[1]))


def same_ranges(
    terms: Sequence[str], former: Sequence[str], ends: Sequence[int]
) -> Callable[[int, int], int | None]:
    """Asks which of the former ranges, that end so, holds just the terms from one to another."""
    starts = [0, *ends]
    numbers = {former[start]: number for number, start in enumerate(starts[:-1])}

    def same(start: int, end: int) -> int | None:
        number = numbers.get(terms[start])
        if number is None or terms[start:end] != former[starts[number] : ends[number]]:
            return None
        return number

    return same


def within(places: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the rising places is in a range."""
    return bisect_left(places, start) < bisect_left(places, end)


def _is_stated(term: str, changed: Mapping[str, Row], old: Written) -> bool:
    """Whether it is more than the places of a term that changed."""
    known = {each.field: each.documents for each in old.row(term)}
    return {each.field: each.documents for each in changed[term]} != known


def _changed(
    terms: Mapping[str, Term], changed: Mapping[str, Row], surfaces: Mapping[str, str]
) -> dict[str, Term]:
    found = dict(terms)
    for term, row in changed.items():
        if not row:
            found.pop(term, None)
            continue
        found[term] = Term(
            size=len(term) + sum(len(each.documents) + 4 for each in row),
            frequency=sum(each.count for each in row),
            first=min(map(first_of, row)),
            shown=surfaces[term] if term in surfaces else found[term].shown,
        )
    for term, shown in surfaces.items():
        if term in found and found[term].shown != shown:
            found[term] = msgspec.structs.replace(found[term], shown=shown)
    return {term: found[term] for term in in_order(found)}


def _postings(terms: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = front_coded(terms).encode()
    numbers = [len(row) for row in rows]
    found = [each for row in rows for each in row]
    for each in found:
        numbers += (each.field, each.count, len(each.documents))
    documents = [each.documents for each in found]
    return b"".join([varint(len(text)), text, varints(numbers), *documents])


def _places(rows: Sequence[Row], longs: frozenset[int]) -> tuple[bytes, bytes]:
    found = []
    for stream in STREAMS:
        places = [each.places for row in rows for each in row if (each.field in longs) == stream]
        found.append(b"".join([varints(map(len, places)), *places]))
    return found[0], found[1]


def _place_files(
    old: Written,
    stream: int,
    starts: Sequence[str],
    sizes: Sequence[int],
    sources: Sequence[int | tuple[bytes, bytes]],
    packed: Packed,
) -> Iterator[tuple[int, str]]:
    files = old.terms.places[stream]
    edges = pairwise([*(first for first, _ in files), len(old.terms.starts)])
    known = {tuple(range(*edge)): name for edge, (_, name) in zip(edges, files, strict=True)}
    for start, end in cut(starts, sizes, PLACES):
        kept = tuple(source for source in sources[start:end] if isinstance(source, int))
        name = known.get(kept) if len(kept) == end - start else None
        if name is not None:
            yield start, packed.keep(name)
            continue
        pieces = []
        for source in sources[start:end]:
            piece = old.section(source, stream) if isinstance(source, int) else source[stream]
            pieces += [varint(len(piece)), piece]
        yield start, packed.add(b"".join(pieces), SMALL_NUMBERS)
