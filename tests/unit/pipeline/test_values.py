"""Which files of a commit hold metrics and params, and what they say there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline.reported import Reported
from sitegen.pipeline.values import Values
from sitegen.readers.memo import Memo
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def commits_of(repo: GitRepo, *files: Mapping[str, str | bytes | None]) -> list[str]:
    return [repo.commit(dict(one)) for one in files]


def read(repo: GitRepo, *parts: list[str]) -> Values:
    """The values of commits, each part read by itself."""
    from sitegen.pipeline.metadata import METADATA

    with ObjectReader(open_repository(repo.path)) as reader:
        files = Files(reader, "repo")
        values = Values(files, "repo", Memo(), Reported())
        for part in parts:
            trees = {oid: repo.git("rev-parse", f"{oid}^{{tree}}") for oid in part}
            found = files.find(trees, METADATA)
            blobs = files.read(found)
            values.read(trees, values.sources(trees, found, blobs), found, blobs)
    return values


def test_the_cached_file_of_each_commit_has_what_its_own_lock_says(repo: GitRepo) -> None:
    lock = "schema: '2.0'\nstages: {a: {outs: [{path: m.json, md5: %s, size: 7}]}}\n"
    commits = commits_of(
        repo,
        {"dvc.yaml": "stages: {a: {cmd: c, metrics: [m.json]}}\n", "dvc.lock": lock % "aa"},
        {"dvc.lock": lock % "bb"},
        {"other": "1"},
    )
    found = read(repo, commits).values
    assert [found[commit][0].hash for commit in commits] == ["aa", "bb", "bb"]
    assert found[commits[1]] is found[commits[2]]


def test_files_are_opened_in_declared_folders_at_every_commit(repo: GitRepo) -> None:
    first, second = commits_of(
        repo,
        {"dvc.yaml": "metrics: [reports]\n", "reports/a.json": '{"x": 1}'},
        {"reports/deep/b.json": '{"y": 2}'},
    )
    found = read(repo, [first, second]).values
    assert [file.path for file in found[first]] == ["reports/a.json"]
    assert [file.path for file in found[second]] == ["reports/a.json", "reports/deep/b.json"]
    assert found[first][0] is found[second][0]


def test_what_two_parts_share_is_the_same_object(repo: GitRepo) -> None:
    first, second = commits_of(repo, {"metrics.json": '{"f1": 0.5}'}, {"other": "1"})
    found = read(repo, [first], [second]).values
    assert found[first] is found[second]
