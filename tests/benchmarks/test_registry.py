"""Reading and folding a large registry, measured against bare git and against GTO in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.generated import generate
from tests.conftest import Oracle

pytestmark = pytest.mark.bench

MODELS, VERSIONS, COMMITS, ROUNDS = 1_000, 10, 2_000, 7

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from sitegen.pipeline.repository import Wanted, read_registry, read_repository, to_source
wanted = Wanted("bench", Path(sys.argv[1]))
def best(run):
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), times[0], result
seconds, first, registry = best(lambda: read_registry(wanted))
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
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, large, str(ROUNDS)], capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    ours = json.loads(done.stdout)
    git = bare_git(large)
    start = time.perf_counter()
    subprocess.run([oracle.gto, "show", "--json"], cwd=large, capture_output=True, check=True)
    gto = time.perf_counter() - start
    print(
        f"\n{ours['events']} tags: bare git {git * 1e3:.0f} ms"
        f"\nread and fold: {ours['seconds'] * 1e3:.0f} ms, {ours['seconds'] / git:.2f} times git "
        f"(first round {ours['first'] / git:.2f} times), {ours['memory'] / 1e6:.0f} MB at most"
        f"\nwith commits, trees and annotations: {ours['everything'] * 1e3:.0f} ms, "
        f"{ours['memory_of_everything'] / 1e6:.0f} MB at most"
        f"\ngto show: {gto:.1f} s, {gto / ours['seconds']:.0f} times as long as read and fold"
    )
    assert ours["events"] == MODELS * 17
    assert ours["seconds"] <= 2.5 * git
    assert gto >= 100 * ours["seconds"]
    assert ours["memory_of_everything"] <= 300e6
