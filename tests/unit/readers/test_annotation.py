from typing import Any

import pytest

from sitegen.readers.annotation import Entry, Said, is_legal_name
from sitegen.readers.context import Context
from sitegen.safeyaml import load

KEYS = {"path": "path", "type": "type", "desc": "description", "labels": "labels", "meta": "custom"}


def entry(text: str, folder: str = "") -> tuple[Said, list[str]]:
    document = load(text)
    context = Context({}, "repo", "c0ffee")
    values: dict[str, Any] = document.value["m"]
    said = Entry(context, "dvc.yaml", folder, "m", values, document).said(KEYS)
    return said, [problem.kind for problem in context.problems]


def test_only_what_is_said_well_is_kept() -> None:
    said, kinds = entry("m: {path: a.pkl, type: model, labels: [x, 1.10], meta: {k: 1}}")
    assert said.fields == {
        "path": "a.pkl", "type": "model", "labels": ("x", "1.10"), "custom": {"k": 1},
    }  # fmt: skip
    assert kinds == []


@pytest.mark.parametrize("wrong", ["desc: [a]", "labels: {a: [b]}", "type: {a: 1}", "path: [a]"])
def test_a_wrong_type_is_a_problem_and_spares_the_other_keys(wrong: str) -> None:
    said, kinds = entry(f"m:\n  {wrong}\n  meta: kept\n")
    assert said.fields["custom"] == "kept"
    assert len(kinds) == 1
    assert kinds[0].startswith("annotation.")


def test_paths_are_relative_to_the_files_folder_and_stay_inside() -> None:
    assert entry("m: {path: a.pkl}", "cv")[0].fields == {"path": "cv/a.pkl"}
    assert entry("m: {path: 's3://b/a.pkl'}", "cv")[0].fields == {"path": "s3://b/a.pkl"}
    said, kinds = entry("m: {path: ../../etc/passwd}", "cv")
    assert said.fields == {}
    assert kinds == ["annotation.path"]


@pytest.mark.parametrize("name", ["../../x", "%2e%2e/x", "/etc/x", "a b", ""])
def test_names_that_break_the_grammar_are_problems(name: str) -> None:
    context = Context({}, "repo", "c0ffee")
    assert not is_legal_name(context, "artifacts.yaml", name)
    assert [problem.kind for problem in context.problems] == ["annotation.name"]
