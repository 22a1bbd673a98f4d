from __future__ import annotations

import pytest

from sitegen.render.search.trimmer import trim


@pytest.mark.parametrize(
    ("word", "trimmed"),
    [
        ("(model),", "model"),
        ("don't", "don't"),
        ("_private_", "_private_"),
        ("«élan»", "élan"),
        ("模型。", "模型"),
        ("--", ""),
        ("", ""),
    ],
)
def test_both_ends_lose_what_is_no_part_of_a_word(word: str, trimmed: str) -> None:
    assert trim(word) == trimmed
