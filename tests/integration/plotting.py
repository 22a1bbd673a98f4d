"""A repository with every form of plot that DVC knows, for the tests that ask DVC itself."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

from tests.gitrepo import GitRepo

DVC_YAML = """
vars:
- where: {dir: plots}
  names: [up, down]
plots:
- ${where.dir}/metrics: {x: step}
- ${where.dir}/metrics/lr.tsv: {x: step, title: Rate, x_label: round, y_label: rate}
- plots/images
- eval.json: {x: fpr, y: tpr, template: simple}
- eval.yaml
- several.csv: {x: step, y: [train, test], template: smooth}
- compared:
    x: step
    y: {plots/metrics/loss.csv: loss, several.csv: [train, test]}
    template: scatter
    title: Compared
- joined:
    x: {several.csv: step}
    y: {plots/metrics/loss.csv: loss}
- crossed:
    x: {several.csv: step, plots/metrics/loss.csv: epoch}
    y: {several.csv: train, plots/metrics/loss.csv: loss}
    template: linear
- jittered: {x: predicted, y: {classes.csv: actual}, template: scatter_jitter}
- importance: {x: weight, y: {weights.json: name}, template: bar_horizontal_sorted}
- importances:
    x: weight
    y: {weights.json: name, more.json: name}
    template: bar_horizontal
- matrices:
    x: predicted
    y: {classes.csv: actual, more.csv: actual}
    template: confusion
- odd: {x: a.b, y: {odd.json: 'c[0]'}}
stages:
  train:
    cmd: python train.py
    plots:
    - classes.csv: {cache: false, x: predicted, y: actual, template: confusion}
    - several.csv: {cache: false, y: test}
  evaluate:
    foreach: ${names}
    do:
      cmd: python evaluate.py
      plots:
      - ${item}.tsv:
          cache: false
          x: predicted
          y: actual
          template: confusion_normalized
          title: Classes ${item}
  bare:
    cmd: python bare.py
    plots:
    - bare.csv: {cache: false, header: false, x: '0', y: '1', template: mine}
"""
LIVE = """
params: [params.yaml]
plots:
- plots/metrics: {x: step}
- Accuracy:
    x: step
    y: {plots/metrics/acc.tsv: acc}
    y_label: accuracy
- joined: {x: step, y: {plots/metrics/acc.tsv: acc}}
"""
MINE = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": "<DVC_METRIC_DATA>"},
    "title": "Of <DVC_METRIC_TITLE>",
    "mark": {"type": "point", "tooltip": {"content": "data"}},
    "encoding": {
        "x": {"field": "<DVC_METRIC_X>", "type": "quantitative", "title": "<DVC_METRIC_X_LABEL>"},
        "y": {"field": "<DVC_METRIC_Y>", "type": "quantitative", "title": "<DVC_METRIC_Y_LABEL>"},
        "color": {"field": "rev", "type": "nominal"},
    },
}


def picture(red: int) -> bytes:
    """A PNG of one colour, four pixels wide."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    row = b"\0" + bytes([red, 90, 160]) * 4
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * 4))
        + chunk(b"IEND", b"")
    )


def files(at: int) -> dict[str, str | bytes]:
    """Every file at one commit; `at` makes the data of commits different."""
    classes = ["cat", "dog", "eel"]
    rows = [(classes[(n * at) % 3], classes[n % 3]) for n in range(9)]
    table = "actual,predicted\n" + "".join(f"{a},{b}\n" for a, b in rows)
    loss = "step,epoch,loss\n" + "".join(f"{n},{n / 2},{1 / (n + at):.3f}\n" for n in range(12))
    several = "step,train,test\n" + "".join(f"{n},{n * at},{n + at}\n" for n in range(12))
    return {
        ".dvc/config": "",
        ".dvc/plots/mine.json": json.dumps(MINE),
        "dvc.yaml": DVC_YAML,
        "live/dvc.yaml": LIVE,
        "live/params.yaml": "lr: 1\n",
        "live/plots/metrics/acc.tsv": f"step\tacc\n0\t0.5\n1\t0.{at}\n",
        "plots/metrics/loss.csv": loss,
        "plots/metrics/lr.tsv": f"step\tlr\n0\t{at}\n1\t1e-3\n",
        "plots/images/a.png": picture(at),
        "plots/images/deep/b.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="{at}"/>',
        "eval.json": json.dumps(
            {"train": [{"fpr": 0.0, "tpr": 0.1 * at}, {"fpr": 1.0, "tpr": 1}], "note": "text"}
        ),
        "eval.yaml": f"data:\n- {{step: 0, f1: 0.5}}\n- {{step: 1, f1: 0.{at}}}\n",
        "several.csv": several,
        "classes.csv": table,
        "more.csv": table.replace("cat", "dog"),
        "up.tsv": table.replace(",", "\t"),
        "down.tsv": table.replace(",", "\t").replace("eel", "cat"),
        "weights.json": json.dumps([{"weight": at, "name": "age"}, {"weight": 2, "name": "sum"}]),
        "more.json": json.dumps([{"weight": 3, "name": "age"}, {"weight": at, "name": "sum"}]),
        "odd.json": json.dumps([{"a.b": 1, "c[0]": at}, {"a.b": 2, "c[0]": 3}]),
        "bare.csv": f"0,{at}\n1,5\n",
    }


def make(path: Path) -> GitRepo:
    """The repository: three versions of model `m`, the last of which names columns otherwise."""
    repo = GitRepo(path)
    for at in (1, 2, 3):
        changed = files(at)
        changed["artifacts.yaml"] = f"m: {{type: model, labels: [n{at}]}}\n"
        if at == 3:
            changed["dvc.yaml"] = (
                DVC_YAML.replace("y: tpr, template: simple", "y: tpr, title: ROC, x_label: false")
                .replace("x_label: false", "x_label: rate of false alarms")
                .replace("- eval.yaml\n", "- eval.yaml: {x: step, y: f1, y_label: F1}\n")
            )
        repo.commit(changed, f"Train {at}")
        repo.tag(f"m@v{at}.0.0")
        repo.lightweight_tag(f"at{at}")
    return repo
