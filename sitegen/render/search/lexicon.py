"""The list of terms by their shape, for words that are looked for by halves or misspelt.

A term like a misspelt one has about as many letters and digits, so terms are ordered by these two;
terms of one shape are ordered from their ends, for `*boost` is looked for by its end. So neither
needs the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sitegen.render.search.coding import FIRST, shared_start
from sitegen.render.search.inverted import Postings
from sitegen.render.search.packing import Packed
from sitegen.render.search.ranges import cut

SIZE = 16 * 1024
"""Bytes of terms in a file, before they are packed."""
MANY_DIGITS = 3
"""As many or more digits are one shape: numbers, dates and the like."""


def shape(term: str) -> tuple[int, int, bytes]:
    """What terms are ordered by: digits, UTF-16 units, the term from its end."""
    digits = min(sum(char in "0123456789" for char in term), MANY_DIGITS)
    backwards = term[::-1].encode("utf-16-be", "surrogatepass")
    return digits, len(backwards) // 2, backwards


def lexicon(
    terms: Sequence[str],
    postings: Sequence[Sequence[Postings]],
    surfaces: Mapping[str, str],
    packed: Packed,
) -> Iterator[tuple[str, str]]:
    """The files of the list: the first term of each, and the file's name.

    surfaces: term -> the word that people are shown for it.
    """
    frequent = {
        term: sum(each.count for each in found) for term, found in zip(terms, postings, strict=True)
    }
    ordered = sorted(terms, key=shape)
    for start, end in cut(ordered, [len(term) + 3 for term in ordered], SIZE):
        lines = []
        before = ""
        for term in ordered[start:end]:
            backwards = term[::-1]
            shared = shared_start(before, backwards)
            # How frequent a term is, in powers of two: what changes often would cost files.
            often = chr(FIRST + frequent[term].bit_length())
            shown = surfaces.get(term, term)
            line = f"{chr(FIRST + shared)}{often}{term[: len(term) - shared]}"
            if shown != term:
                same = shared_start(term, shown)
                line += f"\t{chr(FIRST + same)}{shown[same:]}"
            lines.append(line)
            before = backwards
        yield ordered[start], packed.add("\n".join(lines).encode("utf-8", "replace"))
