"""Who writes, and when: as git would say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.identity import clean_message, identity, stamp
from sitegen.gitio.repository import open_repository
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import GitRepo


def test_the_author_that_is_given_wins(tmp_path: Path) -> None:
    repo = open_repository(GitRepo(tmp_path).path)
    assert identity(repo, "Zoë Example <zoe@example.com>") == Person(
        "Zoë Example", "zoe@example.com"
    )


@pytest.mark.parametrize("author", ["Zoë", "<z@example.com>", "Z <>", "Z\n <z@e>", "Z <a> <b>"])
def test_an_author_who_is_none_is_refused(tmp_path: Path, author: str) -> None:
    repo = open_repository(GitRepo(tmp_path).path)
    with pytest.raises(RefusedError, match="names nobody"):
        identity(repo, author)


def test_git_says_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = open_repository(GitRepo(tmp_path / "repo").path)
    assert identity(repo) == Person("Test", "test@example.com")
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\n\tname = Global\n\temail = global@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.delenv("GIT_COMMITTER_NAME")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    assert identity(repo) == Person("Global", "global@example.com")


def test_without_a_name_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = GitRepo(tmp_path)
    repo.git("config", "user.useConfigOnly", "true")
    monkeypatch.delenv("GIT_COMMITTER_NAME")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    with pytest.raises(GitError, match=r"git config --global user\.name"):
        identity(open_repository(repo.path))


@pytest.mark.parametrize(
    "text", ["a", "a  \n\n\n b \t\n\n", "\n\n a\r\n", "", " \n ", "# kept\n\nb", "é\n\n\n\n✓"]
)
def test_a_message_is_cleaned_as_git_does(tmp_path: Path, text: str) -> None:
    repo = GitRepo(tmp_path)
    said = repo.git("stripspace", input=text)
    assert clean_message(text) == (f"{said}\n" if said else "")


@pytest.mark.parametrize("text", ["a\0b", "\udcff"])
def test_a_message_that_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="message"):
        clean_message(text)


def test_a_moment_keeps_its_offset() -> None:
    assert stamp(Moment(5, -90)) == "5 -0130"
    assert stamp(Moment(1_704_067_200, 330)) == "1704067200 +0530"


@pytest.mark.parametrize("when", [Moment(-1), Moment(1, 23 * 60), Moment(253402300799)])
def test_a_moment_that_would_be_read_as_no_date_is_not_written(when: Moment) -> None:
    with pytest.raises(RefusedError, match="no tag or commit can carry that date"):
        stamp(when)
