"""Folders that the settings name and that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen import pipeline
from sitegen.config import Config, Repository
from sitegen.errors import OutputError, RepositoryError
from tests.gitrepo import GitRepo


def settings(repo: GitRepo, *projects: str) -> Config:
    folder = repo.path.parent
    one = Repository(name="mono", path=repo.path, projects=projects)
    return Config(
        folder=folder, output=folder / "_site", cache=folder / "cache", repositories=(one,)
    )


@pytest.fixture
def mono(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "mono")
    repo.commit({"vision/deep/dvc.yaml": "artifacts: {a: {type: model, path: a.pkl}}\n"})
    repo.tag("ranking=m@v1.0.0")
    repo.lightweight_tag("light=m@v1.0.0")
    return repo


def test_folders_with_tags_or_metadata_are_there(mono: GitRepo) -> None:
    facts = pipeline.scan(settings(mono, "ranking", "vision", "vision/deep", "light"))
    assert [p for p in facts.problems if p.kind == "repository.projects"] == []


def test_a_folder_that_is_not_there_is_named_with_those_that_are(mono: GitRepo) -> None:
    built = pipeline.build(settings(mono, "ranking", "rank"))
    (problem,) = [p for p in built.problems if p.kind == "repository.projects"]
    assert (problem.repo, problem.path) == ("mono", "rank")
    assert problem.remedy == "name one of those there are: light, ranking, vision/deep"


def test_where_no_folder_is_there_nobody_is_told_to_fetch_tags(mono: GitRepo) -> None:
    with pytest.raises(RepositoryError) as caught:
        pipeline.build(settings(mono, "rank"))
    assert [p.kind for p in caught.value.problems] == ["repository.projects"]
    pipeline.build(settings(mono, "ranking"))
    with pytest.raises(OutputError, match=r"names this folder, .* is kept") as kept:
        pipeline.build(settings(mono, "rank"))
    assert "git fetch" not in str(kept.value)
    built = pipeline.build(settings(mono, "rank"), allow_empty=True)
    assert [p.kind for p in built.problems] == ["repository.projects"]


def test_many_folders_are_not_all_listed(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "mono")
    repo.commit({"a": "a"})
    for number in range(12):
        repo.tag(f"p{number:02}=m@v1.0.0")
    (problem,) = pipeline.scan(settings(repo, "x")).problems
    assert problem.remedy.endswith("p08, p09, ...")


def test_a_repository_without_folders_says_so(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "mono")
    repo.commit({"a": "a"})
    repo.tag("m@v1.0.0")
    (problem,) = pipeline.scan(settings(repo, "x")).problems
    assert "no monorepo" in problem.remedy
