"""The files of the vision monorepo."""

from __future__ import annotations

import json

from sitegen import safeyaml
from sitegen.demo.vision import FIRST_READER, FIRST_RUN
from sitegen.demo.vision_files import BACKBONE, backbone, detection, ocr, shared


def test_the_projects_rest_on_the_same_backbone() -> None:
    md5 = backbone("2025-01").md5
    for lock in (
        detection(FIRST_RUN, "2025-01")["detection/dvc.lock"],
        ocr(FIRST_READER, "2025-01")["ocr/dvc.lock"],
    ):
        deps = safeyaml.load(lock).value["stages"]["train"]["deps"]
        assert [dep["md5"] for dep in deps if dep["path"] == BACKBONE] == [md5]
    assert md5 in shared("2025-01")["shared/models/backbone.pt.dvc"]


def test_a_run_logs_its_scores_as_dvclive_does() -> None:
    run = FIRST_RUN.having(train={"epochs": 12}, scores=(0.5, 0.25, 1.5))
    files = detection(run, "2025-01")
    metrics = json.loads(files["detection/dvclive/metrics.json"])
    assert metrics["val"] == {"loss": 1.5, "mAP50": 0.5, "mAP50-95": 0.25}
    series = str(files["detection/dvclive/plots/metrics/val/mAP50.tsv"]).splitlines()
    assert series[0] == "step\tmAP50"
    assert series[-1] == "11\t0.5"
    assert "mAP@50" in str(files["detection/README.md"])
