"""Promotion rules: what a version must have shown before it may enter a stage.

promotion:
  order: [dev, staging, prod]
  require: {prod: {from: staging, metrics: {f1: ">= 0.8"}, card: true}}
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

import msgspec

from sitegen.errors import RefusedError
from sitegen.registry.state import Version

_CONDITION = re.compile(
    r"\s*(?P<operator>>=|<=|==|!=|>|<)\s*(?P<number>[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*"
)
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


class Requirement(msgspec.Struct, frozen=True):
    """What one stage asks for. came_from: a stage that the version has been in ("" for none).

    metrics: dotted key -> condition such as ">= 0.8". card: whether a model card must be there.
    """

    came_from: str = ""
    metrics: Mapping[str, str] = {}
    card: bool = False


class Rules(msgspec.Struct, frozen=True):
    """All promotion rules. order: stages that a version passes one after the other."""

    order: tuple[str, ...] = ()
    require: Mapping[str, Requirement] = {}


class Evidence(msgspec.Struct, frozen=True):
    """What is known of a version at its commit. metrics: dotted key -> numbers, of any file."""

    metrics: Mapping[str, tuple[float, ...]] = {}
    card: bool = False


def is_condition(text: str) -> bool:
    """Whether `text` is a comparison with a number: ">= 0.8"."""
    return _CONDITION.fullmatch(text) is not None


def check_promotion(
    rules: Rules,
    stage: str,
    version: Version | None,
    evidence: Evidence,
    name: str,
    artifact: str,
) -> None:
    """Raise RefusedError, with the rule named, where `version` may not enter `stage` yet."""
    required = rules.require.get(stage, Requirement())
    before = required.came_from or _before(rules.order, stage)
    rule = "promotion.order"
    if required.came_from:
        rule = f"promotion.require.{stage}.from"
    been = {e.stage for e in version.events if e.kind == "assignment"} if version else set()
    if before and before not in been:
        raise _refused(
            artifact, name, stage, f"{rule}: it must have been in {before} first",
            f"assign it to {before}",
        )  # fmt: skip
    for key, condition in required.metrics.items():
        rule = f"promotion.require.{stage}.metrics.{key}"
        values = evidence.metrics.get(key, ())
        if not values:
            raise _refused(
                artifact, name, stage, f"{rule}: {condition} is asked for, and it has no {key}",
                "commit its metrics with it",
            )  # fmt: skip
        if not all(_holds(condition, value) for value in values):
            shown = ", ".join(str(value) for value in values)
            raise _refused(
                artifact, name, stage, f"{rule}: {condition} is asked for, it is {shown}",
                "choose a better version",
            )  # fmt: skip
    if required.card and not evidence.card:
        raise _refused(
            artifact, name, stage, f"promotion.require.{stage}.card: it has no model card",
            "commit a MODEL_CARD.md beside the model",
        )  # fmt: skip


def _before(order: tuple[str, ...], stage: str) -> str:
    place = order.index(stage) if stage in order else 0
    return order[place - 1] if place else ""


def _holds(condition: str, value: float) -> bool:
    match = _CONDITION.fullmatch(condition)
    return match is not None and _OPERATORS[match["operator"]](value, float(match["number"]))


def _refused(artifact: str, version: str, stage: str, why: str, what: str) -> RefusedError:
    return RefusedError(
        f"{version} of {artifact} may not enter {stage}: {why}",
        remedy=f"{what}; or use --force with a message (-m) that says why",
    )
