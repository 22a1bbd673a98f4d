from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Oracle
from tests.gitrepo import GitRepo

from .conftest import Call


def tags(repo: GitRepo) -> list[str]:
    return repo.git("tag", "--list").split()


def test_versions_follow_one_another_or_are_given(repo: GitRepo, call: Call) -> None:
    call("register", "churn")
    for arguments in (
        ["--bump-minor"],
        ["--prerelease", "rc", "--bump-major"],
        ["--ver", "v3.0.0"],
    ):
        repo.commit({"a": repo.head})
        call("register", "churn", "HEAD", *arguments)
    assert tags(repo) == ["churn@v0.0.1", "churn@v0.1.0", "churn@v1.0.0-rc.1", "churn@v3.0.0"]


def test_assigning_registers_a_commit_unless_it_is_told_not_to(repo: GitRepo, call: Call) -> None:
    call("promote", "churn", "--stage", "dev")
    call("assign", "other", "HEAD", "--stage", "dev", "--version", "v2.0.0")
    call("assign", "bare", "--stage", "dev", "--sr")
    call("assign", "churn", "--version", "v0.0.1", "--stage", "prod", "--simple", "true")
    assert tags(repo) == [
        "bare#dev#1", "churn#dev#1", "churn#prod", "churn@v0.0.1", "other#dev#1", "other@v2.0.0",
    ]  # fmt: skip


def test_unassigning_takes_out_what_is_in_the_stage(repo: GitRepo, call: Call) -> None:
    call("assign", "churn", "--stage", "dev")
    call("assign", "bare", "--stage", "dev", "--sr")
    call("unassign", "churn", "dev")
    call("unassign", "bare", "--stage", "dev", "--version", "HEAD")
    assert {"churn#dev!#2", "bare#dev!#2"} <= set(tags(repo))
    assert (
        "no version of churn is in stage dev" in call("unassign", "churn", "dev", status=1).stderr
    )
    call("unassign", "churn", status=2)
    call("unassign", "churn", "dev", "--stage", "dev", status=2)
    assert "there is no artifact 'nobody'" in call("unassign", "nobody", "dev", status=1).stderr


def test_deregistering_and_deprecating_end_what_they_name(repo: GitRepo, call: Call) -> None:
    call("register", "churn")
    call("deregister", "churn")
    call("register", "churn", "--version", "v0.0.1", "--simple", "false")
    call("deprecate", "churn", "v0.0.1", "--simple", "false")
    call("assign", "other", "--stage", "dev")
    call("deprecate", "other", "v0.0.1", "dev")
    call("deprecate", "other")
    assert {"churn@v0.0.1!", "churn@v0.0.1#1", "churn@v0.0.1!#2", "other#dev!#2",
            "other@deprecated"} <= set(tags(repo))  # fmt: skip
    call("deprecate", "other", "--force", "--delete")
    assert not [tag for tag in tags(repo) if tag.startswith("other")]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["register", "no name"], "is no artifact's name"),
        (["register", "churn", "nowhere"], "there is no commit 'nowhere'"),
        (["register", "fresh", "--version", "1.0"], "is no version"),
        (["register", "churn"], "has the version v1.0.0 at this commit already"),
        (["assign", "churn", "--stage", "dev", "--version", "v9.0.0"], "has no version v9.0.0"),
        (["assign", "churn", "--stage", "dev", "--version", "v1.0.0"], "is in stage dev already"),
        (["assign", "churn", "--stage", "qa"], "the stage 'qa' is not allowed"),
        (["deregister", "churn", "--version", "v9.0.0"], "has no version v9.0.0"),
        (["deprecate", "nobody"], "there is no artifact 'nobody'"),
    ],
)
def test_what_gto_refuses_is_refused_with_nothing_written(
    arguments: list[str], reason: str, repo: GitRepo, call: Call
) -> None:
    repo.commit({".gto": "stages: [dev, prod]\n"})
    repo.tag("churn@v1.0.0")
    repo.tag("churn#dev#1")
    result = call(*arguments, status=1)
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 2  # the remedy
    assert tags(repo) == ["churn#dev#1", "churn@v1.0.0"]


@pytest.mark.parametrize("command", [("assign", "--stage", "dev"), ("register",)])
def test_a_version_in_the_place_of_a_commit_is_told_how_to_be_named(
    command: tuple[str, ...], repo: GitRepo, call: Call
) -> None:
    repo.tag("churn@v1.1.0")
    name, *options = command
    refused = call(name, "churn", "v1.1.0", *options, status=1).stderr
    assert "there is no commit 'v1.1.0'" in refused
    assert "if a version is meant, write --version v1.1.0" in refused


def test_rolling_back_to_a_version_that_was_never_taken_out_says_how(
    repo: GitRepo, call: Call
) -> None:
    for version in ("v1.0.0", "v1.1.0"):
        call("register", "churn", "--version", version)
        call("assign", "churn", "--stage", "prod")
        repo.commit({"a": version})
    back = ("assign", "churn", "--version", "v1.0.0", "--stage", "prod")
    refused = call(*back, status=1).stderr
    assert "was assigned to prod on " in refused and "v1.1.0 holds prod since " in refused
    call(*back, "--force")
    assert call("show", "churn#prod", "--version").stdout == "v1.0.0\n"


def test_parts_to_raise_exclude_each_other(call: Call) -> None:
    call("register", "churn", "--bump-major", "--bump-minor", status=2)
    call("register", "churn", "--version", "v1.0.0", "--prerelease", "rc", status=2)
    call("deprecate", "churn", "v1.0.0", "--ref", "HEAD", status=2)


def test_promotion_rules_refuse_by_name_until_they_are_met(repo: GitRepo, call: Call) -> None:
    rules = "order: [dev, prod], require: {prod: {metrics: {f1: '>= 0.8'}, card: true}}"
    (repo.path / "sitegen.yaml").write_text(f"promotion: {{{rules}}}\n")
    assign = ("assign", "churn", "--stage")
    assert "promotion.order" in call(*assign, "prod", status=1).stderr
    call(*assign, "dev")
    assert "promotion.require.prod.metrics.f1" in call(*assign, "prod", status=1).stderr
    assert "is asked for" in call(*assign, "prod", "--force", status=1).stderr
    call(*assign, "prod", "--force", "-m", "The old one is worse")
    repo.commit({"metrics.json": '{"f1": 0.9}'})
    call(*assign, "dev")
    assert "promotion.require.prod.card" in call(*assign, "prod", status=1).stderr
    repo.commit({"models/README.md": "# Churn"})
    call(*assign, "dev")
    call(*assign, "prod")


def test_gto_reads_what_was_written_and_the_other_way(
    repo: GitRepo, call: Call, oracle: Oracle, tmp_path: Path
) -> None:
    def gto(*arguments: str) -> str:
        done = subprocess.run(
            [oracle.gto, *arguments], cwd=repo.path, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    at = 1_800_000_000
    for number, arguments in enumerate(
        [
            ("register", "churn"),
            ("assign", "churn", "--stage", "dev"),
            ("assign", "churn", "--stage", "prod", "--version", "v0.0.1"),
            ("deprecate", "churn", "v0.0.1", "dev"),
        ]
    ):
        call(*arguments, "--date", str(at + number))
        assert call("show", "--json").stdout == gto("show", "--json")
    for question in (("show", "churn", "--json"), ("history", "--json")):
        assert call(*question).stdout == gto(*question)
    repo.commit({"a": "1"})
    gto("register", "churn")
    gto("assign", "churn", "--stage", "prod")
    assert call("show", "churn", "--json").stdout == gto("show", "churn", "--json")
