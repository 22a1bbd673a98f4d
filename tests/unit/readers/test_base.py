"""The annotations of one commit, out of all its files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.readers import base
from sitegen.readers.memo import Memo
from sitegen.registry.facts import Annotation

GOOD = b"good: {type: model, path: model.pkl}\n"
GOOD_SAID = Annotation(
    "good", "artifacts.yaml", path="model.pkl", type="model", sources=("artifacts.yaml",)
)


def test_files_are_claimed_by_their_place() -> None:
    paths = [
        "dvc.yaml",
        "cv/dvc.yaml",
        "cv/artifacts.yaml",
        "artifacts.yaml",
        "a.yaml",
        "xdvc.yaml",
    ]
    assert base.annotation_paths(paths) == ["artifacts.yaml", "cv/dvc.yaml", "dvc.yaml"]


def test_dvc_yaml_wins_key_by_key() -> None:
    files = {
        "artifacts.yaml": b"nn: {type: dataset, path: a, labels: [x], virtual: false}\n",
        "dvc.yaml": b"artifacts: {nn: {type: model, path: b, desc: d, meta: {k: 1}, labels: }}\n",
    }
    assert base.read_annotations(files) == (
        (
            Annotation(
                "nn",
                "dvc.yaml",
                "b",
                "model",
                "d",
                ("x",),
                False,
                {"k": 1},
                ("artifacts.yaml", "dvc.yaml"),
            ),
        ),
        (),
    )


def test_the_source_is_the_file_that_said_most() -> None:
    files = {
        "artifacts.yaml": b"nn: {type: model, path: a, labels: [x]}\n",
        "dvc.yaml": b"artifacts: {nn: {desc: d}}\n",
    }
    (said,), _ = base.read_annotations(files)
    assert said.source == "artifacts.yaml"


def test_what_is_needed_is_asked_for() -> None:
    files = {
        "artifacts.yaml": GOOD,
        "dvc.yaml": b"vars: [v.yaml, 'conf/w.json:a,b', {x: 1}, '../out.yaml']\n"
        b"artifacts: {m: {path: '${x}'}}\n"
        b"stages: {s: {wdir: sub, vars: [t.yaml], cmd: c}}\n",
        "cv/dvc.yaml": b"artifacts: {m: {path: '${x}'}}\n",
        "plain/dvc.yaml": b"vars: [v.yaml]\nartifacts: {m: {path: x}}\n",
        "broken/dvc.yaml": b"${ [",
    }
    assert base.needs(files) == {
        "params.yaml",
        "v.yaml",
        "conf/w.json",
        "sub/t.yaml",
        "cv/params.yaml",
    }
    assert base.needs({**files, "params.yaml": b""}) == base.needs(files) - {"params.yaml"}


def test_with_a_memo_equal_annotations_of_different_commits_are_one_object() -> None:
    memo = Memo()
    other = b"other: {type: model, custom: %s}\n"
    read = [
        base.read_annotations({"artifacts.yaml": GOOD + other % custom}, memo=memo)
        for custom in (b"1", b"1.0", b"true", b"1")
    ]
    assert {id(said[0]) for said, _ in read} == {id(read[0][0][0])}
    assert [repr(said[1].custom) for said, _ in read] == ["1", "1.0", "True", "1"]
    assert read[0] == base.read_annotations({"artifacts.yaml": GOOD + other % b"1"})


def test_with_a_memo_an_annotation_follows_the_params_that_its_template_names() -> None:
    memo = Memo()
    text = b"artifacts: {m: {path: '${name}.pkl'}}\n"
    paths = []
    for name in (b"a", b"b", b"a"):
        said, problems = base.read_annotations(
            {"artifacts.yaml": GOOD, "dvc.yaml": text, "params.yaml": b"name: " + name}, memo=memo
        )
        assert problems == ()
        paths.append(said[1].path)
    assert paths == ["a.pkl", "b.pkl", "a.pkl"]


def test_a_broken_file_is_one_problem_and_spares_the_others() -> None:
    said, problems = base.read_annotations(
        {"artifacts.yaml": GOOD, "dvc.yaml": b"artifacts: [", "x/dvc.yaml": b"\xff"}, "r", "c0ffee"
    )
    assert said == (GOOD_SAID,)
    assert [(one.repo, one.ref, one.path, one.kind) for one in problems] == [
        ("r", "c0ffee", "dvc.yaml", "yaml"),
        ("r", "c0ffee", "x/dvc.yaml", "yaml"),
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        b"- " * 25_000,
        b"[" * 25_000,
        b"a: !!python/object/apply:os.system ['id']",
        b"a: &a [x]\n" + b"".join(b"b%d: &a [*a,*a,*a,*a,*a,*a,*a,*a]\n" % at for at in range(9)),
    ],
    ids=["block depth", "flow depth", "python", "aliases"],
)
def test_a_bomb_is_one_problem_and_spares_the_others(bomb: bytes) -> None:
    said, problems = base.read_annotations({"artifacts.yaml": GOOD, "dvc.yaml": bomb})
    assert said == (GOOD_SAID,)
    assert [(one.path, one.kind) for one in problems] == [("dvc.yaml", "yaml")]


def test_a_repeated_key_is_a_problem_and_the_first_counts() -> None:
    said, problems = base.read_annotations(
        {"artifacts.yaml": b"good: {type: a, type: b}\nother: {}\ngood: {type: c}\n"}
    )
    assert [(one.artifact, one.type) for one in said] == [("good", "a"), ("other", "")]
    assert [one.kind for one in problems] == ["yaml.duplicate"]
    assert problems[0].reason.startswith("line 1: the key 'type' stands already on line 1")
    assert problems[0].reason.endswith("(and 1 more repeated keys)")


@pytest.mark.parametrize(
    "name",
    ["../../x", "%2e%2e/x", "/etc/x", "x/", "-x", "a b", "a\\u202eb", "a\\nb", "", "x" * 9 + "!"],
)
def test_a_name_that_is_none_is_a_problem_and_is_left_out(name: str) -> None:
    line = f'"{name}": {{type: model}}\n'.encode()
    said, problems = base.read_annotations(
        {"artifacts.yaml": line + GOOD, "dvc.yaml": b"artifacts:\n  " + line}
    )
    assert said == (GOOD_SAID,)
    assert [(one.path, one.kind) for one in problems] == [
        ("artifacts.yaml", "annotation.name"),
        ("dvc.yaml", "annotation.name"),
    ]


REAL = {
    "demo-bank-customer-churn": "lightgbm-model@v2.0.0",
    "example-gto": "churn@v3.1.0",
    "example-get-started-experiments": "pool-segmentation@v1.0.0",
}


def blobs(repository: Path, commit: str) -> dict[str, bytes]:
    """What annotations are read from at one commit."""

    def git(*args: str) -> bytes:
        return subprocess.run(
            ["git", "-C", repository, *args], check=True, capture_output=True
        ).stdout

    paths = git("ls-tree", "-r", "-z", "--name-only", commit).decode().split("\0")
    files = {path: git("show", f"{commit}:{path}") for path in base.annotation_paths(paths)}
    more = base.needs(files).intersection(paths)
    return files | {path: git("show", f"{commit}:{path}") for path in sorted(more)}


@pytest.mark.parametrize("name", REAL)
def test_annotations_of_real_registries_hold_without_a_problem_at_every_version(
    name: str, registries: Path, real_registry: Callable[[str], Path]
) -> None:
    repository = real_registry(name)
    events = json.loads((registries / "expected" / f"{name}.history.json").read_text())
    versions = {
        (one["artifact"], one["commit"]) for one in events if one["event"] == "registration"
    }
    assert versions
    for artifact, commit in versions:
        said, problems = base.read_annotations(blobs(repository, commit), name, commit)
        assert problems == ()
        if artifact in {one.artifact for one in said}:
            (found,) = [one for one in said if one.artifact == artifact]
            assert (found.type, bool(found.path)) == ("model", True)


def test_an_annotation_is_that_of_the_version_in_a_real_registry(
    real_registry: Callable[[str], Path],
) -> None:
    repository = real_registry("demo-bank-customer-churn")
    at = {
        ref: {one.artifact: one for one in base.read_annotations(blobs(repository, ref))[0]}
        for ref in ("lightgbm-model@v2.0.0", "HEAD")
    }
    assert at["lightgbm-model@v2.0.0"]["lightgbm-model"] == Annotation(
        "lightgbm-model",
        "artifacts.yaml",
        path=".mlem/model/lightgbm-model",
        type="model",
        labels=("classification", "churn"),
        sources=("artifacts.yaml",),
    )
    assert "lightgbm-model" not in at["HEAD"]


def test_paths_in_a_real_registry_may_be_addresses(real_registry: Callable[[str], Path]) -> None:
    said, _ = base.read_annotations(blobs(real_registry("example-gto"), "HEAD"))
    assert {one.artifact: one.path for one in said} == {
        "churn": "models/churn.pkl",
        "segment": "s3://mycorp/proj-ml/segm-model-2022-04-15.pt",
        "cv-class": "s3://mycorp/proj-ml/classif-v2.pt",
    }
