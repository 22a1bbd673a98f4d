"""A repository with experiments of every kind, and its portal.

main    start - docs - slower - skipped - skipped - best - (tidy-wren, a DVC experiment)
topic                         - sgd
"""

from __future__ import annotations

import json
from pathlib import Path

from sitegen import config, pipeline
from tests.gitrepo import GitRepo

URL = "https://github.com/example/lab"
PAGE = "projects/lab.html"
DVC = """\
metrics: [metrics.json]
params: [params.yaml]
artifacts:
  finder: {path: model.pkl, type: model}
"""


def files(
    f1: float, loss: float, lr: str, optimizer: str = "adam", data: int = 1
) -> dict[str, str]:
    return {
        "metrics.json": json.dumps({"f1": f1, "loss": {"train": loss, "test": loss + 0.125}}),
        "params.yaml": f"lr: {lr}\noptimizer: {optimizer}\nformula: '=1+1'\nseed: -1\n",
        "data.csv.dvc": (
            f"outs:\n- path: data.csv\n  md5: {str(data) * 32}\n  size: 1000\n  hash: md5\n"
        ),
    }


def make(path: Path) -> GitRepo:
    """The repository."""
    repo = GitRepo(path)
    repo.git("remote", "add", "origin", URL)
    repo.commit({"dvc.yaml": DVC, **files(0.5, 0.9, "0.1")}, "Start")
    repo.tag("finder@v0.1.0")
    repo.tick(86400)
    repo.commit({"README.md": "Read me"}, "Write a readme")
    repo.tick(86400)
    slower = repo.commit(files(0.7, 0.6, "0.010", data=2), "Learn slower")
    repo.tick(86400)
    repo.commit(files(0.2, 0.95, "0.5", data=2), "Throw it away [skip sitegen]")
    repo.commit(files(0.3, 0.95, "0.4", data=2), "This one too [skip studio]")
    repo.git("checkout", "-q", "-b", "topic", slower)
    repo.commit(files(0.75, 0.3, "0.05", "sgd", data=2), "Try sgd\n\nAs Ada said.")
    repo.checkout("main")
    repo.tick(86400)
    best = repo.commit(files(0.8, 0.4, "0.01", data=2), "Best so far")
    repo.tag("finder@v1.0.0")
    repo.tag("finder#prod#1")
    repo.git("checkout", "-q", "--detach", best)
    made = repo.commit(files(0.9, 0.5, "0.001", data=2), "Run it as an experiment")
    repo.checkout("main")
    repo.ref(f"refs/exps/{best[:2]}/{best[2:]}/tidy-wren", made)
    return repo


def build(folder: Path) -> Path:
    """The folder of its portal."""
    repo = make(folder / "lab")
    settings = config.default([str(repo.path)], folder=folder, environ={})
    settings = config.override(settings, output="site", folder=folder)
    pipeline.build(settings)
    return folder / "site"
