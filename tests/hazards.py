"""Hostile repositories beside a healthy model, and what their portals are held to.

Every repository of `repository` holds the model `good` at v1.0.0 in prod, described, labelled and
measured. Whatever else a test puts in, `assert_good` holds of the portal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from sitegen import config, pipeline
from sitegen.errors import Problem
from tests.conftest import ROOT
from tests.gitrepo import GitRepo

GOOD = {
    "artifacts.yaml": "good: {type: model, description: A healthy model, labels: [fine]}\n",
    "metrics.json": '{"f1": 0.8125}\n',
}


class Portal(NamedTuple):
    """A published folder and the problems it was published with."""

    folder: Path
    problems: tuple[Problem, ...]

    def text(self, path: str) -> str:
        """A published file as text."""
        return (self.folder / path).read_bytes().decode()

    def json(self, path: str) -> Any:
        """A published data file, read as strictly as the strictest of its readers."""
        return strict_json(self.text(path))

    def models(self) -> dict[str, Any]:
        """The models of `registry.json` by name, each with all that its own file says of it."""
        rows = self.json("api/v1/registry.json")["models"]
        return {row["name"]: self.json(row["api"]) for row in rows}

    def files(self) -> dict[str, bytes]:
        """Path -> bytes of everything published."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def texts(self) -> dict[str, str]:
        """Path -> text of everything published but the search index, which is packed."""
        found = self.files().items()
        return {path: data.decode() for path, data in found if not path.startswith("data/search/")}

    def pages(self) -> dict[str, str]:
        """Path -> text of every HTML page."""
        return {p: data.decode() for p, data in self.files().items() if p.endswith(".html")}


def repository(path: Path, files: Mapping[str, str | bytes] | None = None) -> GitRepo:
    """A repository with the healthy model, which later tags and commits leave alone."""
    repo = GitRepo(path)
    repo.commit({**GOOD, **(files or {})}, "Train the good one")
    repo.tag("good@v1.0.0")
    repo.tag("good#prod#1")
    return repo


def publish(*repos: GitRepo | Path, output: str = "_site", **options: Any) -> Portal:
    """Build the portal of some repositories beside the first of them."""
    paths = [repo.path if isinstance(repo, GitRepo) else repo for repo in repos]
    settings = config.default([str(path) for path in paths], folder=paths[0].parent, environ={})
    settings = config.override(settings, output=output, folder=paths[0].parent)
    built = pipeline.build(settings, **options)
    return Portal(built.output, built.problems)


def sitegen(
    *arguments: str | Path, folder: Path, check: bool = True, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`. With `check` an exit status other than 0 is an error."""
    where = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": where, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def strict_json(text: str) -> Any:
    """JSON as RFC 8259 has it: no NaN, no key twice."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is no JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), "a key stands twice"
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def assert_good(portal: Portal) -> None:
    """The healthy model is published whole: what it is, where it stands, what it measures."""
    good = portal.models()["good"]
    [version] = [row for row in good["versions"] if row["version"] == "v1.0.0"]
    assert good["latest"] == "v1.0.0"
    assert good["stages"]["prod"] == ["v1.0.0"]
    assert (version["description"], version["labels"]) == ("A healthy model", ["fine"])
    assert version["metrics"]["metrics.json"]["f1"] == 0.8125
    assert [event["tag"] for event in good["history"]][-2:] == ["good#prod#1", "good@v1.0.0"]
    page = portal.text(version["url"])
    assert "A healthy model" in page
    assert "0.8125" in page
    assert "good" in portal.text("index.html")


def assert_diagnosed(portal: Portal, kind: str, **where: str) -> Problem:
    """There is one such problem, told with its place and reason, also in the portal itself."""
    [found] = [
        problem
        for problem in portal.problems
        if problem.kind == kind and all(getattr(problem, k) == v for k, v in where.items())
    ]
    assert found.repo
    assert found.ref or found.path
    assert found.reason
    told = portal.json("api/v1/problems.json")
    assert sum(row["kind"] == kind and row["reason"] == found.reason for row in told) >= 1
    assert "problems.html" in portal.files()
    return found
