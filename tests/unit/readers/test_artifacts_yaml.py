"""artifacts.yaml: GTO's annotations."""

from __future__ import annotations

import pytest

from sitegen.errors import Problem
from sitegen.readers.base import read_annotations
from sitegen.registry.facts import Annotation


def read(text: str) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    return read_annotations({"artifacts.yaml": text.encode()})


def test_every_key_is_read() -> None:
    said, problems = read(
        "nn:\n  type: model\n  path: ./models//nn.pkl\n  virtual: false\n"
        "  labels: [a, b, a]\n  description: A net\n  custom: {k: [1, null]}\n"
    )
    assert problems == ()
    assert said == (
        Annotation(
            "nn",
            "artifacts.yaml",
            path="models/nn.pkl",
            type="model",
            description="A net",
            labels=("a", "b"),
            virtual=False,
            custom={"k": [1, None]},
            sources=("artifacts.yaml",),
        ),
    )


def test_scalars_that_look_like_something_else_are_shown_as_written() -> None:
    said, problems = read(
        "a: {description: 3.10, type: on}\nb: {description: '3.10', labels: [yes, 1_0]}\n"
    )
    assert problems == ()
    assert [(one.description, one.type) for one in said] == [("3.10", "on"), ("3.10", "")]
    assert said[1].labels == ("yes", "1_0")


def test_an_empty_entry_or_file_says_nothing_and_is_right() -> None:
    assert read("nn:\n") == ((Annotation("nn", "artifacts.yaml", sources=("artifacts.yaml",)),), ())
    assert read("") == ((), ())


def test_labels_may_be_keys_and_values() -> None:
    said, problems = read("nn: {labels: {owner: ml, gpu: true, v: 3.10}}\n")
    assert (said[0].labels, problems) == (("owner=ml", "gpu=true", "v=3.10"), ())


@pytest.mark.parametrize(
    "entry",
    ["labels: text", "labels: 3", "description: [a]", "type: {a: 1}", "path: [x]", "virtual: yes"],
)
def test_a_value_of_the_wrong_type_is_a_problem_and_the_other_keys_stay(entry: str) -> None:
    said, problems = read(f"nn:\n  {entry}\n  custom: kept\n")
    assert said == (Annotation("nn", "artifacts.yaml", custom="kept", sources=("artifacts.yaml",)),)
    assert [one.kind for one in problems] == ["annotation.value"]
    assert entry.partition(":")[0] in problems[0].reason


def test_of_a_list_of_labels_those_that_are_texts_stay() -> None:
    said, problems = read("nn: {labels: [a, [b], {c: d}]}\n")
    assert said[0].labels == ("a",)
    assert [one.kind for one in problems] == ["annotation.value"]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "..", '"a\\0b"'])
def test_a_path_outside_the_repository_is_a_problem_and_is_dropped(path: str) -> None:
    said, problems = read(f"nn: {{type: model, path: {path}}}\n")
    assert (said[0].type, said[0].path) == ("model", "")
    assert [one.kind for one in problems] == ["annotation.path"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "text", "nn: text\n", "nn: [a]\n"])
def test_what_is_no_mapping_is_a_problem(text: str) -> None:
    said, problems = read(text)
    assert said == ()
    assert [one.kind for one in problems] == ["annotation.value"]


def test_a_name_may_tell_its_folder() -> None:
    assert [one.artifact for one in read("cv:nn: {}\n")[0]] == ["cv:nn"]
