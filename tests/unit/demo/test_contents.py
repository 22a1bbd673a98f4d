"""The files of a demo project are valid, and follow from their causes."""

from __future__ import annotations

import csv
import json
import zlib
from itertools import pairwise

import pytest

from sitegen import safeyaml
from sitegen.demo.contents import (
    Stored,
    bar_chart,
    confusion,
    dvc_file,
    dvc_lock,
    json_text,
    loss_series,
    noise,
    roc_curve,
    shelf_picture,
    stored,
    yaml_text,
)

PIPELINE = {
    "stages": {
        "train": {
            "cmd": "train",
            "deps": ["data.csv", "train.py"],
            "params": ["train"],
            "outs": ["model", {"model.mlem": {"cache": False}}],
        },
        "test": {
            "foreach": ["uk", "se"],
            "do": {
                "cmd": "test ${item}",
                "deps": ["model"],
                "metrics": [{"${item}.json": {"cache": False}}],
            },
        },
    }
}
FILES = {"train.py": "pass\n", "model.mlem": "type: x\n", "uk.json": "{}", "se.json": "{}"}
DATA = {"data.csv": Stored("0" * 32, 100)}


def lock(rate: float = 0.1, train: str = "pass\n") -> dict[str, dict[str, list[dict[str, object]]]]:
    params = {"train": {"rate": rate}, "other": 1}
    found = dvc_lock(PIPELINE, params, {**FILES, "train.py": train}, DATA, {"model": (10**6, None)})
    steps: dict[str, dict[str, list[dict[str, object]]]] = found["stages"]
    return steps


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, {"b": None, "c": [True, "yes", "1e-3", "y", ""]}, []], "d": {}},
        {"x": "- not: a list", "y": "a # comment", "on": "off", "s": " padded ", "3": "007"},
        {"cmd": "python a.py --b=${c} -d", "url": "s3://bucket/key", "hash": "12ab" * 8 + ".dir"},
        {"text": "one\n\ntwo: three", "list": [["nested"], [{"deep": ["er"]}]]},
        {"octal": "0o17", "hex": "0x1f", "exponent": "12e5", "date": "2025-01-01", "null": "~"},
    ],
)
def test_yaml_text_reads_back_equal(value: object) -> None:
    assert safeyaml.load(yaml_text(value)).value == value


def test_a_lock_holds_every_step_and_hashes_what_is_in_git() -> None:
    steps = lock()
    assert list(steps) == ["train", "test@uk", "test@se"]
    assert steps["train"]["deps"][1] == {
        "path": "train.py",
        "hash": "md5",
        "md5": "4528e6a7bb9341c36c425faf40ef32c3",
        "size": 5,
    }
    assert steps["train"]["params"] == {"params.yaml": {"train": {"rate": 0.1}}}
    assert steps["test@se"]["cmd"] == "test se"
    assert steps["test@uk"]["deps"] == [steps["train"]["outs"][0]]


def test_an_output_keeps_its_hash_until_a_cause_changes() -> None:
    before = lock()["train"]["outs"][0]["md5"]
    assert lock()["train"]["outs"][0]["md5"] == before
    assert lock(rate=0.2)["train"]["outs"][0]["md5"] != before
    assert lock(train="more\n")["train"]["outs"][0]["md5"] != before


def test_a_folder_in_storage_is_told_by_its_hash() -> None:
    folder = stored("pictures", size=1_000_000, nfiles=12)
    assert folder.md5.endswith(".dir")
    assert 970_000 <= folder.size <= 1_030_000
    [out] = safeyaml.load(dvc_file("pictures", folder)).value["outs"]
    assert out == {**folder.record("pictures")}
    assert next(iter(out)) == "md5"


def test_plots_are_valid_and_show_the_scores_they_are_made_from() -> None:
    roc = json.loads(roc_curve(0.8))["roc"]
    area = sum(
        (right["fpr"] - left["fpr"]) * (right["tpr"] + left["tpr"]) / 2
        for left, right in pairwise(roc)
    )
    assert area == pytest.approx(0.8, abs=0.005)
    rows = list(csv.DictReader(confusion("x", ["a", "b", "c"], 0.9, 400).splitlines()))
    assert {row["predicted"] for row in rows} == {"a", "b", "c"}
    right = sum(row["actual"] == row["predicted"] for row in rows) / len(rows)
    assert right == pytest.approx(0.9, abs=0.04)
    losses = list(csv.DictReader(loss_series("x", 30, 2.0, 0.5).splitlines()))
    assert float(losses[0]["val_loss"]) > float(losses[-1]["val_loss"]) > 0.5
    assert all(0 <= noise("x", number) < 1 for number in range(100))
    assert json.loads(json_text({"å": 1})) == {"å": 1}


def test_pictures_are_whole() -> None:
    png = shelf_picture("x", 5)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    start = png.index(b"IDAT")
    size = int.from_bytes(png[start - 4 : start], "big")
    assert len(zlib.decompress(png[start + 4 : start + 4 + size])) == 96 * 81
    assert bar_chart("Bars", {"a": 2, "b": 1}).count("<rect") == 3
