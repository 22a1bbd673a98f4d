"""The commands on a version's page do what they say, when they are run where the page says."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sitegen import config, pipeline
from tests.conftest import ROOT, Oracle
from tests.gitrepo import GitRepo

MODEL = {"v1.0.0": b"first" * 1000, "v2.0.0": b"second" * 1000}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, oracle: Oracle, isolated: None) -> Path:
    """A clone of a repository whose model the real dvc has pushed to a folder, two versions."""
    top = tmp_path_factory.mktemp("shown")
    repo = GitRepo(top / "repo")

    def dvc(*args: str) -> None:
        subprocess.run([oracle.dvc, *args], cwd=repo.path, check=True, capture_output=True)

    dvc("init", "-q")
    dvc("remote", "add", "-q", "-d", "local", str(top / "store"))
    (repo.path / "dvc.yaml").write_text("artifacts:\n  m: {path: models/m.pkl, type: model}\n")
    (repo.path / "models").mkdir()
    for version, content in MODEL.items():
        (repo.path / "models/m.pkl").write_bytes(content)
        dvc("add", "-q", "models/m.pkl")
        dvc("push", "-q")
        repo.git("add", "-A")
        repo.git("commit", "-qm", f"Train {version}")
        repo.git("tag", "-a", "-m", "x", f"m@{version}")
    subprocess.run(["git", "clone", "-q", repo.path, top / "clone"], check=True)
    return top / "clone"


@pytest.fixture(scope="module")
def shown(clone: Path) -> Mapping[str, str]:
    """Title -> command of the older version, as published."""
    settings = config.default((str(clone),), folder=clone.parent, environ={})
    portal = pipeline.build(settings).output
    (file,) = (portal / "api/v1/models").rglob("*.json")
    record = json.loads(file.read_bytes())
    found = next(each for each in record["versions"] if each["version"] == "v1.0.0")
    commands = found["commands"]
    assert isinstance(commands, dict)
    return commands


def run(clone: Path, words: list[str]) -> None:
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=clone, check=False, capture_output=True, text=True, env=where)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("title", ["modelreg get", "dvc get", "dvc artifacts get"])
def test_a_command_brings_the_versions_file(
    title: str, clone: Path, shown: Mapping[str, str], oracle: Oracle
) -> None:
    program, *rest = shlex.split(shown[title])
    modelreg = [sys.executable, "-c", "from sitegen.cli.modelreg import main; main()"]
    run(clone, [*({"dvc": [str(oracle.dvc)], "modelreg": modelreg}[program]), *rest])
    got = clone / "m.pkl"
    assert got.read_bytes() == MODEL["v1.0.0"]
    got.unlink()


def test_the_python_lines_read_it(clone: Path, shown: Mapping[str, str], oracle: Oracle) -> None:
    ended = f"{shown['Python']}\nassert data == {MODEL['v1.0.0'][:5]!r} * 1000\n"
    run(clone, [str(oracle.dvc.parent / "python"), "-c", ended])


def test_the_repository_is_as_it_was(clone: Path, shown: Mapping[str, str]) -> None:
    run(clone, shlex.split(shown["The whole repository"]))
    head = ["git", "log", "-1", "--format=%s"]
    done = subprocess.run(head, cwd=clone, check=True, capture_output=True, text=True)
    assert done.stdout == "Train v1.0.0\n"


def test_with_an_address_they_name_it(clone: Path, tmp_path: Path) -> None:
    """The same clone, whose Git remote is on a server."""
    subprocess.run(["git", "clone", "-q", clone, tmp_path / "r"], check=True)
    address = "https://user:TOKEN@git.example/team/r.git"
    subprocess.run(["git", "remote", "set-url", "origin", address], cwd=tmp_path / "r", check=True)
    settings = config.default((str(tmp_path / "r"),), folder=tmp_path, environ={})
    portal = pipeline.build(settings).output
    (file,) = (portal / "api/v1/models").rglob("*.json")
    text = file.read_text()
    assert "TOKEN" not in text
    for each in json.loads(text)["versions"][:2]:
        for command in each["commands"].values():
            assert "https://git.example/team/r.git" in command
