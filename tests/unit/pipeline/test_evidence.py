from pathlib import Path

import pytest

from sitegen.errors import RepositoryError
from sitegen.pipeline.evidence import annotation_at, evidence_at, files_at, promotion_of_gto
from sitegen.pipeline.opened import open_local
from sitegen.registry.facts import Requirement, Rules
from tests.gitrepo import GitRepo

SAID = "churn: {type: model, path: models/m.pkl}\n"


def test_metrics_and_the_card_are_those_of_the_commit(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    first = repo.commit({"artifacts.yaml": SAID, "metrics.json": '{"f1": 0.7, "n": true}'})
    second = repo.commit({"metrics.json": '{"f1": 0.9}', "models/README.md": "# Churn"})
    opened = open_local(repo.path)
    before, after = (evidence_at(opened, commit, "churn") for commit in (first, second))
    assert (before.metrics, before.card) == ({"f1": (0.7,)}, False)
    assert (after.metrics, after.card) == ({"f1": (0.9,)}, True)


def test_a_readme_that_is_not_beside_the_model_is_no_card(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    commit = repo.commit({"artifacts.yaml": SAID, "README.md": "# All"})
    assert not evidence_at(open_local(repo.path), commit, "churn").card


def test_a_card_is_what_the_portal_shows_as_one(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    named = SAID.replace("}", ", custom: {card: docs/churn.md}}")
    first = repo.commit({"artifacts.yaml": named, "docs/churn.md": "x"})
    second = repo.commit({"docs/churn.md": None})
    third = repo.commit({"README.md": "---\nlicense: mit\n---\n# Churn"})
    opened = open_local(repo.path)
    assert [evidence_at(opened, each, "churn").card for each in (first, second, third)] == [
        True, False, True,
    ]  # fmt: skip


def test_an_artifact_in_a_folder_has_the_metrics_of_the_folder(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    metrics = "metrics: [metrics.json]\n"
    commit = repo.commit(
        {
            "dvc.yaml": metrics,
            "metrics.json": '{"f1": 0.1}',
            "cv/dvc.yaml": f"{metrics}artifacts: {{nn: {{path: nn.pkl}}}}\n",
            "cv/metrics.json": '{"f1": 0.9}',
            "cv/MODEL_CARD.md": "x",
        }
    )
    found = evidence_at(open_local(repo.path), commit, "cv:nn")
    assert (found.metrics, found.card) == ({"f1": (0.9,)}, True)


def test_an_annotation_is_read_at_its_commit(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    first = repo.commit({"artifacts.yaml": SAID})
    second = repo.commit({"artifacts.yaml": "other: {}\n"})
    opened = open_local(repo.path)
    said = annotation_at(opened, first, "churn")
    assert said is not None
    assert (said.type, said.path) == ("model", "models/m.pkl")
    assert annotation_at(opened, second, "churn") is None


def test_promotion_rules_of_gto_are_those_of_head(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    assert promotion_of_gto(open_local(repo.path)) == (Rules(), ())
    repo.commit({".gto": "promotion: {order: [dev, prod], require: {prod: {card: true}}}\n"})
    rules, problems = promotion_of_gto(open_local(repo.path))
    assert rules == Rules(("dev", "prod"), {"prod": Requirement(card=True)})
    assert problems == ()


def test_files_are_given_as_committed_and_nothing_is_passed_over(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    commit = repo.commit({"artifacts.yaml": SAID})
    opened = open_local(repo.path)
    assert files_at(opened, commit, ["artifacts.yaml", "dvc.yaml"]) == {
        "artifacts.yaml": SAID.encode()
    }
    undated = repo.git(
        "hash-object", "-t", "commit", "-w", "--literally", "--stdin",
        input=f"tree {repo.git('rev-parse', 'HEAD^{tree}')}\nauthor A <a@x> 1 +9959\n"
        "committer A <a@x> 1 +9959\n\nm\n",
    )  # fmt: skip
    assert files_at(opened, undated, ["artifacts.yaml"]) == {"artifacts.yaml": SAID.encode()}
    large = repo.commit({"dvc.yaml": "# " + "x" * 60_000_000})
    with pytest.raises(RepositoryError):
        files_at(open_local(repo.path), large, ["dvc.yaml"])
