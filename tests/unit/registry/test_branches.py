"""Commits become rows of branches as in Studio, whatever the order of the facts."""

from __future__ import annotations

import itertools

import msgspec

from sitegen.registry import branches, experiments
from sitegen.registry.branches import Branch
from sitegen.registry.facts import DvcExperiment, RepositoryFacts
from tests.facts import history, oid, short


def shown(facts: RepositoryFacts) -> dict[str, str]:
    """Branch -> its commits, newest first."""
    return {
        branch.name: " ".join(short(row.experiment) for row in branch.rows)
        for branch in nested(facts)
    }


def nested(facts: RepositoryFacts) -> tuple[Branch, ...]:
    return branches.nested(facts, experiments.experiments_of(facts))


def parents(facts: RepositoryFacts) -> dict[str, str]:
    return {branch.name: branch.parent for branch in nested(facts)}


def test_a_branch_shows_its_commits_newest_first() -> None:
    assert shown(history("a b:a c:b", {"main": "c"})) == {"main": "c b a"}


def test_a_commit_of_several_branches_shows_in_the_default_one() -> None:
    facts = history("a b:a c:b", {"main": "b", "fix": "c"})
    assert shown(facts) == {"main": "b a", "fix": "c"}
    assert parents(facts) == {"main": "", "fix": "main"}


def test_a_merged_branch_folds_into_its_parent() -> None:
    facts = history("a b:a x:a m:b,x", {"main": "m", "fix": "x"})
    assert shown(facts) == {"main": "m x b a", "fix": ""}
    assert parents(facts)["fix"] == "main"


def test_a_branch_of_a_branch_is_nested_in_it() -> None:
    facts = history("a b:a c:b d:c e:d", {"main": "a", "topic": "c", "deeper": "e"})
    assert shown(facts) == {"main": "a", "topic": "c b", "deeper": "e d"}
    assert parents(facts) == {"main": "", "topic": "main", "deeper": "topic"}


def test_a_branch_merged_into_another_does_not_take_its_commits() -> None:
    facts = history("a b:a x:b c:b m:c,x", {"main": "a", "dev": "m", "fix": "x"})
    assert shown(facts) == {"main": "a", "dev": "m c x b", "fix": ""}
    assert parents(facts) == {"main": "", "dev": "main", "fix": "dev"}


def test_a_main_line_keeps_what_newer_branches_share_with_it() -> None:
    facts = history("a b:a c:b x:b", {"main": "a", "dev": "c", "zz": "x"})
    assert shown(facts) == {"main": "a", "dev": "c b", "zz": "x"}


def test_branches_of_unrelated_histories_stand_side_by_side() -> None:
    facts = history("a x b:a", {"main": "b", "pages": "x"})
    assert parents(facts) == {"main": "", "pages": ""}


def test_commits_of_tags_alone_come_last_without_a_branch() -> None:
    facts = history("a x:a b:a", {"main": "b"}, tags={"old": "x"})
    assert shown(facts) == {"main": "b a", "": "x"}


def test_a_branch_comes_right_after_what_it_grew_from() -> None:
    facts = history("a b:a c:b d:a", {"main": "a", "b1": "b", "c1": "c", "d1": "d"})
    assert [branch.name for branch in nested(facts)] == ["main", "d1", "b1", "c1"]


def test_two_branches_that_grew_from_each_other_are_both_shown() -> None:
    facts = history("x:n n:x a", {"main": "a", "p": "x", "q": "n"})
    assert set(shown(facts)) == {"main", "p", "q"}


def test_a_branch_whose_commit_was_not_read_is_no_row() -> None:
    assert shown(history("a", {"main": "a", "gone": "zz"})) == {"main": "a", "gone": ""}


def test_every_commit_shows_exactly_once() -> None:
    facts = history(
        "a b:a c:b d:b e:c,d f:d g:f h:a,g", {"main": "c", "one": "e", "two": "g", "three": "h"}
    )
    rows = " ".join(text for text in shown(facts).values() if text).split()
    assert sorted(rows) == list("abcdefgh")


def test_the_order_of_the_facts_does_not_count() -> None:
    facts = history("a b:a c:a d:b,c e:d", {"main": "b", "one": "c", "two": "e"})
    for names in itertools.permutations(facts.history.branches):
        mixed = msgspec.structs.replace(
            facts,
            commits=dict(reversed(facts.commits.items())),
            history=msgspec.structs.replace(
                facts.history,
                commits=facts.history.commits[::-1],
                branches={name: facts.history.branches[name] for name in names},
            ),
        )
        assert nested(mixed) == nested(facts)


def test_parents_come_after_children_whatever_their_dates() -> None:
    facts = history("c:b b:a a", {"main": "c"})
    assert shown(facts) == {"main": "c b a"}


def test_dvc_experiments_stand_under_their_baseline() -> None:
    facts = history("a b:a x:a y:a", {"main": "b"}, made=[("old", "x", "a"), ("new", "y", "a")])
    (branch,) = nested(facts)
    assert [[one.name for one in row.experiments] for row in branch.rows] == [[], ["new", "old"]]


def test_a_dvc_experiment_made_into_a_branch_shows_in_both_places() -> None:
    facts = history("a x:a", {"main": "a", "kept": "x"}, made=[("exp", "x", "a")])
    whole = msgspec.structs.replace(
        facts, history=msgspec.structs.replace(facts.history, commits=tuple(facts.commits))
    )
    assert shown(whole) == {"main": "a", "kept": "x"}
    assert [one.name for one in nested(whole)[0].rows[0].experiments] == ["exp"]


def test_checkpoints_of_a_dvc_experiment_stand_below_it_without_a_name() -> None:
    facts = history("a x:a y:x", {"main": "a"}, made=[("exp", "y", "a"), ("", "x", "a")])
    made = (DvcExperiment("exp", (oid("y"), oid("x")), oid("a")),)
    facts = msgspec.structs.replace(
        facts, history=msgspec.structs.replace(facts.history, experiments=made)
    )
    (row,) = nested(facts)[0].rows
    assert [(one.name, short(one)) for one in row.experiments] == [("exp", "y"), ("", "x")]


def test_a_dvc_experiment_without_its_baseline_is_not_lost() -> None:
    facts = history("a x", {"main": "a"}, made=[("exp", "x", "gone")])
    assert shown(facts) == {"main": "a", "": "x"}
