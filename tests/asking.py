"""Asks GTO many questions in one process of its own, since starting it takes half a second."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Oracle

SCRIPT = """
import json, sys
from gto import api
from gto.constants import VersionSort
from gto.utils import make_ready_to_serialize
def answer(repo, what, args):
    if "sort" in args:
        args["sort"] = VersionSort[args["sort"]]
    if what == "check_ref":
        found = api.check_ref(repo, **args)
        return [event.dict_state(exclude={"priority", "addition"}) for event in found]
    if what == "describe":
        found = api.describe(repo, **args)
        return None if found is None else found.model_dump()
    return getattr(api, what)(repo, **args)
def plain(value):
    return None if value is None else make_ready_to_serialize(value)
found = []
for repo, what, args in json.load(sys.stdin):
    try:
        found.append([True, plain(answer(repo, what, args))])
    except Exception as error:
        found.append([False, type(error).__name__])
json.dump(found, sys.stdout)
"""

Question = tuple[str, dict[str, Any]]


def ask_gto(oracle: Oracle, repo: Path, questions: Sequence[Question]) -> list[Any]:
    """GTO's answers: [True, the JSON it would print] or [False, the kind of its error]."""
    rows = [(str(repo), what, args) for what, args in questions]
    done = subprocess.run(
        [oracle.gto.parent / "python", "-c", SCRIPT],
        input=json.dumps(rows).encode(),
        capture_output=True,
        check=True,
        cwd=repo,
    )
    found: list[Any] = json.loads(done.stdout)
    return found
