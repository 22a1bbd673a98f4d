"""The records that models of tables share: their features, methods, requirements and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sitegen.registry.schemas import Argument, Column, DataType, Method, Requirement

LONGEST = 2000
"""Characters of one fact: a description, not a document."""


def features(
    names: Sequence[str], dtypes: Sequence[str] = (), count: int | None = None
) -> DataType:
    """A dataframe where columns have names, else an array of `count` columns."""
    if not names:
        dtype = dtypes[0] if dtypes and len(set(dtypes)) == 1 else ""
        return DataType("ndarray", dtype, (None, count))
    kinds = [*dtypes, *[""] * len(names)] if len(dtypes) <= len(names) else dtypes
    columns = tuple(Column(name, kind) for name, kind in zip(names, kinds, strict=False))
    return DataType("dataframe", columns=columns)


def predictions(
    taken: DataType, *, argument: str, classes: int | None = None
) -> tuple[Method, ...]:
    """`predict`, and for a classifier `predict_proba`. classes: None for no classifier."""
    arguments = (Argument(argument, taken),)
    predict = Method("predict", arguments, DataType("ndarray"))
    if classes is None:
        return (predict,)
    chances = DataType("ndarray", shape=(None, classes or None))
    return (predict, Method("predict_proba", arguments, chances))


def needs(package: str, version: str = "", module: str = "") -> Requirement:
    """A package of pip that loads the model."""
    return Requirement(module or package, package, version)


def facts(pairs: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    """The pairs that say something, as bounded text."""
    named = ((name, "" if value is None else str(value)) for name, value in pairs)
    return tuple((name, shortened(value)) for name, value in named if value)


def shortened(text: str) -> str:
    """Text no longer than a page shows."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
