"""What may be published over what; the builds that are refused are in test_build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.errors import OutputError, Problem, RepositoryError
from sitegen.pipeline.guard import judge, published
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.state import Registry
from sitegen.site.build import Source

UNREAD = Problem("churn", "", "/churn", "cannot be read", "mend it", "git")


def site(folder: Path, **models: bool) -> Path:
    (folder / "api/v1").mkdir(parents=True)
    rows = [{"repo": repo, "registered": registered} for repo, registered in models.items()]
    (folder / "api/v1/registry.json").write_text(json.dumps({"models": rows}))
    return folder


def empty(name: str) -> Source:
    return Source(RepositoryFacts(name, "", "main", "", (), {}, {}, {}), Registry({}, (), ()))


def test_only_registered_models_count(tmp_path: Path) -> None:
    assert published(site(tmp_path, churn=True, vision=False)) == {"churn": 1}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"models": [{}]}', '{"models": 1}'])
def test_where_no_site_of_ours_stands_nothing_is_published(tmp_path: Path, text: str) -> None:
    assert published(tmp_path) == {}
    site(tmp_path)
    (tmp_path / "api/v1/registry.json").write_text(text)
    assert published(tmp_path) == {}


def test_the_error_of_what_cannot_be_read_is_the_reason_to_keep_the_site(tmp_path: Path) -> None:
    verdict = judge(site(tmp_path, churn=True), [], [UNREAD])
    (problem,) = verdict.refused
    assert (problem.repo, problem.kind, verdict.kind) == ("churn", "git", OutputError)
    assert verdict.instead_of == (UNREAD,)
    assert judge(tmp_path, [], []).refused == ()


def test_what_had_no_models_may_stay_unread(tmp_path: Path) -> None:
    assert judge(site(tmp_path, churn=False), [], [UNREAD]).refused == ()


def test_every_empty_repository_is_named_where_all_are(tmp_path: Path) -> None:
    verdict = judge(tmp_path, [empty("a"), empty("b")], [])
    assert [problem.repo for problem in verdict.refused] == ["a", "b"]
    assert verdict.kind is RepositoryError
