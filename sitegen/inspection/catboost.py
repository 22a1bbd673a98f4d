"""CatBoost models: the binary format (a FlatBuffer after `CBM1`) and the JSON form.

Source of the layout: CatBoost's model.fbs and features.fbs, and what `save_model` writes.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from sitegen.inspection import jsonscan, tabular
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.flatbuffer import Buffer, Table
from sitegen.inspection.jsonscan import Skipped
from sitegen.registry.schemas import ModelMetadata

WINDOW = 8 << 20
"""Bytes from the beginning of a JSON model that are read."""
_HEADER = 8

# Fields by their numbers in the schema.
_CORE_FORMAT, _CORE_TREES, _CORE_INFO = 0, 1, 2
_TREES_DIMENSION, _TREES_SIZES = 0, 2
_KEY, _VALUE = 0, 1
# Kind of feature -> (its vector among the fields of the trees, its name among those of a feature).
_FEATURES = {"float": (5, 4), "categorical": (4, 2), "text": (12, 2), "embedding": (18, 2)}
# A feature's place among all features, by kind.
_FLAT_INDEX = {"float": 2, "categorical": 1, "text": 1, "embedding": 1}

_JSON = re.compile(rb'\s*\{\s*"(?:ctr_data|features_info|model_info|oblivious_trees|trees)"\s*:')
_JSON_SKIP = frozenset(
    {
        ("ctr_data",),
        ("oblivious_trees",),
        ("trees",),
        ("features_info", "float_features", "*", "borders"),
        ("features_info", "ctrs"),
    }
)
_VERSION = re.compile(r"(?:tags/v|CatBoost release )(\d+(?:\.\d+)*)")
_CLASSIFIERS = {"Logloss": 2, "CrossEntropy": 2, "MultiClass": 0, "MultiClassOneVsAll": 0}
_RANKERS = ("YetiRank", "PairLogit", "QueryRMSE", "QuerySoftMax", "StochasticRank", "LambdaMart")
_REGRESSORS = ("RMSE", "MAE", "Quantile", "Poisson", "Tweedie", "Huber", "Expectile", "MAPE")


class _Feature(msgspec.Struct, frozen=True, order=True):
    index: int
    kind: str
    name: str


class _Said(msgspec.Struct, frozen=True):
    """What both forms say. info: of the model, by key."""

    info: dict[str, Any]
    features: list[_Feature]
    trees: int | None
    dimension: int | None = None
    unread: int = 0


def matches(head: bytes, source: Source) -> bool:
    return head.startswith(b"CBM1") or bool(_JSON.match(head))


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    if source.read(0, 4) == b"CBM1":
        return _inspected(_binary(source), source.name, "cbm")
    return _inspected(_json(source), source.name, "json")


def _binary(source: Source) -> _Said:
    size = int.from_bytes(source.read(4, 4), "little")
    if size > source.size - _HEADER:
        raise Unreadable(f"the model ends after {source.size} bytes: expected {size + _HEADER}")
    core = Buffer(source, _HEADER, size).root()
    form = core.text(_CORE_FORMAT)
    if not form.startswith("FlabuffersModel_v"):
        raise Unreadable("no CatBoost model: its core names no format")
    info = {each.text(_KEY): each.text(_VALUE) for each in core.tables(_CORE_INFO)}
    for key in ("params", "class_params", "multiclass_params"):
        if key in info:
            info[key] = _document(info[key])
    trees = core.table(_CORE_TREES)
    if trees is None:
        return _Said(info, [], None)
    features = [_feature(each, kind) for kind in _FEATURES for each in _vector(trees, kind)]
    return _Said(info, features, trees.count(_TREES_SIZES), trees.integer(_TREES_DIMENSION))


def _vector(trees: Table, kind: str) -> list[Table]:
    return list(trees.tables(_FEATURES[kind][0]))


def _feature(table: Table, kind: str) -> _Feature:
    index = table.integer(_FLAT_INDEX[kind], -1)
    return _Feature(index, kind, table.text(_FEATURES[kind][1]))


def _document(text: str) -> Any:
    """JSON within the model: None where it is cut short."""
    parsed = jsonscan.parse(text.encode())
    return parsed.value if parsed.complete else None


def _json(source: Source) -> _Said:
    head = source.read(0, min(WINDOW, source.size))
    parsed = jsonscan.parse(head, skip=_JSON_SKIP)
    if not parsed.complete and source.size <= len(head):
        raise Unreadable(f"the model ends within a value, after {source.size} bytes")
    top = _table(parsed.value)
    known = _table(top.get("features_info"))
    if parsed.complete and not known:
        raise Unreadable("no CatBoost model: expected an object `features_info`")
    features = [
        _Feature(_whole(each.get("flat_feature_index")), kind, _text(each.get("feature_id")))
        for kind in _FEATURES
        for each in map(_table, _list(known.get(f"{kind}_features")))
    ]
    skipped = top.get("oblivious_trees", top.get("trees"))
    trees = skipped.items if isinstance(skipped, Skipped) else None
    return _Said(
        _table(top.get("model_info")),
        features,
        trees,
        unread=source.size - parsed.end if not parsed.complete else 0,
    )


def _inspected(said: _Said, name: str, format: str) -> Inspected:
    version = _VERSION.search(_text(said.info.get("catboost_version_info")))
    installed = version[1] if version else ""
    params = _table(said.info.get("params"))
    loss = _text(_table(params.get("loss_function")).get("type"))
    classes = _class_names(said.info)
    chances = _CLASSIFIERS.get(loss)
    features = sorted(said.features)
    names = [feature.name for feature in features]
    # A feature without a name has its number for one, or none.
    named = any(name not in ("", str(number)) for number, name in enumerate(names))
    kinds = [feature.kind for feature in features]
    shown = [name or str(number) for number, name in enumerate(names)] if named else []
    taken = tabular.features(shown, kinds if named else (), len(features))
    boosting = _table(params.get("boosting_options"))
    learner = _table(params.get("tree_learner_options"))
    metadata = ModelMetadata(
        source=name,
        framework="catboost",
        framework_version=installed,
        format=f"catboost-{format}",
        class_name=f"catboost.{_class(loss)}",
        methods=tabular.predictions(
            taken,
            argument="data",
            classes=None if chances is None else chances or len(classes) or said.dimension,
        ),
        requirements=(tabular.needs("catboost", installed),),
        facts=tabular.facts(
            (
                ("objective", loss),
                ("trees", said.trees),
                ("features", len(features)),
                *(
                    (f"{kind} features", kinds.count(kind) or "")
                    for kind in ("categorical", "text", "embedding")
                ),
                ("classes", ", ".join(classes)),
                ("iterations", _text(boosting.get("iterations"))),
                ("learning rate", _text(boosting.get("learning_rate"))),
                ("depth", _text(learner.get("depth"))),
                ("trained", _text(said.info.get("train_finish_time"))),
                ("model id", _text(said.info.get("model_guid"))),
                ("not read", f"{said.unread} bytes" if said.unread else ""),
            )
        ),
    )
    return Inspected(metadata)


def _class_names(info: dict[str, Any]) -> list[str]:
    """The names of the classes: of a classifier of two or more, as they were given to it."""
    for key in ("class_params", "multiclass_params"):
        found = _list(_table(info.get(key)).get("class_names"))
        if found:
            return [_text(each) for each in found]
    return []


def _class(loss: str) -> str:
    if loss in _CLASSIFIERS:
        return "CatBoostClassifier"
    if loss.startswith(_RANKERS):
        return "CatBoostRanker"
    return "CatBoostRegressor" if loss.startswith(_REGRESSORS) else "CatBoost"


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else -1


CATBOOST = Format("catboost", matches, read)
