"""The JSON of `modelreg` is GTO's: on the real registries and on generated ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.pipeline.opened import open_local, sources_at
from sitegen.registry import gto
from sitegen.registry.gto import Look
from tests.asking import Question, ask_gto
from tests.conftest import Oracle
from tests.gitrepo import GitRepo
from tests.integration.test_gto import RandomRegistry

LOOKS = {
    "plain": (Look(), {}),
    "deprecated": (Look(deprecated=True), {"deprecated": True}),
    "registered only": (Look(registered_only=True), {"registered_only": True}),
    "two a stage": (Look(per_stage=2), {"versions_per_stage": 2}),
    "all of a stage": (
        Look(per_stage=-1, deprecated=True),
        {"versions_per_stage": -1, "deprecated": True},
    ),
    "one a version": (Look(per_version=1), {"assignments_per_version": 1}),
    "by number": (
        Look(by_semver=True, per_stage=-1),
        {"sort": "SemVer", "versions_per_stage": -1},
    ),
}


def compare(oracle: Oracle, repo: Path) -> None:
    """Every question at once: GTO's process is started once a repository."""
    opened = open_local(repo)
    questions: list[Question] = []
    ours: list[Any] = []

    def add(what: str, answer: Any, **args: Any) -> None:
        questions.append((what, args))
        ours.append(answer)

    for look, args in LOOKS.values():
        add("show", gto.show_registry(opened.registry, look, opened.sources), **args)
        for artifact in opened.registry.artifacts.values():
            sources = sources_at(opened, (v.commit for v in artifact.versions))
            shown = gto.show_versions(artifact, look, sources)
            add("show", shown, name=artifact.name, **args)
    add("history", gto.history(opened.registry))
    add("history", gto.history(opened.registry, ascending=True), ascending=True)
    for name in opened.registry.artifacts:
        add("history", gto.history(opened.registry, name), artifact=name)
    for flags in ({}, {"allowed": True}, {"used": True}):
        add("get_stages", gto.list_stages(opened.registry, opened.sources, **flags), **flags)
    for event in (event for a in opened.registry.artifacts.values() for event in a.events):
        add("check_ref", [gto.check_ref(event)], ref=event.tag)
    # Without an artifacts.yaml GTO fails here, so only what stands in one is asked for.
    for name, said in opened.sources.said.get(opened.refs.head, {}).items():
        add("describe", gto.describe(said), name=name)
    for question, mine, (fine, theirs) in zip(
        questions, ours, ask_gto(oracle, repo, questions), strict=True
    ):
        assert fine, (question, theirs)
        assert json.dumps(mine) == json.dumps(theirs), question


@pytest.mark.parametrize(
    "name", ["demo-bank-customer-churn", "example-get-started-experiments", "example-gto"]
)
def test_a_real_registry_prints_as_gto_prints_it(
    name: str, real_registry: Callable[[str], Path], oracle: Oracle
) -> None:
    compare(oracle, real_registry(name))


@pytest.mark.parametrize(
    ("seed", "events"),
    [(102, 24), *(pytest.param(n, 40, marks=pytest.mark.slow) for n in range(100, 150))],
)
def test_a_generated_registry_prints_as_gto_prints_it(
    seed: int, events: int, tmp_path: Path, oracle: Oracle
) -> None:
    repo = GitRepo(tmp_path / "repo")
    RandomRegistry(repo, seed).grow(events)
    if seed % 3 == 0:
        # Dated before the first tag, since GTO takes a later commit for a revival.
        repo.commit({".gto": "stages: [prod, dev, staging]\n"})
    compare(oracle, repo.path)
