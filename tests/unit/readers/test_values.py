"""Metrics and params of one file."""

from __future__ import annotations

import json
import math
import subprocess
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.readers.declared import Declared
from sitegen.readers.dvc_lock import LockOut
from sitegen.readers.values import read_values
from sitegen.registry.facts import Leaf, ValueFile
from tests.declaring import declared_values


def texts(path: str, data: bytes) -> dict[str, str]:
    found, problems = read_values(Declared(path, "metrics"), data)
    assert problems == ()
    assert found is not None
    return {key: leaf.text for key, leaf in found.entries.items()}


def test_json_keeps_digits_and_order() -> None:
    data = (
        b'{"z": 3.10, "a": {"b": 1e-3, "c": [1.50, "x", true, null], "d": {}}, "s": "t", "n": null}'
    )
    assert texts("m.json", data) == {
        "z": "3.10",
        "a.b": "1e-3",
        "a.c": "[1.50, x, true, null]",
        "a.d": "{}",
        "s": "t",
        "n": "null",
    }
    found, _ = read_values(Declared("m.json", "metrics"), data)
    assert found is not None
    assert [leaf.value for leaf in found.entries.values()] == [
        3.1, 0.001, [1.5, "x", True, None], {}, "t", None
    ]  # fmt: skip


def test_yaml_keeps_digits_and_words() -> None:
    data = b'version: 3.10\nquoted: "3.10"\non: yes\nd: 2020-01-01\nl: [1.0, a]\nm: {n: ~}\n'
    assert texts("params.yaml", data) == {
        "version": "3.10",
        "quoted": "3.10",
        "on": "yes",
        "d": "2020-01-01",
        "l": "[1.0, a]",
        "m.n": "~",
    }


def test_toml_and_python_are_read() -> None:
    assert texts("p.toml", b'a = 3.10\nb = 1_000\nd = 2020-01-01\n[x.y]\nz = "q"\n') == {
        "a": "3.10",
        "b": "1000",
        "d": "2020-01-01",
        "x.y.z": "q",
    }
    source = (
        b"import os\nLR: float = 1e-3\nD = {'a': 3.10, 'b': (1, 2.50)}\nX = os.getcwd()\n"
        b"M = -1.50\n"
        b"class Net:\n    depth = 0x10\n    def __init__(self):\n        self.w = 'q'\n"
    )
    assert texts("p.py", source) == {
        "LR": "1e-3",
        "D.a": "3.10",
        "D.b": "[1, 2.50]",
        "M": "-1.50",
        "Net.depth": "0x10",
        "Net.w": "q",
    }


def test_a_python_file_is_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    texts("p.py", f"A = open({str(trap)!r}, 'w')\nB = 1\n".encode())
    assert not trap.exists()


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("m.json", b'{"a": NaN, "b": -Infinity}', {"a": "NaN", "b": "-Infinity"}),
        ("m.yaml", b"a: .nan\nb: -.inf\n", {"a": ".nan", "b": "-.inf"}),
        ("m.toml", b"a = nan\nb = -inf\n", {"a": "nan", "b": "-inf"}),
    ],
)
def test_what_is_no_number_is_a_float_with_its_text(
    path: str, data: bytes, expected: dict[str, str]
) -> None:
    assert texts(path, data) == expected
    found, _ = read_values(Declared(path, "metrics"), data)
    assert found is not None
    assert math.isnan(found.entries["a"].value)
    assert found.entries["b"].value == -math.inf


def test_a_file_may_be_one_number() -> None:
    assert texts("m.json", b"0.930") == {"": "0.930"}
    assert texts("m.yaml", b"0.930") == {"": "0.930"}
    assert texts("m.yaml", b"") == {}


def test_only_tracked_keys_count() -> None:
    declared = Declared("params.yaml", "params", ("base", "train.lr"))
    data = b"base: {a: 1}\nbased: 2\ntrain: {lr: 3, lrs: 4}\n"
    found, _ = read_values(declared, data)
    assert found is not None
    assert list(found.entries) == ["base.a", "train.lr"]


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("m.json", b"[" * 100_000, "nests more than 64"),
        ("m.json", b"[" * 100_000 + b"]" * 100_000, "nests more than 64"),
        ("m.json", b'{"a":' * 100_000, "nests more than 64"),
        ("m.json", b"[" + b"1," * 200_000 + b"1]", "more than 100000 values"),
        ("m.json", b'"' + b'\\"' * 1_000_000, "no valid json"),
        ("m.json", b"", "no valid json"),
        ("m.json", b"\xff", "no UTF-8"),
        ("m.yaml", b"- " * 25_000, "nests more than 64"),
        ("m.toml", b"a = " + b"[" * 50_000, "nests more than 64"),
        ("m.toml", b"a = {" + b".".join([b"a"] * 50_000) + b" = 1}", "nests more than 64"),
        ("m.toml", b"a = " + b"9" * 5_000, "no valid toml"),
        ("m.py", b"a = " + b"-" * 100_000 + b"1", ""),
        ("m.py", b"a = " + b"(" * 100_000, ""),
        ("m.py", b"a = 1\0", "no valid py"),
        ("m.json", b" " * 5_000_000, "at most 4194304 are read"),
        ("m.py", b" " * 200_000, "at most 131072 are read"),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_once(path: str, data: bytes, reason: str) -> None:
    start = time.process_time()
    found, problems = read_values(Declared(path, "metrics"), data, repo="r", ref="c")
    taken = time.process_time() - start
    tracemalloc.start()
    read_values(Declared(path, "metrics"), data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is None
    assert [(one.repo, one.ref, one.path, one.kind) for one in problems] == [
        ("r", "c", path, "values.metrics")
    ]
    assert reason in problems[0].reason
    assert taken < 2
    assert peak < 200_000_000


@pytest.mark.parametrize(
    ("path", "form"), [("m.json", b'{"a": %s, "b": 1}'), ("m.yaml", b"a: %s\nb: 1")]
)
def test_a_number_of_thousands_of_digits_is_kept_as_text_and_told(path: str, form: bytes) -> None:
    found, problems = read_values(Declared(path, "metrics"), form % (b"9" * 5_000))
    assert found is not None
    assert found.entries["a"] == Leaf("9" * 5_000, "9" * 5_000)
    assert found.entries["b"] == Leaf(1, "1")
    assert [one.reason for one in problems] == ["a has 5000 digits and is kept as text"]


@pytest.mark.parametrize(
    ("path", "data"), [("m.json", b'{"a": 1, "a": 2}'), ("m.yaml", b"a: 1\na: 2")]
)
def test_a_repeated_key_is_told(path: str, data: bytes) -> None:
    found, problems = read_values(Declared(path, "metrics"), data)
    assert found is not None
    assert list(found.entries) == ["a"]
    assert len(problems) == 1
    assert "'a' stands" in problems[0].reason


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert texts("m.json", b'{"\\ud800": "\\udfff"}') == {"\ufffd": "\ufffd"}


def test_a_file_in_lfs_says_so() -> None:
    data = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert read_values(Declared("m.json", "metrics"), data) == (
        ValueFile("m.json", "metrics", {}, "in LFS, not fetched", "sha256:4d7a", 12345),
        (),
    )


def test_a_file_that_is_not_in_git_says_where_it_is() -> None:
    outs = {"m.json": LockOut("abc", 3), "out": LockOut("d.dir", 9)}

    def note(declared: Declared) -> tuple[str, str, int | None] | None:
        found, problems = read_values(declared, None, outs=outs)
        assert problems == ()
        return (found.note, found.hash, found.size) if found else None

    cached = "cached by DVC, not in Git"
    assert note(Declared("m.json", "metrics", source="dvc.yaml")) == (cached, "abc", 3)
    assert note(Declared("out/m.json", "metrics", source="dvc.yaml")) == (cached, "", None)
    assert note(Declared("n.json", "metrics", cached=True, source="dvc.yaml")) == (cached, "", None)
    assert note(Declared("n.json", "metrics", source="dvc.yaml")) == (
        "not in Git at this commit",
        "",
        None,
    )
    assert note(Declared("n.json", "metrics")) is None


def read_at(repository: Path, commit: str) -> dict[str, dict[str, dict[str, object]]]:
    """kind -> path -> key -> value of one commit, by way of the whole room."""

    def git(*args: str) -> bytes:
        return subprocess.run(
            ["git", "-C", repository, *args], check=True, capture_output=True
        ).stdout

    paths = set(git("ls-tree", "-r", "-z", "--name-only", commit).decode().split("\0"))
    files: dict[str, bytes] = {
        path: git("show", f"{commit}:{path}")
        for path in ("dvc.yaml", "params.yaml", ".dvc/config")
        if path in paths
    }
    values: dict[str, dict[str, dict[str, object]]] = {"metrics": {}, "params": {}}
    for one in declared_values(files, paths)[0]:
        data = git("show", f"{commit}:{one.path}") if one.path in paths else None
        found, problems = read_values(one, data)
        assert problems == ()
        if found is not None and not found.note:
            values[one.kind][one.path] = {key: leaf.value for key, leaf in found.entries.items()}
    return values


def test_metrics_of_a_real_version_are_those_of_its_commit(
    real_registry: Callable[[str], Path],
) -> None:
    repository = real_registry("demo-bank-customer-churn")
    metrics = read_at(repository, "lightgbm-model@v2.0.0")["metrics"]["metrics.json"]
    assert metrics == {"f1": 0.6113116726835138, "roc_auc": 0.8600158112931207}
    assert read_at(repository, "lightgbm-model@v2.0.3#4")["metrics"]["metrics.json"] != metrics


def test_values_equal_what_dvc_says_of_a_real_repository(
    registries: Path, real_registry: Callable[[str], Path]
) -> None:
    repository = real_registry("demo-bank-customer-churn")
    rows = json.loads(
        (registries / "expected/demo-bank-customer-churn.experiments.json").read_text()
    )

    def flat(data: dict[str, object], above: tuple[str, ...] = ()) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in data.items():
            if isinstance(value, dict) and value:
                found |= flat(value, (*above, key))
            else:
                found[".".join((*above, key))] = value
        return found

    compared = 0
    for row in rows[1::8]:
        values = read_at(repository, row["rev"])
        for kind in ("metrics", "params"):
            expected = {path: flat(file["data"]) for path, file in row["data"][kind].items()}
            assert values[kind] == expected
            compared += len(expected)
    assert compared > 8


def test_of_thousands_of_tracked_params_each_is_found_at_once() -> None:
    tracked = tuple(f"a.k{number}" for number in range(20_000))
    data = json.dumps({"a": {f"k{number}": {"x": 1} for number in range(10_000, 40_000)}})
    found, _ = read_values(Declared("p.json", "params", tracked), data.encode())
    assert found is not None and len(found.entries) == 10_000
    assert "a.k10000.x" in found.entries
