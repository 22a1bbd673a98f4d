from __future__ import annotations

from sitegen.render.search.analysis import Analyser
from sitegen.render.search.inverted import Inverted, Row
from sitegen.render.search.packing import Packed
from sitegen.render.search.terms import NO_TERMS, Terms, Written, same_ranges, within, write
from tests.searching import documents

FIELDS = ("name", "description", "text")
LONGS = frozenset({2})


def rows(count: int) -> tuple[dict[str, Row], dict[str, str]]:
    inverted = Inverted(FIELDS, Analyser())
    for number, document in enumerate(documents(count, words=60)):
        inverted.add(number, document.texts)
    found = {term: tuple(inverted.postings(term)) for term in inverted.terms()}
    return found, dict(inverted.surfaces)


def fresh(found: dict[str, Row], shown: dict[str, str]) -> tuple[Terms, Packed]:
    packed = Packed()
    return write(Written(NO_TERMS, LONGS, packed), found, shown, packed), packed


def test_what_is_written_is_read_again() -> None:
    found, shown = rows(600)
    terms, packed = fresh(found, shown)
    assert len(terms.postings) > 1
    assert sum(terms.sections[1]) > sum(terms.sections[0]) > 0
    written = Written(terms, LONGS, Packed(packed.files))
    assert {term: written.row(term) for term in terms.terms} == found
    assert written.row("nothing-like-this") == ()
    assert {term: known.shown for term, known in terms.terms.items()} == shown


def test_a_change_leads_to_the_files_that_all_rows_would_have() -> None:
    found, shown = rows(600)
    terms, packed = fresh(found, shown)
    some, other, gone = list(terms.terms)[10], list(terms.terms)[900], list(terms.terms)[500]
    changes: dict[str, Row] = {"a-new-term": found[some], some: found[other], gone: ()}
    after = {**found, **changes}
    del after[gone]
    words = {"a-new-term": "new", other: "another"}
    kept = Packed(packed.files)
    changed = write(Written(terms, LONGS, kept), changes, words, kept)
    whole, expected = fresh(after, shown | words)
    assert changed == whole
    assert kept.files == expected.files
    assert len(kept.files.keys() & packed.files.keys()) > 0


def test_a_range_is_the_same_where_just_its_terms_are_in_one() -> None:
    same = same_ranges(["a", "b", "d", "e", "f"], ["a", "b", "c", "d", "e"], [2, 3, 5])
    assert same(0, 2) == 0
    assert same(2, 4) == 2
    assert same(2, 3) is None
    assert same(4, 5) is None


def test_a_place_is_within_a_range_or_not() -> None:
    assert within([3, 8], 2, 4)
    assert within([3, 8], 8, 9)
    assert not within([3, 8], 4, 8)
    assert not within([], 0, 9)
