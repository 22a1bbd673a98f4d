"""The three real registries in one portal say what GTO says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen import config, pipeline

NAMES = ("demo-bank-customer-churn", "example-get-started-experiments", "example-gto")
MODELS = [
    ("demo-bank-customer-churn", "lightgbm-model"),
    ("demo-bank-customer-churn", "randomforest-model"),
    ("demo-bank-customer-churn", "xgboost-model"),
    ("example-get-started-experiments", "pool-segmentation"),
    ("example-gto", "churn"),
    ("example-gto", "cv-class"),
    ("example-gto", "segment"),
]


@pytest.fixture(scope="module")
def portal(real_registry: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portal")
    names = tuple(str(real_registry(name)) for name in NAMES)
    settings = config.default(names, folder=folder, environ={})
    return pipeline.build(settings).output


def api(portal: Path, path: str) -> Any:
    return json.loads((portal / "api/v1" / path).read_bytes())


@pytest.fixture(scope="module")
def expected(registries: Path) -> Callable[[str], Any]:
    return lambda name: json.loads((registries / "expected" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("repo", NAMES)
def test_latest_versions_and_stages_are_gtos(
    repo: str, portal: Path, expected: Callable[[str], Any]
) -> None:
    models = {m["name"]: m for m in api(portal, "registry.json")["models"] if m["repo"] == repo}
    told = expected(f"{repo}.show")
    assert {name for name, m in models.items() if m["registered"]} == set(told)
    for name, state in told.items():
        assert models[name]["latest"] == state["version"]
        held = {stage: versions[0] for stage, versions in models[name]["stages"].items()}
        assert held == {stage: v for stage, v in state["stage"].items() if v}
        assert models[name]["registered"] is state["registered"]
        assert models[name]["deprecated"] is not state["active"]


@pytest.mark.parametrize("repo", NAMES)
def test_the_history_is_gtos(repo: str, portal: Path, expected: Callable[[str], Any]) -> None:
    events = [e for e in api(portal, "events.json") if e["repo"] == repo]
    told = [
        {
            "timestamp": e["timestamp"],
            "repo": repo,
            "artifact": e["artifact"],
            "event": e["event"],
            "version": e["version"],
            "stage": e["stage"],
            "commit": e["commit"],
            "author": e["author"],
            "message": e["message"],
            "tag": e["ref"],
        }
        for e in expected(f"{repo}.history")
    ]

    # Events of one second have an order in one model only; GTO sorts them by kind.
    def key(event: dict[str, Any]) -> tuple[str, str]:
        return event["timestamp"], event["tag"]

    assert sorted(events, key=key) == sorted(told, key=key)
    assert [e["timestamp"] for e in events] == [e["timestamp"] for e in told]


@pytest.mark.parametrize(("repo", "model"), MODELS)
def test_every_version_is_gtos(
    repo: str, model: str, portal: Path, expected: Callable[[str], Any]
) -> None:
    versions = {v["version"]: v for v in api(portal, f"models/{repo}/{model}.json")["versions"]}
    told = {v["version"]: v for v in expected(f"{repo}.{model}")}
    assert set(versions) == set(told)
    for name, theirs in told.items():
        ours = versions[name]
        assert ours["commit"] == theirs["commit_hexsha"]
        assert ours["created_at"] == theirs["created_at"]
        assert ours["author"] == theirs["author"]
        assert ours["message"] == theirs["message"].strip()
        assert ours["active"] is theirs["is_active"]
        assert ours["discovered"] is theirs["discovered"]
        assert sorted(ours["stages"]) == sorted(s["stage"] for s in theirs["stages"])
        assert ours["registered"] is bool(theirs["registrations"])


def test_each_version_shows_its_own_metrics(portal: Path) -> None:
    model = api(portal, "models/demo-bank-customer-churn/lightgbm-model.json")
    metrics = {v["version"]: v["metrics"] for v in model["versions"]}
    assert metrics["v2.0.0"] == {
        "metrics.json": {"f1": 0.6113116726835138, "roc_auc": 0.8600158112931207}
    }
    assert metrics["v2.0.3"] == {
        "metrics.json": {"f1": 0.5882352941176471, "roc_auc": 0.8573432707730649}
    }
    for version in ("v2.0.0", "v2.0.3"):
        page = portal / f"models/demo-bank-customer-churn/lightgbm-model/{version}.html"
        for value in metrics[version]["metrics.json"].values():
            assert str(value) in page.read_text()


def test_each_version_shows_what_was_said_at_its_own_commit(portal: Path) -> None:
    model = api(portal, "models/demo-bank-customer-churn/lightgbm-model.json")
    labels = ["classification", "churn"]
    path = ".mlem/model/lightgbm-model"
    said = {v["version"]: (v["path"], v["description"], v["labels"]) for v in model["versions"]}
    assert said == {
        "v1.0.0": (path, None, labels),
        "v2.0.0": (path, None, labels),
        "v2.0.1": (path, "Customer Churn Classifier Model", labels),
        "v2.0.3": (None, None, []),
    }
    page = (portal / model["versions"][1]["url"]).read_text()
    assert path in page
    assert "Customer Churn Classifier Model" in page
    segment = api(portal, "models/example-gto/segment.json")
    assert segment["versions"][0]["path"] == "s3://mycorp/proj-ml/segm-model-2022-04-15.pt"


def test_metrics_that_are_in_dvc_storage_are_said_to_be_there(portal: Path) -> None:
    model = api(portal, "models/example-get-started-experiments/pool-segmentation.json")
    page = (portal / model["versions"][0]["url"]).read_text()
    assert "results/evaluate/metrics.json" in page
    assert "cached by DVC, not in Git" in page
