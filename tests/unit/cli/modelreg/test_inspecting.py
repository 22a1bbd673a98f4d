from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.gitrepo import GitRepo

from .conftest import Call


class _Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


MODEL = pickle.dumps({"weights": [1, 2], "then": _Runs()}, protocol=4)


@pytest.fixture(autouse=True)
def versions(repo: GitRepo) -> None:
    repo.commit({"models/m.pkl": MODEL})
    repo.git("tag", "-a", "-m", "x", "churn@v1.0.0")
    (repo.path / "m.pkl").write_bytes(MODEL)
    (repo.path / "x.csv").write_text("age,name\n1,a\n")


def test_a_file_is_told_and_not_run(repo: GitRepo, call: Call) -> None:
    told = call("inspect", "m.pkl").stdout
    assert "format     pickle" in told
    assert "warning: Loading it would call posix.system." in told
    assert not (repo.path / "pwned").exists()


def test_a_version_is_inspected_where_git_keeps_it(call: Call) -> None:
    found = json.loads(call("inspect", "churn@v1.0.0", "--json").stdout)
    assert (found["format"], found["class"], found["framework"]) == ("pickle", "dict", None)
    assert found["warnings"] == ["Loading it would call posix.system."]
    assert json.loads(call("inspect", "churn", "--json").stdout) == found


def test_a_sample_says_what_the_model_takes(call: Call) -> None:
    assert "│ age    │ int64  │" in call("inspect", "m.pkl", "--sample", "x.csv").stdout
    (method,) = json.loads(call("inspect", "m.pkl", "--sample", "x.csv", "--json").stdout)[
        "methods"
    ]
    assert [one["name"] for one in method["arguments"][0]["type"]["columns"]] == ["age", "name"]


def test_what_was_found_is_written_beside_the_file_and_never_over_another(
    repo: GitRepo, call: Call
) -> None:
    assert call("inspect", "m.pkl", "--write").stderr == "wrote m.pkl.mlem\n"
    first = (repo.path / "m.pkl.mlem").read_bytes()
    assert b"object_type: model" in first
    refused = call("inspect", "m.pkl", "--write", "--sample", "x.csv", status=1)
    assert "it is there already" in refused.stderr
    assert (repo.path / "m.pkl.mlem").read_bytes() == first
    call("inspect", "m.pkl", "--write", "--sample", "x.csv", "--force")
    assert b"age" in (repo.path / "m.pkl.mlem").read_bytes()
    assert not list(repo.path.glob(".*.part"))


def test_a_version_of_a_checkout_is_written_into_its_folder(repo: GitRepo, call: Call) -> None:
    call("inspect", "churn", "--write")
    assert (repo.path / "models/m.pkl.mlem").is_file()
    shutil.rmtree(repo.path / "models")
    refused = call("inspect", "churn", "--write", status=1).stderr
    assert "no file of this machine" in refused and "modelreg get" in refused


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x.csv", "has no known format of model files"),
        ("gone.pkl", "neither such a file nor such an artifact"),
        ("gone", "there is no artifact 'gone'"),
        ("churn@v9.0.0", "churn has no v9.0.0"),
    ],
)
def test_what_is_no_model_has_one_clear_error(call: Call, name: str, why: str) -> None:
    assert why in call("inspect", name, status=1).stderr


def test_json_names_the_version_and_its_file(repo: GitRepo, call: Call) -> None:
    found = json.loads(call("inspect", "churn@v1.0.0", "--json").stdout)
    assert (found["artifact"], found["version"]) == ("churn", "v1.0.0")
    assert found["commit"] == repo.git("rev-parse", "HEAD").strip()
    digest = hashlib.md5(MODEL).hexdigest()
    assert found["files"] == [{"path": "m.pkl", "size": len(MODEL), "hash": digest}]
    found = json.loads(call("inspect", "m.pkl", "--json").stdout)
    assert [found[key] for key in ("artifact", "version", "commit")] == [None, None, None]
    assert found["files"] == [{"path": "m.pkl", "size": len(MODEL), "hash": None}]


def test_what_is_both_is_the_file_unless_a_repository_is_named(repo: GitRepo, call: Call) -> None:
    (repo.path / "churn").write_bytes(pickle.dumps([1]))
    assert json.loads(call("inspect", "churn", "--json").stdout)["class"] == "list"
    named = call("inspect", "churn", "-r", str(repo.path), "--json").stdout
    assert json.loads(named)["class"] == "dict"


def test_what_is_written_names_the_file_and_its_hash(repo: GitRepo, call: Call) -> None:
    call("inspect", "m.pkl", "--write")
    written = (repo.path / "m.pkl.mlem").read_text()
    assert (
        f"uri: m.pkl\n    size: {len(MODEL)}\n    hash: {hashlib.md5(MODEL).hexdigest()}" in written
    )


def test_nothing_is_written_through_a_link(repo: GitRepo, call: Call, tmp_path: Path) -> None:
    shutil.rmtree(repo.path / "models")
    (tmp_path / "outside").mkdir()
    (repo.path / "models").symlink_to(tmp_path / "outside")
    assert "class" in call("inspect", "churn").stdout
    assert "leads through a link" in call("inspect", "churn", "--write", status=1).stderr
    (repo.path / "m.pkl.mlem").symlink_to(tmp_path / "outside" / "x")
    call("inspect", "m.pkl", "--write", "--force")
    assert not list((tmp_path / "outside").iterdir())


def test_a_file_that_dvc_keeps_is_named_as_such(repo: GitRepo, call: Call) -> None:
    (repo.path / "big.pkl.dvc").write_text("outs: []\n")
    assert "dvc pull" in call("inspect", "big.pkl", status=1).stderr


def test_the_working_folder_may_be_the_model(repo: GitRepo, call: Call, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "m.pkl").write_bytes(MODEL)
    monkeypatch.chdir(tmp_path / "net")
    call("inspect", ".", "--write")
    assert (tmp_path / "net.mlem").is_file()


def test_a_broken_sample_is_an_error(repo: GitRepo, call: Call) -> None:
    Path("x.csv").write_bytes(b"\xff\xfe")
    assert "UTF-8" in call("inspect", "m.pkl", "--sample", "x.csv", status=1).stderr
