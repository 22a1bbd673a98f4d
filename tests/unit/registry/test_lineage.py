"""Where a version comes from: finding a path in what DVC records."""

from __future__ import annotations

import pytest

from sitegen.registry.lineage import Data, Pipeline, PipelineStep, Tracked, find_data

FOLDER = Data("models", "a.dir", "md5")
INNER = Data("models/best", "b.dir", "md5")
MODEL = Data("models/best/m.pkl", "c", "md5")
UNKNOWN = Data("out")
LATER = Data("out", "d", "md5")
RAW = Data("data/raw.csv", "e", "md5")
PIPELINE = Pipeline(
    (
        PipelineStep("one", "dvc.lock", outs=(FOLDER, UNKNOWN)),
        PipelineStep("two", "dvc.lock", outs=(INNER, MODEL, LATER)),
    ),
    (Tracked("data/raw.csv.dvc", "added", (RAW,)),),
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models", FOLDER),
        ("models/", FOLDER),
        ("models/best/m.pkl", MODEL),
        ("models/best/other.pkl", INNER),
        ("models/x/y", FOLDER),
        ("out", LATER),
        ("data/raw.csv", RAW),
        # A file holds no other.
        ("data/raw.csv/x", None),
        ("data", None),
        ("modelsx/a", None),
        ("/models", None),
        ("../models", None),
        ("", None),
    ],
)
def test_a_path_is_an_output_or_lies_in_a_folder_that_is_one(
    path: str, expected: Data | None
) -> None:
    assert find_data(PIPELINE, path) == expected


def test_a_folder_without_a_hash_may_hold_a_file() -> None:
    assert find_data(PIPELINE, "out/x") == UNKNOWN
