"""Pickle and joblib files: which classes they hold, and what loading them would do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from sitegen.inspection import tabular
from sitegen.inspection.arrays import Array, array_of, scalar_of
from sitegen.inspection.base import Format, Inspected, Source, Tensor, Unreadable
from sitegen.inspection.boosters import held_in, methods_of
from sitegen.inspection.estimators import (
    Estimator,
    attributes_of,
    class_of,
    estimator_of,
)
from sitegen.inspection.feeds import Cursor, Feed, PackedFeed, SourceFeed, packing_of
from sitegen.inspection.imports import Judged, judge, root_of
from sitegen.inspection.joblib import arrays_between
from sitegen.inspection.opcodes import Machine
from sitegen.inspection.sources import BytesSource
from sitegen.inspection.symbols import Made
from sitegen.registry.schemas import ModelMetadata

ENDINGS = (".pkl", ".pickle", ".joblib", ".p", ".pk", ".sav")
NEWEST = 5
"""The newest protocol of pickle."""
SEEN = 20_000
"""Symbols that are looked at for arrays and models."""
TENSORS = 1000

FRAMEWORKS = {
    "catboost": "catboost",
    "imblearn": "sklearn",
    "keras": "tf_keras",
    "lightgbm": "lightgbm",
    "sklearn": "sklearn",
    "statsmodels": "statsmodels",
    "tensorflow": "tensorflow",
    "torch": "torch",
    "transformers": "transformers",
    "xgboost": "xgboost",
}
"""The root of a class's module -> the framework, as MLEM names it where it does."""


def matches(head: bytes, source: Source) -> bool:
    packing = packing_of(head)
    if packing == "lz4":
        return source.name.endswith(ENDINGS) or ".joblib" in source.name
    if packing:
        # The beginning alone: the rest of what is compressed is missing here.
        head = PackedFeed(BytesSource(head), packing).pull(0, 2)
    if len(head) > 1 and head[0] == 0x80:
        return 2 <= head[1] <= NEWEST
    return not packing and source.name.lower().endswith(ENDINGS)


def read(source: Source) -> Inspected:
    """What the pickle holds, and what loading it would do. Raises Unreadable."""
    packing = packing_of(source.read(0, min(16, source.size)))
    feed: Feed = PackedFeed(source, packing) if packing else SourceFeed(source)
    machine = Machine(Cursor(feed), arrays_between)
    value = followed(machine)
    is_joblib = bool(packing) or any(one.module.startswith("joblib.") for one in machine.imports)
    format = "joblib" if is_joblib else "pickle"
    return told(source.name, machine, value, format, packing, None if packing else source)


def followed(machine: Machine) -> Any:
    """What the next pickle holds. Where it is damaged, the error says what it would have run."""
    try:
        return machine.run()
    except Unreadable as error:
        running = judge(machine.imports, machine.calls, nameless=machine.nameless).running
        raise Unreadable(" ".join((f"{error}.", *running)) if running else str(error)) from None


def told(
    name: str,
    machine: Machine,
    value: Any,
    format: str,
    packing: str = "",
    source: Source | None = None,
) -> Inspected:
    """The records of what was followed. source: where the pickle's places are its own."""
    main, found = _main(value)
    class_name = class_of(main)
    framework = FRAMEWORKS.get(root_of(class_name), "")
    booster = held_in(main, source)
    own = booster.metadata if booster else None
    version = found.version if found and framework == "sklearn" else ""
    versions = {"sklearn": found.version} if found and found.version else {}
    if own is not None and own.framework == framework and own.framework_version:
        version = versions[framework] = own.framework_version
    methods = found.methods if found else ()
    judged = judge(machine.imports, machine.calls, versions, nameless=machine.nameless)
    tensors = tuple(arrays_in(value))
    held = class_of(value)
    metadata = ModelMetadata(
        source=name,
        framework=framework,
        framework_version=version,
        format=format,
        class_name=class_name,
        methods=methods_of(booster, methods) if booster else methods,
        requirements=judged.requirements,
        facts=tabular.facts(
            (
                *(_facts(found) if found else ()),
                *(own.facts if own else ()),
                ("parameters", _parameters(main)),
                ("held in", held if held != class_name else ""),
                ("keys", _keys(value)),
                ("protocol", machine.protocol),
                ("compressed", packing),
            )
        ),
    )
    return Inspected(metadata, _warnings(machine, judged), tensors[:TENSORS], len(tensors))


def _warnings(machine: Machine, judged: Judged) -> tuple[str, ...]:
    if not machine.stopped:
        return judged.warnings
    rest = (
        f"It was read in part only: {machine.stopped}. What loading the rest would do is not known."
    )
    return (*judged.running, rest, *judged.own)


def _facts(found: Estimator) -> Iterator[tuple[str, object]]:
    yield "features", found.count
    yield "classes", ", ".join(found.classes)
    yield "steps", ", ".join(f"{name}: {one}" for name, one in found.steps)


def _main(value: Any) -> tuple[Any, Estimator | None]:
    """The model: what is held, or the first of a framework in the containers that are held."""
    if isinstance(value, dict | list | tuple):
        for _, one in _inside(value):
            if isinstance(one, Made) and root_of(class_of(one)) in FRAMEWORKS:
                return one, estimator_of(one)
    return value, estimator_of(value)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """The symbols within one, with their dotted names, SEEN at most, outer ones first."""
    waiting = deque([("", value)])
    known = {id(value)}
    for _ in range(SEEN):
        if not waiting:
            return
        name, one = waiting.popleft()
        yield name, one
        if array_of(one) is not None:
            continue
        for key, held in _members(one):
            container = isinstance(held, Made | dict | list | tuple | Array)
            if container and id(held) not in known and len(waiting) < SEEN:
                known.add(id(held))
                inner = f"{name}.{key}" if name else str(key)
                waiting.append((inner[-200:], held))


def _members(one: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(one, Made):
        yield from attributes_of(one).items()
        yield from one.items.items()
        if not one.state and isinstance(one.args, tuple):
            yield from enumerate(one.args)
    elif isinstance(one, dict):
        yield from one.items()
    elif isinstance(one, list | tuple):
        yield from zip(range(SEEN), one, strict=False)


def arrays_in(value: Any) -> Iterator[Tensor]:
    """The numbers that a symbol holds, by the names of the attributes they are in."""
    for name, one in _inside(value):
        found = array_of(one)
        if found is not None and found.shape:
            yield Tensor(name, found.dtype.name, found.shape)


def _keys(value: Any) -> str:
    keys = value if isinstance(value, dict) else ()
    return ", ".join(one for one, _ in zip(keys, range(50), strict=False) if isinstance(one, str))


def _parameters(value: Any) -> str:
    """What the model was made with: attributes that are numbers and texts, and not learned."""
    found = []
    for key, held in attributes_of(value).items():
        plain = scalar_of(held)
        if plain is None or not isinstance(key, str) or key == "verbose":
            continue
        if not key.startswith("_") and not key.endswith("_"):
            found.append(f"{key}={str(plain)[:100]}")
        if len(found) == 50:
            break
    return ", ".join(found)


PICKLE = Format("pickle", matches, read)
