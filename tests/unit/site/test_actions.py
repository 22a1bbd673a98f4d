"""What the commands of a page are filled in with."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from sitegen.registry.facts import Annotation, Card, Requirement, Rules
from sitegen.site.build import Settings, build_site
from sitegen.site.model import Site
from sitegen.site.parts import ActionsView
from tests.facts import metrics, oid, source, tag


def site_of(*tags: Any, rules: Rules | None = None, **more: Any) -> Site:
    return build_site([source(*tags, **more)], Settings(promotion=rules or Rules()))


def actions(*tags: Any, **more: Any) -> ActionsView:
    """Those of the first model."""
    found = site_of(*tags, **more).models[0].actions
    assert found is not None
    return found


def test_the_next_versions_follow_the_latest() -> None:
    can = actions(tag("m@v1.2.3"), tag("m@v0.9.0", "c2"))
    assert can.next == (
        ("v1.2.4", "next patch"), ("v1.3.0", "next minor"), ("v2.0.0", "next major"),
    )  # fmt: skip


def test_a_version_that_was_withdrawn_is_not_proposed_again() -> None:
    can = actions(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.1", "c2", 2), tag("m@v1.0.1!", "c2", 3))
    assert can.next[0] == ("v1.0.2", "next patch")
    assert (can.active, can.gone) == (("v1.0.0",), ("v1.0.1",))
    assert can.taken == ("m@v1.0.1!",)


def test_a_model_without_a_version_begins_with_one() -> None:
    can = actions(annotations={"c1": [Annotation("m", "dvc.yaml", type="model")]})
    assert [name for name, _ in can.next] == ["v0.0.1", "v0.1.0", "v1.0.0"]
    assert can.active == can.held == ()
    assert [each.title for each in can.commands] == ["Register version", "Deprecate"]


def test_the_counter_is_one_more_than_the_artifacts_highest() -> None:
    can = actions(tag("m@v1.0.0"), tag("m#prod#7"), tag("mm#prod#30"), tag("mm@v1.0.0"))
    assert can.counter == 8


def test_tags_that_can_be_made_once_are_known() -> None:
    found = actions(
        tag("m@v1.0.0", "c1", 1), tag("m@deprecated", "c1", 2), tag("m@v1.1.0", "c2", 3),
        tag("mm@deprecated", "c2", 4),
    )  # fmt: skip
    assert found.taken == ("m@deprecated",)


def test_what_is_held_stands_in_the_order_of_stages() -> None:
    can = actions(
        tag("m@v1.0.0", "c1", 1), tag("m@v2.0.0", "c2", 2), tag("m#prod#1", "c1", 3),
        tag("m#dev#2", "c2", 4), tag("m#prod#3", "c2", 5),
    )  # fmt: skip
    assert can.held == (("dev", "v2.0.0"), ("prod", "v2.0.0"), ("prod", "v1.0.0"))
    assert (can.stages, can.only_these) == (("dev", "prod"), False)


def test_gtos_settings_bind_the_stages() -> None:
    can = actions(tag("m@v1.0.0"), stages=("qa", "live"))
    assert (can.stages, can.only_these) == (("qa", "live"), True)


def test_gtos_rules_count_where_the_portal_has_none() -> None:
    gto = Rules(("dev", "prod"))

    def lines(rules: Rules) -> list[tuple[str, ...]]:
        can = actions(tag("m@v1.0.0"), stages=("dev", "prod"), promotion=gto, rules=rules)
        return [rule.lines for rule in can.rules]

    assert lines(Rules()) == [("it must have been in dev first",)]
    own = Rules(require={"prod": Requirement(card=True)})
    assert lines(own) == [("it must have a model card",)]


RULES = Rules(("staging", "prod"), {"prod": Requirement("staging", {"f1": ">= 0.8"}, card=True)})


def test_rules_say_in_words_what_they_ask_and_who_does_not_meet_them() -> None:
    can = actions(
        tag("m@v1.0.0", "c1", 1), tag("m#staging#1", "c1", 2), tag("m@v2.0.0", "c2", 3),
        tag("m@v3.0.0", "c3", 4), tag("m#staging#2", "c3", 5),
        rules=RULES,
        values={"c1": [metrics(f1=0.9)], "c2": [metrics(f1=0.9)], "c3": [metrics(f1=0.5)]},
        cards={oid("c1"): {"m": Card("MODEL_CARD.md", oid("card"))}},
        texts={oid("card"): "Text"},
    )  # fmt: skip
    (rule,) = can.rules
    assert rule.stage == "prod"
    assert rule.lines == (
        "it must have been in staging first", "f1 >= 0.8", "it must have a model card",
    )  # fmt: skip
    assert dict(rule.unmet) == {
        "v3.0.0": "f1: >= 0.8 is asked for, it is 0.5; it has no model card",
        "v2.0.0": "it must have been in staging first; it has no model card",
    }


def test_without_rules_nothing_is_asked() -> None:
    assert actions(tag("m@v1.0.0"), tag("m#prod#1")).rules == ()


def test_sample_commands_name_the_address_or_stay_in_a_clone() -> None:
    tags = (tag("cv=m@v1.0.0", "c1", 1), tag("cv=m#prod#1", "c1", 2))
    found = {each.title: shlex.split(each.command) for each in actions(*tags).commands}
    where = ["-r", "https://github.com/example/repo"]
    register = ["modelreg", "register", "cv:m", "--version", "v1.0.1", *where]
    unassign = ["modelreg", "unassign", "cv:m", "prod", "--version", "v1.0.0", *where]
    assert (found["Register version"], found["Unassign"]) == (register, unassign)
    for each in actions(*tags, url="").commands:
        assert not {"-r", "--push"} & {*shlex.split(each.command)}


@pytest.mark.parametrize(
    ("url", "path", "href"),
    [
        (
            "https://github.com/team/repo", ".github/workflows/modelreg.yml",
            "https://github.com/team/repo/actions/workflows/modelreg.yml",
        ),
        (
            "git@gitlab.example:team/repo.git", ".gitlab/modelreg.yml",
            "https://gitlab.example/team/repo/-/pipelines/new?ref=main",
        ),
    ],
)  # fmt: skip
def test_the_job_is_linked_where_head_has_the_file_of_its_own_host(
    url: str, path: str, href: str
) -> None:
    def hrefs(*tracked: str) -> list[str]:
        site = site_of(tag("m@v1.0.0"), url=url, tracked={oid("c1"): frozenset(tracked)})
        found = [site.models[0].actions.workflow] if site.models[0].actions else []
        return [each.href for each in [*found, site.repositories[0].workflow] if each]

    assert hrefs(path) == [href, href]
    assert hrefs() == []
    assert hrefs("README.md", ".gitlab/modelreg.yml" if "github" in url else ".github/x") == []


def test_stages_of_the_rules_may_be_assigned_in_their_order() -> None:
    can = actions(tag("m@v1.0.0"), tag("m#dev#1"), tag("m#qa#2"), rules=RULES)
    assert can.stages == ("staging", "prod", "dev", "qa")
