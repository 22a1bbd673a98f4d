"""The records that models of tables share."""

from __future__ import annotations

from sitegen.inspection.tabular import LONGEST, facts, features, needs, predictions, shortened
from sitegen.registry.schemas import Column, DataType, Requirement


def test_named_features_are_columns_and_others_an_array() -> None:
    assert features(["a", "b"], ["int"]) == DataType(
        "dataframe", columns=(Column("a", "int"), Column("b"))
    )
    assert features([], ["float", "float"], 2) == DataType("ndarray", "float", (None, 2))
    assert features([], ["float", "int"]) == DataType("ndarray", "", (None, None))


def test_a_classifier_predicts_chances_too() -> None:
    taken = features([], (), 2)
    assert [method.name for method in predictions(taken, argument="data")] == ["predict"]
    chances = predictions(taken, argument="data", classes=3)[1]
    assert (chances.name, chances.returns) == ("predict_proba", DataType("ndarray", "", (None, 3)))


def test_only_facts_that_say_something_are_kept() -> None:
    assert facts([("a", None), ("b", ""), ("c", 0), ("d", "x")]) == (("c", "0"), ("d", "x"))


def test_a_fact_is_bounded() -> None:
    assert len(facts([("a", "x" * 10_000)])[0][1]) == LONGEST
    assert shortened("short") == "short"


def test_a_requirement_is_imported_by_its_own_name() -> None:
    assert needs("a", "1.0") == Requirement("a", "a", "1.0")
    assert needs("a-b", module="a_b") == Requirement("a_b", "a-b")
