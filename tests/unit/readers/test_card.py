"""Model cards: front matter as facts and results, and what is wrong in them."""

from __future__ import annotations

import pytest

from sitegen.readers.card import ReadCard, read_card

CARD = b"""---
license: apache-2.0
base_model: bert-base-uncased
datasets:
- imdb
- org/reviews
language: [en, no]
library_name: transformers
pipeline_tag: text-classification
tags: [sentiment, 3.10]
metrics:
- accuracy
- {type: f1, name: F1 macro}
thumbnail: https://evil.example/t.gif
model-index:
- name: sentiment
  results:
  - task: {type: text-classification, name: Text Classification}
    dataset: {type: imdb, name: IMDb, split: test}
    metrics:
    - {type: accuracy, value: 0.9310, name: Accuracy}
    - {type: f1, value: 9.3e-1}
  - task: {type: text-classification}
    metrics: {type: loss, value: .nan}
---
# Sentiment

![plot](plots/roc.png)
"""


def read(data: bytes | str, path: str = "models/README.md") -> ReadCard:
    return read_card(path, "b" * 40, data.encode() if isinstance(data, str) else data, "repo")


def kinds(data: bytes | str) -> list[str]:
    return [problem.kind for problem in read(data).problems]


def test_front_matter_becomes_facts_in_one_order_and_the_rest_is_the_text() -> None:
    found = read(CARD)
    assert found.card.facts == (
        ("license", ("apache-2.0",)),
        ("base_model", ("bert-base-uncased",)),
        ("datasets", ("imdb", "org/reviews")),
        ("language", ("en", "no")),
        ("library_name", ("transformers",)),
        ("pipeline_tag", ("text-classification",)),
        ("tags", ("sentiment", "3.10")),
        ("metrics", ("accuracy", "F1 macro")),
    )
    assert found.text == "# Sentiment\n\n![plot](plots/roc.png)\n"
    assert (found.card.path, found.card.oid) == ("models/README.md", "b" * 40)
    assert found.images == ("models/plots/roc.png",)
    assert (found.marked, found.problems) == (True, ())


def test_results_of_the_model_index_keep_the_digits_of_the_file() -> None:
    assert read(CARD).card.results == (
        ("Text Classification", "IMDb", "Accuracy", "0.9310"),
        ("Text Classification", "IMDb", "f1", "9.3e-1"),
        ("text-classification", "", "loss", ".nan"),
    )


@pytest.mark.parametrize(
    "front",
    ["title: Page\ntags: [a]\nlanguage: en\n", "layout: post\n", "", "license:\n", "{}\n"],
)
def test_front_matter_of_any_page_marks_no_model_card(front: str) -> None:
    assert not read(f"---\n{front}---\ntext").marked
    assert not read("# Project").marked


def test_a_yaml_bomb_costs_one_problem_and_the_text_is_kept() -> None:
    bomb = "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 10)}]" for n in range(10)
    )
    found = read(f"---\n{bomb}\n---\n# Text")
    assert (found.text, found.card.facts) == ("# Text", ())
    assert [problem.kind for problem in found.problems] == ["card.yaml"]


def test_what_cannot_be_read_is_told_with_the_line_of_the_file() -> None:
    [problem] = read("---\nlicense: mit\ntags: [\n---\ntext").problems
    assert (problem.repo, problem.path, problem.kind) == ("repo", "models/README.md", "card.yaml")
    assert "line 4" in problem.reason or "line 3" in problem.reason
    [problem] = read("---\nlicense: mit\nlicense: gpl\n---\ntext").problems
    assert "line 3" in problem.reason


@pytest.mark.parametrize(
    "front",
    [
        "license: {id: mit}", "datasets: [[a, b]]", "- a\n- b", "model-index: text",
        "model-index: [{results: [1]}]", "model-index: [{results: [{metrics: [f1]}]}]",
    ],
)  # fmt: skip
def test_a_value_of_a_wrong_type_is_left_out_and_told(front: str) -> None:
    found = read(f"---\n{front}\n---\ntext")
    assert [problem.kind for problem in found.problems] == ["card.value"]
    assert (found.card.facts, found.card.results, found.text) == ((), (), "text")


def test_long_lists_and_texts_are_cut_and_say_so() -> None:
    items = ", ".join(f"d{n}" for n in range(150))
    metrics = ", ".join("{type: f1, value: 1}" for _ in range(300))
    found = read(
        f"---\ndatasets: [{items}]\nlicense: {'x' * 900}\n"
        f"model-index: [{{results: [{{metrics: [{metrics}]}}]}}]\n---\n"
    )
    facts = dict(found.card.facts)
    assert len(facts["datasets"]) == 101
    assert facts["datasets"][-1] == "and 50 more"
    assert len(facts["license"][0]) == 201
    assert len(found.card.results) == 200
    assert ["more than 200" in problem.reason for problem in found.problems] == [True]


def test_a_pointer_of_git_lfs_is_said_and_not_shown() -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    found = read(pointer)
    assert (found.text, found.card.note) == ("", "is in Git LFS and not fetched")
    assert kinds(pointer) == ["card.lfs"]


def test_bytes_that_are_no_utf_8_are_replaced_and_told() -> None:
    assert read(b"---\nlicense: m\xeft\n---\nH\xf6he").text == "H\ufffdhe"
    assert kinds(b"H\xf6he") == ["card.encoding"]
