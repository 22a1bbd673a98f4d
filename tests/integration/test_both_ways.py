"""One repository used by GTO and by us in turn: both read the same state, and refuse the same."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import RefusedError
from sitegen.gitio.write import Writer
from sitegen.pipeline.opened import Opened, open_local
from sitegen.registry import gto
from sitegen.registry.commands import (
    Known,
    Plan,
    plan_assign,
    plan_deprecate,
    plan_deregister,
    plan_register,
    plan_unassign,
)
from sitegen.registry.facts import Moment, Person
from sitegen.registry.gto import Look
from sitegen.registry.versions import Bump
from tests.conftest import Oracle
from tests.gitrepo import START, GitRepo

SCRIPT = """
import json, sys, time
from gto import api
from gto.utils import make_ready_to_serialize
repo = sys.argv[1]
for line in sys.stdin:
    now, what, args = json.loads(line)
    time.time = lambda: now  # what dulwich dates its tags by
    try:
        getattr(api, what)(repo, **args, author="Zoe", author_email="zoe@example.com")
        answer = ""
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    state = make_ready_to_serialize(api.show(repo, deprecated=True))
    history = make_ready_to_serialize(api.history(repo))
    print(json.dumps([answer, state, history]), flush=True)
"""

MODELS = ("churn", "cv:nn")
STAGES = ("dev", "staging", "prod")
BAD = ("-x", "a b", "x!")

Ask = Callable[[int, str, dict[str, Any]], tuple[str, Any, Any]]


@contextmanager
def gto_process(oracle: Oracle, repo: Path) -> Iterator[Ask]:
    with subprocess.Popen(
        [oracle.gto.parent / "python", "-c", SCRIPT, repo],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=repo,
    ) as process:
        assert process.stdin and process.stdout

        def ask(now: int, what: str, args: dict[str, Any]) -> tuple[str, Any, Any]:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps([now, what, args]) + "\n")
            process.stdin.flush()
            answer, state, history = json.loads(process.stdout.readline())
            return answer, state, history

        yield ask
        process.stdin.close()


class Draw:
    """A random action, in GTO's words and in ours."""

    def __init__(self, chance: random.Random, opened: Opened, commits: list[str]) -> None:
        self.chance = chance
        self.opened = opened
        self.commits = commits
        rare = chance.random()
        self.name = chance.choice(BAD if rare < 0.03 else MODELS)
        self.stage = "nowhere" if 0.03 <= rare < 0.06 else chance.choice(STAGES)
        self.commit = chance.choice(commits)
        found = opened.registry.artifacts.get(self.name)
        named = sorted({v.name for v in found.versions if v.name[0] == "v"}) if found else []
        self.version = "v9.9.9" if not named or rare > 0.93 else chance.choice(named)

    def draw(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        acts = [self.register, self.assign, self.unassign, self.deregister, self.deprecate]
        return self.chance.choices(acts, [7, 8, 4, 2, 1])[0]()

    def register(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        version, bump = "", Bump()
        args: dict[str, Any] = {"name": self.name, "ref": self.commit}
        kind = self.chance.randrange(4)
        if kind == 1:
            version = f"v{self.chance.randrange(3)}.{self.chance.randrange(9)}.0"
            args["version"] = version
        elif kind == 2:
            bump = Bump(minor=True)
            args["bump_minor"] = True
        elif kind == 3:
            bump = Bump(major=True)
            args["bump_major"] = True
        return "register", args, lambda k: plan_register(k, self.name, self.commit, version, bump)

    def assign(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        args = {"name": self.name, "stage": self.stage}
        if self.chance.random() < 0.6:
            given = {"version": self.version}
            return "assign", {**args, **given}, lambda k: plan_assign(
                k, self.name, self.stage, version=self.version
            )  # fmt: skip
        return "assign", {**args, "ref": self.commit}, lambda k: plan_assign(
            k, self.name, self.stage, commit=self.commit
        )  # fmt: skip

    def unassign(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        args = {"name": self.name, "stage": self.stage, "version": self.version}
        return "unassign", args, lambda k: plan_unassign(k, self.name, self.stage, self.version)

    def deregister(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        args = {"name": self.name, "version": self.version}
        return "deregister", args, lambda k: plan_deregister(k, self.name, self.version)

    def deprecate(self) -> tuple[str, dict[str, Any], Callable[[Known], Plan]]:
        return "deprecate", {"name": self.name}, lambda k: plan_deprecate(k, self.name)


@pytest.mark.parametrize(
    ("seed", "operations"),
    [(1, 60), (2, 60), pytest.param(3, 300, marks=pytest.mark.slow)],
)
def test_both_read_the_same_at_every_step_and_refuse_the_same(
    seed: int, operations: int, tmp_path: Path, oracle: Oracle
) -> None:
    chance = random.Random(seed)
    repo = GitRepo(tmp_path / "repo")
    commits = [repo.commit({"n": str(i)}) for i in range(operations // 3)]
    commits.append(repo.commit({".gto": f"stages: [{', '.join(STAGES)}]\n"}))
    now = START + 100_000
    refusals = 0
    with gto_process(oracle, repo.path) as ask:
        for step in range(operations):
            now += 10
            opened = open_local(repo.path)
            known = Known(opened.registry, opened.taken, opened.sources.allowed)
            what, args, make = Draw(chance, opened, commits).draw()
            try:
                plan, refusal = make(known), ""
            except RefusedError as error:
                plan, refusal = Plan(), str(error)
            ours = chance.random() < 0.5 and not refusal
            if ours:
                # GTO writes several tags of one action in one second, too.
                writer = Writer(opened.repo, tagger=Person("Ada", "a@x"), when=Moment(now))
                writer.apply(plan)
                _, state, history = ask_state(ask, now)
            else:
                answer, state, history = ask(now, what, args)
                assert bool(answer) == bool(refusal), (step, what, args, answer, refusal)
                refusals += bool(answer)
            after = open_local(repo.path)
            where = (step, what, args)
            shown = gto.show_registry(after.registry, Look(deprecated=True), after.sources)
            assert shown == state, where
            assert by_tag(gto.history(after.registry)) == by_tag(history), where
    assert refusals > operations // 20


def ask_state(ask: Ask, now: int) -> tuple[str, Any, Any]:
    """What GTO reads, by an action that it refuses."""
    return ask(now, "register", {"name": "-", "ref": "HEAD"})


def by_tag(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # A registration and the assignment that asked for it are of one second.
    return sorted(history, key=lambda event: (event["timestamp"], event["ref"]))
