from __future__ import annotations

import json
import time

import pytest
from click import BadParameter

from sitegen.cli.modelreg.past import Instant, Start
from tests.gitrepo import GitRepo

from .conftest import Call

DAY = 1_772_496_000  # 2026-03-03T00:00:00Z


@pytest.fixture
def registry(repo: GitRepo) -> GitRepo:
    repo.tag("churn@v1.0.0", when=DAY)
    repo.tag("churn#prod#1", when=DAY + 86_399)
    repo.commit({"a": "1"})
    repo.tag("churn@v1.1.0", when=DAY + 86_400)
    repo.tag("churn#prod#2", when=DAY + 90_000)
    repo.tag("late@v0.1.0", when=DAY + 100_000)
    return repo


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-03-03", DAY + 86_399),
        ("20260303", DAY + 86_399),
        ("2026-03-03Z", DAY + 86_399),
        ("2026-03-03+01:00", DAY + 82_799),
        ("2026-03-03T00:00:00Z", DAY),
        ("2026-03-03 01:00:00.9+01:00", DAY),
        ("2026-03-03T12:00", DAY + 43_200),
        (str(DAY), DAY),
    ],
)
def test_a_day_counts_to_its_end_and_a_time_as_it_stands(text: str, seconds: int) -> None:
    assert Instant().convert(text, None, None) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-03-03", DAY - 1),
        ("2026-03-03+01:00", DAY - 3_601),
        ("2026-03-03T00:00:00Z", DAY),
        (str(DAY), DAY),
    ],
)
def test_from_a_day_is_from_its_beginning_and_a_time_as_it_stands(text: str, seconds: int) -> None:
    assert Start().convert(text, None, None) == seconds


def test_without_an_offset_it_is_this_machines_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert Instant().convert("2026-03-03", None, None) == DAY + 82_799
        # The day on which summer time begins has 23 hours.
        night = Instant().convert("2026-03-28", None, None)
        assert Instant().convert("2026-03-29", None, None) - night == 23 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "never", "2026-13-01", "9999-12-31", "12", "9" * 18 + "x"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadParameter, match="is no date; write 2026-03-03"):
        Instant().convert(text, None, None)


def test_the_registry_is_shown_as_it_was(registry: GitRepo, call: Call) -> None:
    then = ("--at", "2026-03-03")
    assert json.loads(call("show", "--json", *then).stdout) == {
        "churn": {
            "version": "v1.0.0", "stage": {"prod": "v1.0.0"}, "registered": True, "active": True,
        }
    }  # fmt: skip
    assert call("show", "churn#prod", "--version", *then).stdout == "v1.0.0\n"
    # HEAD's annotation counts on every day: its commit was not registered then.
    versions = call("show", "churn", "--version", *then).stdout.split()
    assert versions == ["v1.0.0", registry.head[:7]]
    assert call("show", "churn", "--version").stdout.split() == ["v1.1.0", "v1.0.0"]
    assert len(call("history", "--plain", *then).stdout.splitlines()) == 3
    assert "*churn" in call("show", "--at", "2020-01-01").stdout


def test_people_are_not_shown_a_commit_that_was_made_later(registry: GitRepo, call: Call) -> None:
    registry.now = DAY + 200_000
    registry.commit({"artifacts.yaml": "churn: {type: model}\n"})
    head = registry.head[:7]
    early, late = "2026-03-04", str(DAY + 300_000)
    shown = call("show", "churn", "--at", early)
    assert head not in shown.stdout and "v1.1.0" in shown.stdout
    assert f"left out: {head}, unregistered, whose commit was made later" in shown.stderr
    assert head in call("show", "churn", "--at", late).stdout
    # Scripts are told what GTO tells them.
    for form in ("--json", "--plain", "--version"):
        assert head in call("show", "churn", form, "--at", early).stdout


def test_what_was_not_there_yet_is_told_apart_from_what_never_was(
    registry: GitRepo, call: Call
) -> None:
    early = call("show", "late", "--at", "2026-03-03", status=1)
    assert "there was no artifact 'late' yet" in early.stderr
    assert "modelreg history late" in early.stderr
    never = call("show", "nobody", "--at", "2026-03-03", status=1)
    assert "there is no artifact 'nobody'" in never.stderr


def test_changes_between_two_dates_are_a_table_and_json(registry: GitRepo, call: Call) -> None:
    dates = ("--from", "2026-03-04", "--to", str(DAY + 95_000))
    rows = json.loads(call("changes", "--json", *dates).stdout)
    assert rows[-1] == {
        "artifact": "churn",
        "change": "stage",
        "stage": "prod",
        "from": "v1.0.0",
        "to": "v1.1.0",
        "timestamp": "2026-03-04T01:00:00+00:00",
        "author": "Ada Example",
        "ref": "churn#prod#2",
    }
    plain = [line.split("\t") for line in call("changes", "--plain", *dates).stdout.splitlines()]
    assert plain[0] == ["artifact", "change", "stage", "from", "to", "timestamp", "author", "ref"]
    assert [row[1:5] for row in plain[1:]] == [
        ["latest", "-", "v1.0.0", "v1.1.0"],
        ["registered", "-", "-", "v1.1.0"],
        ["stage", "prod", "v1.0.0", "v1.1.0"],
    ]


def test_changes_are_of_one_artifact_and_until_now_where_nothing_else_is_said(
    registry: GitRepo, call: Call
) -> None:
    late = json.loads(call("changes", "late", "--from", "2026-03-04", "--json").stdout)
    assert [row["change"] for row in late] == ["latest", "registered"]
    assert "Nothing found" in call("changes", "--from", "2026-03-09").stdout
    assert (
        "no artifact 'nobody'" in call("changes", "nobody", "--from", "1970-01-01", status=1).stderr
    )


def test_from_a_day_to_the_same_day_is_all_of_that_day(registry: GitRepo, call: Call) -> None:
    def refs(*dates: str) -> set[str]:
        return {row["ref"] for row in json.loads(call("changes", "--json", *dates).stdout)}

    first = {"churn@v1.0.0", "churn#prod#1"}
    assert refs("--from", "2026-03-03", "--to", "2026-03-03") == first
    # The version of the next day's first second is of the next day.
    second = {"churn@v1.1.0", "churn#prod#2", "late@v0.1.0"}
    assert refs("--from", "2026-03-04", "--to", "2026-03-04") == second
    assert refs("--from", "2026-03-03T23:59:59Z", "--to", "2026-03-04") == second
    assert refs("--from", "2026-03-03T00:00:00Z", "--to", "2026-03-03") == {"churn#prod#1"}


def test_dates_in_the_wrong_order_are_wrong_usage(registry: GitRepo, call: Call) -> None:
    result = call("changes", "--from", "2026-03-04", "--to", "2026-03-03", status=2)
    assert "--from is not earlier than --to" in result.stderr
    call("changes", status=2)
    call("changes", "--from", "2026-03-04", "--json", "--plain", status=2)
