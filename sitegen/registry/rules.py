"""Promotion rules: what a version must have shown before it may enter a stage.

promotion:
  order: [dev, staging, prod]
  require: {prod: {from: staging, metrics: {f1: ">= 0.8"}, card: true}}
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from sitegen.errors import Problem, RefusedError
from sitegen.registry.facts import Requirement, Rules, ValueFile
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


SOME_METRICS = 12
"""How many metrics a remedy lists; there may be hundreds."""


class Evidence(msgspec.Struct, frozen=True):
    """What is known of a version at its commit. metrics: dotted key -> numbers, of any file."""

    metrics: Mapping[str, tuple[float, ...]] = {}
    card: bool = False


class Unmet(msgspec.Struct, frozen=True):
    """A rule that a version does not meet. rule: its place in the settings. remedy: what helps."""

    rule: str
    reason: str
    remedy: str


def evidence_of(files: Iterable[ValueFile], folder: str, card: bool) -> Evidence:
    """What a commit's metrics files show of an artifact.

    folder: the artifact's own in a monorepo; of it only the files below count, where there are any.
    """
    metrics = tuple(file for file in files if file.kind == "metrics")
    if folder:
        own = tuple(file for file in metrics if file.path.startswith(f"{folder}/"))
        metrics = own or metrics
    numbers: dict[str, list[float]] = {}
    for file in metrics:
        for key, leaf in file.entries.items():
            if isinstance(leaf.value, int | float) and not isinstance(leaf.value, bool):
                numbers.setdefault(key, []).append(_as_float(leaf.value))
    return Evidence({key: tuple(values) for key, values in numbers.items()}, card)


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # a file's integer may have any number of digits
        return math.inf if number > 0 else -math.inf


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
    """Raise RefusedError, with every rule named, where `version` may not enter `stage` yet."""
    broken = unmet(rules, stage, version, evidence)
    if not broken:
        return
    anyway = "; or use --force with a message (-m) that says why"
    raise RefusedError.of(
        [
            Problem(
                "",
                "",
                "",
                f"{name} of {artifact} may not enter {stage}: {one.rule}: {one.reason}",
                f"{one.remedy}{anyway if one is broken[-1] else ''}",
                RefusedError.kind,
            )
            for one in broken
        ]
    )


def unmet(
    rules: Rules, stage: str, version: Version | None, evidence: Evidence
) -> tuple[Unmet, ...]:
    """The rules that keep `version` out of `stage`; () where it may enter."""
    found: list[Unmet] = []
    required = rules.require.get(stage, Requirement())
    before, rule = stage_before(rules, stage)
    been = {e.stage for e in version.events if e.kind == "assignment"} if version else set()
    if before and before not in been:
        reason = f"it must have been in {before} first"
        found.append(Unmet(rule, reason, f"assign it to {before}"))
    for key, condition in required.metrics.items():
        rule = f"promotion.require.{stage}.metrics.{key}"
        values = evidence.metrics.get(key, ())
        if not values:
            longer = [other for other in evidence.metrics if other.endswith(f".{key}")]
            near = f" (there is {', '.join(sorted(longer))})" if longer else ""
            reason = f"{condition} is asked for, and it has no {key}{near}"
            found.append(Unmet(rule, reason, _without(evidence, longer)))
        elif not all(_holds(condition, value) for value in values):
            shown = ", ".join(str(value) for value in values)
            reason = f"{condition} is asked for, it is {shown}"
            found.append(Unmet(rule, reason, "choose a better version"))
    if required.card and not evidence.card:
        rule = f"promotion.require.{stage}.card"
        found.append(Unmet(rule, "it has no model card", "commit a MODEL_CARD.md beside the model"))
    return tuple(found)


def _without(evidence: Evidence, longer: Sequence[str]) -> str:
    """What helps where a metric is not there under the name that a rule gives it."""
    if longer:
        return f"name the metric in full in the rule: {min(longer)}"
    there = sorted(evidence.metrics)
    more = ", ..." if len(there) > SOME_METRICS else ""
    if there:
        return f"commit it, or name another: there are {', '.join(there[:SOME_METRICS])}{more}"
    return "commit its metrics with it"


def stage_before(rules: Rules, stage: str) -> tuple[str, str]:
    """The stage to be passed before `stage`, "" for none, and which rule says so."""
    required = rules.require.get(stage, Requirement())
    if required.came_from:
        return required.came_from, f"promotion.require.{stage}.from"
    return _before(rules.order, stage), "promotion.order"


def _before(order: tuple[str, ...], stage: str) -> str:
    place = order.index(stage) if stage in order else 0
    return order[place - 1] if place else ""


def _holds(condition: str, value: float) -> bool:
    match = _CONDITION.fullmatch(condition)
    return match is not None and _OPERATORS[match["operator"]](value, float(match["number"]))
