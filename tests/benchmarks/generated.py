"""A large registry of any size, made in one go with git fast-import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.gitrepo import START, GitRepo

STAGES = ("dev", "staging", "prod")


def generate(path: Path, models: int, versions: int, commits: int) -> Path:
    """A packed repository: each model has its versions and seven assignments, a second apart."""
    repo = GitRepo(path)
    repo.fast_import(b"".join(stream(models, versions, commits)))
    repo.git("repack", "-adq")
    repo.git("pack-refs", "--all")
    return repo.path


def stream(models: int, versions: int, commits: int) -> Iterator[bytes]:
    for i in range(commits):
        person = f"Ada <ada@example.com> {START + i * 60} +0000"
        yield f"commit refs/heads/main\nmark :{i + 1}\n".encode()
        yield f"author {person}\ncommitter {person}\n".encode()
        yield _data(f"Change number {i}")
        yield f"M 100644 inline f{i % 50}.txt\n".encode() + _data(f"content {i}")
    now = START + commits * 60
    for m in range(models):
        for v in range(versions):
            now += 1
            yield _tag(f"model-{m:04}@v1.{v}.0", (m * versions + v) % commits, now, f"Version {v}")
        for s in range(7):
            now += 1
            commit = (m * versions + s) % commits
            yield _tag(f"model-{m:04}#{STAGES[s % 3]}#{s + 1}", commit, now, "Move it")


def _tag(name: str, commit: int, when: int, message: str) -> bytes:
    tagger = f"Grace Example <grace@example.com> {when} +0200"
    return f"tag {name}\nfrom :{commit + 1}\ntagger {tagger}\n".encode() + _data(message)


def _data(text: str) -> bytes:
    return f"data {len(text.encode())}\n{text}\n".encode()
