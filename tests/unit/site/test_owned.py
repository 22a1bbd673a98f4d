"""Whose a file is, as far as its path tells."""

from __future__ import annotations

from sitegen.site.owned import own_of

NAMED = {"": frozenset({"churn", "risk", "metrics"}), "cv": frozenset({"cv:boxes"})}


def own(artifact: str, *paths: str, is_model: bool = True) -> tuple[str, ...]:
    return own_of(artifact, paths, str, ("cv/deep", "cv"), NAMED, is_model=is_model)


def test_files_are_of_the_innermost_folder_that_an_artifact_names() -> None:
    paths = ("a.json", "cv/a.json", "cv/deep/a.json", "cvx/a.json")
    assert own("churn", *paths) == ("a.json", "cvx/a.json")
    assert own("cv:boxes", *paths) == ("cv/a.json",)
    assert own("cv/deep:x", *paths) == ("cv/deep/a.json",)


def test_what_is_called_after_an_artifact_is_its_own_and_comes_first() -> None:
    paths = ("a.json", "plots/churn.csv", "risk/b.csv")
    assert own("churn", *paths) == ("plots/churn.csv", "a.json")
    assert own("risk", *paths) == ("risk/b.csv", "a.json")
    assert own("risk", *paths, is_model=False) == ("risk/b.csv",)


def test_customary_names_make_nobody_an_owner() -> None:
    assert own("churn", "metrics/a.json") == ("metrics/a.json",)
