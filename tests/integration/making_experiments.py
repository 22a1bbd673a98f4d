"""A repository whose commits use everything that DVC reads metrics, params and data from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.gitrepo import GitRepo

PIPELINE = """\
vars:
- folder: models
- sizes.yaml:sizes
params: [extra.toml]
metrics: [summary.yaml]
stages:
  prepare:
    cmd: python prepare.py ${prepare.split}
    deps: [data/raw.csv, prepare.py]
    params: [prepare]
    outs: [data/ready]
  train:
    foreach: ${models}
    do:
      cmd: python train.py ${key}
      deps: [data/ready]
      params:
      - models.${key}
      - settings.py:
        - Train.rate
        - SEED
      outs:
      - ${folder}/${key}.pkl:
          cache: true
      metrics:
      - metrics/${key}.json: {cache: false}
      plots:
      - plots/${key}.csv: {cache: false}
  evaluate:
    matrix:
      model: [forest, boost]
      size: ${sizes}
    cmd: python evaluate.py ${item.model} ${item.size}
    deps: ['${folder}/${item.model}.pkl']
    outs: ['eval/${item.model}-${item.size}.npy']
"""
CV = """\
stages:
  fit:
    wdir: work
    vars: [rounds.yaml]
    cmd: python fit.py ${rounds}
    deps: [../images, fit.py]
    params: [lr, net]
    outs: [net.pt]
    metrics: [score.json: {cache: false}]
"""
LIVE = "params:\n- params.yaml\nmetrics:\n- metrics.json\nplots:\n- plots/metrics:\n    x: step\n"
SETTINGS = '''\
"""Settings."""
SEED: int = 7
NAMES = ["a", "b"]
COMPUTED = SEED * 2


class Train:
    rate = 0.10
    table = {"a": 1, "b": {"c": None}}

    def __init__(self):
        self.depth = 3
'''


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def lock(run: int, sizes: tuple[str, ...] = ("s", "l")) -> str:
    """What DVC would have written after running the pipeline."""
    steps = {
        "prepare": (["data/raw.csv", "prepare.py"], ["data/ready"]),
        **{
            f"train@{key}": (["data/ready"], [f"metrics/{key}.json", f"models/{key}.pkl"])
            for key in ("forest", "boost")
        },
        **{
            f"evaluate@{key}-{size}": ([f"models/{key}.pkl"], [f"eval/{key}-{size}.npy"])
            for key in ("forest", "boost")
            for size in sizes
        },
    }
    lines = ["schema: '2.0'", "stages:"]
    for name, (deps, outs) in steps.items():
        lines += [f"  {name}:", "    cmd: python it.py"]
        for kind, paths in (("deps", deps), ("outs", outs)):
            lines.append(f"    {kind}:")
            for path in paths:
                folder = path == "data/ready"
                lines += [
                    f"    - path: {path}",
                    "      hash: md5",
                    f"      md5: {md5(f'{path} {run}')}{'.dir' * folder}",
                    f"      size: {1_000 + run}",
                    *(["      nfiles: 3"] if folder else []),
                ]
    return "\n".join(lines) + "\n"


def params(run: int) -> str:
    return (
        f"prepare: {{split: 0.{run}}}\n"
        f"models:\n  forest: {{trees: {100 + run}, cache: true}}\n"
        "  boost: {rate: 1e-3, cache: false}\n"
        "unused: 1\n"
    )


def make_experiments(path: Path) -> GitRepo:
    """The repository, on main. Its branches, tags and DVC experiments stand below."""
    repo = GitRepo(path)
    repo.commit({".dvc/config": "", ".dvc/.gitignore": "/cache\n/tmp\n", ".dvcignore": ""})
    repo.commit({"README.md": "Nothing to see yet.\n"}, "Describe it [skip studio]")
    repo.commit(
        {
            "dvc.yaml": PIPELINE,
            "dvc.lock": lock(1),
            "sizes.yaml": "sizes: [s, l]\n",
            "params.yaml": params(1),
            "extra.toml": 'name = "first"\n[deep]\nrate = 1e-2\nlist = [1, 2]\n',
            "settings.py": SETTINGS,
            "summary.yaml": "f1: 0.5\nloss: {train: 1.0, test: 2}\nok: true\nnone: null\n",
            "metrics/forest.json": json.dumps({"f1": 0.1, "by": {"a": 1, "b": [1, 2]}}),
            "metrics/boost.json": '{"f1": 0.25, "best": NaN}',
        },
        "Start",
    )
    start = repo.head
    repo.commit(
        {
            "params.yaml": params(2),
            "dvc.lock": lock(2),
            "metrics/forest.json": json.dumps({"f1": 0.2}),
        },
        "Split otherwise",
    )
    second = repo.head
    repo.commit({"README.md": "More words.\n"}, "Change nothing that counts")
    repo.commit(
        {
            "sizes.yaml": "sizes: [s, m, l]\n",
            "metrics/boost.json": None,
            "data/raw.csv.dvc": (
                f"outs:\n- md5: {md5('raw')}\n  size: 70\n  hash: md5\n  path: raw.csv\n"
            ),
            "data/old.dvc": f"outs:\n- md5: {md5('old')}.dir\n  path: old\n",
            # Until "No metrics" takes it back, DVC looks for nothing there.
            ".dvcignore": "/old/\n",
            "old/dvc.yaml": "metrics: [m.json]\nparams: [p.yaml]\n",
            "old/m.json": '{"old": 1}',
            "old/p.yaml": "old: 2\n",
            "old/x.csv.dvc": f"outs:\n- md5: {md5('x')}\n  size: 3\n  path: x.csv\n",
        },
        "Add data",
    )
    repo.commit(
        {
            "cv/dvc.yaml": CV,
            "cv/dvc.lock": (
                "schema: '2.0'\nstages:\n  fit:\n    cmd: python fit.py\n    deps:\n"
                f"    - path: ../images\n      hash: md5\n      md5: {md5('i')}.dir\n"
                f"      size: 9\n      nfiles: 2\n    - path: fit.py\n      md5: {md5('f')}\n"
                f"      size: 3\n    outs:\n    - path: net.pt\n      hash: md5\n"
                f"      md5: {md5('n')}\n      size: 12345678901\n"
            ),
            "cv/work/params.yaml": "lr: 0.010\nnet:\n  width: 3\n  depth: 4\nother: 5\n",
            "cv/work/rounds.yaml": "rounds: 3\nunused: 4\n",
            "cv/work/score.json": '{"iou": 0.75}',
            "dvclive/dvc.yaml": LIVE,
            "dvclive/params.yaml": "epochs: 3\noptimizer: {name: adam, on: yes}\n",
            "dvclive/metrics.json": '{"loss": 1.5e-05, "step": 9}',
        },
        "Look at images, too",
    )
    middle = repo.head
    side = repo.commit({"params.yaml": params(5), "dvc.lock": lock(5)}, "Try five", "side")
    repo.commit({"cv/dvc.lock": None, "cv/dvc.yaml": CV.replace("lr, net", "lr")}, "Run it anew")
    repo.commit(
        {
            "dvclive/dvc.yaml": LIVE.replace("metrics:\n- metrics.json\n", ""),
            ".dvcignore": "old/*.json\nold/p.yaml\n",
        },
        "No metrics",
    )
    repo.commit({"note": "x"}, "Take the side in", merge=side)
    repo.commit({"dvc.yaml": "stages: [\n", "metrics.json": '{"f1": 0.3}'}, "Break it", "broken")
    tagged = repo.commit({"metrics/forest.json": json.dumps({"f1": 0.9})}, "Best", "gone")
    repo.tag("best", tagged)
    repo.git("update-ref", "-d", "refs/heads/gone")
    for name, baseline, run in (("able-fox", second, 7), ("calm-owl", second, 8), ("x", middle, 9)):
        repo.git("checkout", "-q", "--detach", baseline)
        made = repo.commit({"params.yaml": params(run), "dvc.lock": lock(run)}, f"Try {run}")
        repo.checkout("main")
        repo.ref(f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}", made)
    repo.ref("refs/exps/exec/EXEC_BASELINE", start)
    return repo
