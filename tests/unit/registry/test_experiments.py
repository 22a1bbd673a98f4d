"""Every commit is an experiment; those that change nothing are hidden."""

from __future__ import annotations

import pytest

from sitegen.registry import experiments
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.lineage import Data
from tests.facts import history, metrics, oid, short


def test_a_commit_names_the_branches_that_contain_it_the_default_one_first() -> None:
    facts = history("a b:a c:a", {"main": "b", "fix": "c"})
    found = {short(one): one.branches for one in experiments.experiments_of(facts)}
    assert found == {"a": ("main", "fix"), "b": ("main",), "c": ("fix",)}


def test_of_very_many_branches_some_are_named() -> None:
    many = {f"b{at:03}": "a" for at in range(300)}
    (one,) = experiments.experiments_of(history("a", {"main": "a", **many}))
    assert len(one.branches) == experiments.MOST_BRANCHES
    assert one.branches[:3] == ("main", "b000", "b001")


def test_a_commit_names_its_tags() -> None:
    facts = history("a", {"main": "a"}, tags={"m@v2.0.0": "a", "m@v1.0.0": "a"})
    assert experiments.experiments_of(facts)[0].tags == ("m@v1.0.0", "m@v2.0.0")


def test_dvc_experiments_come_right_after_their_baseline() -> None:
    facts = history("a b:a x:a y:a", {"main": "b"}, made=[("old", "x", "a"), ("new", "y", "a")])
    found = experiments.experiments_of(facts)
    assert [(short(one), one.name) for one in found] == [
        ("b", ""),
        ("a", ""),
        ("y", "new"),
        ("x", "old"),
    ]


def test_experiments_are_counted_without_being_made() -> None:
    facts = history("a b:a x:a", {"main": "b"}, made=[("exp", "x", "a"), ("lost", "zz", "a")])
    assert experiments.experiment_count(facts) == len(experiments.experiments_of(facts)) == 3


def hidden(facts: RepositoryFacts) -> dict[str, str]:
    return {short(one): one.hidden for one in experiments.experiments_of(facts)}


def test_a_commit_that_changes_no_metric_param_or_data_is_hidden() -> None:
    one, two = [metrics(f1=1)], [metrics(f1=2)]
    facts = history("a b:a c:b", {"main": "c"}, values={"a": one, "b": one, "c": two})
    assert hidden(facts) == {"c": "", "b": "unchanged", "a": ""}


def test_a_commit_that_changes_data_alone_is_shown() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        values={},
        data={"a": {"d.csv": Data("d.csv", "1")}, "b": {"d.csv": Data("d.csv", "2")}},
    )
    assert hidden(facts) == {"b": "", "a": ""}


def test_a_merge_that_is_like_one_of_its_parents_is_hidden() -> None:
    one, two = [metrics(f1=1)], [metrics(f1=2)]
    facts = history("a b:a m:a,b", {"main": "m"}, values={"a": one, "b": two, "m": two})
    assert hidden(facts)["m"] == "unchanged"


def test_a_first_commit_without_anything_is_hidden() -> None:
    assert hidden(history("a", {"main": "a"}, values={})) == {"a": "unchanged"}


def test_a_commit_that_changes_nothing_is_shown_where_it_has_a_version() -> None:
    facts = history("a b:a", {"main": "b"}, values={}, messages={"a": "No [skip studio]"})
    found = experiments.experiments_of(facts, {oid("a"), oid("b")})
    assert [(short(one), one.hidden, one.same) for one in found] == [
        ("b", "", True),
        ("a", "skipped", False),
    ]


def test_a_commit_whose_parents_were_not_read_is_shown() -> None:
    assert hidden(history("b:a", {"main": "b"}, values={})) == {"b": ""}


def test_a_dvc_experiment_that_changed_nothing_is_shown() -> None:
    facts = history("a x:a", {"main": "a"}, made=[("exp", "x", "a")], values={})
    assert hidden(facts)["x"] == ""


@pytest.mark.parametrize("text", ["[skip studio]", "[Skip Sitegen]", "[skip registry]"])
def test_a_commit_that_asks_for_it_is_hidden(text: str) -> None:
    facts = history("a", {"main": "a"}, messages={"a": f"Work\n\nMore {text}\n"})
    assert hidden(facts) == {"a": "skipped"}


def test_other_words_in_brackets_hide_nothing() -> None:
    assert hidden(history("a", {"main": "a"}, messages={"a": "Work [skip ci]"})) == {"a": ""}
