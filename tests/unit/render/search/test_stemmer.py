"""A word for each rule; tests/integration/test_search_words.py asks lunr.js about thousands."""

from __future__ import annotations

import pytest

from sitegen.render.search.stemmer import stem


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("is", "is"), ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"),
        ("agreed", "agre"), ("plastered", "plaster"), ("motoring", "motor"), ("sing", "sing"),
        ("conflated", "conflat"), ("sized", "size"), ("hopping", "hop"), ("falling", "fall"),
        ("filing", "file"), ("happy", "happi"), ("sky", "ski"), ("display", "display"),
        ("relational", "relat"), ("conditional", "condit"), ("vietnamization", "vietnam"),
        ("triplicate", "triplic"), ("electrical", "electr"), ("goodness", "good"),
        ("revival", "reviv"), ("adoption", "adopt"), ("replacement", "replac"),
        ("probate", "probat"), ("rate", "rate"), ("controll", "control"), ("roll", "roll"),
        ("yearly", "yearli"), ("yes", "ye"), ("ies", "ie"), ("größen", "größen"), ("𝒳aing", "𝒳a"),
    ],
)  # fmt: skip
def test_a_word_has_its_stem(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed
