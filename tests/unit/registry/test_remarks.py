from __future__ import annotations

import pytest

from sitegen.registry.commands import Known, Plan, plan_assign, plan_deregister, plan_unassign
from sitegen.registry.facts import Moment, Tag
from sitegen.registry.remarks import holders_after, slips
from sitegen.registry.state import Registry, fold
from sitegen.registry.tags import TagName, parse

COMMITS = {"v1.0.0": "a" * 40, "v1.1.0": "b" * 40}
LATER = Moment(100)


def registry(*names: str) -> tuple[Registry, list[Tag], dict[str, TagName]]:
    """Tags a second apart; `churn#prod#1 v1.0.0` is at the commit of that version."""
    tags, said = [], {}
    for second, text in enumerate(names):
        name, _, version = text.partition(" ")
        parsed = parse(name)
        assert parsed
        said[name] = parsed
        commit = COMMITS[version or parsed.version]
        tags.append(Tag(name, "", commit, None, Moment(second), ""))
    return fold(tags, said), tags, said


TWO = ("churn@v1.0.0", "churn@v1.1.0", "churn#prod#1 v1.0.0", "churn#prod#2 v1.1.0")


def after(names: tuple[str, ...], plan: Plan) -> list[tuple[str, str, str]]:
    state, tags, said = registry(*names)
    found = holders_after(state.artifacts["churn"], tags, said, plan, LATER)
    return [(one.stage, one.before, one.now.version if one.now else "") for one in found]


def known(*names: str) -> Known:
    return Known(registry(*names)[0], frozenset(names))


def test_a_stage_falls_back_to_the_version_assigned_before() -> None:
    plan = plan_unassign(known(*TWO), "churn", "prod", "v1.1.0")
    assert after(TWO, plan) == [("prod", "v1.1.0", "v1.0.0")]
    plan = plan_deregister(known(*TWO), "churn", "v1.1.0")
    assert after(TWO, plan) == [("prod", "v1.1.0", "v1.0.0")]
    plan = plan_unassign(known(*TWO), "churn", "prod", "v1.1.0", delete=True)
    names = tuple(name.partition(" ")[0] for name in TWO)
    assert set(plan.delete) < set(names)
    assert after(TWO, plan) == [("prod", "v1.1.0", "v1.0.0")]


def test_the_last_version_leaves_a_stage_empty() -> None:
    one = TWO[:3]
    plan = plan_unassign(known(*one), "churn", "prod", "v1.0.0")
    assert after(one, plan) == [("prod", "v1.0.0", "")]


def test_a_stage_keeps_its_holder_where_an_older_version_leaves() -> None:
    plan = plan_unassign(known(*TWO), "churn", "prod", "v1.0.0")
    assert after(TWO, plan) == [("prod", "v1.1.0", "v1.1.0")]


def test_a_deregistration_names_only_the_stages_that_change() -> None:
    plan = plan_deregister(known(*TWO), "churn", "v1.0.0")
    assert after(TWO, plan) == []


@pytest.mark.parametrize(
    ("artifact", "stage", "said"),
    [
        ("churn", "prod", ()),
        ("chrn", "prod", ("new artifact chrn (did you mean churn?)",)),
        ("churn", "prdo", ("new stage prdo (did you mean prod?)",)),
        ("vision", "canary", ("new artifact vision", "new stage canary")),
    ],
)
def test_names_that_are_new_are_said_with_what_may_have_been_meant(
    artifact: str, stage: str, said: tuple[str, ...]
) -> None:
    there = known(*TWO)
    plan = plan_assign(there, artifact, stage, commit="c" * 40)
    assert slips(there, plan) == said


def test_the_first_names_of_a_registry_are_no_surprise() -> None:
    empty = Known(fold([], {}), frozenset())
    assert slips(empty, plan_assign(empty, "churn", "prod", commit="c" * 40)) == ()
    rows = known("churn@v1.0.0")
    assert slips(rows, plan_assign(rows, "churn", "prod", version="v1.0.0")) == ()
