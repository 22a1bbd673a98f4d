"""Languages of the search: the index's words against lunr-languages', and what is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from sitegen.render.search.languages import SNOWBALL, languages_of
from tests.integration.test_search import asked_of
from tests.node import SCRIPTS, ask

_SUFFIX = re.compile(r'new \w+\("([^"]*)",-?\d+,-?\d+')


@pytest.fixture(scope="module")
def scripts() -> dict[str, bytes]:
    """The languages' files of the theme, by their paths in the site."""
    found = {f"static/lib/{path.name}": path.read_bytes() for path in SCRIPTS.glob("lib/lunr-*.js")}
    if not found:
        pytest.skip("lunr-languages is not installed: `make test` installs it")
    return found


def vocabulary(source: str, count: int = 700) -> list[str]:
    """Words that end in everything that a language's stemmer knows, with roots of its letters."""
    random = Random(3)
    suffixes = sorted(
        {each.encode("latin-1", "backslashreplace").decode("unicode_escape")
         for each in _SUFFIX.findall(source)} - {""}
    )  # fmt: skip
    letters = sorted({char for suffix in suffixes for char in suffix if char.isalpha()})
    words = set(suffixes)
    for turn in range(count):
        root = "".join(random.choices(letters, k=random.randint(1, 7)))
        more = random.choice(suffixes) if turn % 3 == 0 else ""
        words.add(root + more + suffixes[turn % len(suffixes)])
    return sorted(words)


def test_every_language_has_the_stems_and_stop_words_of_lunr_languages(
    scripts: Mapping[str, bytes],
) -> None:
    languages = {each.code: each for each in languages_of([*SNOWBALL], scripts)}
    words = {
        code: [
            *vocabulary(scripts[f"static/lib/lunr-{code}.js"].decode()),
            *sorted(language.stop_words)[:40],
        ]
        for code, language in languages.items()
    }
    theirs = ask("languages.js", words)
    for code, language in languages.items():
        ours = [language.stem(word) for word in words[code]]
        assert ours == theirs[code]["stems"], code
        assert [word in language.stop_words for word in words[code]] == theirs[code]["stopped"]
        assert len(words[code]) > 500
        assert sum(stem != word for stem, word in zip(ours, words[code], strict=True)) > 300


TEXTS = (
    {"name": "kündigungsmodell", "text": "Vorhersagen der Kündigungen von Kunden, mit Häusern."},
    {"name": "modelle", "text": "Die Vorhersage eines Kunden und das Haus. Running predictions."},
    {"name": "model", "text": "The predicted runs of customers: elle prédisait les résiliations."},
    {"name": "haus", "text": "Es kündigte der Kunde, wie vorhergesagt. Prévisions nationales."},
)
QUERIES = (
    "vorhersage", "kunde", "häuser", "kündigung", "die", "+die", "predict", "running -kunde",
    "text:haus", "vorher*", "*modell", "kundn~1", "national", "prévision", "résiliation^2 haus",
)  # fmt: skip


@pytest.mark.parametrize("codes", [("en", "de"), ("de",), ("fr", "en", "de")], ids="-".join)
def test_queries_find_what_lunr_js_finds_with_these_languages(
    codes: tuple[str, ...], scripts: Mapping[str, bytes], tmp_path: Path
) -> None:
    found = [Document(text, ()) for text in TEXTS]
    for path, data in index_files({"models": found}, None, languages_of(codes, scripts)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    answer = ask("equal.js", asked_of(found, QUERIES, tmp_path) | {"languages": codes})
    assert answer["differ"] == []
    assert answer["answered"] == len(QUERIES)
    assert answer["found"] >= 8


def test_words_of_any_form_find_each_other(scripts: Mapping[str, bytes], tmp_path: Path) -> None:
    found = [Document(text, ()) for text in TEXTS]
    for path, data in index_files({"models": found}, None, languages_of(("en", "de"), scripts)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    queries = {"vorhersagen ": {0, 1}, "kunden ": {0, 1, 3}, "predicting ": {1, 2}, "der ": set()}
    answers = ask("found.js", {"queries": [*queries], "folder": str(tmp_path)})
    found_so = [set(answer["found"]["models"]) for answer in answers]
    assert found_so == [*queries.values()]
