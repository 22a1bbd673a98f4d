"""Where `sitegen` finds its configuration and its repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.cli import project
from sitegen.cli.common import repository_around

FILE = "title: Ours\n"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository's top; the working folder is two below."""
    top = tmp_path / "churn"
    (top / ".git").mkdir(parents=True)
    (top / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(top / "src" / "deep")
    return top


def test_without_a_configuration_it_is_the_repository_around(
    top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = project.find(None, (), quiet=False)
    assert found == project.Project(None, top)
    assert capsys.readouterr() == ("", f"taking the repository {top}\n")
    settings = project.settings(found, ())
    assert [one.path for one in settings.repositories] == [top]
    assert settings.output == top / "_site"
    # What the command line says is meant from where it is said.
    assert project.settings(found, (), output="out").output == Path.cwd() / "out"


def test_the_nearest_configuration_up_to_the_top_is_taken(
    top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (top.parent / "sitegen.yaml").write_text("title: Beyond the top\n")
    (top / "sitegen.yaml").write_text(FILE)
    found = project.find(None, (), quiet=False)
    assert found == project.Project(top / "sitegen.yaml", top)
    assert capsys.readouterr().err == f"taking the configuration {top}/sitegen.yaml\n"
    settings = project.settings(found, ())
    assert (settings.title, settings.folder) == ("Ours", top)
    (top / "src" / "sitegen.yaml").write_text(FILE)
    assert project.find(None, (), quiet=True).file == top / "src" / "sitegen.yaml"
    assert capsys.readouterr() == ("", "")
    # Repositories are read as this configuration says, too.
    assert project.find(None, ("vision",), quiet=True).file == top / "src" / "sitegen.yaml"


def test_what_is_said_is_taken_without_a_word(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Path("other.yaml")
    assert project.find(given, (), quiet=False) == project.Project(given)
    assert project.find(None, (".",), quiet=False) == project.Project()
    monkeypatch.chdir(top)
    assert project.find(None, (), quiet=False) == project.Project()
    (top / "sitegen.yaml").write_text(FILE)
    assert project.settings(project.find(None, (), quiet=False), ()).title == "Ours"
    assert capsys.readouterr() == ("", "")


def test_outside_of_a_repository_nothing_above_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (tmp_path / "sitegen.yaml").write_text(FILE)
    monkeypatch.chdir(folder)
    assert project.find(None, (), quiet=False) == project.Project()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system knows no owners")
def test_a_folder_above_of_somebody_elses_is_not_taken(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository_around(Path()) == top
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    assert repository_around(Path()) is None
    assert project.find(None, (), quiet=False) == project.Project()
    # As for git, root by sudo may do what whoever asked for it may.
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_UID", str(own))
    assert repository_around(Path()) == top
