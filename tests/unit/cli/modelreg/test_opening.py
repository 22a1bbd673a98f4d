import subprocess
from pathlib import Path

import pytest

from sitegen.cli.modelreg.opening import find_place, open_repo, promotion_rules
from sitegen.errors import ConfigError, RepositoryError
from sitegen.registry.facts import Requirement, Rules
from tests.conftest import Oracle
from tests.gitrepo import GitRepo

from .conftest import Call


def test_the_working_folder_stands_for_the_repository_around_it(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = repo.path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert find_place(".").path == repo.path.resolve()


def test_an_address_is_mirrored_in_the_cache(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    repo.tag("churn@v1.0.0")
    place = find_place(f"file://{repo.path}")
    assert place.address is not None
    assert place.path.parent == tmp_path / "cache"
    assert open_repo(f"file://{repo.path}").registry.artifacts["churn"].latest == "v1.0.0"


@pytest.mark.parametrize("text", ["nowhere", "ext::sh -c x", "http://example.com/r"])
def test_what_is_no_repository_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(RepositoryError):
        open_repo(text)


def test_the_rules_of_sitegen_yaml_come_before_those_of_gto(
    repo: GitRepo, call: Call, tmp_path: Path
) -> None:
    assert promotion_rules(open_repo(".")) == Rules()
    repo.commit({".gto": "promotion: {order: [a, b]}\n"})
    assert promotion_rules(open_repo(".")) == Rules(("a", "b"))
    (repo.path / "sitegen.yaml").write_text("promotion: {require: {b: {from: a}}}\n")
    assert promotion_rules(open_repo(".")) == Rules((), {"b": Requirement("a")})


def test_rules_that_cannot_be_read_are_not_passed_over(repo: GitRepo, call: Call) -> None:
    repo.commit({".gto": "promotion: {order: a}\n"})
    with pytest.raises(ConfigError):
        promotion_rules(open_repo("."))


def test_problems_are_counted_on_stderr(repo: GitRepo, call: Call) -> None:
    repo.lightweight_tag("churn@v1.0.0")
    assert call("show").stderr == "1 problem: see `modelreg doctor`\n"
    assert call("show", "--json").stderr == ""


def test_gto_refuses_a_gto_file_with_promotion_rules_as_the_document_says(
    repo: GitRepo, oracle: Oracle
) -> None:
    repo.commit({".gto": "stages: [a]\n"})
    assert subprocess.run([oracle.gto, "stages"], cwd=repo.path, check=False).returncode == 0
    repo.commit({".gto": "promotion: {order: [a, b]}\n"})
    assert subprocess.run([oracle.gto, "stages"], cwd=repo.path, check=False).returncode == 1
