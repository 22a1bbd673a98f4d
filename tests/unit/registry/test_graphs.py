"""The lineage graph of one version."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry.graphs import PipelineIndex, graph_of
from sitegen.registry.lineage import Data, Graph, Node, Pipeline, PipelineStep, StepParam, Tracked


def data(path: str, hash: str = "", **more: object) -> Data:
    return Data(path, hash or path.upper(), "md5", **more)  # type: ignore[arg-type]


def step(name: str, deps: str, outs: str, file: str = "dvc.lock") -> PipelineStep:
    taken = tuple(data(path, cached=False) for path in deps.split())
    return PipelineStep(name, file, (f"run {name}",), taken, outs=tuple(map(data, outs.split())))


def ids(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes]


def arrows(graph: Graph) -> set[str]:
    short = {node.id: node.name for node in graph.nodes}
    return {f"{short[old]}>{short[new]}" for old, new in graph.edges}


def by_name(graph: Graph) -> dict[str, Node]:
    return {node.name: node for node in graph.nodes}


CHAIN = Pipeline(
    (
        step("prepare", "raw.csv prepare.py", "train.csv test.csv"),
        step("train", "train.csv train.py", "model.pkl log.txt"),
        step("evaluate", "model.pkl test.csv evaluate.py", "metrics.json"),
        step("other", "raw.csv", "other.csv"),
    ),
    (Tracked("raw.csv.dvc", "added", (data("raw.csv"),), description="Customers"),),
)


def test_everything_upstream_is_there_and_what_takes_the_model() -> None:
    graph = graph_of(CHAIN, "model.pkl")
    assert arrows(graph) == {
        "raw.csv>prepare",
        "prepare.py>prepare",
        "prepare>train.csv",
        "train.csv>train",
        "train.py>train",
        "train>model.pkl",
        "model.pkl>evaluate",
    }
    nodes = by_name(graph)
    assert {name: node.kind for name, node in nodes.items()} == {
        "raw.csv": "data",
        "prepare.py": "code",
        "train.py": "code",
        "prepare": "step",
        "train.csv": "data",
        "train": "step",
        "model.pkl": "model",
        "evaluate": "step",
    }
    assert [name for name, node in nodes.items() if node.downstream] == ["evaluate"]
    assert nodes["raw.csv"].description == "Customers"
    assert nodes["train"].commands == ("run train",)
    assert (nodes["train"].id, nodes["train"].path) == ("step:dvc.lock:train", "dvc.lock")
    assert nodes["model.pkl"].id == "data:model.pkl"
    assert graph.cut == 0


def test_each_node_comes_after_what_it_is_made_of() -> None:
    graph = graph_of(CHAIN, "model.pkl")
    assert ids(graph) == [
        "data:prepare.py",
        "data:raw.csv",
        "data:train.py",
        "step:dvc.lock:prepare",
        "data:train.csv",
        "step:dvc.lock:train",
        "data:model.pkl",
        "step:dvc.lock:evaluate",
    ]
    place = {node: at for at, node in enumerate(ids(graph))}
    pairs = [(place[old], place[new]) for old, new in graph.edges]
    assert pairs == sorted(pairs)
    assert all(old < new for old, new in pairs)


def test_a_model_that_nothing_makes_stands_alone() -> None:
    graph = graph_of(CHAIN, "best.pkl")
    assert graph == Graph((Node("data:best.pkl", "model", "best.pkl", "best.pkl", untracked=True),))
    in_git = Data("best.pkl", "1" * 40, "git", cached=False)
    assert graph_of(CHAIN, "best.pkl", in_git).nodes[0].data == in_git
    assert graph_of(CHAIN, "") == Graph()
    assert ids(graph_of(Pipeline(), "s3://bucket/m.pkl")) == ["data:s3://bucket/m.pkl"]


def test_a_model_that_was_added_has_nothing_before_it() -> None:
    (model, *later) = graph_of(CHAIN, "./raw.csv").nodes
    assert (model.kind, model.data) == ("model", data("raw.csv"))
    assert [(node.name, node.downstream) for node in later] == [("other", True), ("prepare", True)]


@pytest.mark.parametrize(
    ("path", "in_git", "kind"),
    [
        ("train.py", None, "code"),
        ("train.py", (), "code"),
        ("src", None, "code"),
        ("src", ("src",), "code"),
        ("src", (), "data"),
        ("raw.csv", ("raw.csv",), "data"),
        ("/mnt/x.py", None, "data"),
        ("../x.py", None, "data"),
        ("s3://b/x.py", None, "data"),
    ],
)
def test_what_nothing_makes_is_code_or_data(
    path: str, in_git: tuple[str, ...] | None, kind: str
) -> None:
    graph = graph_of(Pipeline((step("train", path, "m"),)), "m", None, in_git)
    assert graph.nodes[0].kind == kind


def test_a_file_in_a_folder_comes_from_what_makes_the_folder() -> None:
    pipeline = Pipeline(
        (
            step("prepare", "a.py", "d/out"),
            step("train", "d/out/deep/x.csv", "m"),
            step("no", "", "d/o"),
        )
    )
    graph = graph_of(pipeline, "m")
    assert arrows(graph) == {
        "a.py>prepare",
        "prepare>d/out",
        "d/out>d/out/deep/x.csv",
        "d/out/deep/x.csv>train",
        "train>m",
    }
    assert by_name(graph)["d/out/deep/x.csv"].kind == "data"


def test_a_folder_comes_from_what_makes_the_files_in_it() -> None:
    pipeline = Pipeline(
        (step("one", "a.py", "d/1"), step("two", "d/1", "d/2 dx"), step("train", "d", "m")),
        (Tracked("d/3.dvc", "added", (data("d/3"), data("d/3/4"))),),
    )
    graph = graph_of(pipeline, "m")
    assert arrows(graph) == {
        "a.py>one",
        "one>d/1",
        "d/1>two",
        "two>d/2",
        "d/1>d",
        "d/2>d",
        "d/3/4>d/3",
        "d/3>d",
        "d>train",
        "train>m",
    }


def test_a_model_in_a_folder_and_a_model_that_is_one() -> None:
    pipeline = Pipeline(
        (step("train", "x.csv", "models"), step("all", "models", "r"), step("one", "models/a", "s"))
    )
    graph = graph_of(pipeline, "models/a")
    assert arrows(graph) == {
        "x.csv>train", "train>models", "models>models/a", "models/a>all", "models/a>one",
    }  # fmt: skip
    assert by_name(graph)["models/a"].data is None
    graph = graph_of(pipeline, "models")
    assert arrows(graph) == {"x.csv>train", "train>models", "models>all", "models>one"}
    parts = Pipeline((step("a", "", "m/1"), step("b", "m/1", "m/2"), step("c", "m/2", "r")))
    graph = graph_of(parts, "m")
    assert arrows(graph) == {"a>m/1", "m/1>b", "b>m/2", "m/1>m", "m/2>m", "m>c"}


def test_lineage_leads_from_folder_to_folder() -> None:
    pipeline = Pipeline(
        (
            step("prepare", "a/raw.csv", "a/out.csv", "a/dvc.lock"),
            step("prepare", "a/out.csv", "b/m.pkl", "b/dvc.lock"),
        )
    )
    assert ids(graph_of(pipeline, "b/m.pkl")) == [
        "data:a/raw.csv",
        "step:a/dvc.lock:prepare",
        "data:a/out.csv",
        "step:b/dvc.lock:prepare",
        "data:b/m.pkl",
    ]


def test_imports_say_where_they_are_from() -> None:
    pipeline = Pipeline(
        (step("train", "x y", "m"),),
        (
            Tracked(
                "x.dvc", "repo", (data("x"),), url="https://h/r", path="models/x.pkl", rev="v1",
                rev_lock="abc", description="Theirs",
            ),
            Tracked("y.dvc", "url", (data("y"),), (data("s3://b/y"),), url="s3://b/y"),
        ),
    )  # fmt: skip
    graph = graph_of(pipeline, "m")
    assert arrows(graph) == {"models/x.pkl>x", "x>train", "s3://b/y>y", "y>train", "train>m"}
    assert by_name(graph)["models/x.pkl"] == Node(
        "import:x.dvc",
        "import",
        "models/x.pkl",
        "x.dvc",
        url="https://h/r",
        rev="v1",
        description="Theirs",
        rev_lock="abc",
        imported="models/x.pkl",
    )
    whole = Pipeline((), (Tracked("x.dvc", "repo", (data("x"),), url="https://h/r", path="."),))
    assert arrows(graph_of(whole, "x")) == {"https://h/r>x"}


def test_data_is_what_the_step_was_given() -> None:
    made = data("x", "new", size=3, remote="r")
    taken = data("x", "old", size=2, cached=False)
    pipeline = Pipeline(
        (
            PipelineStep("prepare", "dvc.lock", outs=(made,)),
            PipelineStep("train", "dvc.lock", deps=(taken,), outs=(data("m"),)),
        )
    )
    node = by_name(graph_of(pipeline, "m"))["x"]
    assert node.stale
    assert node.data == data("x", "old", size=2, remote="r")
    agreed = msgspec.structs.replace(taken, hash="new")
    pipeline = Pipeline(
        (pipeline.steps[0], PipelineStep("train", "dvc.lock", deps=(agreed,), outs=(data("m"),)))
    )
    node = by_name(graph_of(pipeline, "m"))["x"]
    assert (node.stale, node.data) == (False, made)


def test_what_lies_in_a_folder_is_kept_where_the_folder_is() -> None:
    pipeline = Pipeline(
        (
            PipelineStep("prepare", "dvc.lock", outs=(data("d", remote="r", pushed=False),)),
            step("train", "d/x code.py", "m"),
        )
    )
    nodes = by_name(graph_of(pipeline, "m"))
    assert nodes["d/x"].data == data("d/x", remote="r", pushed=False)
    assert nodes["code.py"].data == data("code.py", cached=False)


def test_it_is_told_of_what_dvc_knows_no_place() -> None:
    pipeline = Pipeline(
        (step("prepare", "raw.csv", "d"), step("train", "d/x d code.py given.csv", "m")),
        (Tracked("raw.csv.dvc", "added", (data("raw.csv"),)),),
    )
    graph = graph_of(pipeline, "m")
    assert {node.name for node in graph.nodes if node.untracked} == {"code.py", "given.csv"}


def test_params_stand_on_their_step() -> None:
    param = StepParam("params.yaml", "lr", 0.1, "1e-1")
    pipeline = Pipeline((PipelineStep("train", "dvc.lock", params=(param,), outs=(data("m"),)),))
    assert by_name(graph_of(pipeline, "m"))["train"].params == (param,)


@pytest.mark.parametrize(
    "steps",
    [
        (step("a", "m", "m"),),
        (step("a", "y", "m"), step("b", "m", "y")),
        (step("a", "d/x", "d"), step("b", "d", "m")),
        (step("a", "m/x", "m"),),
        (step("a", "m", "m/x"),),
        (step("a", "", "m"), step("b", "", "m")),
        (step("a", "x x", "m m"),),
    ],
)
def test_circles_are_survived(steps: tuple[PipelineStep, ...]) -> None:
    check(graph_of(Pipeline(steps), "m"))


def test_a_long_chain_is_cut_far_from_the_model() -> None:
    steps = tuple(step(f"s{at}", f"d{at}", f"d{at + 1}") for at in range(3_000))
    graph = graph_of(Pipeline(steps), "d3000", most=10)
    assert len(graph.nodes) == 10
    assert graph.cut == 6_001 - 10
    assert ids(graph)[-1] == "data:d3000"
    assert len(graph.edges) == 9
    assert len(graph_of(Pipeline(steps), "d3000").nodes) == 200


def test_one_index_serves_many_graphs() -> None:
    index = PipelineIndex(CHAIN)
    assert graph_of(index, "model.pkl") == graph_of(CHAIN, "model.pkl")
    assert graph_of(index, "metrics.json") == graph_of(CHAIN, "metrics.json")


def check(graph: Graph) -> None:
    place = {node: at for at, node in enumerate(ids(graph))}
    assert len(place) == len(graph.nodes)
    assert len(set(graph.edges)) == len(graph.edges)
    assert all(place[old] < place[new] for old, new in graph.edges)
    assert sum(node.kind == "model" for node in graph.nodes) == 1


paths = st.sampled_from(["m", "m/a", "x", "x/a", "x/a/b", "y", "z.py", "/o", "s3://b/x"])
hashes = st.sampled_from(["", "1", "2"])
datas = st.lists(
    st.builds(lambda path, digest: Data(path, digest, "md5"), paths, hashes), max_size=4
)
steps = st.lists(
    st.builds(
        lambda name, file, deps, outs: PipelineStep(name, file, deps=tuple(deps), outs=tuple(outs)),
        st.sampled_from("abcdef"),
        st.sampled_from(["dvc.lock", "x/dvc.lock"]),
        datas,
        datas,
    ),
    unique_by=lambda one: (one.file, one.name),
    max_size=8,
)
tracked = st.lists(
    st.builds(
        lambda file, kind, outs: Tracked(file, kind, tuple(outs)),
        st.sampled_from(["a.dvc", "b.dvc", "x/c.dvc"]),
        st.sampled_from(["added", "repo", "url"]),
        datas,
    ),
    unique_by=lambda one: one.file,
    max_size=3,
)


@given(steps, tracked, st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_order_of_the_pipeline_changes_nothing(
    steps: list[PipelineStep], tracked: list[Tracked], most: int, chance: random.Random
) -> None:
    graph = graph_of(Pipeline(tuple(steps), tuple(tracked)), "m", most=most)
    check(graph)
    assert len(graph.nodes) <= most
    whole = graph_of(Pipeline(tuple(steps), tuple(tracked)), "m")
    assert len(graph.nodes) + graph.cut == len(whole.nodes)
    chance.shuffle(steps)
    chance.shuffle(tracked)
    assert graph_of(Pipeline(tuple(steps), tuple(tracked)), "m", most=most) == graph
