"""Which repository is read, whose it is, and its refs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.errors import GitError, RepositoryError
from sitegen.gitio.repository import make_bare, open_repository, read_refs
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"sub/a.txt": "a"})
    repo.tag("good@v1.0.0", message="good")
    return repo


def names(path: Path) -> list[str]:
    return [ref.name for ref in read_refs(open_repository(path)).refs]


GOOD = ["refs/heads/main", "refs/tags/good@v1.0.0"]


def test_worktree_git_folder_linked_worktree_and_bare_mirror_are_read(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    repo.git("clone", "-q", "--mirror", str(repo.path), str(tmp_path / "bare.git"))
    for place in (repo.path, repo.git_dir, tmp_path / "linked", tmp_path / "bare.git"):
        assert names(place) == GOOD
    assert open_repository(tmp_path / "bare.git").bare
    assert open_repository(repo.git_dir).top == repo.path.resolve()
    linked = open_repository(tmp_path / "linked")
    assert (linked.bare, linked.common_dir) == (False, repo.git_dir.resolve())
    assert read_refs(linked).head == repo.head


def test_packed_refs_and_sha256_are_read(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo", object_format="sha256")
    repo.commit({"a.txt": "a"})
    repo.tag("good@v1.0.0")
    repo.git("pack-refs", "--all")
    opened = open_repository(repo.path)
    assert opened.object_format == "sha256"
    refs = read_refs(opened)
    assert [ref.name for ref in refs.refs] == GOOD
    assert (refs.branch, refs.head) == ("main", repo.head)


def test_a_folder_inside_a_repository_is_never_read_as_its_parent(repo: GitRepo) -> None:
    for folder in (repo.path / "sub", repo.git_dir / "refs"):
        with pytest.raises(RepositoryError) as caught:
            open_repository(folder)
        assert str(repo.path) in caught.value.problem.remedy


def test_no_repository_and_no_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="not a Git repository"):
        open_repository(tmp_path)
    with pytest.raises(RepositoryError, match="no such folder") as caught:
        open_repository(tmp_path / "none")
    assert "the folder of a clone" in caught.value.problem.remedy
    (tmp_path / ".git").write_text("gitdir: /nonexistent\n")
    with pytest.raises(RepositoryError, match="not a Git repository"):
        open_repository(tmp_path)


def test_a_folder_that_may_not_be_read_is_an_error(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    # Whoever runs the tests may be allowed to read everything.
    monkeypatch.setattr(Path, "is_file", closed)
    with pytest.raises(RepositoryError, match="cannot be read: Permission denied") as caught:
        open_repository(repo.path, "r")
    assert (caught.value.problem.repo, caught.value.problem.path) == ("r", f"{repo.path}/.git")


def test_an_unknown_object_format_is_an_error_that_names_the_folder(repo: GitRepo) -> None:
    repo.git("config", "core.repositoryFormatVersion", "99")
    with pytest.raises(GitError) as caught:
        open_repository(repo.path, "models")
    assert caught.value.problem.path == str(repo.path)
    assert caught.value.problem.repo == "models"


def test_an_empty_repository_has_a_branch_and_no_refs(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    refs = read_refs(open_repository(repo.path))
    assert (refs.refs, refs.branch, refs.head, refs.problems) == ((), "main", "", ())


def test_a_detached_head_has_a_commit_and_no_branch(repo: GitRepo) -> None:
    repo.checkout(repo.head)
    refs = read_refs(open_repository(repo.path))
    assert (refs.branch, refs.head) == ("", repo.head)
    assert [ref.name for ref in refs.refs] == GOOD


def test_a_branch_with_slashes_is_named_whole(repo: GitRepo) -> None:
    repo.git("checkout", "-q", "-b", "team/next")
    assert read_refs(open_repository(repo.path)).branch == "team/next"


def test_broken_refs_are_reported_and_spare_the_rest(repo: GitRepo) -> None:
    (repo.git_dir / "refs/tags/b@v1").write_text("bad\n")
    refs = read_refs(open_repository(repo.path), "models")
    assert [ref.name for ref in refs.refs] == GOOD
    assert [(p.repo, p.ref, p.kind) for p in refs.problems] == [
        ("models", "refs/tags/b@v1", "ref.broken")
    ]


def test_names_like_options_are_data(repo: GitRepo) -> None:
    oid = repo.git("rev-parse", "refs/tags/good@v1.0.0")
    repo.ref("refs/tags/--output=x@v1.0.0", oid)
    assert names(repo.path)[1] == "refs/tags/--output=x@v1.0.0"
    assert not (repo.path / "x@v1.0.0").exists()


def test_a_shallow_clone_is_known(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.txt": "b"})
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    assert open_repository(tmp_path / "shallow").shallow
    assert not open_repository(repo.path).shallow


def test_somebody_elses_repository_is_refused_with_the_remedy(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    settings = tmp_path / "settings"
    settings.write_text("[safe]\n\tdirectory = /elsewhere\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    # The repository cannot declare itself safe.
    repo.git("config", "safe.directory", "*")
    with pytest.raises(RepositoryError) as caught:
        open_repository(repo.path)
    assert caught.value.problem.remedy.endswith(
        f"git config --global --add safe.directory {repo.path}"
    )
    assert settings.read_text() == "[safe]\n\tdirectory = /elsewhere\n"
    for said in (str(repo.path), "*", f"{tmp_path}/*"):
        settings.write_text(f"[safe]\n\tdirectory = {said}\n")
        assert names(repo.path) == GOOD
    settings.write_text("[safe]\n\tdirectory = *\n\tdirectory =\n")
    with pytest.raises(RepositoryError):
        open_repository(repo.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_root_may_read_what_belongs_to_who_called_sudo(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, _, files in os.walk(repo.path):
        for name in (".", *files):
            os.chown(Path(folder) / name, 4321, 4321)
    with pytest.raises(RepositoryError, match="belongs to another user"):
        open_repository(repo.path)
    monkeypatch.setenv("SUDO_UID", "4321")
    assert names(repo.path) == GOOD


def test_a_made_repository_is_one(tmp_path: Path) -> None:
    for object_format in ("sha1", "sha256"):
        folder = tmp_path / object_format
        folder.mkdir()
        make_bare(folder, object_format)
        assert open_repository(folder).object_format == object_format
