from __future__ import annotations

import pytest

from sitegen.render.search.words import LONGEST, parts, split


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lightgbm-model", ["lightgbm", "model"]),
        ("cv:model/src_x", ["cv", "model", "src", "x"]),
        ("scikit-learn==1.2.0.", ["scikit", "learn", "1.2.0"]),
        ("sklearn.ensemble, v2.x", ["sklearn", "ensemble", "v2", "x"]),
        ("Élan «größe» 10€", ["Élan", "größe", "10"]),
        ("用于model预测", ["用", "于", "model", "预", "测"]),
        ("one\ntwo", ["one", "\n", "two"]),
        ("🚀launch ⟨U+202E⟩", ["launch", "U", "202E"]),
        ("-- ... 🚀", []),
    ],
)
def test_words_are_what_stands_between_everything_else(text: str, found: list[str]) -> None:
    assert split(text) == found


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("model", ["model"]),
        ("1.2.0", ["1.2.0"]),
        ("v1.2.0", ["v1.2.0", "1.2.0"]),
        ("resnet50", ["resnet50", "resnet", "50"]),
        ("t5", ["t5", "5"]),
        ("1.2.0rc1", ["1.2.0rc1", "1.2.0", "rc", "1"]),
        ("0a1b2c3d4e", ["0a1b2c3d4e"]),
        ("\n", []),
        ("y" * LONGEST, ["y" * LONGEST]),
        ("y" * (LONGEST + 1), []),
        ("𝒳" * (LONGEST // 2 + 1), []),
    ],
)
def test_a_word_has_parts_where_letters_meet_digits(word: str, found: list[str]) -> None:
    assert parts(word) == found
