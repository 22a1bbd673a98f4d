"""Portals of what is seldom, long or missing, and where their pages are."""

from __future__ import annotations

import json
from pathlib import Path

from sitegen import config, pipeline
from sitegen.site import urls
from tests.benchmarks.generated import generate
from tests.gitrepo import GitRepo

LONG = "long-name-of-a-model-that-nobody-remembers/" + "customer-churn-prediction-" * 2 + "x" * 25
STAGES = (
    "dev", "test", "qa", "staging", "canary", "beta",
    "preprod", "prod", "prod-eu", "prod-us", "shadow", "archive",
)  # fmt: skip

# State -> the portal's folder and the page in it.
STATES = {
    "awkward: the dashboard": ("hostile", urls.DASHBOARD),
    "awkward: the model": ("hostile", urls.model("keys", LONG)),
    "awkward: a version": ("hostile", urls.version("keys", LONG, "v1.0.0")),
    "awkward: projects": ("hostile", urls.PROJECTS),
    "awkward: activity": ("hostile", urls.ACTIVITY),
    "fifty problems": ("hostile", urls.PROBLEMS),
    "a deprecated model": ("hostile", urls.model("keys", "gone")),
    "an unregistered model": ("hostile", urls.model("keys", "idea")),
    "one model": ("one", urls.DASHBOARD),
    "no model": ("none", urls.DASHBOARD),
    "no model: activity": ("none", urls.ACTIVITY),
    "many versions: the model": ("many", urls.model("main", "model-0000")),
    "many versions: one of them": ("many", urls.version("main", "model-0000", "v1.100.0")),
    "many events: the newest": ("many", urls.ACTIVITY),
    "many events: the oldest": ("many", urls.older_activity(1)),
}


def page(folder: Path, state: str) -> Path:
    """The file of a page of `STATES`, below the folder that was given to `build`."""
    portal, path = STATES[state]
    return folder / portal / "site" / path


def build(folder: Path) -> None:
    """Write every portal. Some repositories are called as elements of pages are: main, keys."""
    one = GitRepo(folder / "one" / "main")
    one.commit({"code.py": "1"})
    one.tag("churn@v1.0.0")
    none = GitRepo(folder / "none" / "quick")
    none.commit({"code.py": "1"})
    _publish(folder / "hostile", one.path, _hostile(folder / "hostile" / "keys").path)
    _publish(folder / "one", one.path)
    _publish(folder / "none", none.path)
    _publish(folder / "many", generate(folder / "many" / "main", 4, 250, 250))


def _publish(folder: Path, *repositories: Path) -> None:
    settings = config.default([str(path) for path in repositories], folder=folder, environ={})
    settings = config.override(settings, output="site", folder=folder)
    pipeline.build(settings, allow_empty=True)


def _hostile(path: Path) -> GitRepo:
    """Names of 120 characters, a description of 4,000, NaN, twelve stages, fifty problems."""
    repo = GitRepo(path)
    description = ("It does not end, and a/path/of/" + "x" * 200 + " cannot be broken. ") * 20
    models = {
        LONG: {
            "type": "model",
            "path": f"models/{'deep/' * 30}model.pkl",
            "labels": [f"label-{i}-that-is-a-little-long" for i in range(12)],
            "description": description[:4000],
        },
        "gone": {"type": "model", "description": "Old"},
        "idea": {"type": "model", "description": "Word"},
        "purchases": {"type": "dataset", "path": "purchases.csv"},
    }
    metrics = '{"f1": NaN, "loss": Infinity, "a_metric.of.many.parts.that.is.not.short": 0.1234567}'
    params = {"rate": 0.1, "sizes": [1, 2, 3], "name": "y" * 300}
    files = {"metrics.json": metrics, "params.json": json.dumps(params)}
    repo.commit({"artifacts.yaml": json.dumps(models), **files}, "A subject of many words " * 12)
    repo.tag(f"{LONG}@v1.0.0", message="A message of many words. " * 40)
    repo.tag("gone@v1.0.0")
    repo.tag("gone@deprecated", message="Use something else")
    repo.commit({"metrics.json": '{"f1": 0.5, "loss": NaN}'})
    repo.tag(f"{LONG}@v2.0.0-rc.1.alpha.beta.gamma.delta.20240101")
    for number, stage in enumerate(STAGES, start=1):
        repo.tag(f"{LONG}#{stage}#{number}")
    for number in range(50):
        repo.lightweight_tag(f"{LONG}@v3.{number}.0")
    return repo
