import math

import pytest

from sitegen.errors import RefusedError
from sitegen.registry import events
from sitegen.registry.facts import Leaf, Ref, Requirement, Rules, Tag, ValueFile
from sitegen.registry.rules import Evidence, check_promotion, evidence_of, is_condition
from sitegen.registry.state import Version, fold
from tests.facts import tag

RULES = Rules(
    ("dev", "staging", "prod"),
    {"prod": Requirement(came_from="staging", metrics={"f1": ">= 0.8"}, card=True)},
)
GOOD = Evidence({"f1": (0.8,)}, card=True)


def version(*stages: str) -> Version:
    tags: list[Tag] = [tag("m@v1.0.0", at=1)]
    tags += [tag(f"m#{stage}#{i}", at=i + 2) for i, stage in enumerate(stages)]
    said, _, _ = events.select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    return fold(tags, said).artifacts["m"].versions[0]


def refusal(stage: str, evidence: Evidence, *stages: str) -> str:
    with pytest.raises(RefusedError) as caught:
        check_promotion(RULES, stage, version(*stages), evidence, "v1.0.0", "m")
    assert "--force with a message" in caught.value.problems[-1].remedy
    return caught.value.problem.reason


def test_a_version_that_has_shown_everything_may_enter() -> None:
    check_promotion(RULES, "prod", version("dev", "staging"), GOOD, "v1.0.0", "m")
    check_promotion(RULES, "dev", version(), Evidence(), "v1.0.0", "m")
    check_promotion(Rules(), "prod", None, Evidence(), "v1.0.0", "m")


def test_each_refusal_names_its_rule() -> None:
    assert "promotion.order: it must have been in dev" in refusal("staging", GOOD)
    assert "promotion.require.prod.from" in refusal("prod", GOOD, "dev")
    low = Evidence({"f1": (0.79,)}, card=True)
    assert "promotion.require.prod.metrics.f1: >= 0.8 is asked for, it is 0.79" in refusal(
        "prod", low, "staging"
    )
    assert "it has no f1" in refusal("prod", Evidence(card=True), "staging")
    bare = Evidence({"f1": (0.9,)})
    assert "promotion.require.prod.card" in refusal("prod", bare, "staging")


def test_every_rule_that_is_not_met_is_told() -> None:
    with pytest.raises(RefusedError) as caught:
        check_promotion(RULES, "prod", version("dev"), Evidence({"f1": (0.5,)}), "v1.0.0", "m")
    problems = caught.value.problems
    assert [one.reason.split(": ")[1].rpartition("promotion.")[2] for one in problems] == [
        "require.prod.from", "require.prod.metrics.f1", "require.prod.card",
    ]  # fmt: skip
    assert ["--force" in one.remedy for one in problems] == [False, False, True]


def test_an_integer_beyond_every_float_is_as_good_as_infinite() -> None:
    leaves = {key: Leaf(n, str(n)) for key, n in {"a": 10**400, "b": -(10**400)}.items()}
    found = evidence_of([ValueFile("m.json", "metrics", leaves)], "", False)
    assert found.metrics == {"a": (math.inf,), "b": (-math.inf,)}


def test_a_metric_of_another_name_is_pointed_to() -> None:
    nested = Evidence({"test.f1": (0.9,), "loss": (1.0,)}, card=True)
    assert "it has no f1 (there is test.f1)" in refusal("prod", nested, "staging")
    with pytest.raises(RefusedError) as caught:
        other = Evidence({"loss": (1.0,), "auc": (1.0,)}, card=True)
        check_promotion(RULES, "prod", version("staging"), other, "v1.0.0", "m")
    assert "there are auc, loss;" in caught.value.problem.remedy


def test_every_file_that_has_the_metric_must_hold_it() -> None:
    assert "0.9, 0.7" in refusal("prod", Evidence({"f1": (0.9, 0.7)}, card=True), "staging")


def test_nan_holds_no_condition() -> None:
    assert "nan" in refusal("prod", Evidence({"f1": (float("nan"),)}, card=True), "staging")


@pytest.mark.parametrize("text", [">= 0.8", "<1", "== 1e-3", "!=0", " > -.5 "])
def test_conditions_compare_with_a_number(text: str) -> None:
    assert is_condition(text)


@pytest.mark.parametrize("text", ["0.8", "=> 1", ">= x", ">= 1; import os", ""])
def test_other_texts_are_no_conditions(text: str) -> None:
    assert not is_condition(text)
