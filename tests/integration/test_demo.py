"""The demo registries: the same every time, and what GTO and DVC make of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sitegen.demo import Shown, make_demo, shown
from sitegen.errors import OutputError
from sitegen.registry import events, state
from sitegen.registry.facts import Moment, Person, Ref, Tag
from tests.conftest import Oracle

FORMAT = "%(refname)%00%(objectname)%00%(*objectname)%00%(taggername)%00%(taggerdate:unix)"
# Whoever changes the demo changes these; a machine that gets others makes other files.
HEADS = {
    "churn": "bb6ae84c06ef5a7997b88039afbc2c4422def302",
    "recommender": "b5a1e249c43acd452584c19859a26622cb7b8961",
    "vision": "f77a676074b72f4dc6d228e833476832679bd9ef",
}


@pytest.fixture(scope="module")
def demo(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in make_demo(tmp_path_factory.mktemp("demo"))}


def git(path: Path, *arguments: str) -> str:
    return subprocess.check_output(["git", "-C", str(path), *arguments], text=True).strip()


def expected(repository: str) -> list[Shown]:
    return [row for row in shown() if row.repository == repository]


def test_every_id_is_the_same_everywhere(demo: dict[str, Path]) -> None:
    assert {name: git(path, "rev-parse", "main") for name, path in demo.items()} == HEADS


def test_the_repositories_are_sound_and_checked_out(demo: dict[str, Path]) -> None:
    for path in demo.values():
        git(path, "fsck", "--strict")
        assert git(path, "status", "--porcelain") == ""


def test_every_second_of_the_year_has_one_act_at_most(demo: dict[str, Path]) -> None:
    for path in demo.values():
        dates = "%(taggerdate:unix)%(committerdate:unix)"
        commits = git(path, "log", "--all", "--format=%ct").split()
        tags = git(path, "for-each-ref", f"--format={dates}", "refs/tags").split()
        times = [int(time) for time in (*commits, *tags)]
        assert len(set(times)) == len(times)
        assert min(times) >= 1_735_689_600  # 2025-01-01
        assert max(times) < 1_767_225_600  # 2026-01-01


def test_made_again_it_stays_with_what_was_tagged_in_it(tmp_path: Path) -> None:
    first = make_demo(tmp_path)
    git(first[0], "tag", "-a", "-m", "Mine", "churn@v9.0.0")
    assert make_demo(tmp_path) == first
    assert git(first[0], "tag", "-l", "churn@v9.0.0") == "churn@v9.0.0"


def test_something_else_in_the_way_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "churn").mkdir()
    (tmp_path / "churn" / "notes").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"churn: .*not empty"):
        make_demo(tmp_path)


@pytest.mark.parametrize("name", ["churn", "recommender", "vision"])
def test_the_tags_fold_to_what_the_demo_says_it_shows(demo: dict[str, Path], name: str) -> None:
    tags = []
    for row in git(demo[name], "for-each-ref", f"--format={FORMAT}", "refs/tags").splitlines():
        full, oid, commit, tagger, seconds = row.split("\0")
        when = Moment(int(seconds))
        short = full.removeprefix("refs/tags/")
        tags.append(Tag(short, oid, commit, Person(tagger), when, ""))
    said, _, missed = events.select([Ref(f"refs/tags/{tag.name}", tag.oid) for tag in tags])
    registry = state.fold(tags, said)
    assert missed == []
    assert registry.problems == ()
    told = {
        artifact: (
            tuple(version.name for version in reversed(it.versions) if version.active),
            {stage: held[0].version for stage, held in it.stages.items() if held},
            it.deprecated,
        )
        for artifact, it in registry.artifacts.items()
    }
    assert told == {
        row.artifact: (row.versions, row.stages, row.deprecated)
        for row in expected(name)
        if row.versions
    }


@pytest.mark.parametrize("name", ["churn", "recommender", "vision"])
def test_gto_shows_the_same(demo: dict[str, Path], name: str, oracle: Oracle) -> None:
    told = subprocess.check_output([oracle.gto, "show", "--json", "-r", demo[name]], text=True)
    assert {
        artifact: (
            it["version"],
            {stage: version for stage, version in it["stage"].items() if version},
        )
        for artifact, it in json.loads(told).items()
    } == {
        row.artifact: (row.versions[-1] if row.versions else None, row.stages)
        for row in expected(name)
        if not row.deprecated
    }


@pytest.mark.parametrize("name", ["churn", "recommender", "vision"])
def test_gto_takes_every_tag_for_an_event(demo: dict[str, Path], name: str, oracle: Oracle) -> None:
    told = subprocess.check_output([oracle.gto, "history", "--json", "-r", demo[name]], text=True)
    assert sorted(event["ref"] for event in json.loads(told)) == sorted(
        git(demo[name], "tag").splitlines()
    )


def errors_in(value: Any, where: str = "") -> list[str]:
    """Every error that `dvc exp show --json` kept in its answer."""
    if isinstance(value, dict):
        here = [where] if value.get("error") else []
        return here + [text for key in value for text in errors_in(value[key], f"{where}/{key}")]
    if isinstance(value, list):
        return [text for item in value for text in errors_in(item, where)]
    return []


@pytest.mark.parametrize(("name", "experiments"), [("churn", 0), ("recommender", 0), ("vision", 5)])
def test_dvc_reads_every_commit(
    demo: dict[str, Path], name: str, experiments: int, oracle: Oracle, tmp_path: Path
) -> None:
    # DVC writes into the repository that it reads.
    git(tmp_path, "clone", "-q", str(demo[name]), "copy")
    git(tmp_path / "copy", "fetch", "-q", "origin", "refs/exps/*:refs/exps/*")
    told = subprocess.check_output(
        [oracle.dvc, "exp", "show", "--all-commits", "--json"], cwd=tmp_path / "copy", text=True
    )
    rows = json.loads(told)
    assert errors_in(rows) == []
    assert sum(len(row["experiments"] or ()) for row in rows) == experiments
    with_metrics = [row for row in rows if row["data"] and row["data"]["metrics"]]
    assert len(with_metrics) > len(rows) * 0.7
