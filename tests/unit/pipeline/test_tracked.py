"""Which of many paths Git has at many commits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline.tracked import tracked_paths
from tests.gitrepo import GitRepo

PATHS = (
    "a.py",
    "src",
    "src/b.py",
    "src/deep/er/c.py",
    "src/gone",
    "gone/x",
    "link",
    "",
    "s3://b/x",
)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


@pytest.fixture
def files(repo: GitRepo) -> Iterator[Files]:
    repo.commit({"readme": "x"})
    with ObjectReader(open_repository(repo.path)) as reader:
        yield Files(reader, "models")


def trees(repo: GitRepo, *commits: str) -> dict[str, str]:
    return {commit: repo.git("rev-parse", f"{commit}^{{tree}}") for commit in commits}


def test_files_and_folders_are_found_and_nothing_else(repo: GitRepo, files: Files) -> None:
    one = repo.commit(
        {"a.py": "1", "src/b.py": "1", "src/deep/er/c.py": "1", "link": "a.py"},
        modes={"link": "120000"},
    )
    two = repo.commit({"a.py": None, "src/b.py": None})
    three = repo.commit({"src/deep/er/c.py": None})
    asked = dict.fromkeys((one, two, three, "unknown"), PATHS)
    assert tracked_paths(files, trees(repo, one, two, three), asked) == {
        one: {"a.py", "src", "src/b.py", "src/deep/er/c.py"},
        two: {"src", "src/deep/er/c.py"},
    }
    assert files.problems == ()


def test_a_folder_that_stays_is_looked_into_once(
    repo: GitRepo, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = repo.commit({"src/b.py": "1", "src/deep/c.py": "1", "other/x": "1"})
    two = repo.commit({"other/x": "2"})
    looked = []
    resolve = Files.resolve

    def counted(self: Files, trees: dict[str, str], paths: dict[str, tuple[str, ...]]) -> object:
        looked.extend(paths.values())
        return resolve(self, trees, paths)

    monkeypatch.setattr(Files, "resolve", counted)
    asked = dict.fromkeys((one, two), ("src/b.py", "src/deep/c.py"))
    found = tracked_paths(files, trees(repo, one, two), asked)
    assert looked == [("src",), ("b.py", "deep"), ("c.py",), ("src",)]
    assert found[one] is found[two]


def test_a_path_that_cannot_be_one_is_a_problem_with_the_whole_of_it(
    repo: GitRepo, files: Files
) -> None:
    one = repo.commit({"a.py": "1"})
    asked = {one: ("a/.git/x", "../up", "a.py")}
    assert tracked_paths(files, trees(repo, one), asked) == {one: {"a.py"}}
    assert [(each.kind, each.path) for each in files.problems] == [
        ("path.unsafe", "a/.git/x"),
        ("path.unsafe", "../up"),
    ]
