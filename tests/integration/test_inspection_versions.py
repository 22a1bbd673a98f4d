"""`modelreg inspect NAME` reads a version where DVC's storage or Git LFS keeps it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli import modelreg
from tests.conftest import Oracle
from tests.damage import stored
from tests.gitrepo import GitRepo

MODEL = stored("made-pipeline.joblib")


def inspect(*args: str, status: int = 0) -> Any:
    done = CliRunner().invoke(modelreg.main, ["inspect", *args])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout) if status == 0 else done.stderr


def tagged(repo: GitRepo) -> None:
    (repo.path / "artifacts.yaml").write_text("model: {path: models/m.joblib, type: model}\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Add a model")
    repo.git("tag", "-a", "-m", "x", "model@v1.0.0")
    repo.git("tag", "-a", "-m", "x", "model#prod#1")


def is_the_model(found: Any) -> None:
    assert (found["artifact"], found["version"]) == ("model", "v1.0.0")
    assert (found["class"], found["format"]) == ("sklearn.pipeline.Pipeline", "joblib")
    [file] = found["files"]
    md5 = hashlib.md5(MODEL).hexdigest()
    assert file == {"path": "m.joblib", "size": len(MODEL), "hash": md5}


def test_a_version_is_read_from_the_storage_of_dvc(
    tmp_path: Path, oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitRepo(tmp_path / "repo")

    def dvc(*args: str) -> None:
        done = subprocess.run([oracle.dvc, *args], cwd=repo.path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    dvc("init", "-q")
    dvc("remote", "add", "-q", "-d", "local", "../store")
    (repo.path / "models").mkdir()
    (repo.path / "models" / "m.joblib").write_bytes(MODEL)
    dvc("add", "-q", "models/m.joblib")
    dvc("push", "-q")
    tagged(repo)
    monkeypatch.chdir(repo.path)
    is_the_model(inspect("model#prod", "--json"))
    shutil.rmtree(repo.path / ".dvc" / "cache")
    (repo.path / "models" / "m.joblib").unlink()
    is_the_model(inspect("model@v1.0.0", "--json"))
    assert "dvc pull" in inspect("models/m.joblib", status=1)
    # The storage's own file is checked: another one is no version.
    [object_] = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    object_.chmod(0o644)
    object_.write_bytes(MODEL[:-1] + b"x")
    assert "not what was recorded" in inspect("model", status=1)


def test_a_version_is_read_from_the_store_of_git_lfs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitRepo(tmp_path / "repo")
    digest = hashlib.sha256(MODEL).hexdigest()
    (repo.path / "models").mkdir()
    (repo.path / "models" / "m.joblib").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(MODEL)}\n"
    )
    tagged(repo)
    kept = repo.path / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(MODEL)
    monkeypatch.chdir(repo.path)
    is_the_model(inspect("model", "--json"))
    assert "git lfs pull" in inspect("models/m.joblib", status=1)
