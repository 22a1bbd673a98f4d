"""The trees inside of a pickle: LightGBM, XGBoost and CatBoost keep there what they write to files.

Source of the attributes: `Booster.__getstate__` of LightGBM and of XGBoost, `_CatBoost`'s state.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.inspection.base import HEAD, Format, Inspected, Source, Unreadable
from sitegen.inspection.catboost import CATBOOST
from sitegen.inspection.estimators import attributes_of, class_of
from sitegen.inspection.lightgbm import LIGHTGBM
from sitegen.inspection.sources import BytesSource, Part
from sitegen.inspection.symbols import Blob, Made
from sitegen.inspection.xgboost import XGBOOST
from sitegen.registry.schemas import Argument, Method

# Class of the object that holds the bytes -> the attributes that may, and the format they have.
_HOLDERS: dict[str, tuple[tuple[str, ...], Format]] = {
    "lightgbm.basic.Booster": (("_handle", "handle"), LIGHTGBM),
    "xgboost.core.Booster": (("handle",), XGBOOST),
}
_CATBOOST = ("__model",)
_BOOSTERS = ("_Booster", "booster_", "_Boosters", "booster")
# XGBoost puts its settings before the model: {"Config": {...}, "Model": {...}}.
_MODEL = (b"L\0\0\0\0\0\0\0\x05Model", b'"Model":')
_SETTINGS = 1 << 20


def held_in(value: Any, source: Source | None = None) -> Inspected | None:
    """What the booster that a symbol is or holds says; None without one that can be read.

    source: the pickle's own bytes, of which a large booster is read in parts; None where they are
    compressed.
    """
    for one in (value, *(attributes_of(value).get(name) for name in _BOOSTERS)):
        if (found := _read(one, source)) is not None:
            return found
    return None


def methods_of(booster: Inspected, estimator: tuple[Method, ...]) -> tuple[Method, ...]:
    """The methods of an estimator with what its booster says they take; without an estimator, the
    booster's own."""
    taken = next((one for method in booster.metadata.methods for one in method.arguments), None)
    if not estimator or taken is None:
        return estimator or booster.metadata.methods
    known = {method.name: method for method in booster.metadata.methods}
    return tuple(_taking(method, taken, known.get(method.name)) for method in estimator)


def _taking(method: Method, taken: Argument, own: Method | None) -> Method:
    if not method.arguments:
        return method
    first, *rest = method.arguments
    first = msgspec.structs.replace(first, type=taken.type)
    # How many classes there are is known to the booster alone.
    returns = own.returns if own is not None and method.name == "predict_proba" else method.returns
    return msgspec.structs.replace(method, arguments=(first, *rest), returns=returns)


def _read(value: Any, source: Source | None) -> Inspected | None:
    if not isinstance(value, Made):
        return None
    class_name = class_of(value)
    names, form = _HOLDERS.get(class_name, ((), CATBOOST))
    if class_name.startswith("catboost."):
        names = _CATBOOST
    said = attributes_of(value)
    # The pickle itself was read: what is damaged inside of it is no more than not known.
    try:
        parts = (_part(said.get(name), source) for name in names)
        inner = next((part for part in parts if part is not None), None)
        if inner is None:
            return None
        head = inner.read(0, min(HEAD, inner.size))
        if form is XGBOOST and not form.matches(head, inner):
            inner = _without_settings(inner)
            head = inner.read(0, min(HEAD, inner.size))
        return form.read(inner) if form.matches(head, inner) else None
    except (Unreadable, ValueError, KeyError, IndexError):
        return None


def _part(value: Any, source: Source | None) -> Source | None:
    """The bytes that a symbol stands for."""
    if isinstance(value, str):
        return BytesSource(value.encode("utf-8", "replace"))
    if isinstance(value, bytes):
        return BytesSource(value)
    if isinstance(value, Blob) and value.place is not None and source is not None:
        return Part(source, value.place, value.size, "")
    return None


def _without_settings(source: Source) -> Source:
    head = source.read(0, min(_SETTINGS, source.size))
    for key in _MODEL:
        at = head.find(key)
        if at >= 0:
            start = at + len(key)
            return Part(source, start, source.size - start, "")
    return source
