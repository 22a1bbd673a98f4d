from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import RefusedError, StorageError
from sitegen.pipeline.fetching import fetch, find_content, resolve
from sitegen.pipeline.opened import Opened, open_local
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit({"artifacts.yaml": "git: {path: m.pkl}\nlfs: {type: model}\n", "m.pkl": "one"})
    return made


def tagged(repo: GitRepo, *tags: str) -> Opened:
    for tag in tags:
        repo.tick(1)
        repo.tag(tag)
    return open_local(repo.path)


def test_names_mean_versions(repo: GitRepo) -> None:
    first = repo.head
    opened = tagged(repo, "git@v1.0.0", "git#dev#1")
    second = repo.commit({"x": "y"})
    opened = tagged(repo, "git@v2.0.0", "git#prod#2")
    third = repo.commit({"x": "z"})
    opened = tagged(repo, "git#try#3")
    assert resolve(opened, "git") == ("git", "v2.0.0", second)
    assert resolve(opened, "git@latest") == ("git", "v2.0.0", second)
    assert resolve(opened, "git@v1.0.0") == ("git", "v1.0.0", first)
    assert resolve(opened, "git#dev") == ("git", "v1.0.0", first)
    assert resolve(opened, "git#try") == ("git", third, third)
    assert resolve(opened, f"git@{third[:9]}") == ("git", third, third)
    assert resolve(opened, "lfs")[2] == third


@pytest.mark.parametrize(
    "name", ["other", "git@v3.0.0", "git#nowhere", "lfs@latest", "git@", "git@abc", "", "-x"]
)
def test_names_that_mean_nothing_are_refused(repo: GitRepo, name: str) -> None:
    with pytest.raises(RefusedError):
        resolve(tagged(repo, "git@v1.0.0"), name)


def test_a_version_keeps_what_was_true_of_it(repo: GitRepo, tmp_path: Path) -> None:
    tagged(repo, "git@v1.0.0")
    repo.commit({"artifacts.yaml": "git: {path: other}\n", "m.pkl": None, "other": "two"})
    opened = tagged(repo, "git@v2.0.0")
    for name in ("git@v1.0.0", "git"):
        found = find_content(opened, name)
        fetch(found, tmp_path / found.name, False, lambda done, total: None)
    assert (tmp_path / "m.pkl").read_text() == "one"
    assert (tmp_path / "other").read_text() == "two"


def test_an_artifact_without_a_path_is_an_error(repo: GitRepo) -> None:
    with pytest.raises(StorageError, match="nothing says"):
        find_content(open_local(repo.path), "lfs")


def test_a_version_tagged_before_its_annotation_needs_a_new_one(repo: GitRepo) -> None:
    opened = tagged(repo, "lfs@v1.0.0")
    with pytest.raises(StorageError) as caught:
        find_content(opened, "lfs@v1.0.0")
    remedy = caught.value.problem.remedy
    assert "modelreg annotate lfs --path PATH --commit" in remedy
    assert remedy.endswith("then register a new version")
    repo.commit({"artifacts.yaml": "lfs: {path: m.pkl}\n"})
    assert find_content(tagged(repo, "lfs@v1.1.0"), "lfs").path == "m.pkl"
