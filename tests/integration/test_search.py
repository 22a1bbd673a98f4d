"""What the browser's search finds, against lunr.js on its own index of the same documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from tests.node import ask
from tests.searching import documents, fields_of, queries


def write(folder: Path, found: Sequence[Document]) -> None:
    for path, data in index_files({"models": found}):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def compared(folder: Path, found: Sequence[Document], asked: Iterable[str]) -> Any:
    write(folder, found)
    return ask("equal.js", asked_of(found, asked, folder))


def asked_of(found: Sequence[Document], asked: Iterable[str], folder: Path) -> dict[str, Any]:
    """What `equal.js` is asked."""
    return {
        "documents": [dict(each.texts) for each in found],
        "fields": [[field.name, field.boost] for field in fields_of(found)],
        "queries": list(asked),
        "folder": str(folder),
    }


def test_a_thousand_queries_find_what_lunr_js_finds_with_the_same_scores(tmp_path: Path) -> None:
    found = list(documents(1000, words=60))
    answer = compared(tmp_path, found, queries(1000, found))
    assert answer["differ"] == []
    assert answer["answered"] == 1000
    assert answer["found"] > 600


@pytest.mark.slow
def test_queries_of_10_000_models_find_what_lunr_js_finds(tmp_path: Path) -> None:
    found = list(documents(10_000))
    answer = compared(tmp_path, found, queries(1000, found, seed=21))
    assert answer["differ"] == []
    assert answer["found"] > 600


AWKWARD = (
    "", "a", "the", "+the", "-the", "*", "**", "a*", "+missingword", "-missingword", "model model",
    "missing~2 model", "model^2 model", "model^0", "model^0 -prod", "m*d*l", "*odel", "*od*l*",
    "name:model +stage:prod -stage:dev", "mo*~1", "~1", "^", "^2", "+", "-", "foo:bar", "name:",
    ":", "name:+x", "a^b", "model~x", "\\*odel",
    "mod\\el", "name:model~1^3", "élan", "elan", "1.2.0",
    "v1*", "ab~2", "toString", "constructor", "__proto__", "hasOwnProperty valueOf", "-prod -dev",
    "+model +prod +dev", "-name:model", "+name:model +name:constructor", "b model", "abc~2 model",
)  # fmt: skip


def test_awkward_queries_are_answered_or_refused_as_by_lunr_js(tmp_path: Path) -> None:
    texts = (
        {"name": "lightgbm-model", "stage": "prod\ndev", "description": "the first of its kind"},
        {"name": "model_v1.2.0", "stage": "prod", "description": "élan vital, ab initio"},
        {"name": "constructor/toString", "description": "__proto__ hasOwnProperty valueOf <b>"},
        {"name": "x"},
    )
    found = [Document(text, ()) for text in texts]
    answer = compared(tmp_path, found, AWKWARD)
    assert answer["differ"] == []
    assert answer["answered"] > 25
