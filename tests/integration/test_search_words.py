"""What the index is made of, against what lunr.js and the browser make of the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.render.search import words
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.stemmer import stem
from sitegen.render.search.trimmer import trim
from tests.conftest import ROOT
from tests.node import ask
from tests.searching import made_words


def words_of(texts: Iterator[str]) -> list[str]:
    return sorted({part for t in texts for w in words.split(t) for part in words.parts(w.lower())})


def compare(found: list[str]) -> dict[str, Any]:
    """Every word's terms in Python and in the browser; fails with those that differ."""
    theirs: dict[str, Any] = ask("terms.js", {"words": found, "texts": []})
    differ = [(w, stem(w), t) for w, t in zip(found, theirs["stems"], strict=True) if stem(w) != t]
    assert differ == []
    differ = [(w, trim(w), t) for w, t in zip(found, theirs["ours"], strict=True) if trim(w) != t]
    assert differ == []
    # Where letters are ASCII, ours trims as lunr.js's does.
    for word, trimmed in zip(found, theirs["trimmed"], strict=True):
        assert trim(word) == trimmed or not word.isascii()
    analyser = Analyser()
    ours = [list(analyser[word]) for word in found]
    differ = [(w, o, t) for w, o, t in zip(found, ours, theirs["terms"], strict=True) if o != t]
    assert differ == []
    return theirs


def test_15_000_words_have_the_stems_that_lunr_js_gives_them() -> None:
    found = made_words()
    assert len(found) >= 15_000
    theirs = compare(found)
    assert len(set(theirs["stems"])) > 5_000


@pytest.mark.parametrize("word", ["key", "array", "display", "survey", "delay", "play"])
def test_a_word_that_the_package_stems_otherwise_is_as_lunr_js_has_it(word: str) -> None:
    assert ask("terms.js", {"words": [word], "texts": []})["stems"] == [word] == [stem(word)]


def test_stop_words_are_those_of_lunr_js() -> None:
    from lunr.stop_word_filter import WORDS

    shorter = {word[:-1] for word in WORDS if len(word) > 1}
    found = sorted({*WORDS, *shorter, *(f"{word}s" for word in WORDS)})
    theirs = compare(found)
    stopped = [word for word, stop in zip(found, theirs["stopped"], strict=True) if stop]
    assert stopped == sorted(WORDS)


def test_the_words_of_the_documentation_have_the_same_terms() -> None:
    files = [*ROOT.glob("content/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
    found = words_of(file.read_text("utf-8") for file in files)
    assert len(found) > 1_000
    compare(found)


@pytest.mark.parametrize(
    "name", ["demo-bank-customer-churn", "example-gto", "example-get-started-experiments"]
)
def test_the_words_of_a_real_registry_have_the_same_terms(
    name: str, real_registry: Callable[[str], Path]
) -> None:
    compare(words_of(texts_below(real_registry(name))))


def test_the_words_of_the_demo_registries_have_the_same_terms(tmp_path: Path) -> None:
    from sitegen.demo import make_demo

    make_demo(tmp_path / "demo")
    compare(words_of(texts_below(tmp_path / "demo")))


def texts_below(folder: Path) -> Iterator[str]:
    """The text of every file, and the names and messages of Git."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield re.sub("[\ud800-\udfff]", " ", path.read_bytes().decode("utf-8", "replace"))


SAMPLES = (
    "The lightgbm-model v1.2.0-rc.1, resnet50: sklearn.ensemble's f1_score=0.95 (±0.01) a/b\\c",
    "Élan ÉLAN größe straße Łukasz İstanbul ΣΊΣΥΦΟΣ ﬁne Ünïted 模型用于预测 テスト한국어",
    "🚀launch x² H₂O 10€ 5µm «quoted» “quoted” it’s…done → next ⟨U+202E⟩ \u202eevil \u00a0nbsp",
    "١٢٣ ०१ ａｂｃ 123 v.1 1..2 1.2. .5 3.x 1.2.3.4.5 abc123def456ab7890cd z" + "y" * 80,
    "line one\nline two\r\n\tthree\u2028four\u2029five a1b2 t5 5t x1y2z3 _private_ __init__",
    "𝒳𝒴ed 𝒳ing 𠮷野家 👩‍💻work e\u0301tude",
)  # fmt: skip


def test_texts_of_any_script_are_split_alike() -> None:
    theirs = ask("terms.js", {"words": words_of(iter(SAMPLES)), "texts": SAMPLES})
    assert theirs["split"] == [words.split(text) for text in SAMPLES]
    compare(words_of(iter(SAMPLES)))


def test_every_character_is_between_words_in_both_or_in_neither() -> None:
    points = [*range(1, 0xD800), *range(0xE000, 0x30000), *range(0xE0000, 0xE1000)]
    texts = ["a".join(map(chr, points[at : at + 4096])) for at in range(0, len(points), 4096)]
    theirs = ask("terms.js", {"words": [], "texts": texts})["split"]
    for text, split in zip(texts, theirs, strict=True):
        assert words.split(text) == split
