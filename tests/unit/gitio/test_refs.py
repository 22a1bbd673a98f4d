"""Refs change all at once or not at all, and never against somebody else's word."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sitegen.gitio.refs import Change, RaceLost, change_refs, is_ref_name
from sitegen.gitio.repository import open_repository
from tests.gitrepo import GitRepo


@pytest.mark.parametrize(
    "name",
    [
        "a@v1.0.0",
        "a#prod#1",
        "a#prod!#1",
        "dir=a@v1.0.0+b",
        "a/b@v1",
        "-a",
        "é",
        "@",
        "",
        "a..b",
        ".a",
        "a/.b",
        "a.",
        "a.lock",
        "a.lock/b",
        "a//b",
        "a/",
        "/a",
        "a b",
        "a~",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "a@{b",
        "a\x7f",
        "a\nb",
    ],
)
def test_names_are_judged_as_git_does(name: str) -> None:
    full = f"refs/tags/{name}"
    said = subprocess.run(["git", "check-ref-format", full], check=False)
    assert is_ref_name(full) == (said.returncode == 0)


def test_refs_change_all_or_none(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    oid = repo.commit({"a": "1"})
    repo.ref("refs/tags/taken", oid)
    opened = open_repository(repo.path)
    with pytest.raises(RaceLost) as error:
        change_refs(opened, [Change("refs/tags/new", oid), Change("refs/tags/taken", oid)])
    assert error.value.names == ("taken",)
    assert repo.git("tag") == "taken"
    change_refs(opened, [Change("refs/tags/new", oid), Change("refs/tags/taken", "", oid)])
    assert repo.git("tag") == "new"


def test_a_ref_that_moved_is_not_moved_again(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    first, second = repo.commit({"a": "1"}), repo.commit({"a": "2"})
    with pytest.raises(RaceLost) as error:
        change_refs(open_repository(repo.path), [Change("refs/heads/main", first, first)])
    assert error.value.names == ("main",)
    assert repo.head == second


def test_a_lock_is_named_with_what_to_do(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    oid = repo.commit({"a": "1"})
    (repo.git_dir / "refs/tags/new.lock").touch()
    with pytest.raises(RaceLost, match=r"new\.lock.*remove the lock file"):
        change_refs(open_repository(repo.path), [Change("refs/tags/new", oid)])
