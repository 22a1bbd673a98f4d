"""The list of terms by their shape, for words that are looked for by halves or misspelt.

A term like a misspelt one has about as many letters and digits, so terms are ordered by these two;
terms of one shape are ordered from their ends, for `*boost` is looked for by its end. So neither
needs the whole list.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence

import msgspec

from sitegen.render.search.coding import FIRST, shared_start
from sitegen.render.search.packing import Packed
from sitegen.render.search.ranges import cut
from sitegen.render.search.terms import Term, same_ranges, within

SIZE = 16 * 1024
"""Bytes of terms in a file, before they are packed."""
MANY = 100
"""New terms from which on sorting all of them is faster than putting each in its place."""
MANY_DIGITS = 3
"""As many or more digits are one shape: numbers, dates and the like."""


def shape(term: str) -> tuple[int, int, bytes]:
    """What terms are ordered by: digits, UTF-16 units, the term from its end."""
    digits = min(sum(char in "0123456789" for char in term), MANY_DIGITS)
    backwards = term[::-1].encode("utf-16-be", "surrogatepass")
    return digits, len(backwards) // 2, backwards


class Lexicon(msgspec.Struct, frozen=True, array_like=True):
    """The list of terms in its order. ends: how many there are up to the end of each file."""

    terms: list[str]
    ends: list[int]
    files: list[str]


def lexicon(
    terms: Mapping[str, Term], packed: Packed, old: Lexicon | None, before: Mapping[str, Term]
) -> Lexicon:
    """The list of terms, and its files. old, before: of an earlier build, and its terms."""
    other = {term for term, known in terms.items() if before.get(term) is not known}
    other = {term for term in other if _said(term, terms) != _said(term, before)}
    gone = before.keys() - terms.keys()
    former = old.terms if old else []
    ordered = [term for term in former if term not in gone] if gone else list(former)
    if len(other) < MANY:
        for term in other - before.keys():
            insort(ordered, term, key=shape)
    else:
        ordered = sorted(terms, key=shape)
    ends, files = [], []
    same = same_ranges(ordered, former, old.ends if old else [])
    changed = [at for at, term in enumerate(ordered) if term in other]
    for start, end in cut(ordered, [len(term) + 3 for term in ordered], SIZE):
        number = same(start, end)
        if old is None or number is None or within(changed, start, end):
            text = _lines(ordered[start:end], terms)
            files.append(packed.add(text.encode("utf-8", "replace")))
        else:
            files.append(packed.keep(old.files[number]))
        ends.append(end)
    return Lexicon(ordered, ends, files)


def _said(term: str, terms: Mapping[str, Term]) -> tuple[int, str]:
    """What the list says of a term: how frequent it is, and its word.

    In powers of two: what changes often would cost files.
    """
    found = terms.get(term)
    return (found.frequency.bit_length(), found.shown) if found else (0, "")


def _lines(ordered: Sequence[str], terms: Mapping[str, Term]) -> str:
    lines = []
    before = ""
    for term in ordered:
        backwards = term[::-1]
        shared = shared_start(before, backwards)
        often, shown = _said(term, terms)
        line = f"{chr(FIRST + shared)}{chr(FIRST + often)}{term[: len(term) - shared]}"
        if shown != term:
            same = shared_start(term, shown)
            line += f"\t{chr(FIRST + same)}{shown[same:]}"
        lines.append(line)
        before = backwards
    return "\n".join(lines)
