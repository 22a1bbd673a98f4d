"""The files of the churn project."""

from __future__ import annotations

from sitegen import safeyaml
from sitegen.demo.churn import START
from sitegen.demo.churn_files import project


def test_mlem_and_lock_agree_on_the_model() -> None:
    files = project(START)
    mlem = safeyaml.load(files["models/churn.mlem"]).value
    outs = safeyaml.load(files["dvc.lock"]).value["stages"]["train"]["outs"]
    [model] = [out for out in outs if out["path"] == "models/churn"]
    assert mlem["artifacts"]["data"]["hash"] == model["md5"]
    assert mlem["model_type"]["type"] == "sklearn"


def test_a_card_has_front_matter_and_the_scores() -> None:
    state = START.having(card="Much better.", framework="lightgbm")
    files = project(state)
    _, front, body = files["README.md"].split("---\n", 2)
    assert safeyaml.load(front).value["library_name"] == "lightgbm"
    assert "| ROC AUC | 0.7412 |" in body
    assert "processors" in safeyaml.load(files["models/churn.mlem"]).value
