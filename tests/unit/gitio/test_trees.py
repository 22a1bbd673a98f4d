"""Each tree is read once, and what cannot be read is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.gitio.trees import FILE, FOLDER, Faults, Trees
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


@pytest.fixture
def trees(repo: GitRepo) -> tuple[Trees, Faults, list[list[str]], dict[bytes, str]]:
    repo.commit({"a/b/c.txt": "1", "d.txt": "2"})
    first = repo.git("rev-parse", "HEAD^{tree}").strip()
    repo.commit({"d.txt": "3"})
    second = repo.git("rev-parse", "HEAD^{tree}").strip()
    reader, faults = ObjectReader(open_repository(repo.path, "repo")), Faults("repo")
    asked: list[list[str]] = []
    ask = reader.contents

    def counted(oids, limit):  # type: ignore[no-untyped-def]
        asked.append(list(oids))
        return ask(oids, limit)

    reader.contents = counted  # type: ignore[method-assign]
    return (
        Trees(reader, faults),
        faults,
        asked,
        {bytes.fromhex(first): "1", bytes.fromhex(second): "2"},
    )


def test_a_tree_that_two_commits_share_is_read_once(trees) -> None:  # type: ignore[no-untyped-def]
    read, faults, asked, roots = trees
    read.load_below(roots)
    read.load_below(roots)
    # Two roots, then a, then a/b.
    assert [len(oids) for oids in asked] == [2, 1, 1]
    for root in roots:
        assert [(name, kind) for name, kind, _ in read.listing(root)] == [
            (b"a", FOLDER),
            (b"d.txt", FILE),
        ]
        assert read.members(root)[b"a"] == (FOLDER, read.listing(root)[0][2])
    assert faults.problems == ()


def test_what_is_no_tree_is_told_once_with_the_first_commit(trees) -> None:  # type: ignore[no-untyped-def]
    read, faults, _, _ = trees
    nothing = b"\1" * 20
    read.load({nothing: "one"})
    read.load({nothing: "two"})
    assert read.listing(nothing) == ()
    assert [(problem.kind, problem.ref) for problem in faults.problems] == [("tree.missing", "one")]
