"""XGBoost models: JSON, Universal Binary JSON, and the deprecated binary format.

Source of the layout: XGBoost's JSON schema of models, and its `LearnerModelParamLegacy`.
"""

from __future__ import annotations

import json
import re
import struct
from typing import Any

from sitegen.inspection import jsonscan, tabular, ubj
from sitegen.inspection.base import Format, Inspected, Source, Unreadable
from sitegen.inspection.jsonscan import Parsed
from sitegen.registry.schemas import ModelMetadata

WINDOW = 4 << 20
"""Bytes from the beginning that are read: all before the trees, unless names are very many."""
TAIL = 256 << 10
"""Bytes from the end: what stands behind the trees is short."""

_JSON = re.compile(rb'\s*\{\s*"(?:learner|version)"\s*:')
_UBJ = re.compile(rb"\{(?:L\0{7}|l\0{3}|I\0|[iU])\x07(?:learner|version)")
_MODELS = (
    ("learner", "gradient_booster", "model"),
    ("learner", "gradient_booster", "gbtree", "model"),
)
_BIG = ("trees", "tree_info", "iteration_indptr", "cats", "weights")
SKIP = frozenset((*model, name) for model in _MODELS for name in _BIG) | {
    ("learner", "gradient_booster", "weight_drop")
}
_BEHIND = ("learner_model_param", "objective", "version")
_CLASSES = {"classifier": "XGBClassifier", "regressor": "XGBRegressor", "ranker": "XGBRanker"}
_LEGACY = struct.Struct("<fIiiiIII")
_LEGACY_SIZE = 136


def matches(head: bytes, source: Source) -> bool:
    return head.startswith(b"binf") or bool(_JSON.match(head) or _UBJ.match(head))


def read(source: Source) -> Inspected:
    """What the model says. Raises Unreadable."""
    head = source.read(0, min(WINDOW, source.size))
    if head.startswith(b"binf"):
        return _legacy(head, source)
    binary = _JSON.match(head) is None
    parsed = ubj.parse(head, skip=SKIP) if binary else jsonscan.parse(head, skip=SKIP)
    top = _table(parsed.value)
    unread = 0
    if not parsed.complete:
        if source.size <= len(head):
            raise Unreadable(f"the model ends within a value, after {source.size} bytes")
        learner = top.setdefault("learner", {})
        tail_size = min(TAIL, source.size - len(head))
        tail = source.read(source.size - tail_size, tail_size)
        for name in _BEHIND:
            found = _last(tail, name, binary)
            if found is not None:
                (top if name == "version" else _table(learner)).setdefault(name, found.value)
        unread = source.size - len(head) - tail_size
    if not isinstance(top.get("learner"), dict):
        raise Unreadable("no XGBoost model: expected an object `learner`")
    return _inspected(top, source.name, "ubj" if binary else "json", unread)


def _last(tail: bytes, name: str, binary: bool) -> Parsed | None:
    """The value of the last such key of the file."""
    key = struct.pack(">q", len(name)) + name.encode() if binary else f'"{name}":'.encode()
    at = tail.rfind(key)
    if at < 0:
        return None
    parse = ubj.parse if binary else jsonscan.parse
    found = parse(tail, start=at + len(key))
    return found if found.complete else None


def _inspected(top: dict[str, Any], name: str, format: str, unread: int) -> Inspected:
    learner = top["learner"]
    booster = _table(learner.get("gradient_booster"))
    inner = _table(booster.get("gbtree")) or booster
    grown = _table(_table(inner.get("model")).get("gbtree_model_param"))
    # Its name stands behind the trees, which may not have been read.
    kind = _text(booster.get("name")) or (
        "dart" if "gbtree" in booster else "gbtree" if grown else ""
    )
    params = _table(learner.get("learner_model_param"))
    objective = _text(_table(learner.get("objective")).get("name"))
    attributes = _table(learner.get("attributes"))
    names, dtypes = _texts(learner.get("feature_names")), _texts(learner.get("feature_types"))
    classes = _number(params.get("num_class"))
    version = ".".join(map(str, top["version"])) if _is_version(top.get("version")) else ""
    estimator = _class(attributes.get("scikit_learn"))
    taken = tabular.features(names, dtypes, _number(params.get("num_feature")))
    metadata = ModelMetadata(
        source=name,
        framework="xgboost",
        framework_version=version,
        format=f"xgboost-{format}",
        class_name=f"xgboost.{estimator or 'Booster'}",
        methods=tabular.predictions(
            taken, argument="data", classes=_classes(objective, classes, estimator)
        ),
        requirements=(tabular.needs("xgboost", version),),
        facts=tabular.facts(
            (
                ("objective", objective),
                ("booster", kind),
                ("trees", _text(grown.get("num_trees"))),
                ("features", _text(params.get("num_feature"))),
                ("classes", classes or ""),
                ("targets", _number(params.get("num_target")) or ""),
                ("base score", _text(params.get("base_score"))),
                ("best iteration", _text(attributes.get("best_iteration"))),
                ("best score", _text(attributes.get("best_score"))),
                ("not read", f"{unread} bytes of trees" if unread else ""),
            )
        ),
    )
    return Inspected(metadata)


def _classes(objective: str, classes: int | None, estimator: str) -> int | None:
    """How many classes a classifier has: 0 where it does not say; None for no classifier."""
    if objective.startswith("multi:"):
        return classes or 0
    if objective.startswith("binary:"):
        return 2
    return 0 if estimator == "XGBClassifier" else None


def _class(said: object) -> str:
    """The class of the scikit-learn interface that saved the model, "" where none did."""
    try:
        found = json.loads(said) if isinstance(said, str) and len(said) < 10_000 else None
    except (ValueError, RecursionError):
        return ""
    return _CLASSES.get(_text(_table(found).get("_estimator_type")), "")


def _legacy(head: bytes, source: Source) -> Inspected:
    """The binary format that XGBoost wrote up to 2.0 and no longer reads since 3.1."""
    at = 4 + _LEGACY_SIZE
    try:
        _, features, classes, _, _, major, minor, _ = _LEGACY.unpack_from(head, 4)
        names = []
        for _ in range(2):
            length = struct.unpack_from("<Q", head, at)[0]
            if length > 100:
                raise Unreadable(f"no XGBoost model: a name of {length} bytes at byte {at}")
            raw = head[at + 8 : at + 8 + length]
            if len(raw) < length:
                raise Unreadable(f"the model ends within a name, after {source.size} bytes")
            names.append(raw.decode("utf-8", "replace"))
            at += 8 + length
    except struct.error:
        raise Unreadable(f"the model ends within its header, after {source.size} bytes") from None
    version = f"{major}.{minor}" if 0 < major < 100 and minor < 100 else ""
    objective, booster = names
    taken = tabular.features((), (), features)
    metadata = ModelMetadata(
        source=source.name,
        framework="xgboost",
        framework_version=version,
        format="xgboost-binf",
        class_name="xgboost.Booster",
        methods=tabular.predictions(
            taken, argument="data", classes=_classes(objective, classes, "")
        ),
        requirements=(tabular.needs("xgboost"),),
        facts=tabular.facts(
            (
                ("objective", objective),
                ("booster", booster),
                ("features", features),
                ("classes", classes or ""),
            )
        ),
    )
    old = "The file has the deprecated binary format, which XGBoost 3.1 and later do not load"
    return Inspected(metadata, warnings=(f"{old}: save it as UBJ or JSON.",))


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _texts(value: object) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else []


def _number(value: object) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _is_version(value: object) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= 4
        and all(isinstance(part, int) and 0 <= part < 100_000 for part in value)
    )


XGBOOST = Format("xgboost", matches, read)
