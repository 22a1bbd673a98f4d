from __future__ import annotations

import subprocess
from pathlib import Path

import click
import pytest

from sitegen.cli.modelreg.applying import parse_date
from sitegen.registry.facts import Moment
from tests.gitrepo import GitRepo

from .conftest import Call


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T12:00:00+01:00", Moment(1769857200, 60)),
        ("2026-01-31 11:00", Moment(1769857200, 0)),
        ("2026-01-31T11:00:00Z", Moment(1769857200, 0)),
        ("1769857200", Moment(1769857200, 0)),
        ("@1769857200 -0330", Moment(1769857200, -210)),
        ("20260131", Moment(1769817600, 0)),
        ("@20260131", Moment(20260131, 0)),
    ],
)
def test_dates_are_iso_or_gits_own(text: str, moment: Moment) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "2026", "1969-01-01", "1769857200 +9900", "1769857200 +2359",
        "2026-01-31T12:00:00+23:00", "99999999-01-01",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_date(text)


def tags(repo: GitRepo) -> list[str]:
    return repo.git("tag", "--list").split()


def undo(output: str, repo: GitRepo) -> None:
    """Run what was printed as the way back; a command of ours runs in the tests' own way."""
    for line in output.splitlines():
        if line.startswith("  undo: git"):
            subprocess.run(["sh", "-c", line.removeprefix("  undo: ")], cwd=repo.path, check=True)


def test_a_dry_run_shows_the_plan_and_touches_nothing(repo: GitRepo, call: Call) -> None:
    shown = call("register", "churn", "--dry-run", "-m", "First\n\nWhy").stdout
    assert "would make the tag churn@v0.0.1, which registers v0.0.1 of churn at " in shown
    assert "  | Why" in shown
    assert tags(repo) == []


def test_author_date_and_message_stand_in_the_tag(repo: GitRepo, call: Call) -> None:
    call("register", "churn", "--author", "Bo <bo@example.com>", "--date", "1769857200 +0100",
         "-m", "Better")  # fmt: skip
    said = repo.git("cat-file", "tag", "churn@v0.0.1")
    assert "tagger Bo <bo@example.com> 1769857200 +0100\n\nBetter" in said


def test_what_is_printed_as_undo_undoes(repo: GitRepo, call: Call) -> None:
    undo(call("assign", "churn", "--stage", "prod").stdout, repo)
    assert tags(repo) == []
    call("register", "churn")
    before = repo.git("show-ref")
    undo(call("deprecate", "churn", "v0.0.1", "--delete").stdout, repo)
    assert repo.git("show-ref") == before


def test_a_push_writes_there_and_here_and_a_refused_one_nowhere(
    repo: GitRepo, call: Call, tmp_path: Path
) -> None:
    server = GitRepo(tmp_path / "server", bare=True)
    repo.git("remote", "add", "origin", str(server.path))
    shown = call("register", "churn").stdout
    assert "  push: git push origin refs/tags/churn@v0.0.1\n" in shown
    shown = call("assign", "churn", "--stage", "prod", "--push").stdout
    assert "  pushed to origin, with churn@v0.0.1, which it did not have\n" in shown
    assert "  undo: modelreg unassign churn prod --version v0.0.1 --push\n" in shown
    assert tags(server) == ["churn#prod#1", "churn@v0.0.1"]
    shown = call("assign", "new", "--stage", "prod", "--push", "--remote", "origin").stdout
    assert [line for line in shown.splitlines() if "undo" in line] == [
        "  undo: modelreg unassign new prod --version v0.0.1 --push --remote origin",
        "  undo: modelreg deregister new --version v0.0.1 --push --remote origin",
    ]
    for line in shown.splitlines():
        if "undo: modelreg " in line:
            call(*line.partition("modelreg ")[2].split())
    assert "new@v0.0.1!" in tags(server)
    hook = server.git_dir / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today; exit 1\n")
    hook.chmod(0o755)
    assert "not today" in call("assign", "churn", "--stage", "dev", "--push", status=1).stderr
    assert "churn#dev#2" not in tags(repo)


def test_an_address_is_written_to_without_a_checkout(
    repo: GitRepo, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    url = f"file://{repo.path}"
    shown = call("register", "churn", "-r", url).stdout
    assert f"  undo: modelreg deregister churn --version v0.0.1 -r {url}\n" in shown
    assert "push:" not in shown
    call("assign", "churn", "-r", url, "--stage", "prod")
    assert tags(repo) == ["churn#prod#1", "churn@v0.0.1"]
    call("deprecate", "churn", "v0.0.1", "-r", url)
    assert tags(repo) == ["churn#prod#1", "churn@v0.0.1", "churn@v0.0.1!"]


def test_a_lost_race_takes_the_next_counter(repo: GitRepo, call: Call, tmp_path: Path) -> None:
    server = tmp_path / "server"
    repo.git("clone", "-q", "--bare", ".", str(server))
    repo.git("remote", "add", "origin", str(server))
    call("register", "churn", "--push")
    other = tmp_path / "other"
    repo.git("clone", "-q", str(server), str(other))
    again = ("assign", "churn", "--stage", "prod", "--push")
    call(*again)
    assert "is in stage prod already" in call(*again, "-r", str(other), status=1).stderr
    repo.git("-C", str(other), "tag", "-d", "churn#prod#1")
    call(*again, "-r", str(other), "--force")
    assert repo.git(f"--git-dir={server}", "tag").split() == [
        "churn#prod#1", "churn#prod#2", "churn@v0.0.1",
    ]  # fmt: skip


def test_what_leaves_a_stage_says_who_holds_it_then(repo: GitRepo, call: Call) -> None:
    for version in ("v1.0.0", "v1.1.0"):
        call("register", "churn", "--version", version)
        call("assign", "churn", "--stage", "prod")
        repo.commit({"a": version})
    leaves = ("unassign", "churn", "prod")
    for shown in (call(*leaves, "--dry-run").stdout, call(*leaves).stdout):
        assert "  prod then holds v1.0.0, assigned on " in shown
        assert "`modelreg unassign churn prod --version v1.0.0` takes it out too\n" in shown
    shown = call("deregister", "churn", "--version", "v1.0.0").stdout
    assert "  no version of churn is in prod then\n" in shown


def test_new_names_beside_others_are_a_warning_and_never_refused(repo: GitRepo, call: Call) -> None:
    assert call("assign", "churn", "--stage", "prod").stderr == ""
    assert call("assign", "chrn", "--stage", "prdo").stderr.splitlines() == [
        "warning: new artifact chrn (did you mean churn?)",
        "warning: new stage prdo (did you mean prod?)",
    ]
    assert "chrn#prdo#1" in tags(repo)


def test_a_colleague_sees_the_version_and_not_its_commit_after_a_push(
    repo: GitRepo, call: Call, tmp_path: Path
) -> None:
    server = GitRepo(tmp_path / "server", bare=True)
    repo.git("remote", "add", "origin", str(server.path))
    call("register", "churn")
    pushed = call("assign", "churn", "--stage", "prod", "--push")
    assert f"warning: the commit {repo.head[:7]} is on no known branch of origin" in pushed.stderr
    assert "`git push origin main`" in pushed.stderr
    repo.git("push", "-q", "origin", "main")
    repo.git("clone", "-q", str(server.path), str(tmp_path / "colleague"))
    ask = ("show", "churn#prod", "--version", "-r", str(tmp_path / "colleague"))
    assert call(*ask).stdout == "v0.0.1\n"
    again = call("assign", "churn", "--stage", "dev", "--push")
    assert "  pushed to origin\n" in again.stdout and again.stderr == ("warning: new stage dev\n")


def test_a_dry_run_of_a_push_needs_a_remote_as_the_push_does(
    repo: GitRepo, call: Call, tmp_path: Path
) -> None:
    for command in (
        ("register", "churn"),
        ("annotate", "churn", "--desc", "Who goes", "--commit"),
    ):
        refused = call(*command, "--push", status=1).stderr
        assert call(*command, "--push", "--dry-run", status=1).stderr == refused
        assert "there is no Git remote" in refused
    repo.git("remote", "add", "origin", str(tmp_path / "server"))
    (tmp_path / "server").mkdir()
    assert "would push to origin" in call("register", "churn", "--push", "--dry-run").stdout


def test_registering_what_nobody_keeps_is_a_warning(repo: GitRepo, call: Call) -> None:
    repo.commit({"models/m.pkl": None})
    said = call("register", "churn").stderr
    assert said.startswith(
        "warning: models/m.pkl: churn has this path, which is neither in Git nor"
    )
    assert tags(repo) == ["churn@v0.0.1"]
    found = call("doctor", status=1).stdout
    assert "1 registered artifact, 1 registry tag" in found
    assert "models/m.pkl" in found and found.endswith("1 problem found.\n")
