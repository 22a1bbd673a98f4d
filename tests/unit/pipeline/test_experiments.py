"""Metrics, params and data of every commit, each file read once whatever commits have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.gitio import process
from sitegen.gitio.history import Selection
from sitegen.pipeline import experiments
from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.registry.facts import RepositoryFacts
from tests.gitrepo import START, GitRepo

DVC = "stages: {a: {cmd: c, deps: [in.csv], outs: [out.pkl]}}\nmetrics: [m.json]\n"
LOCK = (
    "schema: '2.0'\nstages:\n  a:\n    cmd: c\n    deps:\n    - path: in.csv\n      hash: md5\n"
    "      md5: {0}\n      size: 7\n"
)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def read(repo: GitRepo, **more: object) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo.path, **more))  # type: ignore[arg-type]


def values(facts: RepositoryFacts, commit: str) -> dict[str, dict[str, object]]:
    return {
        file.path: {key: leaf.value for key, leaf in file.entries.items()}
        for file in facts.values.get(commit, ())
    }


def test_every_commit_has_its_own_metrics_params_and_data(repo: GitRepo) -> None:
    first = repo.commit({"dvc.yaml": DVC, "m.json": '{"f1": 1}', "dvc.lock": LOCK.format("aa")})
    second = repo.commit({"m.json": '{"f1": 2}', "params.yaml": "lr: 3\n"})
    side = repo.commit({"dvc.lock": LOCK.format("bb")}, branch="side")
    facts = read(repo)
    assert values(facts, first) == {"m.json": {"f1": 1}}
    assert values(facts, second) == {"m.json": {"f1": 2}, "params.yaml": {"lr": 3}}
    assert [facts.data[oid]["in.csv"].hash for oid in (first, second, side)] == ["aa", "aa", "bb"]
    assert facts.problems == ()


def test_what_commits_share_is_the_same_object(repo: GitRepo) -> None:
    first = repo.commit({"dvc.yaml": DVC, "m.json": "{}", "dvc.lock": LOCK.format("aa")})
    second = repo.commit({"readme": "x"})
    repo.tag("m@v1.0.0", first)
    facts = read(repo)
    assert facts.data[first] is facts.data[second]
    assert facts.values[first] is facts.values[second]


def test_commits_are_read_in_parts_and_give_the_same(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"dvc.yaml": DVC})
    for number in range(9):
        repo.commit({"m.json": f'{{"f1": {number // 2}}}', "params.yaml": "[" * (number % 3)})
    whole = read(repo)
    monkeypatch.setattr(experiments, "BATCH", 2)
    assert read(repo) == whole


def test_a_dvc_experiment_is_read_like_any_commit(repo: GitRepo) -> None:
    base = repo.commit({"metrics.json": '{"f1": 1}'})
    repo.git("checkout", "-q", "--detach")
    made = repo.commit({"metrics.json": '{"f1": 2}'})
    repo.checkout("main")
    repo.ref(f"refs/exps/{base[:2]}/{base[2:]}/fox", made)
    facts = read(repo)
    assert values(facts, made) == {"metrics.json": {"f1": 2}}
    assert [one.name for one in facts.history.experiments] == ["fox"]


def test_a_broken_file_is_one_problem_of_the_first_commit_that_has_it(repo: GitRepo) -> None:
    repo.commit({"metrics.json": '{"f1": 1}'})
    bad = repo.commit({"metrics.json": "{", "dvc.lock": "a: ["})
    repo.commit({"other": "1"})
    repo.tag("m@v1.0.0")
    good = repo.commit({"metrics.json": '{"f1": 2}'})
    facts = read(repo)
    assert [(one.kind, one.ref, one.path) for one in facts.problems] == [
        ("values.metrics", bad, "metrics.json"),
        ("yaml", bad, "dvc.lock"),
    ]
    assert "also at 1 other commit" in facts.problems[0].reason
    assert "also at 2 other commits" in facts.problems[1].reason
    assert values(facts, good) == {"metrics.json": {"f1": 2}}


def test_commits_that_do_not_count_have_no_values_but_versions_have(repo: GitRepo) -> None:
    old = repo.commit({"metrics.json": "1"})
    version = repo.commit({"metrics.json": "2"})
    repo.tag("m@v1.0.0")
    new = repo.commit({"metrics.json": "3"})
    facts = read(repo, selection=Selection(since=START + 4))
    assert facts.history.commits == (new,)
    assert facts.values.keys() == {version, new}
    assert old not in facts.commits


def test_configured_files_count_beside_those_of_dvc_yaml(repo: GitRepo) -> None:
    first = repo.commit(
        {
            "dvc.yaml": DVC,
            "m.json": '{"f1": 1}',
            "results/loss.json": '{"x": 2}',
            "my_params.toml": "lr = 3\n",
        }
    )
    facts = read(repo, files=("results", "my_params.toml", "absent.json"))
    assert values(facts, first) == {
        "m.json": {"f1": 1},
        "my_params.toml": {"lr": 3},
        "results/loss.json": {"x": 2},
    }
    kinds = {file.path: file.kind for file in facts.values[first]}
    assert kinds["my_params.toml"] == "params"


def test_the_number_of_processes_does_not_grow_with_the_commits(repo: GitRepo) -> None:
    seen: list[tuple[str, ...]] = []

    def count() -> int:
        seen.clear()
        with process.observing(seen.append):
            read(repo)
        return len(seen)

    repo.commit({"dvc.yaml": DVC, "m.json": "{}"})
    few = count()
    for number in range(20):
        repo.commit({"m.json": f'{{"f1": {number}}}', f"d{number}/dvc.yaml": DVC})
    assert count() == few
