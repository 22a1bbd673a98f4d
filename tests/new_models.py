"""Models made anew by their own libraries, where SITEGEN_ML names a Python that has these."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

# Read before the tests, which see no settings of the person who runs them.
PROGRAMS = os.environ.get("SITEGEN_ML")


class Made:
    """What a script of tests/integration made. truth: file -> what its library says of it.

    missing: maker -> why its library is not there.
    """

    def __init__(self, script: str, folder: Path) -> None:
        if not PROGRAMS:
            pytest.skip("SITEGEN_ML names no folder with a Python that has the libraries of models")
        made = subprocess.run(
            [Path(PROGRAMS) / "python", ROOT / "tests/integration" / script, folder],
            capture_output=True,
            timeout=300,
            env={"HOME": str(folder), "PATH": os.defpath, "KERAS_BACKEND": "torch"},
            check=False,
        )
        assert made.returncode == 0, made.stderr.decode()[-2000:]
        said = json.loads(made.stdout)
        self.truth: dict[str, dict[str, Any]] = said["models"]
        self.missing: dict[str, str] = said["missing"]
        assert self.truth

    def skip_missing(self) -> None:
        """Say at the end of a test what could not be compared."""
        if self.missing:
            pytest.skip(f"not compared: {self.missing}")
