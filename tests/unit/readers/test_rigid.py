"""What is taken apart without a parser says what the reader of all dvc.lock files says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.readers.data import _by_path
from sitegen.readers.memo import Memo
from sitegen.readers.pipelines import read_pipeline
from sitegen.readers.rigid import Parts, read_step, read_tracked, split_lock
from tests.benchmarks.histories import lock

ENTRY = "    - path: {}\n      hash: md5\n      md5: " + "ab" * 16 + "\n      size: 7\n"
STEP = "  train:\n    cmd: python a.py --x=1\n      --more && y\n    deps:\n" + ENTRY.format(
    "a(1).csv"
)
PARAMS = (
    "    params:\n      params.yaml:\n        lr: 0.10\n        layers:\n        - 1\n        - x\n"
)
OUTS = (
    "    outs:\n    - path: out\n      md5: "
    + "cd" * 16
    + ".dir\n      size: 010\n      nfiles: 2\n"
    + ENTRY.format("b c.pkl")
)
HEAD = "schema: '2.0'\nstages:\n"


def ours(text: str, path: str) -> dict[str, Parts] | None:
    memo = Memo()
    parts = split_lock(text.encode())
    read = {name: read_step(part, path, memo) for name, part in (parts or {}).items()}
    found = {name: one for name, one in read.items() if one is not None}
    return found if parts is not None and len(found) == len(read) else None


def theirs(text: str, path: str) -> dict[str, Parts]:
    pipeline, problems = read_pipeline({path: text.encode()})
    assert problems == ()
    return {
        step.name: (_by_path(step.deps, cached=False), _by_path(step.outs))
        for step in pipeline.steps
    }


@pytest.mark.parametrize("path", ["dvc.lock", "cv/dvc.lock"])
@pytest.mark.parametrize(
    "text",
    [
        lock(7),
        HEAD + STEP,
        HEAD + STEP + PARAMS + OUTS,
        HEAD + STEP + PARAMS.replace("lr: 0.10", "lr:\n          a: 1\n          b: [x]"),
        HEAD + "  a@b-1:\n    cmd: c\n" + OUTS,
        HEAD,
    ],
)
def test_a_lock_as_dvc_writes_it_is_taken_apart(text: str, path: str) -> None:
    found = ours(text, path)
    assert found is not None
    assert found == theirs(text, path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stages:\n" + STEP,
        HEAD + STEP + STEP,
        HEAD + STEP.replace("  train:", "  'train':"),
        HEAD + STEP.replace("cmd: python", "cmd: 'python"),
        HEAD + STEP.replace("cmd: python", "cmd: |\n     python"),
        HEAD + STEP.replace("python a.py", "python: a.py"),
        HEAD + STEP.replace("path: a(1).csv", "path: null"),
        HEAD + STEP.replace("path: a(1).csv", "path: 'a.csv'"),
        HEAD + STEP.replace("path: a(1).csv", "path: a\u00e9.csv"),
        HEAD + STEP.replace("md5: ab", "md5: 'ab"),
        HEAD + STEP.replace("md5: ab", "etag: ab"),
        HEAD + STEP.replace("      size: 7\n", "      size: 7\n      size: 8\n"),
        HEAD + STEP + PARAMS.replace("layers", "lr"),
        HEAD + STEP + PARAMS + PARAMS,
        HEAD + STEP + PARAMS.replace("        lr: 0.10\n", "         lr: 0.10\n"),
        HEAD + STEP + "    frozen: true\n",
        HEAD + STEP[:-1],
        HEAD + STEP.replace("\n", "\r\n"),
        HEAD + STEP.replace("    deps", "\tdeps"),
    ],
)
def test_what_dvc_does_not_write_so_is_left_to_the_parser(text: str) -> None:
    assert ours(text, "dvc.lock") is None


LINES = (HEAD + STEP + PARAMS + OUTS).splitlines(keepends=True)


@settings(max_examples=300)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["drop", "twice", "deeper", "flatter", "comment", "quote", "colon", "null"]),
)
def test_a_lock_with_one_line_changed_reads_the_same_or_is_left_to_the_parser(
    at: int, change: str
) -> None:
    line = LINES[at]
    changed = {
        "drop": "",
        "twice": line * 2,
        "deeper": "  " + line,
        "flatter": line.removeprefix("  "),
        "comment": line.rstrip("\n") + " # it\n",
        "quote": line.replace(": ", ": '"),
        "colon": line.rstrip("\n") + ": x\n",
        "null": line.partition(":")[0] + ": null\n",
    }[change]
    text = "".join((*LINES[:at], changed, *LINES[at + 1 :]))
    found = ours(text, "dvc.lock")
    if found is not None:
        assert found == theirs(text, "dvc.lock")


@pytest.mark.parametrize(
    "text",
    [
        "outs:\n- md5: " + "ab" * 16 + "\n  size: 7\n  hash: md5\n  path: a.csv\n",
        "outs:\n- md5: " + "ab" * 16 + ".dir\n  size: 7\n  nfiles: 3\n  path: a b\n",
        "outs:\n- md5: " + "ab" * 16 + "\n  path: a.csv\n",
    ],
)
def test_a_file_that_was_added_is_read_without_a_parser(text: str) -> None:
    pipeline, _ = read_pipeline({"data/a.csv.dvc": text.encode()})
    assert read_tracked(text.encode(), "data/a.csv.dvc") == pipeline.tracked[0].outs[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deps:\n- path: x\nouts:\n- md5: " + "ab" * 16 + "\n  path: a.csv\n",
        "outs:\n- md5: x\n  path: a.csv\n",
        "outs:\n- md5: " + "ab" * 16 + "\n  path: a.csv\n  cache: false\n",
        "outs:\n- md5: " + "ab" * 16 + "\n  path: \u00e9.csv\n",
    ],
)
def test_a_tracking_file_that_says_more_is_left_to_the_parser(text: str) -> None:
    assert read_tracked(text.encode(), "a.csv.dvc") is None
