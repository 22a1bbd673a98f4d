"""The files of one group of documents: its terms, where they stand, and what shows a result.

All that a query needs is found through the group's record in the directory; content/api.md says
what is in each kind of file.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from sitegen.render.data import encode
from sitegen.render.search import packing, terms
from sitegen.render.search.changes import find_changes
from sitegen.render.search.coding import distances, small
from sitegen.render.search.fields import Document, Field
from sitegen.render.search.languages import ENGLISH, Language
from sitegen.render.search.lexicon import lexicon
from sitegen.render.search.memory import GroupMemory
from sitegen.render.search.packing import Packed
from sitegen.render.search.ranges import cut

NUMBERS = 64 * 1024
"""Bytes of numbers in a file, before they are packed."""
LENGTHS = 1 << 16
CARDS = PASSAGES = 16
"""Documents in a file of lengths, of cards, and of passages."""


class Group(msgspec.Struct, frozen=True):
    """What the directory says of a group of documents.

    fields: name, boost, terms in all documents together, and 1 where its places are with those of
    long ones. terms: the ranges of terms: the first term, the file of postings. places: of short
    fields, of long ones: the number of the first range, the file. words: the parts of the list of
    terms: the first term, its file. lengths: for each field the files of its lengths. states: state
    -> distances. numbers: the file that names the numbers. cards, passages: how many documents are
    in a file.
    """

    name: str
    count: int
    fields: tuple[tuple[str, int, int, int], ...]
    terms: tuple[tuple[str, str], ...]
    places: tuple[list[tuple[int, str]], list[tuple[int, str]]]
    words: tuple[tuple[str, str], ...]
    lengths: tuple[tuple[str, ...], ...]
    states: str
    numbers: str
    cards: int = CARDS
    passages: int = PASSAGES


def index(
    name: str,
    documents: Sequence[Document],
    fields: Sequence[Field],
    packed: Packed,
    kept: GroupMemory | None = None,
    languages: Sequence[Language] = (ENGLISH,),
) -> tuple[Group, GroupMemory]:
    """A group's record, and what is to be kept of it; its data goes into `packed`.

    kept: what was kept of the group by an earlier build, whose files `packed` knows.
    """
    used = [field for field in fields if any(each.texts.get(field.name) for each in documents)]
    changes = find_changes(documents, used, kept, packed, languages)
    written = terms.write(changes.old, changes.rows, changes.surfaces, packed)
    old = kept.lexicon if kept and changes.old.terms.terms else None
    words = lexicon(written.terms, packed, old, changes.old.terms.terms)
    record = Group(
        name=name,
        count=len(documents),
        fields=tuple(
            (field.name, field.boost, sum(lengths), int(field.long))
            for field, lengths in zip(used, changes.lengths, strict=True)
        ),
        terms=tuple(zip(written.starts, written.postings, strict=True)),
        places=written.places,
        words=tuple(
            (words.terms[at], file) for at, file in zip([0, *words.ends], words.files, strict=False)
        ),
        lengths=tuple(_lengths(lengths, packed) for lengths in changes.lengths),
        states=packed.add(_states(documents)),
        numbers=packed.add(_numbers(documents, packed)),
    )
    return record, GroupMemory(
        fields=tuple(field.name for field in used),
        texts=changes.texts,
        ends=changes.ends,
        lengths=[lengths.tobytes() for lengths in changes.lengths],
        terms=written,
        lexicon=words,
    )


def results(name: str, documents: Sequence[Document], packed: Packed) -> str:
    """Files of what shows a result, named by the numbers of documents.

    Gives what tells these from other ones of the same names.
    """
    stamp = hashlib.sha256()
    for folder, size in (("cards", CARDS), ("passages", PASSAGES)):
        for at in range(0, len(documents), size):
            rows: list[Any] = [
                document.card if folder == "cards" else document.passage
                for document in documents[at : at + size]
            ]
            if any(rows):
                path = f"{name}/{folder}/{at // size}"
                digest = hashlib.sha256(msgspec.json.encode(rows)).digest()
                packed.add_named(path, digest, partial(encode, rows))
                stamp.update(digest)
    return stamp.hexdigest()[:8]


def _lengths(lengths: array[int], packed: Packed) -> tuple[str, ...]:
    starts = range(0, len(lengths), LENGTHS)
    return tuple(packed.add(small(lengths[at : at + LENGTHS]), packing.NUMBERS) for at in starts)


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
    for start, end in cut(names, sizes, NUMBERS):
        here = names[start:end]
        data = {name: (distances(found[name][0]), found[name][1]) for name in here}
        files.append((packed.add(encode(data)), here))
    return encode(files)
