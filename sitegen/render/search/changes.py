"""What is other than in the build before: the rows of the terms of changed documents.

Documents keep their numbers where they are changed, and where others are added after them. Where
they move, or many of them are new, all of the rows are made again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from sitegen.render.search.analysis import Analyser
from sitegen.render.search.fields import Document, Field
from sitegen.render.search.inverted import (
    Inverted,
    Row,
    first_of,
    postings_of,
    replaced,
)  # fmt: skip
from sitegen.render.search.languages import ENGLISH, Language
from sitegen.render.search.memory import GroupMemory
from sitegen.render.search.packing import Packed
from sitegen.render.search.terms import NO_TERMS, Written

Invert = Callable[[Iterator[tuple[int, Mapping[str, str]]]], Inverted]
"""Inverts documents, given by their numbers and texts."""
MOST_CHANGED = 0.1
"""The share of documents up to which changes are made one by one."""


class Changes(msgspec.Struct, frozen=True):
    """What to write, as `terms.write` takes it, and what a `GroupMemory` says of the documents."""

    old: Written
    rows: Mapping[str, Row]
    surfaces: Mapping[str, str]
    lengths: Sequence[array[int]]
    texts: bytes
    ends: list[int]


def find_changes(
    documents: Sequence[Document],
    fields: Sequence[Field],
    kept: GroupMemory | None,
    packed: Packed,
    languages: Sequence[Language] = (ENGLISH,),
) -> Changes:
    """What is other in the documents than in those that were kept."""

    def inverted(texts: Iterator[tuple[int, Mapping[str, str]]]) -> Inverted:
        found = Inverted(names, Analyser(languages))
        for number, each in texts:
            found.add(number, each)
        return found

    names = tuple(field.name for field in fields)
    longs = frozenset(number for number, field in enumerate(fields) if field.long)
    encoded = [msgspec.msgpack.encode(document.texts) for document in documents]
    texts = b"".join(encoded)
    ends = []
    size = 0
    for each in encoded:
        size += len(each)
        ends.append(size)
    if kept is not None and kept.fields == names:
        changed = _changed(encoded, kept)
        if len(changed) <= MOST_CHANGED * len(documents):
            old = Written(kept.terms, longs, packed)
            rows, surfaces, lengths = _one_by_one(documents, changed, kept, old, inverted)
            return Changes(old, rows, surfaces, lengths, texts, ends)
    whole = inverted(enumerate(document.texts for document in documents))
    rows = {term: tuple(whole.postings(term)) for term in whole.terms()}
    old = Written(NO_TERMS, longs, packed)
    return Changes(old, rows, whole.surfaces, whole.lengths, texts, ends)


def _changed(encoded: Sequence[bytes], kept: GroupMemory) -> list[int]:
    """The numbers of documents that are new or other; all where some are gone."""
    if len(encoded) < len(kept.ends):
        return list(range(len(encoded)))
    places = enumerate(pairwise([0, *kept.ends]))
    found = [at for at, (start, end) in places if encoded[at] != kept.texts[start:end]]
    return [*found, *range(len(kept.ends), len(encoded))]


def _one_by_one(
    documents: Sequence[Document],
    changed: Sequence[int],
    kept: GroupMemory,
    old: Written,
    inverted: Invert,
) -> tuple[dict[str, Row], dict[str, str], list[array[int]]]:
    """The rows of terms that stand otherwise now, words that may be shown for terms, lengths."""
    starts = [0, *kept.ends]
    known = len(kept.ends)

    def before(number: int) -> dict[str, str]:
        text = kept.texts[starts[number] : kept.ends[number]]
        return msgspec.msgpack.decode(text, type=dict[str, str])

    gone = inverted((at, before(at)) for at in changed if at < known)
    new = inverted((at, documents[at].texts) for at in changed)
    rows = _rows(gone, new, changed, old)
    lengths = [array("I", each) for each in kept.lengths]
    for ours, theirs in zip(lengths, new.lengths, strict=True):
        ours.extend([0] * (len(documents) - known))
        for at, length in zip(changed, theirs, strict=True):
            ours[at] = length
    # What is shown for a term is up to the first document in which it stands.
    firsts: dict[int, list[str]] = {}
    for term in gone.terms() | new.terms():
        row = rows.get(term)
        if row == ():
            continue
        first = min(map(first_of, row)) if row else old.terms.terms[term].first
        former = old.terms.terms.get(term)
        if former is None or former.first != first or first in changed:
            firsts.setdefault(first, []).append(term)
    surfaces: dict[str, str] = {}
    for number, those in firsts.items():
        shown = inverted(iter([(number, documents[number].texts)])).surfaces
        surfaces |= {term: shown[term] for term in those}
    return rows, surfaces, lengths


def _rows(gone: Inverted, new: Inverted, changed: Sequence[int], old: Written) -> dict[str, Row]:
    found = {}
    for term in sorted(gone.terms() | new.terms()):
        codes = [
            (before.get(term), after.get(term))
            for before, after in zip(gone.rows, new.rows, strict=True)
        ]
        if all(before == after for before, after in codes):
            continue
        row = {each.field: each for each in old.row(term)}
        for field, (before, after) in enumerate(codes):
            if before == after:
                continue
            kept = row.pop(field, None)
            if kept:
                renewed = replaced(kept, changed, after or ())
            else:
                renewed = postings_of(field, after) if after else None
            if renewed:
                row[field] = renewed
        found[term] = tuple(row[field] for field in sorted(row))
    return found
