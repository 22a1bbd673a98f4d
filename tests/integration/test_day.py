"""The registry on every event's date, and a second before, is what GTO shows of the tags till then.

Asked are GTO itself, in a clone that holds only those tags; the fold of `modelreg show --at`; and
the browser's fold, in Node, of the events that a portal publishes.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sitegen import config, pipeline
from sitegen.pipeline.opened import Opened, open_local, opened_at, sources_at
from sitegen.registry import gto, past
from sitegen.registry.facts import Tag
from sitegen.registry.state import Registry, fold
from sitegen.registry.tags import parse
from sitegen.render import day
from sitegen.site.build import Settings, build_site
from tests.conftest import Oracle
from tests.facts import source, tag
from tests.gitrepo import GitRepo
from tests.integration.test_gto import RandomRegistry
from tests.node import SCRIPTS, node

HERE = Path(__file__).parent / "day"
NAMES = ("demo-bank-customer-churn", "example-gto", "example-get-started-experiments")


def browsers_fold(files: Sequence[Path], moments: Sequence[int]) -> Any:
    """What the browser's fold of a portal's scripts says at each moment, by repository/model."""
    question = {"files": [str(file) for file in files], "moments": moments}
    return json.loads(node([str(HERE / "fold.js"), str(SCRIPTS)], json.dumps(question).encode()))


def moments_of(tags: Sequence[Tag]) -> list[int]:
    seconds = {tag.when.seconds for tag in tags if tag.when}
    return sorted({moment for second in seconds for moment in (second - 1, second)})


def gtos_answers(oracle: Oracle, opened: Opened, clone: Path, moments: Sequence[int]) -> Any:
    """What GTO shows at each moment; all tags of `clone` are deleted first."""
    every = "".join(
        f"delete {ref.name}\n" for ref in opened.refs.refs if ref.name[:10] == "refs/tags/"
    )
    subprocess.run(["git", "update-ref", "--stdin"], cwd=clone, input=every.encode(), check=True)
    steps = []
    known: set[str] = set()
    for moment in moments:
        fresh = [t for t in past.until(opened.tags, moment) if t.name not in known]
        known.update(t.name for t in fresh)
        steps.append([[t.name, t.oid] for t in fresh])
    done = subprocess.run(
        [oracle.gto.parent / "python", HERE / "oracle.py"],
        input=json.dumps({"repo": str(clone), "moments": steps}).encode(),
        capture_output=True,
        check=True,
        cwd=clone,
    )
    return json.loads(done.stdout)


def ours(opened: Opened, moment: int) -> Any:
    then = opened_at(opened, moment)
    look = gto.Look(deprecated=True)
    shown = gto.show_registry(then.registry, look, then.sources)
    sources = sources_at(
        then, (v.commit for a in then.registry.artifacts.values() for v in a.versions)
    )
    of_each = {
        name: gto.show_versions(then.registry.artifacts[name], look, sources) for name in shown
    }
    return json.loads(json.dumps([shown, of_each]))


def compare(oracle: Oracle, repo: Path, clone: Path) -> int:
    """Compare all three at every moment; how many moments there were."""
    opened = open_local(repo)
    moments = moments_of(opened.tags)
    theirs = gtos_answers(oracle, opened, clone, moments)
    settings = config.default((str(repo),), folder=clone.parent, environ={})
    site = pipeline.build(settings).output
    files = [
        site / "data/events.js",
        *sorted((site / "data/events").iterdir(), key=lambda p: int(p.stem)),
    ]
    browsers = browsers_fold(files, moments)
    for moment, told, drawn in zip(moments, theirs, browsers, strict=True):
        # Of dvc.yaml GTO knows nothing: what only that file names is unregistered, and no more.
        shown, of_each = ours(opened, moment)
        for name in shown.keys() - told[0].keys():
            assert shown.pop(name)["registered"] is False
            assert of_each.pop(name) == []
        assert [shown, of_each] == told, moment
        here = {name.partition("/")[2]: state for name, state in drawn.items()}
        for name, state in told[0].items():
            held = {stage: version for stage, version in state["stage"].items() if version}
            mine = here[name]
            assert {stage: rows[0] for stage, rows in mine["stage"].items()} == held, (moment, name)
            for key in ("version", "registered", "active"):
                assert mine[key] == state[key], (moment, name, key)
        silent = [state for name, state in here.items() if name not in told[0]]
        assert not any(state["registered"] or state["stage"] for state in silent)
    return len(moments)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_registry_at_every_moment(
    name: str, real_registry: Callable[[str], Path], tmp_path: Path, oracle: Oracle
) -> None:
    repo = real_registry(name)
    subprocess.run(["git", "clone", "-q", repo, tmp_path / "clone"], check=True)
    assert compare(oracle, repo, tmp_path / "clone") >= 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 220))
def test_a_generated_registry_at_every_moment(seed: int, tmp_path: Path, oracle: Oracle) -> None:
    repo = GitRepo(tmp_path / "repo")
    RandomRegistry(repo, seed).grow(30)
    subprocess.run(["git", "clone", "-q", repo.path, tmp_path / "clone"], check=True)
    assert compare(oracle, repo.path, tmp_path / "clone") > 30


def awkward_tags(seed: int) -> tuple[Tag, ...]:
    """What GTO cannot read: several versions at a commit, equal ones, no dates, one second."""
    chance = random.Random(seed)
    made: dict[str, Tag] = {}
    for number in range(40):
        version = chance.choice(
            ["v1.0.0", "v1.0.0+a", "v1.0.0+b", "v2.0.0-rc.1", "v2.0.0", "v10.0.0"]
        )
        mark = chance.choice([
            f"@{version}", f"@{version}", f"@{version}!", "#dev", "#prod", "#prod", "#dev!",
            "#prod!", "@deprecated",
        ])  # fmt: skip
        name = f"m{mark}#{number}" if chance.random() < 0.8 else f"m{mark}"
        message = f"Ship\n\nVersion: {version}" if chance.random() < 0.3 else ""
        at = None if chance.random() < 0.05 else chance.randrange(25)
        made[name] = tag(name, chance.choice(["a", "b", "c"]), at, message)
    return tuple(made.values())


def said_by_us(registry: Registry) -> dict[str, Any]:
    artifact = registry.artifacts.get("m")
    if artifact is None:
        return {"version": None, "stage": {}, "registered": False, "active": True, "versions": []}
    return {
        "version": artifact.latest or None,
        "stage": {stage: [a.version for a in row] for stage, row in artifact.stages.items()},
        "registered": artifact.registered,
        "active": not artifact.deprecated,
        "versions": sorted([v.name, v.registered, v.active] for v in artifact.versions),
    }


def changes(before: Registry, after: Registry) -> list[list[Any]]:
    return [
        [
            change.what, change.stage, change.old, change.new,
            change.event.when.seconds if change.event and change.event.when else None,
            change.event.kind if change.event else "",
        ]
        for change in past.changes(before, after)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_both_folds_agree_where_gto_fails(seed: int, tmp_path: Path) -> None:
    tags = awkward_tags(seed)
    said = {t.name: name for t in tags if (name := parse(t.name))}
    assert len(said) == len(tags)
    site = build_site([source(*tags, head="z")], Settings())
    files = []
    for path, data in day.data_files(site):
        files.append(tmp_path / path.replace("/", "-"))
        files[-1].write_bytes(data)
    # Far apart and near each other, so that much and little changes in between.
    moments = [-2, *(moment for second in range(0, 26, 5) for moment in (second, second + 1))]
    moments = sorted({*moments, *moments_of(tags)} if seed % 2 else moments)
    before = fold(past.until(tags, moments[0]), said)
    for moment, drawn in zip(moments, browsers_fold(files, moments), strict=True):
        mine = drawn["repo/m"]
        registry = fold(past.until(tags, moment), said)
        expected = {**said_by_us(registry), "changes": changes(before, registry)}
        before = registry
        # A commit's id is published where it is shown at some moment, in a stage.
        mine["versions"] = sorted(row for row in mine["versions"] if row[1] or row[0])
        assert mine == expected, moment
