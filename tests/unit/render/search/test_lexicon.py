from __future__ import annotations

import zlib
from base64 import b64decode

from sitegen.render.search.inverted import Postings
from sitegen.render.search.lexicon import lexicon, shape
from sitegen.render.search.packing import Packed
from tests.searching import made_words


def once(count: int = 1) -> tuple[Postings, ...]:
    return (Postings(0, count, b"", b""),)


def test_terms_are_ordered_by_digits_then_length_then_from_their_ends() -> None:
    terms = ["2024", "50", "ab", "boost", "coast", "r2d2", "resnet50", "zzz"]
    assert sorted(terms, key=shape) == [
        "ab", "zzz", "coast", "boost", "50", "r2d2", "resnet50", "2024"
    ]  # fmt: skip


def test_a_line_says_what_is_shared_how_frequent_and_how_it_is_shown() -> None:
    packed = Packed()
    terms = ["boost", "model", "toost"]
    shown = {"boost": "boost", "model": "models", "toost": "toost"}
    ((first, name),) = lexicon(terms, [once(), once(9), once(2)], shown, packed)
    assert first == "model"
    text = zlib.decompress(b64decode(name[1:]), -15).decode()
    assert text.split("\n") == ["04model\t5s", "01boost", "42t"]


def test_many_terms_are_in_many_files() -> None:
    packed = Packed()
    terms = made_words()[:5_000]
    found = list(lexicon(terms, [once()] * len(terms), {}, packed))
    assert len(found) == len(packed.files) > 2
    assert [shape(first) for first, _ in found] == sorted(shape(first) for first, _ in found)
