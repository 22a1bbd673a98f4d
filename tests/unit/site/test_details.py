"""What is known of each version, put together from a repository's facts."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.registry.facts import Annotation
from sitegen.registry.graphs import graph_of
from sitegen.registry.lineage import Data, Graph, Pipeline, PipelineStep
from sitegen.registry.storage import Storage
from sitegen.site import details as module
from sitegen.site.details import VersionDetails, details_of
from tests.facts import oid, source, tag

IN_DVC = Data("model.pkl", "a", "md5", 3)
FOLDER = Data("models", "b.dir", "md5")
CODE = Data("train.py", "c", "md5", cached=False)
PIPELINE = Pipeline((PipelineStep("train", "dvc.lock", deps=(CODE,), outs=(IN_DVC, FOLDER)),))
C1 = oid("c1")


def details(path: str, **more: Any) -> VersionDetails:
    here = source(
        tag("m@v1.0.0"),
        pipelines={C1: PIPELINE},
        storages={C1: (Storage(),)},
        tracked={C1: frozenset({"train.py"})},
        **more,
    )
    said = {C1: {"m": Annotation("m", "artifacts.yaml", path)}}
    return details_of(here.facts, said, here.registry)["m", C1]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("model.pkl", IN_DVC),
        ("models/m.pkl", FOLDER),
        ("other.pkl", None),
        ("", None),
        ("s3://bucket/model.pkl", None),
    ],
)
def test_what_dvc_records_of_a_path_is_known(path: str, expected: Data | None) -> None:
    assert details(path).data == expected


def test_the_file_that_git_has_comes_first() -> None:
    in_git = Data("model.pkl", "1" * 40, "git", cached=False)
    found = details("model.pkl", files={C1: {"model.pkl": in_git}})
    assert found.data == in_git
    assert [node.data for node in found.graph.nodes if node.kind == "model"] == [in_git]


def test_all_that_dvc_says_of_the_commit_is_there() -> None:
    found = details("model.pkl")
    assert (found.pipeline, found.storages) == (PIPELINE, (Storage(),))
    assert found.in_git == {"train.py"}
    assert found.graph == graph_of(PIPELINE, "model.pkl", IN_DVC, {"train.py"})
    assert [node.kind for node in found.graph.nodes] == ["code", "step", "model"]
    assert details("").graph == Graph()


def test_little_is_known_of_a_commit_that_was_not_read() -> None:
    here = source(tag("m@v1.0.0"))
    assert details_of(here.facts, {}, here.registry) == {("m", C1): VersionDetails()}


def test_versions_that_share_a_pipeline_share_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(module.PipelineIndex):
        def __init__(self, pipeline: Pipeline) -> None:
            made.append(pipeline)
            super().__init__(pipeline)

    monkeypatch.setattr(module, "PipelineIndex", Counted)
    tags = [tag(f"m{n}@v{v}.0.0", f"c{v}", v) for n in range(3) for v in range(3)]
    other = Pipeline()
    pipelines = {oid("c0"): PIPELINE, oid("c1"): other, oid("c2"): PIPELINE}
    here = source(*tags, pipelines=pipelines)
    said = {oid(f"c{v}"): {"m1": Annotation("m1", "x", "model.pkl")} for v in range(3)}
    found = details_of(here.facts, said, here.registry)
    assert len(found) == 9
    assert [len(found["m1", oid(f"c{v}")].graph.nodes) for v in range(3)] == [3, 1, 3]
    assert len(made) == 2
