"""Metadata files are committed without a worktree, and nobody's changes are lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.commits import commit_files
from sitegen.gitio.refs import RaceLost
from sitegen.gitio.repository import open_repository
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import AUTHOR, START, GitRepo

ADA = Person(*AUTHOR)
NEW = {"artifacts.yaml": b"new: {}\n", "cv/dvc.yaml": b"artifacts: {}\n"}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit(
        {"artifacts.yaml": "old: {}\n", "run.sh": "#!/bin/sh\n"}, modes={"run.sh": "100755"}
    )
    return repo


def commit(repo: GitRepo, files: dict[str, bytes | None], **settings: str) -> str:
    opened = open_repository(repo.path)
    return commit_files(opened, files, "Annotate m", author=ADA, when=Moment(START, 60), **settings)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_bare_repository_gets_a_commit(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path, bare=True, object_format=object_format)
    old = repo.commit({"artifacts.yaml": "old: {}\n", "kept": "kept"})
    oid = commit(repo, {**NEW})
    assert repo.head == oid
    assert repo.git("rev-parse", "HEAD^") == old
    assert repo.git("show", "HEAD:artifacts.yaml") == "new: {}"
    assert repo.git("ls-tree", "-r", "--name-only", "HEAD").split() == [
        "artifacts.yaml",
        "cv/dvc.yaml",
        "kept",
    ]
    said = repo.git("cat-file", "commit", oid)
    for role in ("author", "committer"):
        assert f"{role} {ADA.name} <{ADA.email}> {START} +0100\n" in said
    assert said.endswith("\n\nAnnotate m")
    assert repo.git("fsck", "--strict") == ""


def test_the_worktree_and_the_index_follow(repo: GitRepo) -> None:
    (repo.path / "notes").write_text("mine")
    (repo.path / "run.sh").write_text("changed")
    commit(repo, {**NEW})
    assert (repo.path / "artifacts.yaml").read_bytes() == NEW["artifacts.yaml"]
    assert (repo.path / "cv" / "dvc.yaml").read_bytes() == NEW["cv/dvc.yaml"]
    assert repo.git("status", "--porcelain").split("\n") == [" M run.sh", "?? notes"]


def test_what_is_staged_stays_staged(repo: GitRepo) -> None:
    (repo.path / "run.sh").write_text("staged")
    repo.git("add", "run.sh")
    commit(repo, {**NEW})
    assert repo.git("status", "--porcelain") == "M  run.sh"
    assert repo.git("show", "HEAD:run.sh") == "#!/bin/sh"


def test_a_file_is_deleted_with_its_empty_folder(repo: GitRepo) -> None:
    commit(repo, {**NEW})
    commit(repo, {"cv/dvc.yaml": None})
    assert not (repo.path / "cv").exists()
    assert repo.git("status", "--porcelain") == ""


def test_the_mode_of_a_file_is_kept(repo: GitRepo) -> None:
    commit(repo, {"run.sh": b"#!/bin/sh\ntrue\n"})
    assert repo.git("ls-tree", "HEAD", "run.sh").startswith("100755")
    assert os.access(repo.path / "run.sh", os.X_OK)
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("staged", [True, False])
def test_changes_that_are_not_committed_are_not_lost(repo: GitRepo, staged: bool) -> None:
    old = repo.head
    (repo.path / "artifacts.yaml").write_text("mine: {}\n")
    if staged:
        repo.git("add", "artifacts.yaml")
    with pytest.raises(RefusedError, match=r"artifacts\.yaml has changes that are not committed"):
        commit(repo, {**NEW})
    assert repo.head == old
    assert (repo.path / "artifacts.yaml").read_text() == "mine: {}\n"
    assert not (repo.path / "cv").exists()


def test_a_new_file_of_the_users_is_not_overwritten(repo: GitRepo) -> None:
    (repo.path / "cv").mkdir()
    (repo.path / "cv" / "dvc.yaml").write_text("mine")
    with pytest.raises(RefusedError, match=r"cv/dvc\.yaml has changes"):
        commit(repo, {**NEW})
    assert (repo.path / "cv" / "dvc.yaml").read_text() == "mine"


def test_what_was_written_to_the_worktree_before_can_be_committed(repo: GitRepo) -> None:
    (repo.path / "artifacts.yaml").write_bytes(NEW["artifacts.yaml"])
    commit(repo, {"artifacts.yaml": NEW["artifacts.yaml"]})
    assert repo.git("status", "--porcelain") == ""


def test_another_branch_leaves_the_worktree_alone(repo: GitRepo) -> None:
    repo.branch("side")
    old = repo.head
    (repo.path / "artifacts.yaml").write_text("mine: {}\n")
    oid = commit(repo, {**NEW}, branch="side")
    assert (repo.head, repo.git("rev-parse", "side")) == (old, oid)
    assert repo.git("status", "--porcelain") == " M artifacts.yaml"


def test_a_branch_that_another_worktree_has_is_followed_there(repo: GitRepo) -> None:
    linked = repo.path.with_name("linked")
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    commit(repo, {**NEW}, branch="side")
    assert (linked / "artifacts.yaml").read_bytes() == NEW["artifacts.yaml"]
    assert repo.git("-C", str(linked), "status", "--porcelain") == ""
    assert repo.git("status", "--porcelain") == ""


def test_an_empty_repository_gets_its_first_commit(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    oid = commit(repo, {**NEW})
    assert repo.head == oid
    assert repo.git("status", "--porcelain") == ""


def test_nothing_to_change_is_no_commit(repo: GitRepo) -> None:
    assert commit(repo, {"artifacts.yaml": b"old: {}\n"}) == repo.head


@pytest.mark.parametrize(
    "path", ["/a", "../a", "a/../b", ".git/config", "cv/.GIT/hooks/x", "", "a//b", "a\\b", "a\0"]
)
def test_a_path_that_leads_elsewhere_is_refused(repo: GitRepo, path: str) -> None:
    with pytest.raises(RefusedError, match="no path inside"):
        commit(repo, {path: b"x"})


def test_no_link_is_followed(repo: GitRepo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    repo.commit({"link": str(outside), "file": "x"}, modes={"link": "120000"})
    for path in ("link", "link/a", "file/a"):
        with pytest.raises(RefusedError, match=r"in the way|no plain file"):
            commit(repo, {path: b"x"})
    (repo.path / "cv").symlink_to(outside)
    with pytest.raises(RefusedError, match="link"):
        commit(repo, {**NEW})
    assert list(outside.iterdir()) == []


def test_a_folder_is_not_replaced_by_a_file(repo: GitRepo) -> None:
    commit(repo, {**NEW})
    with pytest.raises(RefusedError, match="in the way"):
        commit(repo, {"cv": b"x"})


def test_no_branch_is_refused(repo: GitRepo) -> None:
    with pytest.raises(RefusedError, match="no branch nowhere"):
        commit(repo, {**NEW}, branch="nowhere")
    with pytest.raises(RefusedError, match="no name for a branch"):
        commit(repo, {**NEW}, branch="a..b")
    repo.checkout(repo.head)
    with pytest.raises(RefusedError, match="--branch"):
        commit(repo, {**NEW})


def test_a_message_is_needed(repo: GitRepo) -> None:
    with pytest.raises(RefusedError, match="needs a message"):
        commit_files(open_repository(repo.path), {**NEW}, " \n", author=ADA)


def test_neither_hook_nor_filter_runs(repo: GitRepo) -> None:
    ran = repo.path.with_name("ran")
    repo.commit({".gitattributes": "*.yaml filter=evil\n"})
    for kind in ("clean", "smudge"):
        repo.git("config", f"filter.evil.{kind}", f"touch '{ran}'; cat")
    hooks = repo.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 1\n")
        (hooks / name).chmod(0o755)
    ran.unlink(missing_ok=True)
    commit(repo, {**NEW})
    assert not ran.exists()


def test_a_pushed_commit_is_taken_by_the_server_first(repo: GitRepo, tmp_path: Path) -> None:
    server = GitRepo(tmp_path / "server.git", bare=True)
    repo.git("remote", "add", "origin", str(server.path))
    repo.git("push", "-q", "origin", "main")
    oid = commit(repo, {**NEW}, push_to="")
    assert server.git("rev-parse", "main") == repo.head == oid
    assert repo.git("rev-parse", "origin/main") == oid
    hook = server.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError, match="main is protected"):
        commit(repo, {"artifacts.yaml": b"more: {}\n"}, push_to="")
    assert repo.head == oid
    assert repo.git("status", "--porcelain") == ""


def test_a_server_that_is_ahead_is_a_lost_race(repo: GitRepo, tmp_path: Path) -> None:
    server = GitRepo(tmp_path / "server.git", bare=True)
    repo.git("remote", "add", "origin", str(server.path))
    repo.git("push", "-q", "origin", "main")
    server.commit({"theirs": "1"})
    old = repo.head
    with pytest.raises(RaceLost, match="main"):
        commit(repo, {**NEW}, push_to="origin")
    assert repo.head == old


def test_a_branch_that_moves_after_the_push_is_told_as_that(repo: GitRepo, tmp_path: Path) -> None:
    server = GitRepo(tmp_path / "server.git", bare=True)
    repo.git("remote", "add", "origin", str(server.path))
    repo.git("push", "-q", "origin", "main")
    hook = server.path / "hooks" / "post-receive"
    moved = repo.git("commit-tree", "-m", "moved", "-p", "main", "main^{tree}")
    hook.write_text(
        f"#!/bin/sh\ngit --git-dir='{repo.git_dir}' update-ref refs/heads/main {moved}\n"
    )
    hook.chmod(0o755)
    with pytest.raises(GitError, match="the server took the commit") as error:
        commit(repo, {**NEW}, push_to="origin")
    assert not isinstance(error.value, RaceLost)
    assert server.git("show", "main:artifacts.yaml") == "new: {}"
    assert repo.git("log", "-1", "--format=%s") == "moved"
