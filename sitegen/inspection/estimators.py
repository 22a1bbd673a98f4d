"""What a model of scikit-learn, or in its manner, says of itself among the symbols of a pickle.

Source of the attributes: the developer guide of scikit-learn ("Developing estimators").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.inspection import tabular
from sitegen.inspection.arrays import Array, array_of, scalar_of
from sitegen.inspection.symbols import Global, Made
from sitegen.registry.schemas import Argument, DataType, Method

DEEPEST = 8
"""Estimators within estimators that are followed."""
STEPS = 50
LONGEST = 500
"""Characters of a feature's or class's name."""

_REGRESSORS = (
    "ARDRegression BayesianRidge ElasticNet ElasticNetCV GammaRegressor IsotonicRegression"
    " KernelRidge Lars LarsCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC LinearRegression"
    " LinearSVR MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV NuSVR"
    " OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV PLSCanonical PLSRegression"
    " RegressorChain Ridge RidgeCV SVR TransformedTargetRegressor"
)
_CLASSIFIERS = (
    "BernoulliNB CalibratedClassifierCV CategoricalNB ClassifierChain ComplementNB GaussianNB"
    " LabelPropagation LabelSpreading LinearDiscriminantAnalysis LogisticRegression"
    " LogisticRegressionCV MultinomialNB QuadraticDiscriminantAnalysis"
)
_UNSURE = (
    "LinearSVC NearestCentroid NuSVC PassiveAggressiveClassifier Perceptron RidgeClassifier"
    " RidgeClassifierCV SGDClassifier SVC StackingClassifier VotingClassifier"
)
_GROUPING = (
    "AffinityPropagation BayesianGaussianMixture Birch BisectingKMeans EllipticEnvelope"
    " GaussianMixture IsolationForest KMeans MeanShift MiniBatchKMeans OneClassSVM"
)
_SEARCHES = ("GridSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "RandomizedSearchCV")
_PREDICTING = {
    **dict.fromkeys(_REGRESSORS.split(), (False, False)),
    **dict.fromkeys(_CLASSIFIERS.split(), (True, True)),
    **dict.fromkeys(_UNSURE.split(), (True, False)),
    **dict.fromkeys(_GROUPING.split(), (False, False)),
}
"""Class -> whether it names classes, and whether it tells their probabilities."""


class Estimator(msgspec.Struct, frozen=True):
    """What an estimator says. names: of its features; count: how many; classes: as text."""

    class_name: str
    version: str = ""
    names: tuple[str, ...] = ()
    count: int | None = None
    classes: tuple[str, ...] = ()
    class_dtype: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    last: str = ""
    probability: bool | None = None

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods that the class is known to have."""
        kind = _kind(self.last or self.class_name)
        if kind is None:
            return ()
        classifies, chances = kind
        taken = tabular.features(self.names, (), self.count)
        arguments = (Argument("X", taken),)
        dtype = self.class_dtype if classifies else ""
        found = Method("predict", arguments, DataType("ndarray", dtype, (None,) if dtype else None))
        if not chances and not (classifies and self.probability):
            return (found,)
        shape = (None, len(self.classes) or None)
        returned = DataType("ndarray", "float64", shape)
        return (found, Method("predict_proba", arguments, returned))


def _kind(class_name: str) -> tuple[bool, bool] | None:
    package, _, name = class_name.rpartition(".")
    if not package.startswith(("sklearn.", "lightgbm.", "xgboost.", "catboost.", "imblearn.")):
        return None
    if name in _PREDICTING:
        return _PREDICTING[name]
    if name.endswith("Classifier"):
        return True, True
    return (False, False) if name.endswith(("Regressor", "Ranker")) else None


def class_of(value: Any) -> str:
    """The dotted class of what a symbol stands for, "" where it is not known."""
    if isinstance(value, Made):
        if isinstance(value.callable, Global):
            return str(value.callable)
        return ""
    if isinstance(value, Array):
        return "numpy.ndarray"
    return type(value).__name__ if isinstance(value, dict | list | tuple | str | bytes) else ""


def attributes_of(value: Any) -> dict[Any, Any]:
    """The attributes that BUILD would set."""
    state = value.state if isinstance(value, Made) else None
    if isinstance(state, tuple) and len(state) == 2:
        # Attributes in a dictionary and in slots.
        both = [one for one in state if isinstance(one, dict)]
        return {key: held for one in both for key, held in one.items()}
    return state if isinstance(state, dict) else {}


def estimator_of(value: Any) -> Estimator | None:
    """What an estimator says; None for a symbol of something else."""
    return _estimator(value, {}, 0)


def _estimator(value: Any, known: dict[int, Estimator | None], depth: int) -> Estimator | None:
    """known: by the symbol's id, so that what stands in many places is looked at once."""
    if not isinstance(value, Made) or not isinstance(value.callable, Global):
        return None
    if id(value) not in known:
        # What holds itself says nothing there.
        known[id(value)] = None
        known[id(value)] = _described(value, value.callable, known, depth)
    return known[id(value)]


def _described(
    value: Made, found: Global, known: dict[int, Estimator | None], depth: int
) -> Estimator:
    said = attributes_of(value)
    inner = _inner(found.name, said) if depth < DEEPEST else []
    parts = [(name, _estimator(one, known, depth + 1)) for name, one in inner]
    first = next((one for _, one in parts if one is not None and _counted(one)), None)
    last = parts[-1][1] if parts else None
    names = _texts(said.get("feature_names_in_")) or (first.names if first else ())
    count = scalar_of(said.get("n_features_in_"))
    if not isinstance(count, int) or isinstance(count, bool):
        count = len(names) or (first.count if first else None)
    classes = array_of(said.get("classes_"))
    version = said.get("_sklearn_version")
    plain = _plain(classes.values or ()) if classes else ()
    told = tuple(str(one)[:LONGEST] for one in plain)
    probability = said.get("probability")
    return Estimator(
        class_name=str(found),
        version=version if isinstance(version, str) else last.version if last else "",
        names=names,
        count=count if count is None or 0 <= count < 1 << 31 else None,
        classes=told or (last.classes if last else ()),
        class_dtype=classes.dtype.name if classes else last.class_dtype if last else "",
        steps=tuple((name, one.class_name if one else class_of(held))
                    for (name, one), (_, held) in zip(parts, inner, strict=True)),
        last=(last.last or last.class_name) if last else "",
        probability=probability if isinstance(probability, bool)
        else last.probability if last else None,
    )  # fmt: skip


def _counted(one: Estimator) -> bool:
    return bool(one.names) or one.count is not None


def _inner(name: str, said: dict[Any, Any]) -> list[tuple[str, Any]]:
    """The estimators that this one hands its data to, by their names, in order."""
    if name in _SEARCHES:
        best = said.get("best_estimator_")
        return [("best_estimator_", best)] if best is not None else []
    steps = said.get("steps")
    if name != "Pipeline" or not isinstance(steps, list):
        return []
    pairs = [one for one in steps if isinstance(one, tuple) and len(one) == 2]
    return [(one[0], one[1]) for one in pairs[:STEPS] if isinstance(one[0], str)]


def _texts(value: Any) -> tuple[str, ...]:
    """The texts of a list or array; none where it holds something else, or more than is read."""
    found = array_of(value)
    if found is None:
        values = value if isinstance(value, list) else []
    else:
        values = list(found.values or ())
        if found.shape != (len(values),):
            return ()
    texts = tuple(one for one in values if isinstance(one, str) and len(one) <= LONGEST)
    return texts if len(texts) == len(values) else ()


def _plain(values: tuple[Any, ...]) -> Iterator[Any]:
    for one in values:
        found = scalar_of(one)
        if found is not None:
            yield found
