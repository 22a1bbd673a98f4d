"""What is wrong at many commits is said once."""

from __future__ import annotations

from sitegen.errors import Problem
from sitegen.pipeline.reported import Reported

WRONG = Problem("repo", "", "a.yaml", "it is wrong", "mend it", "yaml")


def test_what_is_wrong_at_many_commits_is_one_problem_of_the_first() -> None:
    wrong = Problem("repo", "", "a.yaml", "it is wrong", "mend it", "yaml")
    other = Problem("repo", "", "b.yaml", "it is wrong", "mend it", "yaml")
    reported = Reported()
    reported.add([wrong, other], ["c1"])
    reported.add([wrong], ["c2"])
    reported.add([wrong], ["c3", "c4"])
    assert [(one.ref, one.path, one.reason) for one in reported.problems] == [
        ("c1", "a.yaml", "it is wrong (also at 3 other commits)"),
        ("c1", "b.yaml", "it is wrong"),
    ]
    reported.add([other], ["c9"])
    assert reported.problems[1].reason == "it is wrong (also at 1 other commit)"


def test_the_first_commit_is_the_one_that_comes_first_whatever_was_added_first() -> None:
    reported = Reported({"c1": 0, "c2": 1, "c3": 2})
    reported.add([WRONG], ["c3"])
    reported.add([WRONG], ["c2", "c1"])
    assert [one.ref for one in reported.problems] == ["c1"]


def test_a_problem_that_a_commit_has_twice_counts_once() -> None:
    reported = Reported()
    reported.add([WRONG], ["c1", "c2"])
    reported.add([WRONG], ["c2"])
    assert reported.problems[0].reason == "it is wrong (also at 1 other commit)"
