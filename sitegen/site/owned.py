"""Whose a file is: several artifacts of one commit have metrics, params and plots there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sitegen.registry import names

T = TypeVar("T")

# What files of values and their folders are called everywhere: no artifact owns those by its name.
_CUSTOMARY = frozenset(
    {
        "data", "dvclive", "eval", "evaluate", "evaluation", "metrics", "model", "models",
        "outputs", "params", "plots", "reports", "results", "scores", "test", "train", "training",
        "validation",
    }
)  # fmt: skip


def own_of(
    artifact: str,
    items: Sequence[T],
    path_of: Callable[[T], str],
    folders: Sequence[str],
    named: Mapping[str, frozenset[str]],
    *,
    is_model: bool,
) -> tuple[T, ...]:
    """Those of `items` that are the artifact's, as far as their paths tell.

    folders: those that artifacts' names mention, longest first. named: folder -> the names in it.
    Those of the artifact's folder of a monorepo, less those that are called after another artifact
    there; the ones called after this artifact come first. What is no model has only those.
    """
    folder, name = names.split(artifact)
    others = named.get(folder, frozenset())
    known = frozenset(folders)
    own: list[T] = []
    shared: list[T] = []
    for item in items:
        path = path_of(item)
        if _folder_of(path, known) != folder:
            continue
        called = _called(path) & others
        if name in called:
            own.append(item)
        elif is_model and not called:
            shared.append(item)
    return (*own, *shared)


def _called(path: str) -> set[str]:
    """The parts of a path that may be an artifact's name: its folders, and the file's stem."""
    *parts, file = path.split("/")
    return {*parts, file.partition(".")[0]} - _CUSTOMARY


def _folder_of(path: str, folders: frozenset[str]) -> str:
    """The nearest of the folders that a path lies in, "" for none."""
    while path := path.rpartition("/")[0]:
        if path in folders:
            break
    return path
