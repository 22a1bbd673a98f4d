"""Objects in bulk: in order, bounded, and going on after what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import GitError
from sitegen.gitio import objects
from sitegen.gitio.objects import CORRUPT, MISSING, ObjectInfo, ObjectReader
from sitegen.gitio.process import observing
from sitegen.gitio.repository import open_repository
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def blob(repo: GitRepo, data: bytes) -> str:
    return repo.raw_object("blob", data)


def truncate(repo: GitRepo, oid: str) -> None:
    """Damage an object so that its header can be read and its content cannot."""
    path = repo.git_dir / "objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:100])


def noise(number: int) -> bytes:
    return bytes(
        (index * index * 31 + index * number * 7 + (index >> 3)) % 251 for index in range(5000)
    )


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_answers_come_in_the_order_asked(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path / "other", object_format=object_format)
    data = [b"", b"\n", b"a\nb\0c", b"x" * 300_000, b"last"]
    oids = [blob(repo, each) for each in data]
    missing = "1" * len(oids[0])
    with ObjectReader(open_repository(repo.path)) as reader:
        assert list(reader.contents([*oids, missing, oids[0]])) == [
            *((oid, "blob", each) for oid, each in zip(oids, data, strict=True)),
            (missing, MISSING, None),
            (oids[0], "blob", b""),
        ]
        assert reader.info([oids[3], missing]) == {oids[3]: ObjectInfo("blob", 300_000)}


def test_an_object_over_the_limit_is_passed_over(repo: GitRepo) -> None:
    large, small = blob(repo, b"x" * 1_000_000), blob(repo, b"x" * 10)
    with ObjectReader(open_repository(repo.path)) as reader:
        assert list(reader.contents([large, small], limit=10)) == [
            (large, "blob", None),
            (small, "blob", b"x" * 10),
        ]


def test_git_dying_on_an_object_costs_that_object_alone(repo: GitRepo) -> None:
    data = [noise(number) for number in range(6)]
    oids = [blob(repo, each) for each in data]
    for number in (0, 3, 5):
        truncate(repo, oids[number])
    with ObjectReader(open_repository(repo.path)) as reader:
        answers = list(reader.contents(oids))
        assert [oid for oid, _, _ in answers] == oids
        assert [kind for _, kind, _ in answers] == [
            CORRUPT, "blob", "blob", CORRUPT, "blob", CORRUPT
        ]  # fmt: skip
        assert [got for _, kind, got in answers if kind == "blob"] == [data[1], data[2], data[4]]
        assert list(reader.contents([oids[1]])) == [(oids[1], "blob", data[1])]


def test_the_number_of_restarts_is_bounded(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "RESTARTS", 3)
    oids = [blob(repo, noise(number)) for number in range(10)]
    for oid in oids:
        truncate(repo, oid)
    calls: list[tuple[str, ...]] = []
    with ObjectReader(open_repository(repo.path)) as reader, observing(calls.append):
        assert list(reader.contents(oids)) == [(oid, CORRUPT, None) for oid in oids]
    assert len(calls) == 4


def test_answers_left_untaken_are_not_those_of_the_next_question(repo: GitRepo) -> None:
    first, second = blob(repo, b"first"), blob(repo, b"second")
    with ObjectReader(open_repository(repo.path)) as reader:
        answers = reader.contents([first] * 100)
        assert next(answers) == (first, "blob", b"first")
        del answers
        assert list(reader.contents([second])) == [(second, "blob", b"second")]


@pytest.mark.parametrize("oid", ["HEAD", "--batch", "1" * 40 + "\n" + "2" * 40, "", "1" * 39])
def test_nothing_but_ids_is_sent(repo: GitRepo, oid: str) -> None:
    with (
        ObjectReader(open_repository(repo.path)) as reader,
        pytest.raises(ValueError, match="full object ids"),
    ):
        list(reader.contents([oid]))


def test_many_complaints_of_git_do_not_stop_it(repo: GitRepo) -> None:
    good = blob(repo, b"good")
    bad = [blob(repo, b"%d" % number) for number in range(20)]
    for oid in bad:
        path = repo.git_dir / "objects" / oid[:2] / oid[2:]
        path.chmod(0o644)
        path.write_bytes(b"garbage")
    asked = bad * 100
    with ObjectReader(open_repository(repo.path)) as reader:
        answers = list(reader.contents([*asked, good]))
    assert answers[-1] == (good, "blob", b"good")
    assert {kind for _, kind, _ in answers[:-1]} == {MISSING}


def test_a_git_that_is_too_old_is_said(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\necho "error: unknown option \\`batch-command\'" >&2\nexit 129\n')
    old.chmod(0o755)
    opened = open_repository(repo.path)
    from git.cmd import Git

    monkeypatch.setattr(Git, "GIT_PYTHON_GIT_EXECUTABLE", str(old))
    with ObjectReader(opened) as reader, pytest.raises(GitError, match="too old") as caught:
        list(reader.contents(["1" * 40]))
    assert "2.36" in caught.value.problem.remedy


def test_the_reader_leaves_no_folder_behind(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with ObjectReader(open_repository(repo.path)) as reader:
        reader.info(["1" * 40])
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())


def test_a_blob_that_a_partial_clone_left_out_is_missing_and_not_fetched(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit({"big.bin": b"x" * 100_000, "a.txt": "a"})
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    source = f"file://{repo.path}"
    repo.git("clone", "-q", "--no-checkout", "--filter=blob:limit=1k", source, str(clone))
    big = repo.git("rev-parse", "HEAD:big.bin")
    small = repo.git("rev-parse", "HEAD:a.txt")
    calls: list[tuple[str, ...]] = []
    with ObjectReader(open_repository(clone)) as reader, observing(calls.append):
        assert list(reader.contents([big, small])) == [(big, MISSING, None), (small, "blob", b"a")]
        assert list(reader.info([big, small])) == [small]
    assert len(calls) == 1
