"""Plots of whole repositories: what DVC itself makes of them is what is published."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.plots import Plot
from sitegen.render.plots import specification
from tests.conftest import Oracle
from tests.gitrepo import GitRepo
from tests.hazards import assert_diagnosed, assert_good, publish, repository, strict_json
from tests.integration import plotting


def show(oracle: Oracle, folder: Path, out: Path) -> dict[str, list[dict[str, Any]]]:
    """What `dvc plots show` prints of a checkout."""
    done = subprocess.run(
        [oracle.dvc, "plots", "show", "--json", "-o", out],
        cwd=folder, check=True, capture_output=True, env=os.environ,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert "errors" not in said
    found: dict[str, list[dict[str, Any]]] = said["data"]
    return found


def assert_equal(facts: RepositoryFacts, commit: str, told: dict[str, Any]) -> None:
    """The plots of a commit are those that DVC tells of, drawn alike."""
    ours: dict[str, Plot] = {plot.name: plot for plot in facts.plots[commit]}
    assert set(ours) == set(told)
    for name, rows in told.items():
        [row] = rows
        assert ours[name].note == ""
        if ours[name].image:
            assert row["type"] == "image"
        else:
            assert json.loads(json.dumps(specification(ours[name], facts))) == row["content"], name


def test_every_form_of_plot_is_drawn_as_dvc_draws_it(oracle: Oracle, tmp_path: Path) -> None:
    repo = plotting.make(tmp_path / "repo")
    facts = read_repository(Wanted("repo", repo.path))
    assert facts.problems == ()
    assert_equal(facts, repo.head, show(oracle, repo.path, tmp_path / "out"))


def test_plots_of_a_real_registry_are_dvcs(
    oracle: Oracle, real_registry: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", real_registry("demo-bank-customer-churn"), path], check=True
    )
    facts = read_repository(Wanted("churn", path))
    assert {len(plots) for plots in facts.plots.values()} == {2}
    tag = next(tag for tag in facts.tags if tag.name.startswith("lightgbm-model@v2.0.0"))
    subprocess.run(["git", "-C", path, "checkout", "-q", tag.commit], check=True)
    # DVC asks for the plug-in of its storage, even where nothing is to come from there.
    (path / ".dvc" / "config").write_bytes(b"")
    assert_equal(facts, tag.commit, show(oracle, path, tmp_path / "out"))


HOSTILE = {
    "dvc.yaml": """
plots:
  [ok.csv, nan.json, deep.json, digits.json, wide.csv, page.html, script.svg, fake.png, noending]
""",
    "ok.csv": "step,loss\n0,0.5\n",
    "nan.json": '[{"loss": NaN}, {"loss": -Infinity}]',
    "deep.json": "[" * 100_000,
    "digits.json": '[{"loss": ' + "9" * 5_000 + "}]",
    "wide.csv": "step,loss\n0," + "x" * 131_073 + "\n",
    "page.html": "<script>alert(1)</script>",
    "script.svg": '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)'
    '</script><rect width="9"/></svg>',
    "fake.png": "<html><script>alert(1)</script></html>",
    "noending": "<script>alert(1)</script>",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    repo = repository(tmp_path_factory.mktemp("hostile") / "repo")
    repo.commit(HOSTILE)
    repo.tag("m@v1.0.0")
    return repo


def test_what_is_broken_is_told_and_the_rest_is_published(hostile: GitRepo) -> None:
    portal = publish(hostile)
    assert_good(portal)
    for path in ("deep.json", "digits.json", "wide.csv", "page.html", "noending"):
        assert_diagnosed(portal, "plot.data", path=path)
    assert_diagnosed(portal, "plot.image", path="fake.png")
    [version] = portal.models()["m"]["versions"]
    plots = {plot["name"]: plot for plot in version["plots"]}
    assert {name for name, plot in plots.items() if not plot["note"]} == {
        "ok.csv", "nan.json", "script.svg",
    }  # fmt: skip
    rows = portal.json(plots["nan.json"]["specification"])["data"]["values"]
    assert [row["loss"] for row in rows] == ["NaN", "-Infinity"]


def test_nothing_active_is_published_and_all_data_parses(hostile: GitRepo) -> None:
    found = publish(hostile).files()
    plots = {path: data for path, data in found.items() if path.startswith("data/plots/")}
    assert {path.rpartition(".")[2] for path in plots} == {"js", "svg"}
    [svg] = [data for path, data in plots.items() if path.endswith(".svg")]
    assert b"rect" in svg
    assert b"alert" not in svg
    assert b"onload" not in svg
    for path, data in found.items():
        if path.endswith(".json"):
            strict_json(data.decode())


def test_the_same_repository_gives_the_same_files_wherever_it_is(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        repo = plotting.make(tmp_path / name / "repo")
        portal = publish(repo)
        found.append({path: data for path, data in portal.files().items() if "plots/" in path})
    assert found[0] == found[1]
    assert len(found[0]) > 40
