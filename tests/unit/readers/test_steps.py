"""Pipeline steps, with `foreach` and `matrix` written out."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sitegen.readers.context import Context
from sitegen.readers.steps import expand


def names(steps: Any, scope: dict[str, Any] | None = None) -> list[str]:
    context = Context({})
    found = [step.name for step in expand(context, "dvc.yaml", steps, scope or {})]
    assert context.problems == ()
    return found


def test_steps_are_named_as_in_dvc_lock() -> None:
    assert names(
        {
            "plain": {"cmd": "c"},
            "list": {"foreach": ["a", 1, True], "do": {}},
            "maps": {"foreach": [{"x": 1}, {"x": 2}], "do": {}},
            "map": {"foreach": {"k": 1, "l": 2}, "do": {}},
            "grid": {"matrix": {"m": ["p", {"q": 1}], "n": [1, 2]}, "cmd": "c"},
        }
    ) == [
        "plain",
        "list@a",
        "list@1",
        "list@true",
        "maps@0",
        "maps@1",
        "map@k",
        "map@l",
        "grid@p-1",
        "grid@p-2",
        "grid@m1-1",
        "grid@m1-2",
    ]


def test_a_step_knows_its_folder_and_item() -> None:
    steps = {"s": {"foreach": {"k": {"d": "out"}}, "do": {"wdir": "../${item.d}/${key}"}}}
    (step,) = expand(Context({}), "cv/dvc.yaml", steps, {})
    assert step.folder == "out/k"
    assert (step.scope["item"], step.scope["key"]) == ({"d": "out"}, "k")


@pytest.mark.parametrize(
    "step",
    [
        {"foreach": "${gone}", "do": {}},
        {"foreach": 3, "do": {}},
        {"matrix": {"m": 3}},
        {"matrix": {name: list(range(50)) for name in "abcdef"}},
        {"foreach": list(range(100_000)), "do": {}},
        {"wdir": ".."},
        {"wdir": "/tmp"},
    ],
)
def test_a_step_that_cannot_be_expanded_is_told_and_spares_the_rest(step: dict[str, Any]) -> None:
    context = Context({})
    found = expand(context, "dvc.yaml", {"bad": step, "good": {}}, {})
    assert [one.name for one in found] == ["good"]
    assert [one.kind for one in context.problems] == ["pipeline.template"]


def test_many_large_steps_end_soon() -> None:
    context = Context({})
    steps = {f"s{at}": {"foreach": "${many}", "do": {}} for at in range(10_000)}
    start = time.process_time()
    found = list(expand(context, "dvc.yaml", steps, {"many": list(range(2_000))}))
    assert time.process_time() - start < 2
    assert len(found) == 2_000
    assert len(context.problems) == 1
