"""A large registry of any size, made in one go with git fast-import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.gitrepo import START, GitRepo

STAGES = ("dev", "staging", "prod")
ARTIFACTS = 800
# How often artifacts.yaml changes in the whole history.
EDITIONS = 4
DVC = """\
vars: [{folder: models}]
metrics: [metrics.json]
params: [params.yaml]
artifacts:
  model-0000: {path: "${folder}/${name}.pkl", type: model, desc: The first}
"""


def generate(path: Path, models: int, versions: int, commits: int, metadata: bool = False) -> Path:
    """A packed repository: each model has its versions and seven assignments, a second apart.

    metadata: it has artifacts.yaml, dvc.yaml, metrics and params as well.
    """
    repo = GitRepo(path)
    repo.fast_import(b"".join(stream(models, versions, commits, metadata)))
    repo.git("repack", "-adq")
    repo.git("pack-refs", "--all")
    return repo.path


def stream(models: int, versions: int, commits: int, metadata: bool = False) -> Iterator[bytes]:
    for i in range(commits):
        person = f"Ada <ada@example.com> {START + i * 60} +0000"
        yield f"commit refs/heads/main\nmark :{i + 1}\n".encode()
        yield f"author {person}\ncommitter {person}\n".encode()
        yield _data(f"Change number {i}")
        yield f"M 100644 inline f{i % 50}.txt\n".encode() + _data(f"content {i}")
        if metadata:
            yield from _metadata(i, commits)
    now = START + commits * 60
    for m in range(models):
        for v in range(versions):
            now += 1
            yield _tag(f"model-{m:04}@v1.{v}.0", (m * versions + v) % commits, now, f"Version {v}")
        for s in range(7):
            now += 1
            commit = (m * versions + s) % commits
            yield _tag(f"model-{m:04}#{STAGES[s % 3]}#{s + 1}", commit, now, "Move it")


def _metadata(i: int, commits: int) -> Iterator[bytes]:
    """Metrics and params change at every commit, artifacts.yaml now and then, dvc.yaml never."""
    files = {
        "metrics.json": f'{{"f1": 0.{i:05}, "loss": {{"train": {i}.5, "test": {i}.25}}}}',
        "params.yaml": f"name: best\ntrain: {{lr: 0.00{i}, epochs: {i}}}\nseed: 42\n",
    }
    if i == 0:
        files |= {"dvc.yaml": DVC, "models/best.pkl": "the model"}
    edition, rest = divmod(i * EDITIONS, commits)
    if rest < EDITIONS:
        files["artifacts.yaml"] = "".join(
            f"model-{m:04}:\n  type: model\n  path: models/m{m}.pkl\n  labels: [a, team-{m % 7}]\n"
            f"  description: Model number {m}, edition {edition if m % 9 == 0 else 0}\n"
            for m in range(ARTIFACTS)
        )
    for path, text in files.items():
        yield f"M 100644 inline {path}\n".encode() + _data(text)


def _tag(name: str, commit: int, when: int, message: str) -> bytes:
    tagger = f"Grace Example <grace@example.com> {when} +0200"
    return f"tag {name}\nfrom :{commit + 1}\ntagger {tagger}\n".encode() + _data(message)


def _data(text: str) -> bytes:
    return f"data {len(text.encode())}\n{text}\n".encode()
