"""A file that is like one before says what the reader of all files says of it."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.readers.data import read_data
from sitegen.readers.declared import Declared
from sitegen.readers.memo import Memo
from sitegen.readers.shapes import LockShapes, Shapes
from sitegen.readers.values import read_values
from sitegen.registry.facts import ValueFile
from tests.benchmarks.histories import DVC, changing, lock

NUMBERS = ["0", "1", "42", "-7", "0.5", "-0.25", "1e5", "3.10", "1.5e-3", "123456789012345678"]
NEAR_NUMBERS = ["-0", "007", "1.", ".5", "1e400", "1_000", "0x1f", "12:30", "1e", "+1", "1" * 30]


def values(path: str, data: str, memo: Memo | None) -> tuple[ValueFile | None, tuple[str, ...]]:
    found, problems = read_values(Declared(path, "params"), data.encode(), memo=memo)
    return found, tuple(problem.reason for problem in problems)


def agree(path: str, files: list[str]) -> int:
    """Read all in turn; how many of them were not read as a whole."""
    memo, told = Memo(), 0
    for text in files:
        shapes = memo.for_good(("shapes", Declared(path, "params")), Shapes)
        told += shapes.read(path, text.encode())[0] is not None
        found, alone = values(path, text, memo), values(path, text, None)
        # Not a number is not equal to itself, and 1 is equal to 1.0.
        assert repr(found) == repr(alone)
        if found[0] is not None and alone[0] is not None:
            assert list(found[0].entries) == list(alone[0].entries)
    return told


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("m.json", '{"a": %s, "b": {"c": %s, "d": "1, 2"}, "e": [1, 2]}'),
        ("m.json", '{"a":%s,"b":{"c":%s}}'),
        ("m.json", '{\n    "a": %s,\n    "b.c": %s,\n    "b": {"c": 5}\n}\n'),
        ("p.yaml", "a: %s\nb:\n  c: %s\n  d: text 5\n  e: [1, 2]\n# 7\n"),
        ("p.yml", "a: %s\nb: {c: %s, d: '5'}\ne: x&y 5!\nf: 6"),
        ("p.yaml", "a: one\n  2\nb: %s\nc:\n- 1\n- k: 2\nd: %s"),
    ],
)
def test_files_that_differ_in_numbers_read_as_alone(path: str, form: str) -> None:
    rows = [form % (a, b) for a in NUMBERS for b in NUMBERS]
    assert agree(path, rows) == len(rows) - 2
    agree(path, [form % (a, b) for a in (*NEAR_NUMBERS, *NUMBERS) for b in NEAR_NUMBERS])


@pytest.mark.parametrize(
    "form",
    [
        "a: [%s, 1]\n",
        "a: x %s\n",
        "a: x\n  %s\n",
        "%s: 1\n",
        "a: &x %s\nb: *x\n",
        "a: &x\n  k: %s\nb: *x\n",
        "a: &x %s\nb: [*x, 1]\n",
        "a: &x {k: %s}\nb: {<<: *x, k: 3}\nc: [*x]\n",
        "a: &x %s\nb: {*x : {}, 42: {}}\n",
        "a: !!int %s\n",
        "a: !<tag:yaml.org,2002:int> %s\n",
        "a: ! %s\n",
        "a: 1\na: %s\n",
        "a: |\n  n: %s\nb: 1\n",
        "a: '%s'\n",
        "a: 2 # %s\n",
        "? %s\n: 1\n",
        "a: !!str %s\n",
        "a: 1\n---\nb: %s\n",
        "- %s\n",
        "%s",
    ],
)
def test_a_number_that_is_no_leaf_is_never_taken_for_one(form: str) -> None:
    agree("p.yaml", [form % number for number in (*NUMBERS, *NEAR_NUMBERS, *NUMBERS)])


JSON = st.recursive(
    st.one_of(
        st.integers(-(10**6), 10**20), st.floats(), st.booleans(), st.none(), st.text(max_size=5)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


def renumbered(value: Any, draw: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: renumbered(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [renumbered(item, draw) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return value
    return draw.choice([value, 0, 5, -3, 0.5, -1.25e-7, 10**12, value * 2 if value else 1])


@settings(max_examples=150, deadline=None)
@given(JSON, st.randoms(use_true_random=False), st.sampled_from([None, 1]))
def test_any_file_with_other_numbers_reads_as_alone(
    value: Any, draw: random.Random, indent: int | None
) -> None:
    rows = [json.dumps(renumbered(value, draw), indent=indent) for _ in range(5)]
    agree("m.json", rows)
    # JSON in one line is YAML too.
    agree("m.yaml", rows)


def test_files_without_a_shape_in_common_are_soon_given_up() -> None:
    shapes = Shapes()
    for number in range(60):
        text = f'{{"k{number}": 1}}'.encode()
        entries, pieces = shapes.read("m.json", text)
        assert entries is None
        assert bool(pieces) == (number < 50)
        if pieces:
            shapes.learn(pieces, {}, lambda _: {})


def locks(*texts: str, dvc: str = DVC) -> int:
    """Read commits with these dvc.lock files in turn; how many were not read as a whole."""
    memo, told = Memo(), 0
    for text in texts:
        files = {"dvc.yaml": dvc.encode(), "dvc.lock": text.encode()}
        shapes = memo.for_good(("lock shapes", 1, "dvc.lock"), LockShapes)
        told += shapes.read(text.encode()) is not None
        assert read_data(files, memo=memo) == read_data(files)
    return told


def test_locks_of_a_history_read_as_alone() -> None:
    assert locks(*(lock(number) for number in range(100))) == 98


def changed(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    "change",
    [
        changed("      size: 1008\n", "      size: 1008\n      nfiles: 3\n"),
        changed("      hash: md5\n", ""),
        changed("      size: 1008\n", "      size: -1\n"),
        changed("      size: 1008\n", "      size: 1.5\n"),
        changed("train.epochs: ", "train.epochs: -"),
        changed("train.lr: 0", "train.lr: '0"),
        changed("train.lr: 0", "train.epochs: 0"),
        changed("step5", "step9"),
        changed("models/model5_1.pkl", "models/model4_0.pkl"),
        changed("    cmd: python", "    cmd: 5\n      python"),
    ],
)
def test_a_lock_with_something_else_changed_reads_as_alone(change: Callable[[str], str]) -> None:
    like = [lock(number) for number in (5, 6, 7)]
    assert change(lock(8)) != lock(8)
    locks(*like, change(lock(8)), change(lock(9)), change(lock(10)), lock(11))
    folders = [text.replace("\n      size", ".dir\n      size", 3) for text in like]
    locks(*folders, change(lock(8)), like[0])


def test_what_is_equal_is_one_object_whatever_was_read_in_between() -> None:
    memo = Memo()
    read = [
        read_data({"dvc.yaml": DVC.encode(), "dvc.lock": lock(n).encode()}, memo=memo)[0]
        for n in (1, 2, 3, 4, 3, 60, 4)
    ]
    path = "models/model5_0.pkl"
    assert read[2][path] is read[4][path]
    assert read[3][path] is read[6][path]
    assert read[3][path] != read[4][path]


def test_a_number_that_ends_up_in_a_template_is_read_as_alone() -> None:
    dvc = "vars: [{x: 1}]\nstages:\n  a: {cmd: c, outs: ['m${x}']}\n"
    texts = [lock(number).replace("step5", "a") for number in range(4)]
    locks(*texts, dvc=dvc)


def test_the_files_of_a_history_are_hardly_ever_read_as_a_whole() -> None:
    for path in ("params.yaml", "metrics.json", "evaluation/metrics.json"):
        assert agree(path, [changing(number)[path] for number in range(100)]) >= 97
