"""Plans are applied whole or not at all, here and on the server, and nothing is forced."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.process import observing
from sitegen.gitio.push import fetch_tags
from sitegen.gitio.repository import open_repository
from sitegen.gitio.write import RaceLost, Writer, retry_races
from sitegen.registry.commands import Plan, TagPlan
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import AUTHOR, START, GitRepo

ADA = Person(*AUTHOR)


def plan(*names: str, commit: str, delete: tuple[str, ...] = ()) -> Plan:
    tags = [TagPlan(name, commit, f"Make {name}", "assignment", "m", "", "") for name in names]
    return Plan(tuple(tags), delete)


def writer(repo: GitRepo, **settings: float) -> Writer:
    return Writer(open_repository(repo.path), tagger=ADA, when=Moment(START), **settings)


@pytest.fixture
def server(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "server.git", bare=True)


@pytest.fixture
def repo(tmp_path: Path, server: GitRepo) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"})
    repo.git("remote", "add", "origin", str(server.path))
    repo.git("push", "-q", "origin", "main")
    return repo


def hook(server: GitRepo, script: str) -> Path:
    path = server.path / "hooks" / "pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_tags_that_a_plan_needs_go_along_where_the_server_lacks_them(
    repo: GitRepo, server: GitRepo
) -> None:
    repo.tag("m@v1.0.0")
    made = msgspec.structs.replace(plan("m#prod#1", commit=repo.head), needs=("m@v1.0.0",))
    assert writer(repo).apply(made).along == ()
    repo.git("tag", "-d", "m#prod#1")
    refuse = hook(server, "exit 1")
    with pytest.raises(GitError):
        writer(repo).apply(made, push=True)
    assert server.git("tag") == ""
    refuse.unlink()
    assert writer(repo).apply(made, push=True).along == ("m@v1.0.0",)
    assert server.git("tag").split() == ["m#prod#1", "m@v1.0.0"]
    again = msgspec.structs.replace(plan("m#prod#2", commit=repo.head), needs=("m@v1.0.0",))
    assert writer(repo).apply(again, push=True).along == ()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("bare", [True, False])
def test_tags_are_made_here(tmp_path: Path, object_format: str, bare: bool) -> None:
    repo = GitRepo(tmp_path, bare=bare, object_format=object_format)
    commit = repo.commit({"a": "1"})
    applied = writer(repo).apply(plan("m@v1.0.0", "a/m#prod!#1", commit=commit))
    assert [name for name, _ in applied.tags] == ["m@v1.0.0", "a/m#prod!#1"]
    for name, oid in applied.tags:
        assert repo.git("rev-parse", f"refs/tags/{name}") == oid
        assert repo.git("rev-parse", f"refs/tags/{name}^{{}}") == commit
    assert not applied.pushed
    assert repo.git("fsck", "--strict") == ""


def test_processes_do_not_grow_with_tags(repo: GitRepo) -> None:
    def count(*names: str) -> int:
        calls: list[tuple[str, ...]] = []
        with observing(calls.append):
            writer(repo).apply(plan(*names, commit=repo.head), push=True)
        return len(calls)

    assert count("one") == count(*(f"m#dev#{number}" for number in range(30)))


def test_a_tag_that_is_there_is_never_moved(repo: GitRepo) -> None:
    old = repo.tag("m@v1.0.0")
    commit = repo.commit({"a": "2"})
    with pytest.raises(RaceLost) as error:
        writer(repo).apply(plan("m@v0.9.0", "m@v1.0.0", commit=commit), push=True)
    assert error.value.names == ("m@v1.0.0",)
    assert repo.git("tag") == "m@v1.0.0"
    assert repo.git("rev-parse", "m@v1.0.0") == old


@pytest.mark.parametrize("name", ["", "a..b", "a b", "-d", "a\n", "a.lock", "\udcff"])
def test_a_bad_name_writes_nothing(repo: GitRepo, name: str) -> None:
    with pytest.raises(RefusedError, match="no name for a tag"):
        writer(repo).apply(plan("fine", name, commit=repo.head))
    assert repo.git("tag") == ""


def test_what_is_no_commit_here_writes_nothing(repo: GitRepo) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")
    for oid, what in ((tree, "tree"), ("1" * 40, "missing")):
        with pytest.raises(RefusedError, match=what):
            writer(repo).apply(plan("m@v1.0.0", commit=oid))
    assert repo.git("tag") == ""


@pytest.mark.parametrize(("there", "new"), [("a", "a/b@v1"), ("a/b@v1", "a")])
def test_a_name_that_git_keeps_as_a_folder_is_refused(repo: GitRepo, there: str, new: str) -> None:
    repo.tag(there)
    with pytest.raises(RefusedError, match="cannot stand beside"):
        writer(repo).apply(plan(new, commit=repo.head))


def test_one_name_twice_is_refused(repo: GitRepo) -> None:
    with pytest.raises(RefusedError, match="twice"):
        writer(repo).apply(plan("a", "a", commit=repo.head))


def test_a_pushed_tag_is_the_same_here_and_there(repo: GitRepo, server: GitRepo) -> None:
    applied = writer(repo).apply(plan("m@v1.0.0", "m#prod#1", commit=repo.head), push=True)
    assert (applied.pushed, applied.remote) == (True, "origin")
    for name, oid in applied.tags:
        assert repo.git("rev-parse", f"refs/tags/{name}") == oid
        assert server.git("rev-parse", f"refs/tags/{name}") == oid


def test_a_rejected_push_shows_the_words_and_leaves_no_tag(repo: GitRepo, server: GitRepo) -> None:
    refusing = hook(server, "echo 'no tags on Fridays' >&2; exit 1")
    with pytest.raises(GitError, match=r"origin refused it: no tags on Fridays"):
        writer(repo).apply(plan("m@v1.0.0", "m#prod#1", commit=repo.head), push=True)
    assert (repo.git("tag"), server.git("tag")) == ("", "")
    refusing.unlink()
    writer(repo).apply(plan("m@v1.0.0", "m#prod#1", commit=repo.head), push=True)
    assert repo.git("tag") == server.git("tag") == "m#prod#1\nm@v1.0.0"


def test_no_credential_is_in_what_the_server_says(repo: GitRepo, server: GitRepo) -> None:
    hook(server, "echo 'see https://me:SECRET@example.com/rules' >&2; exit 1")
    with pytest.raises(GitError) as error:
        writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert "example.com/rules" in str(error.value)
    assert "SECRET" not in str(error.value)


def test_a_server_that_is_gone_leaves_no_tag(repo: GitRepo, server: GitRepo) -> None:
    away = server.path.with_name("away.git")
    server.path.rename(away)
    with pytest.raises(GitError, match="origin could not be pushed to"):
        writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert repo.git("tag") == ""
    away.rename(server.path)
    writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert repo.git("tag") == server.git("tag") == "m@v1.0.0"


def test_a_server_that_dies_meanwhile_leaves_no_tag(repo: GitRepo, server: GitRepo) -> None:
    dying = hook(server, "kill -9 $PPID")
    with pytest.raises(GitError, match="could not be pushed to"):
        writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert (repo.git("tag"), server.git("tag")) == ("", "")
    dying.unlink()
    writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)


def test_a_server_that_is_silent_is_left_in_time(repo: GitRepo, server: GitRepo) -> None:
    os.mkfifo(server.path / "never")
    hook(server, "read line < never")
    with pytest.raises(GitError, match=r"did not end within 0\.5 seconds"):
        writer(repo, timeout=0.5).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert repo.git("tag") == ""


def test_no_hook_of_the_repository_runs(repo: GitRepo) -> None:
    ran = repo.path / "ran"
    hooks = repo.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-push", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 1\n")
        (hooks / name).chmod(0o755)
    writer(repo).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert not ran.exists()


def test_a_tag_of_the_server_is_never_forced(repo: GitRepo, server: GitRepo) -> None:
    other = GitRepo(repo.path.with_name("other"))
    other.git("remote", "add", "origin", str(server.path))
    other.git("pull", "-q", "origin", "main")
    theirs = other.tag("m#prod#1")
    other.git("push", "-q", "origin", "m#prod#1")
    with pytest.raises(RaceLost) as error:
        writer(repo).apply(plan("m@v1.0.0", "m#prod#1", commit=repo.head), push=True)
    assert error.value.names == ("m#prod#1",)
    assert (repo.git("tag"), server.git("tag")) == ("", "m#prod#1")
    assert server.git("rev-parse", "m#prod#1") == theirs


def test_the_very_same_tag_of_somebody_else_is_a_lost_race(repo: GitRepo, server: GitRepo) -> None:
    writer(repo).apply(plan("m#prod#1", commit=repo.head), push=True)
    repo.git("tag", "-d", "m#prod#1")
    with pytest.raises(RaceLost):
        writer(repo).apply(plan("m#prod#1", commit=repo.head), push=True)
    assert repo.git("tag") == ""


def test_a_lost_race_is_run_again_with_the_next_counter(repo: GitRepo, server: GitRepo) -> None:
    for number in (1, 2):
        server.ref(f"refs/tags/m#prod#{number}", server.git("rev-parse", "main"))

    def make() -> Plan:
        taken = repo.git("tag").split()
        return plan(f"m#prod#{len(taken) + 1}", commit=repo.head)

    paused: list[float] = []
    applied = retry_races(make, writer(repo), push=True, pause=paused.append)
    assert [name for name, _ in applied.tags] == ["m#prod#3"]
    assert len(paused) == 1


def test_races_are_run_a_bounded_number_of_times(repo: GitRepo) -> None:
    repo.tag("m#prod#1")
    made: list[Plan] = []

    def make() -> Plan:
        made.append(plan("m#prod#1", commit=repo.head))
        return made[-1]

    with pytest.raises(RaceLost, match="m#prod#1 first"):
        retry_races(make, writer(repo), attempts=3, pause=lambda seconds: None)
    assert len(made) == 3


def test_tags_are_deleted_here_and_there(repo: GitRepo, server: GitRepo) -> None:
    writer(repo).apply(plan("m#prod#1", "m#prod#2", commit=repo.head), push=True)
    repo.tag("only-here")
    done = writer(repo).apply(Plan((), ("m#prod#1", "only-here")), push=True)
    assert done.deleted == ("m#prod#1", "only-here")
    assert repo.git("tag") == server.git("tag") == "m#prod#2"
    repo.tag("only-here")
    assert writer(repo).apply(Plan((), ("only-here",)), push=True).remote == ""
    writer(repo).apply(Plan((), ("m#prod#2",)))
    assert (repo.git("tag"), server.git("tag")) == ("", "m#prod#2")


def test_a_rejected_deletion_keeps_the_tag(repo: GitRepo, server: GitRepo) -> None:
    writer(repo).apply(plan("m#prod#1", commit=repo.head), push=True)
    hook(server, "echo 'tags stay' >&2; exit 1")
    with pytest.raises(GitError, match="origin refused it: tags stay"):
        writer(repo).apply(Plan((), ("m#prod#1",)), push=True)
    assert repo.git("tag") == server.git("tag") == "m#prod#1"


def test_a_tag_that_differs_there_is_not_deleted(repo: GitRepo, server: GitRepo) -> None:
    repo.tag("m#prod#1")
    server.ref("refs/tags/m#prod#1", server.git("rev-parse", "main"))
    with pytest.raises(RefusedError, match="another tag of this name"):
        writer(repo).apply(Plan((), ("m#prod#1",)), push=True)
    assert repo.git("tag") == server.git("tag") == "m#prod#1"


def test_a_tag_that_is_not_there_cannot_be_deleted(repo: GitRepo) -> None:
    with pytest.raises(RefusedError, match=r"no tag m@v1\.0\.0 to delete"):
        writer(repo).apply(Plan((), ("m@v1.0.0",)))


def test_a_tag_that_a_fetch_brings_first_is_no_error(repo: GitRepo) -> None:
    def fetch(step: str) -> None:
        if step == "pushed":
            fetch_tags(opened, "origin")

    opened = open_repository(repo.path)
    applied = Writer(opened, tagger=ADA, when=Moment(START), checkpoint=fetch).apply(
        plan("m@v1.0.0", commit=repo.head), push=True
    )
    assert repo.git("rev-parse", "m@v1.0.0") == applied.tags[0][1]


def test_what_the_server_took_is_said_when_it_cannot_be_written_here(repo: GitRepo) -> None:
    def lock(step: str) -> None:
        if step == "pushed":
            (repo.git_dir / "refs/tags").mkdir(exist_ok=True)
            (repo.git_dir / "refs/tags/m@v1.0.0.lock").touch()

    broken = Writer(open_repository(repo.path), tagger=ADA, when=Moment(START), checkpoint=lock)
    with pytest.raises(GitError, match="origin took it, but") as error:
        broken.apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert not isinstance(error.value, RaceLost)


def test_a_linked_worktree_can_be_written_from(repo: GitRepo) -> None:
    linked = repo.path.with_name("linked")
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    opened = open_repository(linked)
    Writer(opened, tagger=ADA).apply(plan("m@v1.0.0", commit=repo.head), push=True)
    assert repo.git("tag") == "m@v1.0.0"
    shutil.rmtree(linked)
