"""The Git remote that is meant, and what is said to it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sitegen.errors import GitError, RefusedError, RepositoryError
from sitegen.gitio.address import parse_address
from sitegen.gitio.clone import mirror
from sitegen.gitio.process import observing
from sitegen.gitio.push import (
    fetch_tags,
    find_target,
    push,
    push_remote,
    remote_refs,
)
from sitegen.gitio.refs import Change, RaceLost
from sitegen.gitio.repository import open_repository
from sitegen.gitio.write import Writer
from sitegen.registry.commands import Plan, TagPlan
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import AUTHOR, START, GitRepo


@pytest.fixture
def server(tmp_path: Path) -> GitRepo:
    server = GitRepo(tmp_path / "server.git", bare=True)
    server.commit({"a": "1"})
    return server


@pytest.fixture
def repo(tmp_path: Path, server: GitRepo) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.git("remote", "add", "origin", str(server.path))
    repo.git("pull", "-q", "origin", "main")
    return repo


def test_the_remote_of_the_branch_is_pushed_to(repo: GitRepo) -> None:
    opened = open_repository(repo.path)
    assert push_remote(opened, "main") == "origin"
    for name in ("tracked", "default", "pushed", "named"):
        repo.git("remote", "add", name, str(repo.path))
    for key, value in (
        ("branch.main.remote", "tracked"),
        ("remote.pushDefault", "default"),
        ("branch.main.pushRemote", "pushed"),
    ):
        repo.git("config", key, value)
        assert push_remote(opened, "main") == value
    assert push_remote(opened, "other") == "default"
    assert push_remote(opened, "main", "named") == "named"


def test_the_only_remote_is_meant_whatever_its_name(repo: GitRepo) -> None:
    repo.git("remote", "rename", "origin", "upstream")
    assert push_remote(open_repository(repo.path), "main") == "upstream"


def test_without_a_remote_the_remedy_is_said(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    opened = open_repository(repo.path)
    with pytest.raises(RefusedError, match="git remote add origin URL"):
        push_remote(opened, "main")
    for name in ("a", "b"):
        repo.git("remote", "add", name, str(tmp_path))
    with pytest.raises(RefusedError, match=r"a, b.*--remote"):
        push_remote(opened, "main")
    with pytest.raises(RefusedError, match=r"no Git remote 'c'.*use one of a, b"):
        push_remote(opened, "main", "c")


@pytest.mark.parametrize("url", ["ext::sh -c 'touch ran'", "http://example.com/r", "-x:y"])
def test_an_address_that_is_not_allowed_is_refused(repo: GitRepo, url: str) -> None:
    repo.git("config", "remote.origin.url", url)
    with pytest.raises(RepositoryError, match="is refused"):
        find_target(open_repository(repo.path), "origin")


def test_two_addresses_are_not_pushed_to_at_once(repo: GitRepo) -> None:
    repo.git("remote", "set-url", "--add", "origin", "https://example.com/r.git")
    with pytest.raises(RefusedError, match="2 addresses"):
        find_target(open_repository(repo.path), "origin")


def test_credentials_of_an_address_reach_no_arguments(repo: GitRepo) -> None:
    opened = open_repository(repo.path)
    address = parse_address("https://me:SECRET@localhost:1/r.git")
    calls: list[tuple[str, ...]] = []
    with observing(calls.append), pytest.raises(GitError) as error:
        push(opened, find_target(opened, address), [Change("refs/tags/a", repo.head)], 20)
    assert "localhost" in str(error.value)
    assert "SECRET" not in str(calls) + str(error.value)
    repo.git("config", "remote.origin.url", "https://me:SECRET@localhost:1/r.git")
    with pytest.raises(GitError) as error:
        push(opened, find_target(opened, "origin"), [Change("refs/tags/a", repo.head)], 20)
    assert "SECRET" not in str(error.value)


@pytest.mark.parametrize("url", ["../my server.git", "../my server.git/"])
def test_a_relative_path_is_meant_from_the_worktree(
    repo: GitRepo, server: GitRepo, url: str
) -> None:
    server.path.rename(server.path.with_name("my server.git"))
    repo.git("config", "remote.origin.url", url)
    opened = open_repository(repo.path)
    target = find_target(opened, "origin")
    assert target.shown == "origin"
    push(opened, target, [Change("refs/tags/a", repo.head)])
    assert remote_refs(opened, target, ["refs/tags/a", "refs/tags/b"]) == {"refs/tags/a": repo.head}


def test_a_configuration_that_pushes_more_is_not_heard(repo: GitRepo, server: GitRepo) -> None:
    repo.git("config", "remote.origin.mirror", "true")
    repo.git("config", "push.followTags", "true")
    repo.tag("other")
    opened = open_repository(repo.path)
    push(opened, find_target(opened, "origin"), [Change("refs/tags/a", repo.head)])
    assert server.git("tag") == "a"


def test_fetching_tags_forces_and_prunes_nothing(repo: GitRepo, server: GitRepo) -> None:
    theirs = server.tag("theirs", ref="main")
    server.tag("both", ref="main")
    ours = repo.tag("both", message="ours")
    repo.tag("ours")
    repo.git("config", "fetch.pruneTags", "true")
    repo.git("config", "fetch.prune", "true")
    opened = open_repository(repo.path)
    assert fetch_tags(opened, "origin") == ("both",)
    assert repo.git("tag").split() == ["both", "ours", "theirs"]
    assert repo.git("rev-parse", "both", "theirs").split() == [ours, theirs]
    assert fetch_tags(opened, str(server.path)) == ("both",)


def test_fetching_from_nowhere_is_an_error(repo: GitRepo, server: GitRepo) -> None:
    server.path.rename(server.path.with_name("away"))
    with pytest.raises(GitError, match="could not be fetched"):
        fetch_tags(open_repository(repo.path), "origin")


def test_a_stale_deletion_is_a_lost_race(repo: GitRepo, server: GitRepo) -> None:
    old = repo.tag("m#prod#1")
    server.ref("refs/tags/m#prod#1", server.git("rev-parse", "main"))
    opened = open_repository(repo.path)
    with pytest.raises(RaceLost) as error:
        push(opened, find_target(opened, "origin"), [Change("refs/tags/m#prod#1", "", old)])
    assert error.value.names == ("m#prod#1",)
    assert server.git("tag") == "m#prod#1"


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_remote_repository_is_written_without_a_checkout(
    tmp_path: Path, object_format: str
) -> None:
    server = GitRepo(tmp_path / "remote.git", bare=True, object_format=object_format)
    server.git("config", "uploadpack.allowFilter", "true")
    server.commit({"a": "1", "big": b"x" * 2_000_000})
    head = server.commit({"a": "2"})
    url = f"file://{server.path}"
    opened = open_repository(mirror(url, tmp_path / "cache", allow_file=True))
    made = Plan((TagPlan("m@v1.0.0", head, "One", "registration", "m", "v1.0.0", ""),))
    address = parse_address(url, allow_file=True)
    applied = Writer(opened, tagger=Person(*AUTHOR), when=Moment(START)).apply(
        made, push=True, remote=address
    )
    assert applied.remote == url
    assert server.git("rev-parse", "refs/tags/m@v1.0.0") == applied.tags[0][1]
    assert fetch_tags(opened, address) == ()
    assert msgspec.structs.replace(applied, tags=()).deleted == ()
