"""Many write at once, are refused, cut off or killed: no tag is lost and none is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.gitrepo import GitRepo

CLONES = 8
STEPS = ("checked", "stored", "pushed", "named")
ROUNDS = [4, pytest.param(50, marks=pytest.mark.slow)]


class Racer:
    """A clone, and the process that writes in it."""

    def __init__(self, server: GitRepo, path: Path) -> None:
        subprocess.run(["git", "clone", "-q", str(server.path), str(path)], check=True)
        self.path = path
        self.process: subprocess.Popen[str] | None = None

    def tell(self, step: str = "", attempts: int = CLONES) -> None:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.racing", str(self.path)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"step": step, "attempts": attempts}) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any] | None:
        """The answer; None from one that was killed."""
        assert self.process and self.process.stdout
        line = self.process.stdout.readline()
        if line:
            said: dict[str, Any] = json.loads(line)
            return said
        assert self.process.wait() == -signal.SIGKILL
        self.close()
        return None

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def tags(self) -> dict[str, str]:
        return tags(self.path)


def tags(path: Path) -> dict[str, str]:
    listing = subprocess.run(
        ["git", "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags/"],
        cwd=path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return dict(line.split(" ") for line in listing.splitlines())


@contextmanager
def racing(server: GitRepo, folder: Path, count: int) -> Iterator[list[Racer]]:
    racers = [Racer(server, folder / f"clone-{number}") for number in range(count)]
    try:
        yield racers
    finally:
        for racer in racers:
            racer.close()


def no_tag_is_stray(server: GitRepo, racers: list[Racer]) -> dict[str, str]:
    """What the server has; every tag of every clone is among it."""
    there = tags(server.path)
    for racer in racers:
        assert racer.tags().items() <= there.items()
    # Every counter once, and none left out.
    counters = sorted(int(name.rpartition("#")[2]) for name in there)
    assert counters == list(range(1, len(there) + 1))
    return there


@pytest.fixture
def server(tmp_path: Path) -> GitRepo:
    server = GitRepo(tmp_path / "server.git", bare=True)
    server.commit({"a": "1"})
    return server


@pytest.mark.parametrize("rounds", ROUNDS)
def test_clones_that_race_all_land_with_their_own_counters(
    server: GitRepo, tmp_path: Path, rounds: int
) -> None:
    with racing(server, tmp_path, CLONES) as racers:
        landed: dict[str, str] = {}
        for _ in range(rounds):
            for racer in racers:
                racer.tell()
            for racer in racers:
                said = racer.hear()
                assert said is not None
                if "refused" in said:
                    assert "somebody else wrote" in said["refused"]
                else:
                    assert said["tag"] not in landed
                    landed[said["tag"]] = said["oid"]
                    assert racer.tags()[said["tag"]] == said["oid"]
            assert no_tag_is_stray(server, racers) == landed
        # Refused after so many attempts is allowed, and must stay the exception.
        assert len(landed) > rounds * CLONES * 0.9


@pytest.mark.parametrize("rounds", ROUNDS)
def test_who_is_refused_by_a_hook_leaves_nothing_and_can_run_again(
    server: GitRepo, tmp_path: Path, rounds: int
) -> None:
    hook = server.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    with racing(server, tmp_path, 2) as racers:
        landed = 0
        for number in range(rounds):
            kill = "kill -9 $PPID;" if number % 2 else ""
            hook.write_text(f"#!/bin/sh\necho 'not today' >&2; {kill} exit 1\n")
            hook.chmod(0o755)
            before = tags(server.path)
            for racer in racers:
                racer.tell()
            for racer in racers:
                said = racer.hear()
                assert said
                # Of a server that is killed the words may not come through.
                assert ("not today" in said["refused"]) or kill
            assert no_tag_is_stray(server, racers) == before
            hook.unlink()
            for racer in racers:
                racer.tell()
            landed += sum("tag" in (racer.hear() or {}) for racer in racers)
            assert len(no_tag_is_stray(server, racers)) == landed


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_server_that_vanishes_leaves_nothing_and_can_be_written_again(
    server: GitRepo, tmp_path: Path, rounds: int
) -> None:
    away = tmp_path / "away.git"
    hook = server.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    with racing(server, tmp_path, 2) as racers:
        for number in range(rounds):
            # Before they start, when one of them is done, or in the middle of a push.
            moment = ("before", "between", "within")[number % 3]
            if moment == "within":
                hook.write_text(f"#!/bin/sh\nmv '{server.path}' '{away}'\n")
                hook.chmod(0o755)
            if moment == "before":
                server.path.rename(away)
            for racer in racers:
                racer.tell()
            answers = [racers[0].hear()]
            if moment == "between":
                server.path.rename(away)
            answers.append(racers[1].hear())
            away.rename(server.path)
            hook.unlink(missing_ok=True)
            there = no_tag_is_stray(server, racers)
            refused = ["refused" in said for said in answers if said]
            assert moment != "before" or all(refused)
            assert moment != "between" or not refused[0]
            for said in answers:
                assert said is not None
                assert "refused" in said or there[said["tag"]] == said["oid"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_who_is_killed_leaves_no_tag_or_one_that_the_server_has(
    server: GitRepo, tmp_path: Path, rounds: int
) -> None:
    chance = random.Random(40)
    with racing(server, tmp_path, 3) as racers:
        for number in range(rounds):
            step = STEPS[number % len(STEPS)]
            victim = chance.randrange(len(racers))
            before = len(tags(server.path))
            for place, racer in enumerate(racers):
                racer.tell(step if place == victim else "")
            answers = [racer.hear() for racer in racers]
            landed = sum("tag" in said for said in answers if said)
            there = no_tag_is_stray(server, racers)
            taken = len(there) - before
            assert taken in (landed, landed + 1)
            if answers[victim] is None:
                assert taken == landed + (step in ("pushed", "named"))
            # Whoever was killed can go on at once.
            racers[victim].tell()
            said = racers[victim].hear()
            assert said and "tag" in said
            assert no_tag_is_stray(server, racers)[said["tag"]] == said["oid"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_who_is_killed_at_any_moment_leaves_no_stray_tag(
    server: GitRepo, tmp_path: Path, rounds: int
) -> None:
    with racing(server, tmp_path, 2) as (victim, other):
        for _ in range(rounds):
            victim.tell()
            other.tell()
            # The other's answer is the clock: the victim is somewhere in its work, or done.
            said = other.hear()
            assert said and "tag" in said
            assert victim.process
            os.kill(victim.process.pid, signal.SIGKILL)
            victim.close()
            no_tag_is_stray(server, [victim, other])
            victim.tell()
            again = victim.hear()
            assert again and "tag" in again
            assert no_tag_is_stray(server, [victim, other])[again["tag"]] == again["oid"]
