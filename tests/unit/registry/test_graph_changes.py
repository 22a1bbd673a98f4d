"""What is different in the lineage of two versions."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry.graph_changes import changes_of
from sitegen.registry.graphs import graph_of
from sitegen.registry.lineage import (
    Data,
    Graph,
    NodeChange,
    Pipeline,
    PipelineStep,
    StepParam,
    Tracked,
)


def data(path: str, hash: str = "1", algorithm: str = "md5") -> Data:
    return Data(path, hash, algorithm)


def param(key: str, value: Any, text: str = "", file: str = "params.yaml") -> StepParam:
    return StepParam(file, key, value, text or str(value))


TRAIN = PipelineStep(
    "train",
    "dvc.lock",
    ("python train.py",),
    (data("x.csv"), data("train.py")),
    (param("lr", 0.1), param("seed", 1, file="conf.yaml")),
    (data("m.pkl"),),
)
IMPORT = Tracked("x.csv.dvc", "repo", (data("x.csv"),), (), "https://h/r", "x", "v1", "aaa")


def graph(path: str = "m.pkl", imported: Tracked | None = IMPORT, **changed: Any) -> Graph:
    step = msgspec.structs.replace(TRAIN, **changed)
    return graph_of(Pipeline((step,), (imported,) if imported else ()), path)


def changed(old: Graph, new: Graph) -> dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]:
    found = changes_of(old, new)
    return {each.node.name: (each.state, each.details) for each in found if each.state != "same"}


def test_nothing_is_different_from_itself() -> None:
    same = changes_of(graph(), graph())
    assert [change.node for change in same] == list(graph().nodes)
    assert {change.state for change in same} == {"same"}


def test_command_params_and_dependencies_of_a_step() -> None:
    new = graph(
        commands=("python", "train.py"),
        params=(param("lr", 0.2), param("depth", 3)),
        deps=(data("x.csv", "2"), data("lib.py", "")),
    )
    found = changed(graph(), new)
    assert found["train"] == (
        "changed",
        (
            ("command", "python train.py", "python\ntrain.py"),
            ("lr", "0.1", "0.2"),
            ("conf.yaml:seed", "1", ""),
            ("depth", "", "3"),
            ("train.py", "1", ""),
            ("x.csv", "1", "2"),
            ("lib.py", "", "?"),
        ),
    )
    assert found["x.csv"] == ("changed", (("hash", "1", "2"),))
    assert found["lib.py"] == ("added", ())
    assert found["train.py"] == ("removed", ())


def test_a_value_spelled_otherwise_is_the_same() -> None:
    def with_value(value: Any, text: str) -> Graph:
        return graph(params=(param("lr", value, text),))

    assert changed(with_value(0.1, "0.1"), with_value(0.1, "1e-1")) == {}
    assert changed(with_value(math.nan, ".nan"), with_value(math.nan, ".nan")) == {}
    assert "train" in changed(with_value(1, "1"), with_value(True, "true"))
    assert "train" in changed(with_value([1], "[1]"), with_value([2], "[2]"))


def test_models_are_compared_whatever_they_are_called() -> None:
    old = graph("m.pkl")
    new = graph("new.pkl", outs=(data("new.pkl", "2"),))
    assert changed(old, new) == {"new.pkl": ("changed", (("hash", "1", "2"),))}


def test_without_a_hash_nobody_knows() -> None:
    new = graph(deps=(data("x.csv"), data("train.py", "")), outs=(data("m.pkl", ""),))
    assert changed(graph(), new) == {
        "train.py": ("unknown", ()),
        "train": ("unknown", ()),
        "m.pkl": ("unknown", ()),
    }
    other = graph(deps=(data("x.csv"), data("train.py", "2", "etag")))
    assert changed(graph(), other) == {"train.py": ("unknown", ()), "train": ("unknown", ())}


def test_an_import_of_another_commit() -> None:
    moved = msgspec.structs.replace(IMPORT, rev="v2", rev_lock="bbb", path="y")
    found = changed(graph(), graph(imported=moved))
    assert found == {
        "y": ("changed", (("path", "x", "y"), ("rev", "v1", "v2"), ("commit", "aaa", "bbb")))
    }


def test_what_is_new_and_what_is_gone() -> None:
    alone = graph_of(Pipeline(), "m.pkl", data("m.pkl"))
    assert {name: state for name, (state, _) in changed(alone, graph()).items()} == {
        "x": "added", "x.csv": "added", "train.py": "added", "train": "added",
    }  # fmt: skip
    gone = changes_of(graph(), alone)
    assert [change.state for change in gone] == ["same"] + ["removed"] * 4
    assert changes_of(Graph(), Graph()) == ()


hashes = st.sampled_from(["", "1", "2"])


@given(hashes, hashes, hashes, hashes)
def test_states_mirror_each_other(a: str, b: str, c: str, d: str) -> None:
    def made(dep: str, out: str) -> Graph:
        return graph(deps=(data("x.csv", dep),), outs=(data("m.pkl", out),), imported=None)

    def states(changes: tuple[NodeChange, ...]) -> dict[str, str]:
        return {change.node.id: change.state for change in changes}

    old, new = made(a, b), made(c, d)
    assert states(changes_of(old, new)) == states(changes_of(new, old))
