"""What is said of a build is counted right and names places as people would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.cli.reports import count, near, report, summary
from sitegen.errors import Problem
from sitegen.output import Report
from sitegen.pipeline import Built
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.state import Registry
from sitegen.site.build import Settings, Source, build_site

URL = "https://user:TOKEN@example.com/r"


def built(output: Path) -> Built:
    facts = RepositoryFacts("a\x1b[2J", "", "main", "", (), {}, {}, {})
    site = build_site([Source(facts, Registry({}, (), ()))], Settings())
    problems = (Problem("r", "", "", f"cannot fetch {URL}", "", "git"),)
    return Built(site, Report(output, 5, 3, 100), problems, output)


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (0, "model", "0 models"),
        (1, "repository", "1 repository"),
        (2, "repository", "2 repositories"),
        (1234, "event", "1,234 events"),
    ],
)
def test_things_are_counted_in_words(number: int, what: str, said: str) -> None:
    assert count(number, what) == said


def test_a_path_below_is_shown_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "_site") == "_site/"
    assert near(tmp_path.parent) == str(tmp_path.parent)


def test_the_report_is_json_without_credentials(tmp_path: Path) -> None:
    text = json.dumps(report(built(tmp_path), 1.23456))
    assert "TOKEN" not in text
    assert json.loads(text)["seconds"] == 1.235


def test_the_summary_is_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary(built(tmp_path), 1.0, verbose=True)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "2 of 5 files are new or changed" in shown
    assert "1 problem; also on the problems page." in shown
