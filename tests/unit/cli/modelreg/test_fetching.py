from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.cli.modelreg import fetching
from tests.gitrepo import GitRepo

from .conftest import Call


@pytest.fixture(autouse=True)
def versions(repo: GitRepo) -> None:
    repo.commit({"models/m.pkl": "weights"})
    repo.git("tag", "-a", "-m", "x", "churn@v1.0.0")


def test_the_last_line_says_what_was_written(repo: GitRepo, call: Call) -> None:
    done = call("get", "churn", "-o", "new/name.pkl")
    assert done.stdout == "new/name.pkl: churn@v1.0.0, 7 bytes, hash checked\n"
    assert done.stderr == ""
    assert (repo.path / "new/name.pkl").read_text() == "weights"


def test_a_folder_that_is_there_takes_it_under_its_own_name(repo: GitRepo, call: Call) -> None:
    (repo.path / "there").mkdir()
    call("get", "churn", "-o", "there")
    assert (repo.path / "there/m.pkl").read_text() == "weights"
    assert "it is there already" in call("get", "churn", "-o", "there", status=1).stderr
    call("get", "churn", "-o", "there", "--force")


def test_a_dry_run_says_from_where(repo: GitRepo, call: Call) -> None:
    told = call("get", "churn@latest", "--dry-run").stdout
    assert told.startswith("would fetch churn@v1.0.0 to m.pkl\n  from Git: models/m.pkl\n")
    assert "size: 7 bytes; hash: " in told
    assert not (repo.path / "m.pkl").exists()


def test_a_bar_is_for_terminals(repo: GitRepo, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.cli.common.is_terminal", lambda stream: True)
    done = call("get", "churn")
    assert done.stdout.endswith("hash checked\n")
    assert Path("m.pkl").read_text() == "weights"


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (1536, "1.54 kB"), (999_600, "1 MB"),
     (42_314_000, "42.3 MB"), (10**18, "1000 PB")],
)  # fmt: skip
def test_sizes_are_short(size: int, shown: str) -> None:
    assert fetching.size_text(size) == shown
