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
from click.testing import CliRunner, Result

from sitegen.cli.modelreg import main
from sitegen.pipeline.opened import Opened, open_local
from sitegen.registry import gto
from sitegen.registry.gto import Look
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

Action = tuple[str, dict[str, Any]]
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
    """A random action, in the words of GTO's Python API."""

    def __init__(self, chance: random.Random, opened: Opened, commits: list[str]) -> None:
        self.chance = chance
        rare = chance.random()
        self.name = chance.choice(BAD if rare < 0.03 else MODELS)
        self.stage = "nowhere" if 0.03 <= rare < 0.06 else chance.choice(STAGES)
        self.commit = chance.choice(commits)
        found = opened.registry.artifacts.get(self.name)
        named = sorted({v.name for v in found.versions if v.name[0] == "v"}) if found else []
        self.version = "v9.9.9" if not named or rare > 0.93 else chance.choice(named)

    def draw(self) -> Action:
        acts = [self.register, self.assign, self.unassign, self.deregister, self.deprecate]
        return self.chance.choices(acts, [7, 8, 4, 2, 1])[0]()

    def register(self) -> Action:
        args: dict[str, Any] = {"name": self.name, "ref": self.commit}
        kind = self.chance.randrange(4)
        if kind == 1:
            args["version"] = f"v{self.chance.randrange(3)}.{self.chance.randrange(9)}.0"
        elif kind == 2:
            args["bump_minor"] = True
        elif kind == 3:
            args["bump_major"] = True
        return "register", args

    def assign(self) -> Action:
        where = {"version": self.version}
        if self.chance.random() >= 0.6:
            where = {"ref": self.commit}
        return "assign", {"name": self.name, "stage": self.stage, **where}

    def unassign(self) -> Action:
        return "unassign", {"name": self.name, "stage": self.stage, "version": self.version}

    def deregister(self) -> Action:
        return "deregister", {"name": self.name, "version": self.version}

    def deprecate(self) -> Action:
        return "deprecate", {"name": self.name}


def run_modelreg(repo: Path, now: int, action: Action, *more: str) -> Result:
    """The same action by the command line."""
    what, args = action
    line = [what, "-r", str(repo), "--date", f"{now} +0000", "--author", "Ada <a@x>", *more]
    for key, value in args.items():
        if key in {"stage", "version"}:
            line += [f"--{key}", value]
        elif key.startswith("bump_"):
            line += [f"--{key.replace('_', '-')}"]
    line += ["--", *(args[key] for key in ("name", "ref") if key in args)]
    return CliRunner().invoke(main, line)


@pytest.mark.parametrize(
    ("seed", "operations"),
    [
        (1, 40),
        pytest.param(1, 60, marks=pytest.mark.slow),
        pytest.param(2, 60, marks=pytest.mark.slow),
        pytest.param(3, 300, marks=pytest.mark.slow),
    ],
)
def test_both_read_the_same_at_every_step_and_refuse_the_same(
    seed: int, operations: int, tmp_path: Path, oracle: Oracle
) -> None:
    chance = random.Random(seed)
    repo = GitRepo(tmp_path / "repo")
    commits = [repo.commit({"n": str(i)}) for i in range(operations // 3)]
    commits.append(repo.commit({".gto": f"stages: [{', '.join(STAGES)}]\n"}))
    now = START + 100_000
    refusals = done = 0
    with gto_process(oracle, repo.path) as ask:
        for step in range(operations):
            now += 10
            action = Draw(chance, open_local(repo.path), commits).draw()
            ours = chance.random() < 0.5
            run = run_modelreg(repo.path, now, action, *([] if ours else ["--dry-run"]))
            where = (step, action, run.output)
            assert run.exit_code in (0, 1), where
            if ours and run.exit_code == 0:
                answer, state, history = "", *ask_state(ask, now)
                done += 1
            else:
                answer, state, history = ask(now, *action)
            assert bool(answer) == bool(run.exit_code), (*where, answer)
            refusals += bool(answer)
            after = open_local(repo.path)
            shown = gto.show_registry(after.registry, Look(deprecated=True), after.sources)
            assert shown == state, where
            assert by_tag(gto.history(after.registry)) == by_tag(history), where
    assert refusals > operations // 20
    assert done > operations // 10


def ask_state(ask: Ask, now: int) -> tuple[Any, Any]:
    """The state and history that GTO reads, by an action that it refuses."""
    return ask(now, "register", {"name": "-", "ref": "HEAD"})[1:]


def by_tag(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # A registration and the assignment that asked for it are of one second.
    return sorted(history, key=lambda event: (event["timestamp"], event["ref"]))
