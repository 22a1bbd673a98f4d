from __future__ import annotations

import pytest

from sitegen.errors import RefusedError
from sitegen.registry.refusals import check_not_in_stage, check_stage, unknown
from sitegen.registry.state import Artifact

from .test_remarks import TWO, registry


def churn(*names: str) -> Artifact:
    return registry(*names)[0].artifacts["churn"]


def why(artifact: Artifact, version: str) -> tuple[str, str]:
    row = next(one for one in artifact.versions if one.name == version)
    with pytest.raises(RefusedError) as caught:
        check_not_in_stage(artifact, row, "prod")
    return caught.value.problem.reason, caught.value.problem.remedy


def test_what_holds_a_stage_is_told_apart_from_what_only_was_not_taken_out() -> None:
    reason, remedy = why(churn(*TWO), "v1.0.0")
    assert reason == (
        "v1.0.0 of churn was assigned to prod on 1970-01-01 and never taken out; "
        "v1.1.0 holds prod since 1970-01-01"
    )
    assert remedy == "--force assigns it anew, so that it holds the stage"
    assert (
        why(churn(*TWO), "v1.1.0")[0] == "v1.1.0 of churn is in stage prod already since 1970-01-01"
    )
    reason, remedy = why(churn("churn@v1.0.0", "churn#prod#1 v1.0.0", "churn@v1.0.0!"), "v1.0.0")
    assert reason.endswith("and is deregistered since")
    assert remedy.startswith("register it again first")


def test_what_was_taken_out_may_come_back() -> None:
    artifact = churn("churn@v1.0.0", "churn#prod#1 v1.0.0", "churn#prod!#2 v1.0.0")
    check_not_in_stage(artifact, artifact.versions[0], "prod")


def test_near_misses_are_named() -> None:
    assert "(did you mean churn?)" in unknown(registry(*TWO)[0], "chrun").problem.reason
    with pytest.raises(RefusedError, match=r"'prdo' is not allowed \(did you mean prod\?\)"):
        check_stage(("dev", "prod"), "prdo")
