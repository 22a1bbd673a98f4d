"""One repository and one way to call `modelreg` on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli.modelreg import main
from tests.gitrepo import GitRepo

Call = Callable[..., Result]

SAID = "churn:\n  type: model\n  path: models/m.pkl  # kept\n  description: Who leaves\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    files = {"artifacts.yaml": SAID, "models/m.pkl": "a model", "metrics.json": '{"f1": 0.7}'}
    made.commit(files)
    return made


@pytest.fixture
def call(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls it in the repository's folder; status: what it is to end with."""
    monkeypatch.chdir(repo.path)

    def called(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == status, result.output
        return result

    return called
