"""What a table of experiments has columns for, and how two experiments differ in them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from sitegen.registry.experiments import Experiment
from sitegen.registry.facts import Leaf, RepositoryFacts, ValueFile

_METRIC = (int, float, str)


class Columns(msgspec.Struct, frozen=True):
    """What a table of experiments has columns for, in an order that new commits do not disturb.

    metrics, params: file -> dotted keys: files sorted, keys in the order of the newest commit that
    has them. data: paths, sorted.
    """

    metrics: dict[str, tuple[str, ...]]
    params: dict[str, tuple[str, ...]]
    data: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """One value against the baseline's.

    group: "metrics", "params" or "data". key: dotted, "" for data, whose values are hashes. old,
    new: None where there is none.
    """

    group: str
    file: str
    key: str
    old: Any
    new: Any


def columns(facts: RepositoryFacts, experiments: Iterable[Experiment]) -> Columns:
    """The columns that these experiments need; experiments: newest first."""
    files: dict[str, dict[str, dict[str, None]]] = {"metrics": {}, "params": {}}
    data: set[str] = set()
    seen: set[int] = set()
    for one in experiments:
        for file in facts.values.get(one.commit, ()):
            if id(file) not in seen:
                seen.add(id(file))
                keys = files[file.kind].setdefault(file.path, {})
                if not file.entries.keys() <= keys.keys():
                    keys |= dict.fromkeys(measured(file))
        here = facts.data.get(one.commit, {})
        if id(here) not in seen:
            seen.add(id(here))
            data |= here.keys()
    return Columns(
        {path: tuple(keys) for path, keys in sorted(files["metrics"].items()) if keys},
        {path: tuple(keys) for path, keys in sorted(files["params"].items()) if keys},
        tuple(sorted(data)),
    )


def measured(file: ValueFile) -> dict[str, Leaf]:
    """The entries that count in a table: as in DVC, a metric is a number, a text, true or false.

    A param may be anything.
    """
    if file.kind != "metrics" or all(isinstance(x.value, _METRIC) for x in file.entries.values()):
        return file.entries
    return {key: leaf for key, leaf in file.entries.items() if isinstance(leaf.value, _METRIC)}


def differences(facts: RepositoryFacts, commit: str, baseline: str) -> tuple[Difference, ...]:
    """What `commit` has other than `baseline`: metrics, then params, then data."""
    old, new = _cells(facts, baseline), _cells(facts, commit)
    found = []
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or not same(was, now):
            found.append(Difference(*key, was, now))
    order = ("metrics", "params", "data")
    return tuple(sorted(found, key=lambda one: order.index(one.group)))


def same(old: Any, new: Any) -> bool:
    """Whether two values are one: true is not 1, and NaN is NaN."""
    if isinstance(old, float) and isinstance(new, float) and math.isnan(old):
        return math.isnan(new)
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _cells(facts: RepositoryFacts, commit: str) -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = {
        (file.kind, file.path, key): leaf.value
        for file in facts.values.get(commit, ())
        for key, leaf in measured(file).items()
    }
    for path, data in facts.data.get(commit, {}).items():
        found["data", path, ""] = data.hash or None
    return found
