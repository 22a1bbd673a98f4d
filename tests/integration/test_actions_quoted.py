"""Whatever stands in a dialog's fields, a shell takes each value as one word and runs nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sitegen.registry import names, versions
from tests.conftest import ROOT
from tests.node import SCRIPTS, node

HARNESS = ROOT / "tests/integration/actions/commands.js"
PIECES = (
    "'", '"', "$", "`", "\\", "\n", " ", "!", "*", "?", "~", "#", ";", "&", "|", ">", "(", "{", "=",
    "-", "--", "-m", "a", "Z", "9", "é", "日", "$(touch pwn)", "`touch pwn`",
    "\x1b[2J", "\u202e", "\t",
)  # fmt: skip
KNOWN: dict[str, Any] = {
    "model": "cv:m", "address": "", "next": [["v1.0.1", "next patch"]], "counter": 3, "taken": [],
    "stages": ["dev"], "onlyThese": False, "held": [], "gone": [], "active": ["v1.0.0"],
    "unregistered": [],
}  # fmt: skip


def built(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answer = node([str(HARNESS), str(SCRIPTS)], json.dumps(asked).encode())
    found: list[dict[str, Any]] = json.loads(answer)
    return found


def as_run(commands: list[str], folder: Path) -> list[list[str]]:
    """The words that `modelreg` gets of each command, from a real shell."""
    reader = 'modelreg() { printf "%s\\0" "$@"; printf "\\1"; }\n'
    script = reader + "\n".join(f'{command}\nprintf "\\2"' for command in commands)
    done = subprocess.run(
        ["sh"], cwd=folder, input=script.encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    rows = done.stdout.decode().split("\2")[:-1]
    return [row.replace("\1", "").split("\0")[:-1] for row in rows]


def test_every_value_is_one_word_to_a_shell(tmp_path: Path) -> None:
    chance = Random(7)

    def text() -> str:
        return "".join(chance.choices(PIECES, k=chance.randint(1, 12)))

    asked = [
        {
            "action": "deprecate",
            "known": KNOWN,
            "values": {"message": text(), "where": text(), "push": False},
        }
        for _ in range(300)
    ]
    answers = built(asked)
    for one, words in zip(asked, as_run([a["command"] for a in answers], tmp_path), strict=True):
        said = words.copy()
        assert said[:2] == ["deprecate", "cv:m"]
        assert set(optional(said[2:])) <= {"--message", "--repo"}
        message = optional(said[2:]).get("--message", "")
        assert message == clean(one["values"]["message"])
    assert list(tmp_path.iterdir()) == []


def optional(words: list[str]) -> dict[str, str]:
    """Options and their values, as click takes them."""
    long = {"-m": "--message", "-r": "--repo"}
    found = {}
    while words:
        word = words.pop(0)
        if word in long:
            found[long[word]] = words.pop(0)
        else:
            name, _, value = word.partition("=")
            found[name] = value
    return found


def clean(text: str) -> str:
    """Without what a terminal acts on."""
    kept = (" " if each in "\x1b\u202e\t" else each for each in text)
    return "".join(kept).strip()


@pytest.mark.parametrize("field", ["version", "stage"])
def test_the_grammar_is_that_of_modelreg(field: str) -> None:
    chance = Random(field)
    letters = "v0.1-+abZ_/ \n" if field == "version" else "aZ0-_/ .\n"
    texts = {"".join(chance.choices(letters, k=chance.randint(1, 8))) for _ in range(500)}
    texts |= {"v1.0.0", "v1.0.0-rc.1+b", "v01.0.0", "v1.0", "prod", "qa/eu", "-x", "x-"}
    rows = sorted({" ".join(text.split()) for text in texts} - {""})
    asked = [
        {
            "action": "register" if field == "version" else "assign",
            "known": KNOWN,
            "values": {"version": "v1.0.0", "revision": "HEAD", "where": ".", field: row},
        }
        for row in rows
    ]
    legal = versions.is_version if field == "version" else names.is_name
    for row, answer in zip(rows, built(asked), strict=True):
        wrong = answer["wrong"].get(field, "")
        assert (wrong == "" or "registered already" in wrong) == legal(row), row
