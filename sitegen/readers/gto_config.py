""".gto, the settings of GTO at a repository's root: which stages and types it allows.

Source of the format: GTO 1.10, `{stages: [...], types: [...]}`. They bind writes, not reads; here
the stages have their order from it, too, and a column even before anything is in one. `promotion`
is ours: GTO refuses a file with a key that it does not know, so it suits where GTO is not used.
"""

from __future__ import annotations

from typing import Any

from sitegen.errors import Problem
from sitegen.readers.context import Context
from sitegen.registry import names
from sitegen.registry.facts import Requirement, Rules
from sitegen.registry.rules import is_condition

NAME = ".gto"


def read_stages(
    data: bytes, repo: str = "", ref: str = ""
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The allowed stages in their order, () where all are, and what was wrong."""
    return _allowed(data, "stages", "stage", repo, ref)


def read_types(
    data: bytes, repo: str = "", ref: str = ""
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The allowed types of artifacts in their order, () where all are, and what was wrong."""
    return _allowed(data, "types", "type", repo, ref)


def _allowed(
    data: bytes, key: str, what: str, repo: str, ref: str
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    context = Context({NAME: data}, repo, ref)
    document = context.yaml(NAME)
    if document is None or document.value is None:
        return (), context.problems
    if isinstance(document.value, dict):
        said = document.value.get(key)
    else:
        said = document.value if key == "stages" else None  # said once, of what was expected first
    if said is None:
        return (), context.problems
    if not isinstance(document.value, dict) or not isinstance(said, list):
        reason = f"{key} are expected as a list under the key `{key}`"
        context.report(f"gto.{key}", NAME, reason, f"correct {NAME}")
        return (), context.problems
    legal: dict[str, None] = {}
    for at, name in enumerate(said):
        if isinstance(name, str) and names.is_name(name):
            legal[name] = None
        else:
            text = document.text_in(said, at)[:80]
            shown = repr(text) if isinstance(name, str) else text
            reason = f"{shown} is no {what}: letters, digits, '-', '_' and '/' are allowed"
            context.report(f"gto.{key}", NAME, reason, f"correct {NAME}")
    return tuple(legal), context.problems


def read_promotion(data: bytes, repo: str = "", ref: str = "") -> tuple[Rules, tuple[Problem, ...]]:
    """The promotion rules under the key `promotion`, and what was wrong with them."""
    context = Context({NAME: data}, repo, ref)
    document = context.yaml(NAME)
    value = document.value if document else None
    said = value.get("promotion") if isinstance(value, dict) else None
    if said is None:
        return Rules(), context.problems

    def wrong(where: str, what: str) -> None:
        context.report("gto.promotion", NAME, f"{where} {what}", f"correct {NAME}")

    def stages(where: str, found: Any) -> tuple[str, ...]:
        if isinstance(found, list) and all(isinstance(s, str) and names.is_name(s) for s in found):
            return tuple(found)
        wrong(where, "is expected to be a list of stages")
        return ()

    def mapping(where: str, found: Any) -> dict[str, Any]:
        if isinstance(found, dict) and all(isinstance(key, str) for key in found):
            return found
        wrong(where, "is expected to be a mapping")
        return {}

    def known(where: str, found: Any, keys: tuple[str, ...]) -> dict[str, Any]:
        fields = mapping(where, found)
        for key in fields:
            if key not in keys:
                wrong(f"{where}.{key}", f"is unknown; expected one of {', '.join(keys)}")
        return fields

    def requirement(where: str, found: Any) -> Requirement:
        fields = known(where, found, ("from", "metrics", "card"))
        before = fields.get("from", "")
        if before and not (isinstance(before, str) and names.is_name(before)):
            wrong(f"{where}.from", "is expected to be a stage")
            before = ""
        metrics = {}
        for key, condition in mapping(f"{where}.metrics", fields.get("metrics", {})).items():
            if isinstance(condition, str) and is_condition(condition):
                metrics[key] = condition
            else:
                wrong(f"{where}.metrics.{key}", "is expected to be a condition like '>= 0.8'")
        card = fields.get("card", False)
        if not isinstance(card, bool):
            wrong(f"{where}.card", "is expected to be true or false")
        return Requirement(before, metrics, card is True)

    top = known("promotion", said, ("order", "require"))
    order = stages("promotion.order", top["order"]) if "order" in top else ()
    require = mapping("promotion.require", top.get("require", {}))
    found = {at: requirement(f"promotion.require.{at}", one) for at, one in require.items()}
    return Rules(order, found), context.problems
