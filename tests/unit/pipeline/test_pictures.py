"""Images of model cards: within limits, each blob once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline.pictures import read_pictures
from sitegen.registry.facts import Picture
from tests.gitrepo import GitRepo
from tests.unit.readers.test_pictures import png

Told = list[tuple[str, str, str]]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def read(
    repo: GitRepo, asked: dict[str, Sequence[str]], most: int = 10_000
) -> tuple[dict[str, dict[str, str]], dict[str, Picture], Told]:
    told: Told = []
    trees = {commit: repo.git("rev-parse", f"{commit}^{{tree}}") for commit in asked}
    with ObjectReader(open_repository(repo.path, "repo")) as reader:
        files = Files(reader, "repo")
        shown, pictures = read_pictures(
            files, trees, asked, lambda path, why, commit: told.append((path, why, commit)), most
        )
        assert files.problems == ()
    return shown, pictures, told


def test_one_image_at_two_commits_and_paths_is_held_once(repo: GitRepo) -> None:
    first = repo.commit({"a.png": png(), "b.png": png()})
    second = repo.commit({"a.png": None})
    shown, pictures, told = read(repo, {first: ("a.png", "b.png"), second: ("a.png", "b.png")})
    [oid] = pictures
    assert shown == {first: {"a.png": oid, "b.png": oid}, second: {"b.png": oid}}
    assert told == []


def test_images_that_are_too_many_bytes_together_stay_links(repo: GitRepo) -> None:
    images = {f"{n}.png": png(n + 1) + bytes(100) for n in range(5)}
    commit = repo.commit(images)
    shown, pictures, told = read(repo, {commit: tuple(images)}, most=300)
    assert list(shown[commit]) == ["0.png", "1.png"]
    assert len(pictures) == 2
    assert [(path, at) for path, _, at in told] == [
        ("2.png", commit), ("3.png", commit), ("4.png", commit),
    ]  # fmt: skip
    assert all("more than 300 bytes" in why for _, why, _ in told)


def test_what_is_a_folder_or_not_there_is_passed_over(repo: GitRepo) -> None:
    commit = repo.commit({"plots/a.png": png()})
    assert read(repo, {commit: ("plots", "plots/a.png/x", "gone.png")}) == ({commit: {}}, {}, [])


def test_an_image_in_git_lfs_is_said_to_be_there(repo: GitRepo) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    commit = repo.commit({"a.png": pointer})
    shown, pictures, told = read(repo, {commit: ("a.png",)})
    assert (shown, pictures) == ({commit: {}}, {})
    assert [(path, "Git LFS" in why) for path, why, _ in told] == [("a.png", True)]
