"""One of those who race: a process that assigns a stage with a push whenever it is told to.

Reads one JSON object a line: {"step", "attempts"}. step: where to be killed, "" for nowhere, as
`Writer` names its steps. Answers one a line: {"tag", "oid"} or {"refused"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sitegen.errors import SitegenError
from sitegen.gitio.repository import Repository, open_repository, read_refs
from sitegen.gitio.write import Writer, retry_races
from sitegen.registry.commands import Plan, TagPlan, next_counter
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import AUTHOR, START


def assign(repo: Repository) -> Callable[[], Plan]:
    """A planner that takes the next counter for stage prod of the artifact m."""

    def make() -> Plan:
        refs = read_refs(repo)
        taken = [ref.name.removeprefix("refs/tags/") for ref in refs.refs]
        name = f"m#prod#{next_counter('m', taken)}"
        return Plan((TagPlan(name, refs.head, "Assign", "assignment", "m", "v1.0.0", "prod"),))

    return make


def answer(repo: Repository, step: str, attempts: int) -> dict[str, str]:
    def checkpoint(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    # The same person in the same second: the objects of all who race for a counter are equal.
    writer = Writer(repo, tagger=Person(*AUTHOR), when=Moment(START), checkpoint=checkpoint)
    try:
        applied = retry_races(assign(repo), writer, push=True, attempts=attempts)
    except SitegenError as error:
        return {"refused": str(error)}
    return dict(zip(("tag", "oid"), applied.tags[0], strict=True))


def main() -> None:
    repo = open_repository(Path(sys.argv[1]))
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answer(repo, asked["step"], asked["attempts"])), flush=True)


if __name__ == "__main__":
    main()
