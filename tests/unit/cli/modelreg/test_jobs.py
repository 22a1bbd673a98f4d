"""The jobs' files: what they may do, and that nothing entered is part of a script."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sitegen import safeyaml
from sitegen.cli.modelreg import jobs
from sitegen.site.links import HOSTS


def github() -> dict[str, Any]:
    found = safeyaml.load(jobs.github("pip install sitegen").encode()).value
    assert isinstance(found, dict)
    return found


def gitlab() -> dict[str, Any]:
    found = safeyaml.load(jobs.gitlab("pip install sitegen", ".gitlab/x.yml").encode()).value
    assert isinstance(found, dict)
    return found


def test_the_github_job_is_started_by_hand_alone_and_may_push_alone() -> None:
    found = github()
    assert list(found["on"]) == ["workflow_dispatch"]
    assert found["permissions"] == {}
    assert found["jobs"]["modelreg"]["permissions"] == {"contents": "write"}


def test_no_input_is_part_of_a_script() -> None:
    steps = github()["jobs"]["modelreg"]["steps"]
    for step in steps:
        assert "${{" not in step.get("run", "")
    taken = {re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", v) for v in steps[-1]["env"].values()}
    assert {each[1] for each in taken if each} == {"action", *jobs.INPUTS}
    assert set(github()["on"]["workflow_dispatch"]["inputs"]) == {"action", *jobs.INPUTS}


def test_the_gitlab_job_runs_only_when_it_is_asked_for() -> None:
    job = gitlab()["modelreg"]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "web" && $MODELREG_ACTION'}]
    assert job["script"][-1] == jobs.SCRIPT


def test_both_run_the_same_script() -> None:
    assert github()["jobs"]["modelreg"]["steps"][-1]["run"] == jobs.SCRIPT


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_every_host_with_a_job_has_a_file_for_it(host: str) -> None:
    workflow = HOSTS[host].workflow
    assert workflow is not None
    assert workflow.path.endswith("modelreg.yml")
