from __future__ import annotations

import pytest

from tests.gitrepo import GitRepo

from .conftest import Call


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("churn#prd", "no version of churn is in stage prd (did you mean prod?)"),
        ("churn@v9.0.0", "churn has no version v9.0.0 (did you mean v1.0.0?)"),
    ],
)
def test_a_script_notices_a_stage_or_version_that_is_none(
    asked: str, reason: str, repo: GitRepo, call: Call
) -> None:
    repo.tag("churn@v1.0.0")
    repo.tag("churn#prod#1")
    table = call("show", asked)
    assert table.stdout == "Nothing found\n" and table.stderr == f"{reason}\n"
    assert call("show", asked, "--json").stdout == "[]\n"
    stopped = call("show", asked, "--version", status=1)
    assert stopped.stdout == "" and stopped.stderr == f"{reason}\n"


def test_unknown_names_are_told_with_the_near_one(repo: GitRepo, call: Call) -> None:
    repo.tag("churn@v1.0.0")
    repo.tag("other")
    assert call("history", "chrn").stderr == "there is no artifact chrn (did you mean churn?)\n"
    assert call("history", "chrn", "--json").stdout == "[]\n"
    assert "(did you mean churn?)" in call("show", "chrn", status=1).stderr
    missing = call("check-ref", "churn@v9.0.0")
    assert missing.stdout == ""
    assert missing.stderr == "there is no tag churn@v9.0.0 (did you mean churn@v1.0.0?)\n"
    assert call("check-ref", "other").stderr == "other is no registry tag\n"
    refused = call("show", "churn@1.0.0", status=1).stderr
    assert "a version starts with v" in refused and "write churn@v1.0.0" in refused


def test_who_was_assigned_twice_is_named_once(repo: GitRepo, call: Call) -> None:
    repo.tag("churn#prod#1")
    repo.tag("churn#prod#2")
    assert call("show", "churn#prod", "--version").stdout == f"{repo.head[:7]}\n"


def test_what_is_deprecated_or_deregistered_is_marked_where_it_is_asked_for(
    repo: GitRepo, call: Call
) -> None:
    repo.tag("churn@v1.0.0")
    repo.tag("churn@v1.0.0!")
    repo.tag("old@v1.0.0")
    repo.tag("old@deprecated")
    rows = [line.split("\t") for line in call("show", "-d", "--plain").stdout.splitlines()]
    assert [(row[0], row[-1]) for row in rows] == [
        ("name", "state"), ("churn", "-"), ("old", "deprecated"),
    ]  # fmt: skip
    assert "deregistered" in call("show", "churn", "-d").stdout
    assert "state" not in call("show").stdout
    hidden = call("show", "old")
    assert hidden.stdout == "Nothing found\n"
    assert hidden.stderr == "old is deprecated; --deprecated shows it\n"
