from __future__ import annotations

from pathlib import Path

import pytest

from tests.gitrepo import GitRepo

from .conftest import SAID, Call


def test_a_field_changes_and_the_rest_of_the_file_stays(repo: GitRepo, call: Call) -> None:
    call("annotate", "churn", "--desc", "Who stays", "--label", "a", "--label", "b")
    text = (repo.path / "artifacts.yaml").read_text()
    assert text.startswith(SAID.replace("leaves", "stays"))
    assert "# kept" in text
    assert "labels" in text
    assert repo.git("status", "--porcelain").strip() == "M artifacts.yaml"


def test_an_empty_text_takes_a_field_away(repo: GitRepo, call: Call) -> None:
    call("annotate", "churn", "--desc", "")
    assert (repo.path / "artifacts.yaml").read_text() == SAID.replace(
        "  description: Who leaves\n", ""
    )


def test_a_new_artifact_goes_to_the_file_that_is_named(repo: GitRepo, call: Call) -> None:
    call("annotate", "nn", "--path", "nn.pkl", "--type", "model", "--to", "dvc.yaml")
    assert "nn:" in (repo.path / "dvc.yaml").read_text()
    call("annotate", "new/cv:nn", "--path", "new/cv/nn.pkl")
    assert "path: nn.pkl" in (repo.path / "new/cv/dvc.yaml").read_text()
    call("remove", "nn")
    assert "nn:" not in (repo.path / "dvc.yaml").read_text()


def test_a_change_is_committed_alone(repo: GitRepo, call: Call) -> None:
    (repo.path / "mine").write_text("x")
    shown = call("annotate", "churn", "--type", "other", "--commit", "-m", "Say more").stdout
    assert "artifacts.yaml is changed by the commit" in shown
    assert repo.git("log", "-1", "--format=%s") == "Say more"
    assert repo.git("show", "--name-only", "--format=").split() == ["artifacts.yaml"]
    assert repo.git("status", "--porcelain") == "?? mine"


def test_a_dry_run_shows_the_difference_and_touches_nothing(repo: GitRepo, call: Call) -> None:
    shown = call("remove", "churn", "--commit", "--dry-run").stdout
    assert "-churn:" in shown
    assert (repo.path / "artifacts.yaml").read_text() == SAID


def test_at_an_address_a_change_is_committed_and_pushed(
    repo: GitRepo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    server = tmp_path / "server"
    repo.git("clone", "-q", "--bare", ".", str(server))
    call("annotate", "churn", "--type", "x", "-r", f"file://{server}", "-m", "There")
    assert repo.git(f"--git-dir={server}", "log", "-1", "--format=%s", "main") == "There"


def test_wrong_usage_and_refusals(repo: GitRepo, call: Call) -> None:
    call("annotate", "churn", status=2)
    call("annotate", "churn", "--type", "x", "--push", status=2)
    assert "not annotated" in call("remove", "nobody", status=1).stderr
    (repo.path / "artifacts.yaml").unlink()
    (repo.path / "artifacts.yaml").symlink_to("/etc/hostname")
    assert "link" in call("annotate", "churn", "--type", "x", status=1).stderr


def test_saying_the_same_again_does_nothing(repo: GitRepo, call: Call) -> None:
    assert "already" in call("annotate", "churn", "--type", "model").stdout


def test_a_type_that_gto_does_not_allow_is_refused(repo: GitRepo, call: Call) -> None:
    repo.commit({".gto": "types: [model, dataset]\n"})
    told = call("annotate", "churn", "--type", "modle", status=1).stderr
    assert "the type 'modle' is not allowed" in told and "model" in told
    assert "use one of model, dataset, or add it to `types` in .gto" in told
    call("annotate", "churn", "--type", "dataset")
    call("annotate", "churn", "--type", "")
    call("annotate", "churn", "--desc", "Who stays")
