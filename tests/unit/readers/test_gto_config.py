import pytest

from sitegen.readers.gto_config import read_promotion, read_stages, read_types
from sitegen.registry.facts import Requirement, Rules


def test_allowed_stages_keep_their_order() -> None:
    assert read_stages(b"stages: [dev, prod, dev]\ntypes: [model]\n") == (("dev", "prod"), ())


def test_without_stages_all_are_allowed() -> None:
    assert read_stages(b"types: [model]\n") == ((), ())
    assert read_stages(b"") == ((), ())


def test_illegal_stages_and_shapes_are_problems_and_spare_the_rest() -> None:
    found, problems = read_stages(b"stages: [dev, '<b>', 3]", "repo", "c0ffee")
    assert found == ("dev",)
    assert [p.kind for p in problems] == ["gto.stages", "gto.stages"]
    assert read_stages(b"- dev")[1][0].path == ".gto"
    assert read_stages(b"stages: dev")[1][0].repo == ""
    assert read_stages(b"stages: [")[1][0].kind == "yaml"


def test_promotion_rules_are_read() -> None:
    text = b"promotion:\n  order: [dev, prod]\n  require:\n    prod: {from: dev, card: true, "
    rules, problems = read_promotion(text + b'metrics: {f1: ">= 0.8"}}\n')
    assert rules == Rules(("dev", "prod"), {"prod": Requirement("dev", {"f1": ">= 0.8"}, True)})
    assert problems == ()
    assert read_promotion(b"stages: [a]\n") == (Rules(), ())


@pytest.mark.parametrize(
    "text",
    [
        "promotion: 3",
        "promotion: {ordr: []}",
        "promotion: {order: dev}",
        "promotion: {require: [prod]}",
        "promotion: {require: {prod: {fro: dev}}}",
        "promotion: {require: {prod: {from: '!'}}}",
        "promotion: {require: {prod: {metrics: {f1: 0.8}}}}",
        "promotion: {require: {prod: {metrics: {f1: '0.8'}}}}",
        "promotion: {require: {prod: {card: 1}}}",
    ],
)
def test_a_rule_that_cannot_be_read_is_a_problem(text: str) -> None:
    _, problems = read_promotion(text.encode(), "repo", "c0ffee")
    assert [p.kind for p in problems] == ["gto.promotion"]
    assert problems[0].path == ".gto"


def test_what_is_said_of_an_illegal_stage_is_short() -> None:
    (problem,) = read_stages(f"stages: [dev, [{'x, ' * 20_000}]]".encode())[1]
    assert len(problem.reason) < 200


def test_types_are_read_as_stages_are() -> None:
    assert read_types(b"stages: [dev]\ntypes: [model, dataset, model]\n") == (
        ("model", "dataset"), (),
    )  # fmt: skip
    assert read_types(b"stages: [dev]\n") == read_types(b"- dev") == ((), ())
    found, problems = read_types(b"types: [model, 3]", "repo", "c0ffee")
    assert (found, [one.kind for one in problems]) == (("model",), ["gto.types"])
    assert "3 is no type" in problems[0].reason
