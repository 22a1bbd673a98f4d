from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.pipeline.opened import open_local
from sitegen.pipeline.unkept import find_unkept, shown_versions
from tests.gitrepo import GitRepo

SAID = """\
kept: {path: models/kept.pkl}
folder: {path: models/}
dvc: {path: models/dvc.pkl}
lost: {path: models/lost.pkl}
far: {path: "s3://bucket/far.pkl"}
none: {type: model}
"""


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit(
        {
            "artifacts.yaml": SAID,
            "models/kept.pkl": "kept",
            "models/dvc.pkl.dvc": f"outs:\n- {{md5: {'a' * 32}, path: dvc.pkl, hash: md5}}\n",
        }
    )
    return made


def test_only_a_path_that_neither_git_nor_dvc_has_is_found(repo: GitRepo) -> None:
    opened = open_local(repo.path)
    every = ["kept", "folder", "dvc", "lost", "far", "none", "unknown"]
    (problem,) = find_unkept(opened, {repo.head: every})
    assert (problem.path, problem.ref) == ("models/lost.pkl", repo.head)
    assert problem.reason.startswith("lost has this path, which is neither in Git nor recorded")
    assert find_unkept(opened, {repo.head: every[:3]}) == ()
    assert find_unkept(opened, {}) == ()


def test_latest_versions_and_those_in_stages_are_shown(repo: GitRepo) -> None:
    first = repo.head
    repo.tag("lost@v1.0.0")
    second = repo.commit({"a": "1"})
    repo.tag("lost@v2.0.0")
    assert shown_versions(open_local(repo.path)) == {second: ["lost"]}
    repo.tag("lost#prod#1", first)
    assert shown_versions(open_local(repo.path)) == {second: ["lost"], first: ["lost"]}
