"""Pipeline steps as they were run, and data that DVC tracks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.readers import pipelines
from sitegen.readers.memo import Memo
from sitegen.readers.pipelines import read_pipeline, wants
from sitegen.registry.lineage import Data, Pipeline, PipelineStep, StepParam, Tracked

LOCK = """schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {path: data/x.csv, md5: 1e10, size: 5, hash: md5}
    - {path: train.py, md5: bb, hash: md5}
    params:
      params.yaml:
        lr: 1e-3
        net: {depth: 3, name: a}
    outs:
    - {path: model.pkl, md5: cc, size: 7, hash: md5}
    - {path: metrics.json, md5: dd, hash: md5}
"""
YAML = """stages:
  train:
    cmd: python train.py
    desc: Trains.
    frozen: true
    outs:
    - model.pkl: {push: false, remote: store}
    metrics:
    - metrics.json: {cache: false}
"""


def read(files: dict[str, str]) -> Pipeline:
    pipeline, problems = read_pipeline({path: text.encode() for path, text in files.items()})
    assert problems == ()
    return pipeline


def problems_of(files: dict[str, str]) -> list[str]:
    files["good/dvc.lock"] = LOCK
    pipeline, problems = read_pipeline({p: t.encode() for p, t in files.items()}, "r", "c")
    assert [step.file for step in pipeline.steps if step.file.startswith("good")]
    assert {(one.repo, one.ref) for one in problems} == {("r", "c")}
    assert all(one.remedy and one.path in files for one in problems)
    return [one.reason for one in problems]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("dvc.lock", True),
        ("a/dvc.yaml", True),
        ("a/x.csv.dvc", True),
        (".dvc/config", False),
        ("a/.dvc", False),
        ("my-dvc.lock", False),
        ("x.dvc.txt", False),
    ],
)
def test_files_of_dvc_are_wanted(path: str, expected: bool) -> None:
    assert wants(path) is expected


def test_a_step_is_read_as_it_was_run() -> None:
    (step,) = read({"dvc.lock": LOCK}).steps
    kept = {"algorithm": "md5", "source": "dvc.lock"}
    assert step == PipelineStep(
        "train",
        "dvc.lock",
        ("python train.py",),
        (
            Data("data/x.csv", "1e10", size=5, cached=False, **kept),
            Data("train.py", "bb", cached=False, **kept),
        ),
        (
            StepParam("params.yaml", "lr", 0.001, "1e-3"),
            StepParam("params.yaml", "net.depth", 3, "3"),
            StepParam("params.yaml", "net.name", "a", "a"),
        ),
        (Data("model.pkl", "cc", size=7, **kept), Data("metrics.json", "dd", **kept)),
    )


def test_dvc_yaml_tells_what_the_lock_does_not() -> None:
    (step,) = read({"cv/dvc.lock": LOCK, "cv/dvc.yaml": YAML}).steps
    assert (step.file, step.description, step.frozen) == ("cv/dvc.lock", "Trains.", True)
    model, metrics = step.outs
    assert (model.path, model.cached, model.pushed) == ("cv/model.pkl", True, False)
    assert model.remote == "store"
    assert (metrics.path, metrics.cached, metrics.pushed) == ("cv/metrics.json", False, True)


def test_the_first_schema_and_several_commands() -> None:
    lock = "a:\n  cmd: [one, 2.0]\n  outs: [{path: x, md5: '1'}]\nb: {cmd: two}\n"
    first, second = read({"dvc.lock": lock}).steps
    assert (first.name, first.commands, second.commands) == ("a", ("one", "2.0"), ("two",))
    assert first.outs[0].legacy


def test_paths_start_at_the_steps_working_directory() -> None:
    yaml = "vars: [{place: src}]\nstages: {train: {cmd: x, wdir: '${place}'}}"
    (step,) = read({"cv/dvc.lock": LOCK, "cv/dvc.yaml": yaml}).steps
    assert [dep.path for dep in step.deps] == ["cv/src/data/x.csv", "cv/src/train.py"]
    assert {param.file for param in step.params} == {"cv/src/params.yaml"}
    assert step.outs[0].path == "cv/src/model.pkl"


def test_steps_of_foreach_and_matrix_are_known_by_their_keys() -> None:
    yaml = (
        "stages:\n  a:\n    foreach: ${names}\n    do: {cmd: x, desc: 'Is ${item}.', wdir: w}\n"
        "  b:\n    matrix: {m: [1, 2]}\n    cmd: x\n    outs: ['${item.m}.pkl': {cache: false}]\n"
    )
    lock = "schema: '2.0'\nstages:\n  a@x: {cmd: x, outs: [{path: o}]}\n  a@gone: {cmd: x}\n"
    lock += "  b@2: {cmd: x, outs: [{path: 2.pkl}]}\n  gone: {cmd: x}\n"
    files = {"dvc.lock": lock, "dvc.yaml": yaml}
    steps = read({**files, "params.yaml": "names: [x]"}).steps
    assert [(s.name, s.description, s.outs[0].path, s.outs[0].cached) for s in steps] == [
        ("a@x", "Is x.", "w/o", True),
        ("b@2", "", "2.pkl", False),
    ]
    # Without the values of a template nobody can tell what is gone.
    assert [step.name for step in read(files).steps] == ["a@x", "a@gone", "b@2"]


def test_a_dvc_yaml_that_cannot_be_read_takes_nothing_away() -> None:
    for text in ("[", "- a", "stages: 3", "stages: {train: 3}"):
        known = text.startswith("stages")
        assert len(read({"dvc.lock": LOCK, "dvc.yaml": text}).steps) == (0 if known else 1)


def test_added_data() -> None:
    text = "wdir: ..\nouts:\n- {path: x.csv, md5: aa, size: 3, hash: md5, desc: Raw.}\nmeta: 3\n"
    (one,) = read({"a/b/x.csv.dvc": text}).tracked
    out = Data("a/x.csv", "aa", "md5", 3, source="a/b/x.csv.dvc")
    assert one == Tracked("a/b/x.csv.dvc", "added", (out,), description="Raw.")


def test_data_of_another_repository() -> None:
    text = (
        "md5: ff\nfrozen: true\ndesc: Theirs.\ndeps:\n- path: ./data/x\n  repo:\n"
        "    url: https://user:SECRET@host/r.git?token=SECRET\n    rev: v1.0\n    rev_lock: 1e5\n"
        "outs:\n- {path: x, md5: aa.dir, nfiles: 2, cache: false}\n"
    )
    (one,) = read({"x.dvc": text}).tracked
    assert one == Tracked(
        "x.dvc",
        "repo",
        (Data("x", "aa.dir", "md5", files=2, legacy=True, cached=False, source="x.dvc"),),
        url="https://host/r.git",
        path="data/x",
        rev="v1.0",
        rev_lock="1e5",
        description="Theirs.",
        frozen=True,
    )


def test_data_of_an_address() -> None:
    text = "locked: true\ndeps: [{path: 'https://h/x?key=S', etag: e}]\nouts: [{path: x}]\n"
    (one,) = read({"x.dvc": text}).tracked
    assert (one.kind, one.url, one.frozen) == ("url", "https://h/x", True)
    assert one.deps == (Data("https://h/x", "e", "etag", cached=False, source="x.dvc"),)


def test_a_query_of_a_database_has_no_address() -> None:
    text = "deps: [{db: {connection: c, query: q}}]\nouts: [{path: x}]\n"
    (one,) = read({"x.dvc": text}).tracked
    assert (one.kind, one.url, one.deps) == ("url", "", ())


def test_the_oldest_format_has_its_steps_in_files_of_their_own() -> None:
    text = "cmd: python a.py\ndeps: [{path: a.py, md5: aa}]\nouts: [{path: m}]\n"
    pipeline = read({"d/m.dvc": text})
    assert pipeline.tracked == ()
    (step,) = pipeline.steps
    assert (step.name, step.file, step.commands) == ("m", "d/m.dvc", ("python a.py",))
    assert (step.deps[0].path, step.outs[0].path) == ("d/a.py", "d/m")


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("dvc.lock", "[", "no valid YAML"),
        ("dvc.lock", "- a", "a mapping of pipeline steps is expected"),
        ("dvc.lock", "schema: '2.0'\nstages: 3", "a mapping of pipeline steps is expected"),
        ("dvc.lock", "schema: '2.0'\nstages:\n  a: 3", "line 3: 'a' is expected to be a mapping"),
        ("dvc.lock", "a: {outs: 3}", "outs of a is expected to be a list"),
        ("dvc.lock", "a: {deps: [x, {}]}", "2 of deps of a without a path"),
        ("dvc.lock", "a: {}\na: {}", "the key 'a' stands already"),
        ("x.dvc", "- a", "a mapping with outs is expected"),
        ("x.dvc", "wdir: ../..\nouts: []", "leaves the repository"),
        ("x.dvc", "outs: [{md5: a}]", "1 of outs without a path"),
        ("x.dvc", "a: &a [*a]", "holds itself"),
    ],
)
def test_what_is_wrong_is_reported_and_the_rest_is_read(path: str, text: str, reason: str) -> None:
    (found,) = problems_of({path: text})
    assert reason in found


def test_an_empty_file_says_nothing() -> None:
    assert read({"dvc.lock": "", "x.dvc": "", "cv/dvc.lock": "schema: '2.0'"}) == Pipeline()


def test_a_bomb_is_a_problem() -> None:
    deep = "a: " + "[" * 30_000
    many = "outs:\n" + "- {path: x}\n" * 60_000
    first, second = problems_of({"dvc.lock": deep, "x.dvc": many})
    assert "levels deep" in first
    assert "values" in second


def test_an_unchanged_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = pipelines._steps

    def counted(*arguments: object) -> object:
        seen.append(arguments[1])
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipelines, "_steps", counted)
    memo = Memo()
    files = {"a/dvc.lock": LOCK.encode(), "a/dvc.yaml": YAML.encode()}
    one, _ = read_pipeline(files, memo=memo)
    two, _ = read_pipeline({**files, "b/dvc.lock": LOCK.encode()}, memo=memo)
    assert seen == ["a/dvc.lock", "b/dvc.lock"]
    assert one.steps[0] is two.steps[0]


scalars = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", ".", "..", "/", "a/../../b", "s3://b", "${x}", "a@b", "\0"]
)
WORDS = """a a@1 schema stages cmd deps outs params path md5 hash size nfiles files relpath cloud
repo url rev wdir desc frozen remote cache push foreach do matrix metrics plots vars db"""
keys = st.sampled_from(WORDS.split())
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@given(trees, trees, trees)
def test_whatever_stands_in_the_files_is_survived(lock: Any, yaml: Any, tracked: Any) -> None:
    steps = {"schema": "2.0", "stages": {"a": lock, "a@1": lock}}
    files = {
        "dvc.lock": steps,
        "x/dvc.lock": lock,
        "dvc.yaml": {"stages": {"a": yaml}, "vars": yaml},
        "x/dvc.yaml": yaml,
        "x.dvc": tracked,
        "x/y.dvc": {"outs": tracked, "deps": [tracked, {"path": "p", "repo": tracked}]},
    }
    data = {path: json.dumps(value).encode() for path, value in files.items()}
    pipeline, problems = read_pipeline(data, "r", "c")
    again, more = read_pipeline(dict(reversed(data.items())), "r", "c", Memo())
    assert (again, more) == (pipeline, problems)
    for out in (out for step in pipeline.steps for out in (*step.deps, *step.outs)):
        assert out.path
        assert out.size is None or out.size >= 0
