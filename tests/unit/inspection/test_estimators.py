"""What models in scikit-learn's manner say of themselves."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from sitegen.inspection.estimators import Estimator, attributes_of, class_of, estimator_of
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.sources import BytesSource
from sitegen.registry.schemas import Column, DataType
from tests.pickling import Call, Name, array, dumps, instance, texts

LOGISTIC = "sklearn.linear_model._logistic.LogisticRegression"
SCALER = "sklearn.preprocessing._data.StandardScaler"
PIPELINE = "sklearn.pipeline.Pipeline"
CLASSES = array("i8", (3,), struct.pack("<3q", 0, 1, 2))


def symbol(value: Any) -> Any:
    return Machine(Cursor(SourceFeed(BytesSource(dumps(value))))).run()


def read(value: Any) -> Estimator:
    found = estimator_of(symbol(value))
    assert found is not None
    return found


def classifier(**more: Any) -> Call:
    return instance(LOGISTIC, classes_=CLASSES, n_features_in_=2, _sklearn_version="1.5.2", **more)


def test_a_classifier_says_its_features_classes_and_version() -> None:
    found = read(classifier(feature_names_in_=texts("a", "b")))
    assert (found.class_name, found.version, found.count) == (LOGISTIC, "1.5.2", 2)
    assert (found.names, found.classes) == (("a", "b"), ("0", "1", "2"))
    predict, chances = found.methods
    assert predict.arguments[0].type == DataType("dataframe", columns=(Column("a"), Column("b")))
    assert predict.returns == DataType("ndarray", "int64", (None,))
    assert chances.returns == DataType("ndarray", "float64", (None, 3))


def test_features_without_names_are_an_array() -> None:
    assert read(classifier()).methods[0].arguments[0].type == DataType("ndarray", "", (None, 2))


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("sklearn.linear_model._ridge.Ridge", ["predict"]),
        ("sklearn.ensemble._forest.RandomForestClassifier", ["predict", "predict_proba"]),
        ("sklearn.svm._classes.LinearSVC", ["predict"]),
        ("lightgbm.sklearn.LGBMRanker", ["predict"]),
        (SCALER, []),
        ("mine.RandomForestClassifier", []),
    ],
)
def test_the_class_tells_the_methods(name: str, methods: list[str]) -> None:
    assert [one.name for one in read(instance(name)).methods] == methods


def test_chances_of_a_support_vector_machine_are_those_it_was_asked_for() -> None:
    for asked in (True, False):
        found = read(instance("sklearn.svm._classes.SVC", probability=asked, classes_=CLASSES))
        assert ("predict_proba" in [one.name for one in found.methods]) == asked


def test_a_pipeline_is_what_its_first_and_last_steps_are() -> None:
    scaler = instance(SCALER, feature_names_in_=texts("a", "b"), n_features_in_=2)
    found = read(instance(PIPELINE, steps=[("scale", scaler), ("model", classifier())]))
    assert (found.names, found.count, found.version) == (("a", "b"), 2, "1.5.2")
    assert found.steps == (("scale", SCALER), ("model", LOGISTIC))
    assert [one.name for one in found.methods] == ["predict", "predict_proba"]
    passed = read(instance(PIPELINE, steps=[("none", "passthrough"), ("model", classifier())]))
    assert passed.steps[0] == ("none", "str") and passed.count == 2


def test_a_search_is_its_best_estimator() -> None:
    name = "sklearn.model_selection._search.GridSearchCV"
    found = read(instance(name, best_estimator_=classifier()))
    assert (found.last, found.classes, found.count) == (LOGISTIC, ("0", "1", "2"), 2)


def test_a_model_within_itself_ends() -> None:
    steps: list[Any] = []
    whole = instance(PIPELINE, steps=steps)
    inner = classifier()
    for _ in range(12):
        inner = instance(PIPELINE, steps=[(str(number), inner) for number in range(50)])
    steps += [("a", inner), ("b", whole)]
    assert len(read(whole).steps) == 2


def test_names_that_are_too_long_or_too_many_are_none() -> None:
    assert read(classifier(feature_names_in_=texts("a", "x" * 501))).names == ()
    many = array("O8", (20_000,), [str(number) for number in range(20_000)])
    assert read(classifier(feature_names_in_=many)).names == ()
    shared = "x" * 60_000
    long = read(instance(LOGISTIC, classes_=array("O8", (9000,), [shared] * 9000)))
    assert max(map(len, long.classes)) == 500


def test_strange_attributes_say_nothing() -> None:
    for value in ("3", True, -1, 1 << 40, [1]):
        assert read(instance(LOGISTIC, n_features_in_=value)).count is None
    assert read(instance(LOGISTIC, classes_="x", feature_names_in_=5, steps=5)).classes == ()


def test_attributes_may_stand_in_slots() -> None:
    both = Call(Name("m", "A"), state=({"a": 1}, {"b": 2}))
    assert attributes_of(symbol(both)) == {"a": 1, "b": 2}
    assert attributes_of(symbol(Call(Name("m", "A"), state=5))) == {}


def test_what_is_no_object_has_a_class_of_its_own_or_none() -> None:
    assert estimator_of(symbol([1])) is None
    assert class_of(symbol({"a": 1})) == "dict"
    assert class_of(symbol(Call(Call(Name("m", "f"))))) == "" and class_of(5) == ""
