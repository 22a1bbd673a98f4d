"""The files of one group of documents: its terms, where they stand, and what shows a result.

All that a query needs is found through the group's record in the directory; content/api.md says
what is in each kind of file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from sitegen.render.data import encode
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.coding import distances, front_coded, varint, varints
from sitegen.render.search.fields import Document, Field
from sitegen.render.search.inverted import Inverted, Postings
from sitegen.render.search.lexicon import lexicon
from sitegen.render.search.packing import FOLDER, Packed, pack, script
from sitegen.render.search.ranges import cut

POSTINGS = 64 * 1024
"""Bytes of postings in a file, before they are packed; so too of numbers."""
LENGTHS = 1 << 14
CARDS = 32
PASSAGES = 8
"""Documents in a file of lengths, of cards, and of passages."""


class Group(msgspec.Struct, frozen=True):
    """What the directory says of a group of documents.

    fields: name, boost, terms in all documents together. terms: the ranges of terms: the first
    term, its file of postings and that of places. words: the parts of the list of terms: the first
    term, its file. lengths: for each field the files of its lengths. states: state -> distances.
    numbers: the file that names the numbers. cards, passages: how many documents are in a file.
    """

    name: str
    count: int
    fields: tuple[tuple[str, int, int], ...]
    terms: tuple[tuple[str, str, str], ...]
    words: tuple[tuple[str, str], ...]
    lengths: tuple[tuple[str, ...], ...]
    states: str
    numbers: str
    cards: int = CARDS
    passages: int = PASSAGES


def index(
    name: str, documents: Sequence[Document], fields: Sequence[Field], packed: Packed
) -> Group:
    """A group's record; its data goes into `packed`."""
    used = [field for field in fields if any(each.texts.get(field.name) for each in documents)]
    analyser = Analyser()
    inverted = Inverted([field.name for field in used], analyser)
    for document in documents:
        inverted.add(document.texts)
    terms = inverted.terms()
    postings = [tuple(inverted.postings(term)) for term in terms]
    return Group(
        name=name,
        count=len(documents),
        fields=tuple(
            (field.name, field.boost, sum(lengths))
            for field, lengths in zip(used, inverted.lengths, strict=True)
        ),
        terms=tuple(_terms(terms, postings, packed)),
        words=tuple(lexicon(terms, postings, analyser.surfaces, packed)),
        lengths=tuple(_lengths(lengths, packed) for lengths in inverted.lengths),
        states=packed.add(_states(documents)),
        numbers=packed.add(_numbers(documents, packed)),
    )


def results(name: str, documents: Sequence[Document]) -> Iterator[tuple[str, bytes]]:
    """The files of what shows a result; they have their names by the numbers of documents."""
    for folder, size in (("cards", CARDS), ("passages", PASSAGES)):
        for at in range(0, len(documents), size):
            rows: list[Any] = [
                document.card if folder == "cards" else document.passage
                for document in documents[at : at + size]
            ]
            if any(rows):
                path = f"{name}/{folder}/{at // size}"
                yield f"{FOLDER}/{path}.js", script(path, pack(encode(rows)))


def _terms(
    terms: Sequence[str], postings: Sequence[tuple[Postings, ...]], packed: Packed
) -> Iterator[tuple[str, str, str]]:
    sizes = [
        len(term) + sum(len(each.documents) + 4 for each in found)
        for term, found in zip(terms, postings, strict=True)
    ]
    for start, end in cut(terms, sizes, POSTINGS):
        found = [each for row in postings[start:end] for each in row]
        text = front_coded(terms[start:end]).encode()
        numbers: list[int] = []
        for row in postings[start:end]:
            numbers.append(len(row))
            for each in row:
                numbers += (each.field, each.count, len(each.documents))
        documents = b"".join([each.documents for each in found])
        places = b"".join([each.places for each in found])
        yield (
            terms[start],
            packed.add(varint(len(text)) + text + varints(numbers) + documents),
            packed.add(varints([len(each.places) for each in found]) + places),
        )


def _lengths(lengths: array[int], packed: Packed) -> tuple[str, ...]:
    starts = range(0, len(lengths), LENGTHS)
    return tuple(packed.add(varints(lengths[at : at + LENGTHS])) for at in starts)


def _states(documents: Sequence[Document]) -> bytes:
    """state -> the documents in it, as distances."""
    found: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        if document.state:
            found.setdefault(document.state, []).append(number)
    return encode({state: distances(found[state]) for state in sorted(found)})


def _numbers(documents: Sequence[Document], packed: Packed) -> bytes:
    """The files of numbers: [file, the names in it]; a file: name -> [documents, numbers]."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for number, document in enumerate(documents):
        for name, value in document.numbers.items():
            rows = found.setdefault(name, ([], []))
            rows[0].append(number)
            rows[1].append(value)
    names = sorted(found)
    files = []
    sizes = [len(name) + 12 * len(found[name][0]) for name in names]
    for start, end in cut(names, sizes, POSTINGS):
        here = names[start:end]
        data = {name: (distances(found[name][0]), found[name][1]) for name in here}
        files.append((packed.add(encode(data)), here))
    return encode(files)
