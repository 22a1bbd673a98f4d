"""`--json` of the commands that write: what they did, for programs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.gitrepo import GitRepo

from .conftest import Call


def told(call: Call, *arguments: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(call(*arguments, "--json").stdout)
    return value


def run(commands: list[str], repo: GitRepo) -> None:
    for command in commands:
        subprocess.run(["sh", "-c", command], cwd=repo.path, check=True)


@pytest.fixture
def origin(repo: GitRepo, tmp_path: Path) -> Path:
    """The Git remote of the repository, which has its branch."""
    path = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    repo.git("remote", "add", "origin", str(path))
    repo.git("push", "-q", "-u", "origin", "HEAD")
    return path


def test_a_registration_says_its_tag_and_the_ways_on(repo: GitRepo, call: Call) -> None:
    record = told(call, "register", "churn", "-m", "First\n\nWhy")
    oid = repo.git("rev-parse", "refs/tags/churn@v0.0.1").strip()
    assert record == {
        "dry_run": False,
        "tags": [
            {
                "tag": "churn@v0.0.1",
                "oid": oid,
                "event": "registration",
                "artifact": "churn",
                "version": "v0.0.1",
                "stage": None,
                "commit": repo.head,
                "message": "First\n\nWhy",
            }
        ],
        "deleted": [],
        "stages": [],
        "pushed": False,
        "remote": None,
        "along": [],
        "undo": ["git tag -d churn@v0.0.1"],
        "push": None,
        "warnings": [],
    }
    run(record["undo"], repo)
    assert repo.git("tag", "--list") == ""


def test_an_assignment_says_who_held_the_stage_before(repo: GitRepo, call: Call) -> None:
    first = told(call, "assign", "churn", "--stage", "prod")
    assert [tag["tag"] for tag in first["tags"]] == ["churn@v0.0.1", "churn#prod#1"]
    prod = {"artifact": "churn", "stage": "prod"}
    assert first["stages"] == [{**prod, "before": None, "now": "v0.0.1"}]
    repo.commit({"a": "1"})
    second = told(call, "assign", "churn", "--stage", "prod")
    assert second["stages"] == [{**prod, "before": "v0.0.1", "now": "v0.0.2"}]
    # What leaves a stage gives it back, or leaves it empty.
    dry = told(call, "unassign", "churn", "prod", "--dry-run")
    assert (dry["dry_run"], dry["tags"][0]["oid"]) == (True, None)
    assert dry["stages"] == [{**prod, "before": "v0.0.2", "now": "v0.0.1"}]
    assert told(call, "unassign", "churn", "prod")["stages"] == dry["stages"]
    last = told(call, "deregister", "churn", "--version", "v0.0.1")
    assert last["stages"] == [{**prod, "before": "v0.0.1", "now": None}]
    assert [tag["event"] for tag in last["tags"]] == ["deregistration"]


def test_deletions_are_listed_and_can_be_taken_back(repo: GitRepo, call: Call) -> None:
    call("assign", "churn", "--stage", "dev")
    before = repo.git("show-ref", "--tags")
    record = told(call, "deregister", "churn", "--delete")
    assert record["tags"] == []
    assert record["deleted"] == ["churn@v0.0.1", "churn#dev#1"]
    run(record["undo"], repo)
    assert repo.git("show-ref", "--tags") == before
    call("deprecate", "churn")
    assert told(call, "deprecate", "nobody", "--force", "--delete")["deleted"] == []


def test_a_push_says_where_to_and_what_came_along(repo: GitRepo, call: Call, origin: Path) -> None:
    made = told(call, "register", "churn")
    assert made["push"] == "git push origin refs/tags/churn@v0.0.1"
    dry = told(call, "assign", "churn", "--stage", "dev", "--push", "--dry-run")
    assert (dry["pushed"], dry["remote"]) == (False, "origin")
    record = told(call, "assign", "churn", "--stage", "dev", "--push")
    assert (record["pushed"], record["remote"]) == (True, "origin")
    assert (record["along"], record["push"]) == (["churn@v0.0.1"], None)
    assert record["undo"] == ["modelreg unassign churn dev --version v0.0.1 --push"]


def test_warnings_stand_in_the_record_and_on_the_standard_error(
    repo: GitRepo, call: Call, origin: Path
) -> None:
    call("register", "churn")
    repo.commit({"b": "1"})
    result = call("register", "chrn", "--push", "--json")
    warnings = json.loads(result.stdout)["warnings"]
    assert "new artifact chrn" in warnings[0] and "churn" in warnings[0]
    assert "is on no known branch of origin" in warnings[-1]
    assert [f"warning: {text}" for text in warnings] == result.stderr.splitlines()


def test_a_refusal_is_no_record(repo: GitRepo, call: Call) -> None:
    call("register", "churn")
    result = call("register", "churn", "--json", status=1)
    assert result.stdout == ""
    assert "at this commit already" in result.stderr


def test_nobodys_password_is_told(repo: GitRepo, call: Call, origin: Path) -> None:
    url = f"file://user:hunter2@localhost{origin}"
    result = call("register", "churn", "-r", url, "--dry-run", "--json")
    assert "hunter2" not in result.output


@pytest.mark.parametrize("committing", [False, True])
def test_annotations_say_their_change(repo: GitRepo, call: Call, committing: bool) -> None:
    how = ["--commit"] if committing else []
    dry = told(call, "annotate", "churn", "--desc", "Who stays", "--dry-run", *how)
    assert (dry["dry_run"], dry["path"], dry["changed"]) == (True, "artifacts.yaml", True)
    assert "+  description: Who stays\n" in dry["diff"]
    record = told(call, "annotate", "churn", "--desc", "Who stays", *how)
    assert {**record, "commit": None, "branch": None, "undo": [], "push": None} == {
        **dry, "dry_run": False,
    }  # fmt: skip
    assert "Who stays" in repo.path.joinpath("artifacts.yaml").read_text()
    assert (record["commit"] == repo.git("rev-parse", "HEAD").strip()) is committing
    assert bool(record["undo"]) is committing
    again = told(call, "annotate", "churn", "--desc", "Who stays", *how)
    assert (again["changed"], again["diff"], again["commit"]) == (False, "", None)


def test_a_removal_that_is_pushed_says_where_to(repo: GitRepo, call: Call, origin: Path) -> None:
    record = told(call, "remove", "churn", "--commit", "--push")
    assert (record["pushed"], record["remote"]) == (True, "origin")
    assert repo.git("ls-remote", "origin", f"refs/heads/{record['branch']}").startswith(
        record["commit"]
    )
