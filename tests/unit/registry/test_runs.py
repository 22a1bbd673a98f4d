"""CI runs out of commit messages, and the trailers that git reads there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry.runs import KEYS, CiRun, ci_runs, trailers


@pytest.mark.parametrize(
    ("trailer", "expected"),
    [
        ("CI-Run: https://ci.example/runs/7", CiRun("CI-Run", "https://ci.example/runs/7")),
        ("build-url: <http://ci.example/7>", CiRun("Build-Url", "http://ci.example/7")),
        ("Pipeline: 4711", CiRun("Pipeline", id="4711")),
        ("Run-Id: churn/build#12", CiRun("Run-Id", id="churn/build#12")),
        (
            "Build-Url: https://dev.example/_build/results?buildId=12&view=3",
            CiRun("Build-Url", "https://dev.example/_build/results?buildId=12&view=3"),
        ),
        (
            "CI-Run: https://user:SECRET@ci.example/7?token=SECRET#SECRET",
            CiRun("CI-Run", "https://ci.example/7"),
        ),
        ("CI-Run: https://ci.example/7?key=SECRET", CiRun("CI-Run", "https://ci.example/7")),
        ("CI-Run: javascript:alert(1)", None),
        ("CI-Run: data:text/html,x", None),
        ("CI-Run: //ci.example/7", None),
        ("CI-Run: https://ci.example/a b", None),
        ("CI-Run: https://[ci.example/7", None),
        ("CI-Run: https:///7", None),
        ("CI-Run: https://ci.example/\u202e", None),
        (f"CI-Run: https://ci.example/{'7' * 3000}", None),
        ("CI-Run: it was green", None),
        ("CI-Run:", None),
        ("Reviewed-by: https://ci.example/7", None),
    ],
)
def test_a_trailer_names_a_run(trailer: str, expected: CiRun | None) -> None:
    message = f"Train again\n\nWith more data.\n\n{trailer}\n"
    assert ci_runs(message) == ((expected,) if expected else ())


@pytest.mark.parametrize("key", KEYS)
def test_every_documented_trailer_is_read(key: str) -> None:
    assert ci_runs(f"x\n\n{key.upper()}: 7") == (CiRun(key, id="7"),)
    text = Path(__file__).parents[3].joinpath("content", "metadata.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text


def test_several_runs_are_each_told_once() -> None:
    message = "x\n\nPipeline: 1\nBuild: 1\nBuild: 2\n" + "".join(
        f"CI-Run: https://ci.example/{at}\n" for at in range(100)
    )
    found = ci_runs(message)
    assert found[:3] == (
        CiRun("Pipeline", id="1"), CiRun("Build", id="2"), CiRun("CI-Run", "https://ci.example/0")
    )  # fmt: skip
    assert len(found) == 10


MESSAGES = [
    "",
    "CI-Run: 7",
    "CI-Run: 7\n\nText",
    "x\n\nText\nCI-Run: 7",
    "x\n\nCI-Run: 7\n\n\n",
    "x\n\nA: 1\nB:2\nC : 3\n D: no\nE: 5",
    "x\n\nA: 1\nSigned-off-by: Ada <a@b>\none\ntwo\nthree",
    "x\n\nA: 1\nSigned-off-by: Ada <a@b>\none\ntwo\nthree\nfour\nfive\nsix\nseven",
    "x\n\n(cherry picked from commit 1234567)\nA: 1",
    "x\n\n  A: 1\nB: 2",
    "x\n\nA b: 1",
    "x\r\n\r\nA: 1\r\nB: 2\r\n",
    "x\n \t\nA: 1",
    "x\n\nhttps://a.b\nA: 1",
]


def by_git(message: str) -> tuple[tuple[str, str], ...]:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        input=message.encode(),
        capture_output=True,
        check=True,
    )
    rows = (line.partition(":") for line in done.stdout.decode().splitlines())
    return tuple((key.strip(), value.strip()) for key, _, value in rows)


@pytest.mark.parametrize("message", MESSAGES)
def test_trailers_are_those_that_git_reads(message: str) -> None:
    assert trailers(message) == by_git(message)


@given(st.text())
def test_any_message_is_survived(message: str) -> None:
    ci_runs(message)
    ci_runs(f"x\n\nCI-Run: {message}")
