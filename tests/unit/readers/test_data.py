"""What dvc.yaml lists counts, with what dvc.lock and *.dvc files record of it."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.errors import Problem
from sitegen.readers.data import read_data
from sitegen.readers.memo import Memo
from sitegen.registry.lineage import Data

DVC = """\
stages:
  prepare:
    cmd: prepare
    deps: [raw.csv, prepare.py]
    outs: [clean.csv]
  train:
    cmd: train
    deps: [clean.csv]
    outs:
    - model.pkl: {cache: false}
    metrics: [metrics.json]
    plots: [roc.csv]
"""
LOCK = """\
schema: '2.0'
stages:
  prepare:
    cmd: prepare
    deps:
    - path: prepare.py
      hash: md5
      md5: aaaa
      size: 10
    - path: raw.csv
      hash: md5
      md5: bbbb
      size: 20
    outs:
    - path: clean.csv
      hash: md5
      md5: cccc.dir
      size: 30
      nfiles: 2
  train:
    cmd: train
    deps:
    - path: clean.csv
      md5: dddd
      size: 31
    outs:
    - path: metrics.json
      hash: md5
      md5: eeee
      size: 40
    - path: model.pkl
      hash: md5
      md5: ffff
      size: 50
    - path: roc.csv
      hash: md5
      md5: 0000
      size: 60
  gone:
    cmd: gone
    outs:
    - path: gone.csv
      hash: md5
      md5: '1111'
      size: 70
"""


def data(**files: str) -> dict[str, Data]:
    found, problems = read({path.replace("_", "."): text for path, text in files.items()})
    assert problems == ()
    return found


def read(files: dict[str, str], **more: Any) -> tuple[dict[str, Data], tuple[Problem, ...]]:
    return read_data({path: text.encode() for path, text in files.items()}, "repo", **more)


def hashes(found: dict[str, Data]) -> dict[str, tuple[str, int | None]]:
    return {path: (one.hash, one.size) for path, one in found.items()}


def test_what_dvc_yaml_lists_has_the_hashes_of_dvc_lock() -> None:
    found = data(dvc_yaml=DVC, dvc_lock=LOCK)
    assert hashes(found) == {
        "raw.csv": ("bbbb", 20),
        "prepare.py": ("aaaa", 10),
        "clean.csv": ("cccc.dir", 30),
        "model.pkl": ("ffff", 50),
    }
    assert found["clean.csv"] == Data(
        "clean.csv", "cccc.dir", "md5", 30, files=2, source="dvc.lock", cached=True
    )


def test_an_output_counts_before_what_a_step_was_given() -> None:
    assert data(dvc_yaml=DVC, dvc_lock=LOCK)["clean.csv"].hash == "cccc.dir"


def test_what_dvc_does_not_keep_says_so() -> None:
    found = data(dvc_yaml=DVC, dvc_lock=LOCK)
    assert {path for path, one in found.items() if one.cached} == {"clean.csv"}


def test_metrics_plots_and_steps_that_are_gone_do_not_count() -> None:
    assert not {"metrics.json", "roc.csv", "gone.csv"} & data(dvc_yaml=DVC, dvc_lock=LOCK).keys()


def test_what_was_never_run_is_there_without_a_hash() -> None:
    found = data(dvc_yaml=DVC)
    assert hashes(found) == dict.fromkeys(
        ("raw.csv", "prepare.py", "clean.csv", "model.pkl"), ("", None)
    )


def test_a_dvc_lock_alone_counts_as_a_whole() -> None:
    found = data(dvc_lock=LOCK)
    assert {"gone.csv", "metrics.json", "raw.csv"} < found.keys()


def test_a_dvc_lock_beside_a_broken_dvc_yaml_counts_as_a_whole() -> None:
    found, (problem,) = read({"dvc.yaml": "a: [", "dvc.lock": LOCK})
    assert "gone.csv" in found
    assert (problem.kind, problem.path) == ("yaml", "dvc.yaml")


def test_steps_that_cannot_be_told_count_as_they_were_locked() -> None:
    dvc = "stages:\n  gone:\n    foreach: ${nowhere}\n    do: {cmd: x}\n"
    assert data(dvc_yaml=dvc, dvc_lock=LOCK).keys() == {"gone.csv"}


def test_paths_are_relative_to_the_dvc_yaml_and_to_the_working_directory() -> None:
    dvc = "stages:\n  a:\n    cmd: x\n    wdir: sub\n    deps: [../in.csv]\n    outs: [out.csv]\n"
    lock = (
        "schema: '2.0'\nstages:\n  a:\n    cmd: x\n    deps:\n    - path: ../in.csv\n"
        "      hash: md5\n      md5: aa\n      size: 1\n    outs:\n    - path: out.csv\n"
        "      hash: md5\n      md5: bb\n      size: 2\n"
    )
    found, problems = read({"cv/dvc.yaml": dvc, "cv/dvc.lock": lock})
    assert problems == ()
    assert hashes(found) == {"cv/in.csv": ("aa", 1), "cv/sub/out.csv": ("bb", 2)}
    assert {one.path for one in found.values()} == found.keys()


def test_templates_foreach_and_matrix_are_written_out() -> None:
    dvc = (
        "vars: [{root: data}]\n"
        "stages:\n"
        "  a:\n    foreach: [x, y]\n    do: {cmd: c, outs: ['${root}/${item}.csv']}\n"
        "  b:\n    matrix: {m: [p, q]}\n    cmd: c\n    deps: ['${root}/${item.m}.in']\n"
    )
    lock = (
        "schema: '2.0'\nstages:\n  a@x:\n    cmd: c\n    outs:\n    - path: data/x.csv\n"
        "      hash: md5\n      md5: aa\n      size: 1\n"
        "  b@q:\n    cmd: c\n    deps:\n    - path: data/q.in\n"
        "      hash: md5\n      md5: bb\n      size: 2\n"
    )
    assert hashes(data(dvc_yaml=dvc, dvc_lock=lock)) == {
        "data/x.csv": ("aa", 1),
        "data/y.csv": ("", None),
        "data/p.in": ("", None),
        "data/q.in": ("bb", 2),
    }


def test_values_of_templates_come_from_params() -> None:
    found, _ = read(
        {
            "dvc.yaml": "stages: {a: {cmd: c, outs: ['${out}']}}\n",
            "params.yaml": "out: x.pkl\n",
        }
    )
    assert found.keys() == {"x.pkl"}


def test_data_added_and_imported_by_hand_counts() -> None:
    found, problems = read(
        {
            "data/raw.csv.dvc": "outs:\n- md5: aa\n  size: 1\n  hash: md5\n  path: raw.csv\n",
            "web.csv.dvc": (
                "deps:\n- path: https://example.com/web.csv\n  checksum: bb\n  size: 3\n"
                "outs:\n- md5: cc\n  size: 3\n  hash: md5\n  path: web.csv\n"
            ),
            "lib.csv.dvc": (
                "deps:\n- path: lib.csv\n  repo: {url: https://example.com/r, rev_lock: dd}\n"
                "outs:\n- md5: ee\n  size: 4\n  path: lib.csv\n"
            ),
        }
    )
    assert problems == ()
    assert hashes(found) == {
        "https://example.com/web.csv": ("bb", 3),
        "data/raw.csv": ("aa", 1),
        "lib.csv": ("ee", 4),
        "web.csv": ("cc", 3),
    }


@pytest.mark.parametrize("dvc", ["", "stages: {}\n", "artifacts: {m: {path: x}}\n"])
def test_a_dvc_yaml_without_steps_has_no_data(dvc: str) -> None:
    assert data(dvc_yaml=dvc, dvc_lock=LOCK) == {}


def test_services_and_what_has_no_path_are_no_files() -> None:
    dvc = "stages: {a: {cmd: c, deps: ['ds://set', x], outs: [{}, 1, '']}}\n"
    assert data(dvc_yaml=dvc).keys() == {"x"}


def test_a_broken_dvc_lock_is_a_problem_and_the_files_are_there_without_a_hash() -> None:
    found, (problem,) = read({"dvc.yaml": DVC, "dvc.lock": "stages: ["})
    assert hashes(found)["raw.csv"] == ("", None)
    assert (problem.kind, problem.path, problem.ref) == ("yaml", "dvc.lock", "")


def test_what_no_commit_changes_is_the_same_object() -> None:
    memo = Memo()
    first, _ = read({"dvc.yaml": DVC, "dvc.lock": LOCK, "params.yaml": "a: 1\n"}, memo=memo)
    second, _ = read({"dvc.yaml": DVC, "dvc.lock": LOCK, "params.yaml": "a: 2\n"}, memo=memo)
    assert first == second
    assert first["raw.csv"] is second["raw.csv"]


def test_two_steps_that_were_locked_alike_are_told_apart() -> None:
    entry = "      hash: md5\n      md5: " + "ab" * 16 + "\n      size: 1\n"
    body = "    cmd: c\n    outs:\n    - path: a\n" + entry + "    - path: b\n" + entry
    dvc = "stages:\n  x: {cmd: c, outs: [a]}\n  y: {cmd: c, outs: [b]}\n"
    found = data(dvc_yaml=dvc, dvc_lock=f"schema: '2.0'\nstages:\n  x:\n{body}  y:\n{body}")
    assert hashes(found) == dict.fromkeys(("a", "b"), ("ab" * 16, 1))
