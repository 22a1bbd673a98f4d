from __future__ import annotations

from base64 import b64decode

from sitegen.render.search.lexicon import Lexicon, lexicon, shape
from sitegen.render.search.packing import Kept, Packed, unpack
from sitegen.render.search.terms import Term
from tests.searching import made_words


def term(shown: str, frequency: int = 1) -> Term:
    return Term(size=1, frequency=frequency, first=0, shown=shown)


def fresh(terms: dict[str, Term]) -> tuple[Lexicon, Kept]:
    packed = Packed()
    return lexicon(terms, packed, None, {}), packed.files


def test_terms_are_ordered_by_digits_then_length_then_from_their_ends() -> None:
    terms = ["2024", "50", "ab", "boost", "coast", "r2d2", "resnet50", "zzz"]
    assert sorted(terms, key=shape) == [
        "ab", "zzz", "coast", "boost", "50", "r2d2", "resnet50", "2024"
    ]  # fmt: skip


def test_a_line_says_what_is_shared_how_frequent_and_how_it_is_shown() -> None:
    found, _ = fresh(
        {"boost": term("boost"), "model": term("models", 9), "toost": term("toost", 2)}
    )
    assert found.terms == ["model", "boost", "toost"]
    (name,) = found.files
    assert unpack(b64decode(name[1:])).decode().split("\n") == ["04model\t5s", "01boost", "42t"]


def test_many_terms_are_in_many_files() -> None:
    found, files = fresh({word: term(word) for word in made_words()[:5_000]})
    assert len(found.files) == len(files) == len(found.ends) > 2
    assert found.ends[-1] == len(found.terms) == 5_000
    assert found.terms == sorted(found.terms, key=shape)


def test_a_list_made_out_of_an_earlier_one_is_that_of_all_terms() -> None:
    words = made_words()[:6_000]
    before = {word: term(word, 3) for word in words[:5_997]}
    old, files = fresh(before)
    after = {word: before.get(word, term(word)) for word in words[2:]}
    after[words[50]] = term("shown", 3)
    after[words[70]] = term(words[70], 2)
    packed = Packed(files)
    found = lexicon(after, packed, old, before)
    assert (found, packed.files) == fresh(after)
    assert len(packed.files.keys() & files.keys()) > 1
    everything = {word: term(word) for word in words[1_000:]}
    assert lexicon(everything, Packed(files), old, before) == fresh(everything)[0]
