"""Whether the repositories that tests make are what they should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gitrepo import START, GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def test_the_same_calls_make_the_same_ids(tmp_path: Path) -> None:
    def build(name: str) -> tuple[str, str]:
        repo = GitRepo(tmp_path / name)
        return repo.commit({"a": "1"}), repo.tag("m@v1.0.0")

    assert build("one") == build("two")


def test_commits_follow_the_clock_and_the_worktree_follows_commits(repo: GitRepo) -> None:
    first = repo.commit({"a/b.txt": "1", 'odd "name"\n': b"\xff"}, message="First")
    repo.tick(60)
    second = repo.commit({"a/b.txt": None, "c": "2"}, message="Second", author=("Öz", "o@x"))
    assert repo.head == second
    assert repo.git("log", "--format=%H %ct %an %s") == (
        f"{second} {START + 62} Öz Second\n{first} {START + 1} Ada Example First"
    )
    assert sorted(path.name for path in repo.path.iterdir()) == [".git", "c", 'odd "name"\n']
    assert repo.git("status", "--porcelain") == ""
    repo.git("fsck", "--strict")


def test_a_commit_can_go_to_another_branch_merge_and_stand_alone(repo: GitRepo) -> None:
    base = repo.commit({"a": "1"})
    side = repo.commit({"b": "1"}, branch="side")
    assert repo.head == base
    assert not (repo.path / "b").exists()
    merge = repo.commit({"b": "1"}, merge="side")
    assert repo.git("rev-parse", "HEAD^1", "HEAD^2").split() == [base, side]
    repo.branch("old", base)
    repo.checkout("old")
    repo.checkout(merge)
    loose = repo.commit({"d": "1"})
    assert repo.git("branch", "--contains", loose, "--format=%(refname)") == (
        f"(HEAD detached from {merge[:7]})"
    )


def test_tags_are_annotated_dated_and_may_point_anywhere(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    tag = repo.tag("m@v1.0.0", message="Release", offset=-330)
    repo.tag("tree", "HEAD^{tree}", when=5)
    repo.tag("nested", "m@v1.0.0")
    assert repo.lightweight_tag("light") == repo.head
    assert repo.git("cat-file", "tag", tag).splitlines()[3:] == [
        f"tagger Ada Example <ada@example.com> {START + 2} -0530",
        "",
        "Release",
    ]
    kinds = repo.git("for-each-ref", "--format=%(refname:short) %(objecttype) %(*objecttype)")
    assert "tree tag tree" in kinds
    assert "light commit" in kinds
    repo.git("fsck", "--strict")


def test_refs_and_objects_that_git_refuses_can_be_made(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    missing = "1" * 40
    repo.ref("refs/tags/gone@v1.0.0", missing)
    repo.ref("refs/tags/--output=x@v1.0.0", repo.raw_object("tag", b"no tag at all\n"))
    assert (repo.git_dir / "refs/tags/gone@v1.0.0").read_text(encoding="ascii").strip() == missing


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_bare_and_sha256_repositories_can_be_made(
    tmp_path: Path, bare: bool, object_format: str
) -> None:
    repo = GitRepo(tmp_path / "repo", bare=bare, object_format=object_format)
    oid = repo.commit({"a": "1"}, modes={"a": "120000"})
    repo.tag("m@v1.0.0")
    assert len(oid) == {"sha1": 40, "sha256": 64}[object_format]
    assert repo.git("ls-tree", "HEAD").startswith("120000 blob ")


def test_a_failing_git_is_an_assertion_error(repo: GitRepo) -> None:
    with pytest.raises(AssertionError, match="rev-parse"):
        repo.git("rev-parse", "nothing")
