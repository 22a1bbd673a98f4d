"""A repository whose metrics have the same names in several files, and its portal.

DVC has never run its pipeline.

main    start - second - merge - (one-try and other-try, DVC experiments)
side            second - docs, which is merged
"""

from __future__ import annotations

import json
from pathlib import Path

from sitegen import config, pipeline
from tests.gitrepo import GitRepo

PAGE = "projects/twins.html"
SEED = 12345678901234567891
DVC = """\
metrics: [a/metrics.json, b/metrics.json]
params: [params.yaml]
stages:
  train: {cmd: python train.py, outs: [model.pkl]}
artifacts:
  finder: {path: model.pkl, type: model}
"""


def files(acc: float, other: float) -> dict[str, str]:
    return {
        "a/metrics.json": json.dumps({"acc": acc, "size": 5}),
        "b/metrics.json": json.dumps({"acc": other}),
        "params.yaml": f"rate: {acc}\nkind: plain\nseed: {SEED}\n",
    }


def make(path: Path) -> GitRepo:
    repo = GitRepo(path)
    repo.commit({"dvc.yaml": DVC, **files(0.5, 0.25)}, "Start")
    repo.tag("finder@v1.0.0")
    repo.tick(60)
    second = repo.commit(files(0.625, 0.5), "Second")
    repo.git("checkout", "-q", "-b", "side", second)
    repo.tick(60)
    side = repo.commit({"README.md": "Read me"}, "Describe it at some length, as one does")
    repo.checkout("main")
    repo.tick(60)
    last = repo.commit(files(0.75, 0.375), "Merge what was learned", merge=side)
    for name, acc in (("one-try", 0.875), ("other-try", 0.125)):
        repo.tick(60)
        repo.git("checkout", "-q", "--detach", last)
        made = repo.commit(files(acc, 0.5), f"Run {name}")
        repo.ref(f"refs/exps/{last[:2]}/{last[2:]}/{name}", made)
    repo.checkout("main")
    return repo


def build(folder: Path) -> Path:
    """The folder of its portal."""
    repo = make(folder / "twins")
    settings = config.default([str(repo.path)], folder=folder, environ={})
    settings = config.override(settings, output="site", folder=folder)
    pipeline.build(settings)
    return folder / "site"
