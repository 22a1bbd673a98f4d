"""A history of experiments of any length: five files change at each commit, one of them a dvc.lock
of some 4 kB, as `dvc exp run` and `git commit` leave them behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from tests.gitrepo import START, GitRepo

STEPS = 6
# Of the pipeline's steps those after the changed param run again.
RUN_AGAIN = 3

DVC = "\n".join([
    "stages:",
    *(
        f"  step{step}:\n"
        f"    cmd: python src/step{step}.py --in data/part{step}.csv --out models/{step}.pkl\n"
        "    deps:\n"
        + "".join(f"    - data/part{step}_{n}.csv\n" for n in range(3))
        + "    params:\n    - train.lr\n    - train.epochs\n"
        "    outs:\n"
        + "".join(f"    - models/model{step}_{n}.pkl\n" for n in range(2)).rstrip("\n")
        for step in range(STEPS)
    ),
    "metrics:",
    "- metrics.json",
    "- evaluation/metrics.json",
    "",
])  # fmt: skip


def generate_history(path: Path, commits: int) -> Path:
    """A packed repository with this many commits on main."""
    repo = GitRepo(path)
    repo.fast_import(b"".join(stream(commits)))
    repo.git("repack", "-adq")
    repo.git("pack-refs", "--all")
    repo.git("reset", "-q", "--hard")
    return repo.path


def stream(commits: int) -> Iterator[bytes]:
    for number in range(commits):
        person = f"Ada <ada@example.com> {START + number * 60} +0000"
        yield f"commit refs/heads/main\nmark :{number + 1}\n".encode()
        yield f"author {person}\ncommitter {person}\n".encode()
        yield _data(f"Try number {number}")
        files = changing(number)
        if not number:
            files |= {"dvc.yaml": DVC, ".dvc/config": "", ".dvcignore": ""}
        for name, content in files.items():
            yield f"M 100644 inline {name}\n".encode() + _data(content)


def changing(number: int) -> dict[str, str]:
    """The files of one commit that no other has like this."""
    return {
        "dvc.lock": lock(number),
        "params.yaml": (
            f"seed: 42\ntrain:\n  lr: 0.{number + 1:05}\n  epochs: {number + 10}\n"
            "  layers: [64, 32]\nevaluate:\n  threshold: 0.5\n"
        ),
        "metrics.json": json.dumps(
            {"f1": number / 65_536, "loss": {"train": number + 0.5, "test": number + 0.25}}
        ),
        "evaluation/metrics.json": json.dumps({"auc": 1 / (number + 1), "n": number}, indent=4),
        "data/raw.csv.dvc": (
            f"outs:\n- md5: {_md5('raw', number)}\n  size: {number + 1_000}\n"
            "  hash: md5\n  path: raw.csv\n"
        ),
    }


def lock(number: int) -> str:
    """The dvc.lock of a commit."""
    lines = ["schema: '2.0'", "stages:"]
    for step in range(STEPS):
        run = number if step >= STEPS - RUN_AGAIN else number // 50
        lines += [
            f"  step{step}:",
            f"    cmd: python src/step{step}.py --in data/part{step}.csv --out models/{step}.pkl",
            "    deps:",
        ]
        for n in range(3):
            lines += _entry(f"data/part{step}_{n}.csv", run, 1_000)
        lines += [
            "    params:",
            "      params.yaml:",
            f"        train.epochs: {run + 10}",
            f"        train.lr: 0.{run + 1:05}",
            "    outs:",
        ]
        for n in range(2):
            lines += _entry(f"models/model{step}_{n}.pkl", run, 500_000)
    return "\n".join(lines) + "\n"


def _entry(path: str, run: int, size: int) -> list[str]:
    return [
        f"    - path: {path}",
        "      hash: md5",
        f"      md5: {_md5(path, run)}",
        f"      size: {size + run}",
    ]


def _md5(name: str, run: int) -> str:
    return hashlib.md5(f"{name} {run}".encode(), usedforsecurity=False).hexdigest()


def _data(text: str) -> bytes:
    return f"data {len(text.encode())}\n{text}\n".encode()
