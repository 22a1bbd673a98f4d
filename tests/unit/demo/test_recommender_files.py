"""The files of the recommender project."""

from __future__ import annotations

import json

from sitegen import safeyaml
from sitegen.demo.recommender import START
from sitegen.demo.recommender_files import item_dedup_mlem, project


def test_states_merge_key_by_key_and_leave_the_old_one_alone() -> None:
    later = START.having(params={"ranker": {"trees": 1}}, code="2")
    assert later.params["ranker"] == {**START.params["ranker"], "trees": 1}
    assert START.params["ranker"]["trees"] == 300
    assert later.code == "2"


def test_the_annotations_stand_in_both_files_and_the_lock_names_each_market() -> None:
    files = project(START)
    artifacts = safeyaml.load(files["artifacts.yaml"]).value
    pipeline = safeyaml.load(files["dvc.yaml"]).value
    assert "ranker" in artifacts
    assert pipeline["artifacts"]["ranker"]["path"] == "${paths.ranker}"
    assert "replay@uy" in safeyaml.load(files["dvc.lock"]).value["stages"]
    assert json.loads(files["reports/replay/uy.json"])["sessions"] == 17_400


def test_metadata_of_the_older_form_names_its_framework() -> None:
    assert item_dedup_mlem()["model_type"]["type"] == "onnx"
