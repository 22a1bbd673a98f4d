"""The plots of versions' commits: read in bulk, each distinct one once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.pipeline import plots
from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.readers import tables
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.plots import Plot, PlotFile
from sitegen.snapshot import dump, load
from tests.gitrepo import GitRepo

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes([0, 0, 0, 4, 0, 0, 0, 3])
LOSS = "step,loss\n0,0.5\n1,0.25\n"
DVC_YAML = """
plots:
- plots: {x: step}
- both:
    y: {plots/loss.csv: loss, eval.json: roc}
    template: mine
- kept/curves
stages:
  train:
    cmd: python train.py
    plots:
    - cm.png: {cache: false}
    - drawing.svg: {cache: false}
    - cached.csv
"""
LOCK = """
schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - {path: cached.csv, md5: ab12, size: 30}
    - {path: kept, md5: cd34.dir, size: 90, nfiles: 3}
"""
MINE = {"data": {"values": "<DVC_METRIC_DATA>"}, "mark": "bar"}
FILES: dict[str, str | bytes] = {
    "artifacts.yaml": "m: {type: model}\n",
    "dvc.yaml": DVC_YAML,
    "dvc.lock": LOCK,
    "plots/loss.csv": LOSS,
    "plots/deep/acc.tsv": "step\tacc\n0\t0.5\n",
    "eval.json": '{"roc": [{"roc": 1}, {"roc": 2}]}',
    "cm.png": PNG,
    "drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ".dvc/plots/mine.json": json.dumps(MINE),
}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit(FILES)
    made.tag("m@v1.0.0")
    return made


def read(repo: GitRepo, experiments: int = 0) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo.path, plots=experiments))


def by_name(facts: RepositoryFacts, commit: str = "") -> dict[str, Plot]:
    return {plot.name: plot for plot in facts.plots[commit or facts.head]}


def kinds(facts: RepositoryFacts) -> list[str]:
    return [problem.kind for problem in facts.problems]


def test_everything_that_is_declared_is_found(repo: GitRepo) -> None:
    facts = read(repo)
    assert facts.problems == ()
    found = by_name(facts)
    assert sorted(found) == [
        "both", "cached.csv", "cm.png", "drawing.svg", "kept/curves", "plots/deep/acc.tsv",
        "plots/loss.csv",
    ]  # fmt: skip
    loss = found["plots/loss.csv"]
    assert (loss.definition, loss.source, loss.image) == ({"x": "step"}, "dvc.yaml", False)
    assert facts.tables[loss.files[0].table].columns == ("step", "loss")
    assert json.loads(facts.templates[found["both"].template]) == MINE
    assert facts.pictures[found["cm.png"].picture].media_type == "image/png"
    assert b"alert" not in facts.pictures[found["drawing.svg"].picture].data
    assert found["cached.csv"].files == (
        PlotFile("cached.csv", "", "cached by DVC, not in Git", "ab12", 30),
    )
    assert found["cached.csv"].note == "cached by DVC, not in Git"
    assert found["kept/curves"].files[0].note == "cached by DVC, not in Git"
    assert found["kept/curves"].files[0].hash == ""


def test_facts_with_plots_survive_their_file(repo: GitRepo) -> None:
    facts = read(repo)
    assert load(dump(facts), "x") == facts


def test_commits_that_change_no_plot_share_all_of_it(repo: GitRepo) -> None:
    first = repo.head
    repo.commit({"code.py": "1"})
    repo.tag("m@v1.1.0")
    last = repo.commit({"plots/loss.csv": "step,loss\n0,0.75\n"})
    facts = read(repo)
    assert list(facts.plots) == [first, f"{repo.git('rev-parse', 'm@v1.1.0^{}')}", last]
    same, other, changed = facts.plots.values()
    assert same is other
    assert changed is not same
    assert by_name(facts, first)["both"].files[1] == by_name(facts)["both"].files[1]


def test_of_experiments_the_newest_are_read_beside_versions_and_head(repo: GitRepo) -> None:
    older, newer = (repo.commit({"plots/loss.csv": f"step,loss\n0,{n}\n"}) for n in (3, 4))
    head = repo.commit({"plots/loss.csv": LOSS})
    first = repo.git("rev-parse", "m@v1.0.0^{}")
    assert list(read(repo).plots) == [first, head]
    facts = read(repo, experiments=1)
    assert list(facts.plots) == [first, newer, head]
    assert by_name(facts, newer)["cached.csv"].files[0].hash == "ab12"
    assert list(read(repo, experiments=9).plots) == [first, older, newer, head]


def test_one_broken_file_spares_the_other_plots(repo: GitRepo) -> None:
    repo.commit({"plots/loss.csv": f"step,loss\n0,{'x' * 131_073}\n", "cm.png": "<html>"})
    repo.tag("m@v2.0.0")
    facts = read(repo)
    loss, image = (
        next(p for p in facts.problems if p.path == n) for n in ("plots/loss.csv", "cm.png")
    )
    assert (loss.kind, image.kind) == ("plot.data", "plot.image")
    assert loss.ref == repo.head
    assert "131072" in loss.reason
    found = by_name(facts)
    assert found["plots/loss.csv"].note == loss.reason
    assert found["both"].note == loss.reason
    assert not found["plots/deep/acc.tsv"].note
    assert not found["drawing.svg"].note
    assert sorted(kinds(facts)) == ["plot.data", "plot.image"]


def test_a_problem_of_many_commits_is_told_once_with_the_first(repo: GitRepo) -> None:
    first = repo.commit({"eval.json": "{"})
    repo.tag("m@v2.0.0")
    repo.commit({"code.py": "2"})
    repo.tag("m@v3.0.0")
    [problem] = read(repo).problems
    assert (problem.ref, problem.path, problem.kind) == (first, "eval.json", "plot.data")
    assert problem.reason.endswith("(also at 1 other commit)")


@pytest.mark.parametrize(
    ("changed", "kind", "path", "name"),
    [
        (
            {"dvc.yaml": "plots: [plots/loss.csv: {y: nope}]"},
            "plot.column", "dvc.yaml", "plots/loss.csv",
        ),
        (
            {"dvc.yaml": "plots: [n: {y: {n.json: a}}]", "n.json": '{"a": 1}'},
            "plot.column", "dvc.yaml", "n",
        ),
        (
            {"dvc.yaml": "plots: [plots/loss.csv: {template: nope}]"},
            "plot.template", "dvc.yaml", "plots/loss.csv",
        ),
        (
            {".dvc/plots/mine.json": '{"mark": "bar"}'},
            "plot.template", ".dvc/plots/mine.json", "both",
        ),
        ({"dvc.yaml": "plots: [p.html]", "p.html": "<p>"}, "plot.data", "p.html", "p.html"),
        ({"dvc.yaml": "plots: [noending]", "noending": "a"}, "plot.data", "noending", "noending"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(
    repo: GitRepo, changed: dict[str, str], kind: str, path: str, name: str
) -> None:
    repo.commit(changed)
    facts = read(repo)
    [problem] = facts.problems
    assert (problem.kind, problem.path) == (kind, path)
    assert problem.remedy
    assert by_name(facts)[name].note == problem.reason


def test_what_is_empty_missing_or_in_lfs_is_no_problem(repo: GitRepo) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 99\n"
    repo.commit(
        {
            "dvc.yaml": "plots: [e.csv, gone.csv, lfs.csv, lfs.png]",
            "e.csv": "",
            "lfs.csv": pointer,
            "lfs.png": pointer,
        }
    )
    facts = read(repo)
    assert {plot.name: plot.note for plot in facts.plots[facts.head]} == {
        "e.csv": "it is empty",
        "gone.csv": "not in Git at this commit",
        "lfs.csv": "in Git LFS, not fetched",
        "lfs.png": "in Git LFS, not fetched",
    }
    assert by_name(facts)["lfs.png"].files[0].size == 99


def test_a_template_of_the_repository_wins_over_one_of_dvc(repo: GitRepo) -> None:
    repo.commit({".dvc/plots/linear.json": json.dumps(MINE)})
    facts = read(repo)
    assert json.loads(facts.templates[by_name(facts)["plots/loss.csv"].template]) == MINE


def test_a_csv_without_a_row_of_names_is_read_as_its_step_says(repo: GitRepo) -> None:
    repo.commit(
        {
            "dvc.yaml": "plots: [b.csv]\nstages: {s: {cmd: c, plots: "
            "[b.csv: {cache: false, header: false, y: '1'}]}}",
            "b.csv": "5,6\n7,8\n",
        }
    )
    facts = read(repo)
    found = by_name(facts)
    assert facts.tables[found["b.csv"].files[0].table].columns == ("0", "1")
    assert facts.problems == ()


def test_limits_leave_out_what_is_large_and_old(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repo.head
    repo.commit({"plots/loss.csv": LOSS + "2,0.1\n"})
    monkeypatch.setattr("sitegen.pipeline.plot_contents.MOST_DATA", 90)
    facts = read(repo)
    assert not by_name(facts)["plots/loss.csv"].note
    assert "newer commits" in by_name(facts, first)["plots/loss.csv"].note
    repo.commit({"plots/loss.csv": "a\n" * tables.LARGEST})
    monkeypatch.undo()
    facts = read(repo)
    assert "over the limit" in by_name(facts)["plots/loss.csv"].note
    assert "plot.large" in kinds(facts)


def test_a_commit_shows_so_many_plots(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "MOST_PLOTS", 3)
    facts = read(repo)
    assert len(facts.plots[facts.head]) == 3
    assert kinds(facts) == ["plot.limit"]
