"""Paths inside a repository, and files read as YAML once."""

from __future__ import annotations

import pytest

from sitegen.readers.context import Context, within


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("", "a/b", "a/b"),
        ("cv", "a//./b/", "cv/a/b"),
        ("cv", "../a", "a"),
        ("cv", "s3://b/../k", "s3://b/../k"),
        ("cv", "https://h/x", "https://h/x"),
        ("", "..a/b", "..a/b"),
        ("", "..", None),
        ("", "../a", None),
        ("cv", "../../a", None),
        ("", "/a", None),
        ("", "a\0b", None),
    ],
)
def test_a_path_is_made_relative_to_the_root(folder: str, path: str, expected: str | None) -> None:
    assert within(folder, path) == expected


def test_a_problem_is_reported_once() -> None:
    context = Context({"x.yaml": b"["}, "r", "c")
    assert context.yaml("x.yaml") is None
    assert context.yaml("x.yaml") is None
    assert context.yaml("absent.yaml") is None
    assert [(one.repo, one.ref, one.path) for one in context.problems] == [("r", "c", "x.yaml")]
