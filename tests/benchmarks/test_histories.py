"""Every commit's metrics, params and data, measured against bare git and against DVC in one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.histories import generate_history
from tests.benchmarks.test_registry import measure
from tests.conftest import Oracle

pytestmark = pytest.mark.bench

MANY, FEW = 10_000, 2_000

MEASURE = """
import json, os, resource, sys, time
from pathlib import Path
from sitegen.gitio.history import Selection
from sitegen.pipeline.repository import Wanted, read_repository
times, cpu = [], []
for _ in range(int(sys.argv[2])):
    start, worked = time.perf_counter(), sum(os.times()[:4])
    # `dvc exp show` says nothing of plots either.
    facts = read_repository(Wanted("bench", Path(sys.argv[1]), plots=0))
    times.append(time.perf_counter() - start)
    cpu.append(sum(os.times()[:4]) - worked)
    found = len(facts.history.commits), len(facts.values), len(facts.data), len(facts.problems)
    del facts
# What is read without any experiment: refs, tags, versions with all that belongs to them, HEAD.
without = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    facts = read_repository(
        Wanted("bench", Path(sys.argv[1]), selection=Selection(max_commits=0), plots=0)
    )
    without.append(time.perf_counter() - start)
net = (min(times) - min(without)) / (found[0] - len(facts.commits))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": min(times), "cpu": min(cpu), "found": found, "memory": memory,
    "net": net}))
"""


def bare_git(repo: Path) -> tuple[float, float]:
    """What git alone takes to list the commits and to hand out all objects: seconds, and of them
    the processors' time."""
    git = ["git", "-C", str(repo)]
    listing = ["rev-list", "--objects", "--no-object-names", "--all"]
    ids = subprocess.run([*git, *listing], capture_output=True, check=True).stdout
    seconds, cpu = [], []
    for _ in range(3):
        start, worked = time.perf_counter(), sum(os.times()[2:4])
        subprocess.run([*git, "rev-list", "--all"], stdout=subprocess.DEVNULL, check=True)
        subprocess.run(
            [*git, "cat-file", "--batch"], input=ids, stdout=subprocess.DEVNULL, check=True
        )
        seconds.append(time.perf_counter() - start)
        cpu.append(sum(os.times()[2:4]) - worked)
    return min(seconds), min(cpu)


def dvc_seconds(oracle: Oracle, repo: Path) -> tuple[float, int]:
    """What `dvc exp show` of all commits takes beyond what DVC takes to start, and how many."""

    def run(*arguments: str) -> tuple[float, bytes]:
        # What DVC keeps from one time to the next must not count.
        shutil.rmtree(repo / ".dvc" / "tmp", ignore_errors=True)
        start = time.perf_counter()
        done = subprocess.run([oracle.dvc, *arguments], cwd=repo, capture_output=True, check=True)
        return time.perf_counter() - start, done.stdout

    starting = min(run("root")[0] for _ in range(2))
    seconds, output = run("exp", "show", "--all-commits", "--json")
    return seconds - starting, len(json.loads(output)) - 1


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    folder = tmp_path_factory.mktemp("histories")
    return lambda commits: generate_history(folder / str(commits), commits)


def test_10_000_commits_against_bare_git_and_in_proportion(
    histories: Callable[[int], Path],
) -> None:
    ours: dict[int, Any] = {}
    git: dict[int, tuple[float, float]] = {}
    for commits in (FEW, MANY):
        path = histories(commits)
        # In turns, since other work on the machine slows down whatever runs at that time.
        turns = [(measure(MEASURE, path, 2), bare_git(path)) for _ in range(3)]
        ours[commits] = {key: min(each[key] for each, _ in turns) for key in turns[0][0]}
        git[commits] = min(bare for _, bare in turns)
        assert ours[commits]["found"] == [commits, commits, commits, 0]
    ratio = ours[MANY]["seconds"] / git[MANY][0]
    # Of the processors' time, git's included: other work on the machine counts less.
    work = ours[MANY]["cpu"] / git[MANY][1]
    growth = ours[MANY]["cpu"] / ours[FEW]["cpu"] / (MANY / FEW)
    for commits, each in ours.items():
        print(
            f"\n{commits} commits of five changed files: {each['seconds']:.2f} s, "
            f"{each['cpu'] / commits * 1e6:.0f} us of processor time each, "
            f"{each['memory'] / 1e6:.0f} MB at most; bare git {git[commits][0]:.2f} s"
        )
    print(f"{ratio:.1f} times bare git, {work:.1f} times of the processors' time")
    print(f"five times the commits: {growth * 5:.1f} times as long")
    assert ratio <= 6
    assert growth <= 1.5
    assert ours[MANY]["memory"] <= 1e9


def test_a_real_registry_against_dvc(
    real_registry: Callable[[str], Path], oracle: Oracle, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    shutil.copytree(real_registry("demo-bank-customer-churn"), path, symlinks=True)
    ours = measure(MEASURE, path, 5)
    seconds, commits = dvc_seconds(oracle, path)
    times = seconds / commits / ours["net"]
    print(
        f"\n{commits} commits: {ours['seconds'] * 1e3:.0f} ms with everything else, "
        f"{ours['net'] * 1e3:.2f} ms each; dvc {seconds / commits * 1e3:.0f} ms each, "
        f"{times:.0f} times as long"
    )
    assert commits == ours["found"][0] == 65
    assert times >= 50


def test_a_long_history_against_dvc(histories: Callable[[int], Path], oracle: Oracle) -> None:
    ours = measure(MEASURE, histories(FEW + 1), 3)
    seconds, commits = dvc_seconds(oracle, histories(100))
    times = seconds / commits / ours["net"]
    print(f"\nper commit: dvc {seconds / commits * 1e3:.0f} ms, {times:.0f} times as long as ours")
    assert times >= 100
