"""Reading and folding a large registry, measured against bare git and against GTO in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.generated import generate
from tests.conftest import Oracle

pytestmark = pytest.mark.bench

MODELS, VERSIONS, COMMITS, ROUNDS = 1_000, 10, 2_000, 7

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from sitegen.pipeline.opened import open_local
from sitegen.pipeline.repository import Wanted, read_repository, to_source
wanted = Wanted("bench", Path(sys.argv[1]))
def best(run):
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), times[0], result
seconds, first, registry = best(lambda: open_local(wanted.path).registry)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
everything, _, source = best(lambda: to_source(read_repository(wanted)))
print(json.dumps({
    "seconds": seconds,
    "first": first,
    "everything": everything,
    "events": sum(len(a.events) for a in registry.artifacts.values()),
    "memory": memory,
    "memory_of_everything": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
"""


MEASURE_METADATA = """
import json, os, resource, sys, time
from pathlib import Path
from sitegen.pipeline.repository import Wanted, read_repository
times, cpu = [], []
for _ in range(3):
    start, worked = time.perf_counter(), sum(os.times()[:4])
    facts = read_repository(Wanted("bench", Path(sys.argv[1])))
    times.append(time.perf_counter() - start)
    cpu.append(sum(os.times()[:4]) - worked)
    found = len(facts.annotations), len(facts.values), len(facts.problems)
    del facts
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": min(times), "cpu": min(cpu), "found": found, "memory": memory}))
"""


def measure(script: str, *arguments: object) -> Any:
    """What the script prints as JSON, run by itself so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("large"), MODELS, VERSIONS, COMMITS)


def best(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def bare_git(repo: Path) -> float:
    """What git alone takes to name the tags and to hand out their objects."""
    git = ["git", "-C", str(repo)]
    listing = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"]
    names = subprocess.run([*git, *listing], capture_output=True, check=True).stdout
    ids = b"".join(line.split()[0] + b"\n" for line in names.splitlines())
    return best(lambda: subprocess.run([*git, *listing], capture_output=True, check=True)) + best(
        lambda: subprocess.run(
            [*git, "cat-file", "--batch"], input=ids, stdout=subprocess.DEVNULL, check=True
        )
    )


def test_17_000_tags_against_bare_git_and_gto(large: Path, oracle: Oracle) -> None:
    ours = measure(MEASURE, large, ROUNDS)
    git = bare_git(large)
    start = time.perf_counter()
    subprocess.run([oracle.gto, "show", "--json"], cwd=large, capture_output=True, check=True)
    gto = time.perf_counter() - start
    print(
        f"\n{ours['events']} tags: bare git {git * 1e3:.0f} ms"
        f"\nread and fold: {ours['seconds'] * 1e3:.0f} ms, {ours['seconds'] / git:.2f} times git "
        f"(first round {ours['first'] / git:.2f} times), {ours['memory'] / 1e6:.0f} MB at most"
        f"\nwith commits, trees and annotations: {ours['everything'] * 1e3:.0f} ms, "
        f"{ours['everything'] / git:.2f} times git, "
        f"{ours['memory_of_everything'] / 1e6:.0f} MB at most"
        f"\ngto show: {gto:.1f} s, {gto / ours['seconds']:.0f} times as long as read and fold"
    )
    assert ours["events"] == MODELS * 17
    assert ours["seconds"] <= 2.5 * git
    assert ours["everything"] <= 8 * git
    assert gto >= 100 * ours["seconds"]
    assert ours["memory_of_everything"] <= 300e6


def test_metadata_takes_time_in_proportion_to_the_commits(tmp_path: Path) -> None:
    ours = {}
    for commits in (500, 2_000):
        path = generate(tmp_path / str(commits), commits // 10, 10, commits, metadata=True)
        ours[commits] = measure(MEASURE_METADATA, path)
        assert ours[commits]["found"] == [commits, commits, 0]
    # Of the processors' time, git's included: other work on the machine counts less.
    ratio = ours[2_000]["cpu"] / ours[500]["cpu"]
    print(
        "".join(
            f"\n{commits} commits with metadata: {each['seconds'] * 1e3:.0f} ms, "
            f"{each['seconds'] / commits * 1e6:.0f} us each, "
            f"{each['cpu'] * 1e3:.0f} ms of processor time, {each['memory'] / 1e6:.0f} MB at most"
            for commits, each in ours.items()
        ),
        f"\nfour times the commits: {ratio:.1f} times as long",
    )
    assert ratio <= 6
    assert ours[2_000]["memory"] <= 300e6
