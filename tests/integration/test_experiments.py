"""Every commit has the metrics, params and data that DVC's own answer has."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen import config, pipeline
from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.registry.columns import differences
from sitegen.registry.facts import RepositoryFacts
from tests.conftest import Oracle
from tests.integration.making_experiments import make_experiments

DEMO = "demo-bank-customer-churn"

Files = dict[str, dict[str, Any]]


def built(repository: Path, folder: Path) -> dict[str, Any]:
    """The repository's file in the API of a portal of its own."""
    settings = config.default((str(repository),), folder=folder, environ={})
    output = pipeline.build(settings, allow_empty=True).output
    (summary,) = json.loads((output / "api/v1/registry.json").read_bytes())["repositories"]
    found: dict[str, Any] = json.loads((output / summary["api"]).read_bytes())
    assert summary["experiments"] == len(found["experiments"])
    return found


def flat(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """What DVC nests, by dotted key; NaN is a text, as in the API."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat(inner, (*keys, str(key)))
    else:
        yield ".".join(keys), "NaN" if value != value else value  # noqa: PLR0124


def told(data: dict[str, Any], kind: str) -> Files:
    """What DVC says of metrics or params; a file that it could not read says nothing."""
    return {
        path: dict(flat(found["data"])) for path, found in data[kind].items() if found.get("data")
    }


def recorded(data: dict[str, Any]) -> Files:
    """Dependencies and outputs; of what is both the output counts."""
    both = data["deps"] | data["outs"]
    return {path: {"hash": one["hash"], "size": one["size"]} for path, one in both.items()}


@pytest.fixture(scope="module")
def demo(
    real_registry: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return built(real_registry(DEMO), tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def demo_told(registries: Path) -> dict[str, Any]:
    told = json.loads((registries / "expected" / f"{DEMO}.experiments.json").read_bytes())
    return {entry["rev"]: entry for entry in told if entry["rev"] != "workspace"}


def test_all_65_commits_of_a_real_registry_are_experiments(
    demo: dict[str, Any], demo_told: dict[str, Any]
) -> None:
    assert len(demo_told) == 65
    assert {one["commit"] for one in demo["experiments"]} == demo_told.keys()
    tips = {one["commit"]: one["branches"] for one in demo["experiments"]}
    for commit, entry in demo_told.items():
        if entry["name"] and "@" not in entry["name"] and "#" not in entry["name"]:
            assert entry["name"] in tips[commit]


@pytest.mark.parametrize("kind", ["metrics", "params"])
def test_a_real_registrys_metrics_and_params_are_dvcs(
    kind: str, demo: dict[str, Any], demo_told: dict[str, Any]
) -> None:
    ours = {one["commit"]: one[kind] for one in demo["experiments"]}
    assert ours == {commit: told(entry["data"], kind) for commit, entry in demo_told.items()}
    assert sum(map(bool, ours.values())) > 50


def test_a_real_registrys_data_is_dvcs(demo: dict[str, Any], demo_told: dict[str, Any]) -> None:
    ours = {one["commit"]: one["files"] for one in demo["experiments"]}
    assert ours == {commit: recorded(entry["data"]) for commit, entry in demo_told.items()}
    assert sum(map(bool, ours.values())) > 50


def test_a_real_registrys_versions_stand_at_their_commits(demo: dict[str, Any]) -> None:
    models = [(m, v) for one in demo["experiments"] for m, v in one["models"].items()]
    assert ("lightgbm-model", "v2.0.0") in models
    assert {model["name"] for model in demo["models"]} >= {model for model, _ in models}


def test_a_real_registrys_branches_and_parents_are_gits(
    demo: dict[str, Any], real_registry: Callable[[str], Path]
) -> None:
    def git(*arguments: str) -> list[str]:
        command = ["git", "-C", str(real_registry(DEMO)), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )

    by_commit = {one["commit"]: one for one in demo["experiments"]}
    for line in git("rev-list", "--all", "--parents"):
        commit, *parents = line.split() or [""]
        if commit:
            assert by_commit[commit]["parents"] == parents
    for branch in git("for-each-ref", "--format=%(refname:short)", "refs/heads"):
        if branch:
            holding = {oid for oid, one in by_commit.items() if branch in one["branches"]}
            assert holding == set(git("rev-list", f"refs/heads/{branch}")) - {""}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_experiments(tmp_path_factory.mktemp("made") / "repo").path


def dvc(oracle: Oracle, folder: Path, *arguments: str) -> Any:
    command = [oracle.dvc, *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def made_told(made: Path, oracle: Oracle) -> dict[str, Any]:
    """Commit -> DVC's entry, those of DVC experiments included."""
    found = {}
    for entry in dvc(oracle, made, "exp", "show", "--all-commits"):
        if entry["rev"] != "workspace":
            found[entry["rev"]] = entry
            for group in entry["experiments"] or ():
                for one in group["revs"]:
                    found[one["rev"]] = {**one, "baseline": entry["rev"]}
    return found


@pytest.fixture(scope="module")
def ours(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found = built(made, tmp_path_factory.mktemp("portal"))
    return {one["commit"]: one for one in found["experiments"]}


def test_commits_of_branches_tags_and_dvc_experiments_are_dvcs(
    ours: dict[str, Any], made_told: dict[str, Any]
) -> None:
    assert ours.keys() == made_told.keys()
    assert len(ours) == 16
    made = {oid: (one["name"], one["baseline"]) for oid, one in ours.items() if one["baseline"]}
    assert made == {
        oid: (one["name"], one["baseline"]) for oid, one in made_told.items() if "baseline" in one
    }
    assert {name for name, _ in made.values()} == {"able-fox", "calm-owl", "x"}


def test_metrics_of_every_commit_are_dvcs(ours: dict[str, Any], made_told: dict[str, Any]) -> None:
    for commit, entry in made_told.items():
        if entry["data"] is not None:
            assert ours[commit]["metrics"] == told(entry["data"], "metrics")
    assert sum(len(one["metrics"]) > 1 for one in ours.values()) > 10


def test_params_of_every_commit_are_dvcs(ours: dict[str, Any], made_told: dict[str, Any]) -> None:
    for commit, entry in made_told.items():
        if entry["data"] is None:
            continue
        expected = told(entry["data"], "params")
        if "sizes.yaml" in expected:
            # DVC takes a list that templates use apart, in this place alone.
            expected["sizes.yaml"] = {"sizes": list(expected["sizes.yaml"].values())}
        assert ours[commit]["params"] == expected
    assert sum(len(one["params"]) > 3 for one in ours.values()) > 10


def test_data_of_every_commit_is_dvcs(ours: dict[str, Any], made_told: dict[str, Any]) -> None:
    for commit, entry in made_told.items():
        if entry["data"] is not None:
            assert ours[commit]["files"] == recorded(entry["data"])
    assert sum(len(one["files"]) > 5 for one in ours.values()) > 10


def test_where_dvc_reads_nothing_of_a_commit_the_rest_of_it_is_read(
    made: Path, ours: dict[str, Any], made_told: dict[str, Any]
) -> None:
    (broken,) = (commit for commit, entry in made_told.items() if entry["data"] is None)
    assert ours[broken]["branches"] == ["broken"]
    assert ours[broken]["metrics"]["metrics.json"] == {"f1": 0.3}
    # What was locked is all that is known of the pipeline.
    assert ours[broken]["files"]["data/ready"]["hash"].endswith(".dir")
    problems = [one for one in read(made).problems if one.ref == broken]
    assert [(one.kind, one.path) for one in problems] == [("yaml", "dvc.yaml")]


def test_hidden_are_the_commits_that_change_nothing_or_ask_for_it(ours: dict[str, Any]) -> None:
    hidden = {one["message"]: one["hidden_because"] for one in ours.values() if one["hidden"]}
    assert {message: why for message, why in hidden.items() if why == "skipped"} == {
        "Describe it [skip studio]": "skipped"
    }
    assert hidden["Change nothing that counts"] == "unchanged"
    assert "Split otherwise" not in hidden


def read(repository: Path) -> RepositoryFacts:
    return read_repository(Wanted("repo", repository))


@pytest.mark.parametrize("group", ["metrics", "params"])
def test_differences_are_dvcs(group: str, made: Path, oracle: Oracle) -> None:
    facts = read(made)
    old = facts.history.experiments[0].baseline
    new = facts.history.branches["side"]
    expected = {
        (path, key): (one.get("old"), one.get("new"))
        for path, keys in dvc(oracle, made, group, "diff", old, new).items()
        for key, one in keys.items()
        # A list that templates use, which DVC takes apart.
        if path != "sizes.yaml" and one.get("old") != one.get("new")
    }
    found = {
        (one.file, one.key): (one.old, one.new)
        for one in differences(facts, new, old)
        if one.group == group and one.file != "sizes.yaml"
    }
    # NaN is no number that equals itself.
    expected.pop(("metrics/boost.json", "best"), None)
    found.pop(("metrics/boost.json", "best"), None)
    assert found == expected
    assert found
