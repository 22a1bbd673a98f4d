"""Queries in the portal's own language, against what a plain look at every document says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sitegen.render.search import words
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.fields import Document
from tests.integration.test_search import write
from tests.node import ask
from tests.searching import documents

FEW = (
    Document(
        {"name": "lightgbm-model", "stage": "prod\ndev", "label": "credit risk\nfinance",
         "author": "Ann Lee", "version": "v1.2.0\nv2.0.0-rc1",
         "text": "Risk of credit. Credit risk."},
        (), numbers={"test.f1": 0.91, "f1": 0.5, "loss": -2.5}, state="registered",
    ),
    Document(
        {"name": "cv:resnet50", "stage": "prod", "label": "vision", "author": "Bob Lee",
         "text": "The state of the art in vision, at no risk. It has been credited."},
        (), numbers={"test.f1": 0.7, "accuracy": 1e-3}, state="deprecated",
    ),
    Document({"name": "churn", "label": "credit\nrisk", "text": "risk credit"}, (),
             state="unregistered"),
    Document({"name": "light-house", "stage": "dev", "author": "Cho"}, (), state="registered"),
)  # fmt: skip


FINDS: tuple[tuple[str, set[int]], ...] = (
    ("stage:prod", {0, 1}),
    ("stage:prod stage:dev", {0, 1, 3}),
    ("stage:prod name:resnet", {1}),
    ("+stage:prod +stage:dev", {0}),
    ("stage:prod -stage:dev", {1}),
    ("risk stage:prod", {0, 1}),
    ("vision house", {1, 3}),
    ("+vision house ", {1}),
    ("risk -vision", {0, 2}),
    ("-vision", {0, 2, 3}),
    ('"credit risk"', {0}),
    ('label:"credit risk"', {0}),
    ("label:credit-risk", {0}),
    ('label:"credit risk" label:vision', {0, 1}),
    ('-"credit risk" risk', {1, 2}),
    ('"state of the art"', {1}),
    ('"state the art"', set()),
    ('"the"', set()),
    ("author:ann-lee", {0}),
    ('author:"bob lee"', {1}),
    ("name:lightgbm-model", {0}),
    ("lightgbm", {0}),
    ("light", {0, 3}),
    ("light ", {3}),
    ("name:light", {0, 3}),
    ("name:light*-mod*", {0}),
    ("creditin", {0, 1, 2}),
    ("version:v1.2.0", {0}),
    ("version:1.2.0", {0}),
    ("version:v2.0.0-rc1", {0}),
    ("resnet50", {1}),
    ("resnet", {1}),
    ("resnet51~1", {1}),
    ("is:deprecated", {1}),
    ("is:registered", {0, 3}),
    ("-is:registered", {1, 2}),
    ("is:unregistered risk", {2}),
    ("is:nonsense risk", {0, 1, 2}),
    ("metric.f1>0.9", {0}),
    ("metric.f1>=0.7", {0, 1}),
    ("metric.f1 < .6", {0}),
    ("metric.test.f1<0.9", {1}),
    ("metric.LOSS=-2.5", {0}),
    ("metric.accuracy<=1e-3", {1}),
    ("-metric.f1>0 is:registered", {3}),
    ("metric.f1>0 stage:prod -is:deprecated", {0}),
    ("metric.f1>abc", set()),
    ("foo:bar", set()),
    ("cv:resnet50", {1}),
    ("foo:risk", {0, 1, 2}),
    ("the", set()),
    ("the risk of", {0, 1, 2}),
    ("card:vision", {1}),
    ("CREDIT", {0, 1, 2}),
)
MEANS = (
    ("churn", ["churn"]),
    ("stage:prod -Label:x", ["stage: prod", "not label: x"]),
    ('+x "b c', ["must: x", "“b c”"]),
    ("metric.f1>=0.90", ["f1 >= 0.90"]),
    ("is:deprecated", ["deprecated"]),
    ("modle~9^3 x~", ["modle, or 2 letters else ×3", "x, or 1 letter else"]),
    ("repository:x model:y", ["repo: x", "name: y"]),
    ('^ ~ : -- " *', []),
)
HOSTILE = (
    "abcdefghijk~9", "foo:bar", "^", "~", "~~~", "a^^2", "+", "-", "+-+", ":", "a:b:c", '"', '""',
    "*", "**a**", "a*b*c*d*e*f*g*h*", "\\", "\\*", "name:", "name:\"", "is:", "metric.",
    "metric.x>", "metric.x>1e999", "<script>", "__proto__", "constructor:x", "toString",
    "x" * 10_000, "a " * 5_000, "é\u0301\u202e", "\ud83d", "name:*", "-*", "a~2 b~2 c~2 d~2",
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What all of these queries find in a few documents: query -> the answer."""
    folder = tmp_path_factory.mktemp("few")
    write(folder, FEW)
    queries = [*(query for query, _ in FINDS), *(query for query, _ in MEANS), *HOSTILE]
    found = ask("found.js", {"queries": queries, "folder": str(folder)})
    return dict(zip(queries, found, strict=True))


@pytest.mark.parametrize(("query", "found"), FINDS)
def test_a_query_finds(answers: dict[str, Any], query: str, found: set[int]) -> None:
    assert answers[query]["failed"] == ""
    assert set(answers[query]["found"]["models"]) == found


@pytest.mark.parametrize(("query", "parts"), MEANS)
def test_a_query_says_what_it_means(answers: dict[str, Any], query: str, parts: list[str]) -> None:
    assert answers[query]["parts"] == parts


def test_no_query_fails(answers: dict[str, Any]) -> None:
    for query in HOSTILE:
        assert answers[query]["failed"] in ("", "TooWide"), query


def test_what_is_deprecated_comes_last_unless_it_is_asked_for(tmp_path: Path) -> None:
    found = [
        Document({"name": "churn churn"}, (), state="deprecated"),
        Document({"name": "churn", "text": "of customers"}, (), state="registered"),
        Document({"text": "churn, and much else of another kind"}, (), state="unregistered"),
        Document({"text": "not this"}, (), state="deprecated"),
    ]
    write(tmp_path, found)
    queries = ["churn ", "is:deprecated churn ", "-is:registered churn "]
    answers = ask("found.js", {"queries": queries, "folder": str(tmp_path), "limit": 9})
    assert [answer["found"]["models"] for answer in answers] == [[1, 2, 0], [0], [0, 2]]


def spoken(texts: Sequence[Sequence[tuple[str, ...]]], wanted: Sequence[tuple[str, ...]]) -> bool:
    """Whether one of some texts, of each of whose words these are the terms, holds some words."""
    first = next(want[0] for want in wanted if want)
    for found in texts:
        if not any(first in terms for terms in found):
            continue
        for start in range(len(found) - len(wanted) + 1):
            here = found[start : start + len(wanted)]
            if all(not want or want[0] in terms for want, terms in zip(wanted, here, strict=True)):
                return True
    return False


def test_random_phrases_are_found_where_they_stand(tmp_path: Path) -> None:
    found = list(documents(300, words=80))
    write(tmp_path, found)
    random = Random(4)
    analyser = Analyser()
    phrases = []
    while len(phrases) < 150:
        text = words.split(
            random.choice(found).texts[random.choice(("text", "description", "name"))]
        )
        at = random.randrange(len(text))
        phrase = text[at : at + random.randint(2, 4)]
        if "\n" not in phrase and sum(bool(analyser[word]) for word in phrase) > 1:
            # Half of them are turned around, to stand nowhere or by chance.
            phrases.append(phrase if random.random() < 0.5 else phrase[::-1])
    answers = ask(
        "found.js", {"queries": [f'"{" ".join(p)}"' for p in phrases], "folder": str(tmp_path)}
    )
    some = 0
    texts = [
        [[analyser[word] for word in words.split(text)] for text in each.texts.values()]
        for each in found
    ]
    for phrase, answer in zip(phrases, answers, strict=True):
        wanted = [analyser[word][:1] for word in phrase]
        expected = {n for n, each in enumerate(texts) if spoken(each, wanted)}
        assert set(answer["found"]["models"]) == expected, phrase
        some += bool(expected)
    assert some > 50


def test_random_conditions_are_all_met(tmp_path: Path) -> None:
    found = list(documents(400, words=20))
    write(tmp_path, found)
    random = Random(7)
    analyser = Analyser()

    # Of every document the terms of each field.
    terms = [
        {
            field: {term for word in words.split(text) for term in analyser[word]}
            for field, text in each.texts.items()
        }
        for each in found
    ]

    queries, expected = [], []
    for _ in range(150):
        example = random.choice(found)
        met = set(range(len(found)))
        parts = []
        for field in random.sample(("stage", "framework", "label", "repo", "author"), 2):
            chosen = [word for word in words.split(example.texts.get(field, "")) if analyser[word]]
            for word in chosen[:1]:
                sign = random.choice(("", "", "-"))
                holds = {n for n, e in enumerate(terms) if analyser[word][0] in e.get(field, ())}
                met = met - holds if sign else met & holds
                parts.append(f"{sign}{field}:{word}")
        limit = round(random.random(), 2)
        if random.random() < 0.5:
            parts.append(f"metric.f1>{limit}")
            met &= {n for n, each in enumerate(found) if each.numbers["f1"] > limit}
        if random.random() < 0.3:
            parts.append("is:deprecated")
            met &= {n for n, each in enumerate(found) if each.state == "deprecated"}
        if random.random() < 0.5:
            bare = random.sample([w for w in words.split(example.texts["text"]) if analyser[w]], 2)
            wanted = {analyser[word][0] for word in bare}
            met &= {n for n, e in enumerate(terms) if any(wanted & one for one in e.values())}
            parts += bare
        if not parts:
            continue
        random.shuffle(parts)
        queries.append(" ".join(parts) + " ")
        expected.append(met)
    answers = ask("found.js", {"queries": queries, "folder": str(tmp_path)})
    for query, answer, met in zip(queries, answers, expected, strict=True):
        assert set(answer["found"]["models"]) == met, query
    assert sum(map(bool, expected)) > 50


def test_searches_at_the_same_time_find_what_each_finds_by_itself(tmp_path: Path) -> None:
    found = list(documents(120, words=60))
    write(tmp_path, found)
    queries = ["*a*", "*e* -stage:prod", "lightgbm mod", "is:deprecated", '"training data"', "m*~1"]
    answer = ask("together.js", {"queries": queries * 3, "folder": str(tmp_path)})
    assert answer["together"] == answer["apart"]
    assert sum(total > 0 for total, _, _ in answer["apart"]) >= 12
    # What nobody waits for any more is given up at its next turn.
    assert set(answer["given"]) == {"Given"}
    assert answer["turns"] >= len(answer["given"]) > 0
