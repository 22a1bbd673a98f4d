from pathlib import Path

import pytest

from sitegen.errors import RefusedError
from sitegen.gitio.repository import open_repository
from sitegen.gitio.revisions import resolve
from tests.gitrepo import GitRepo


def test_every_name_of_a_commit_leads_to_it(tmp_path: Path) -> None:
    made = GitRepo(tmp_path / "repo")
    first = made.commit({"a": "1"})
    second = made.commit({"a": "2"})
    made.tag("m@v1.0.0", ref=first)
    repo = open_repository(made.path)
    for text in ("HEAD", "main", "refs/heads/main", second, second[:8]):
        assert resolve(repo, text) == second
    assert resolve(repo, "m@v1.0.0") == resolve(repo, "HEAD~1") == first


@pytest.mark.parametrize(
    "text", ["", "nothing", "--all", "HEAD..HEAD", "^HEAD", "a\nb", "HEAD^{tree}", "0" * 40]
)
def test_what_names_no_commit_is_refused(text: str, tmp_path: Path) -> None:
    made = GitRepo(tmp_path / "repo")
    made.commit({"a": "1"})
    with pytest.raises(RefusedError) as caught:
        resolve(open_repository(made.path), text)
    assert caught.value.problem.remedy


def test_an_empty_repository_has_no_head(tmp_path: Path) -> None:
    made = GitRepo(tmp_path / "repo")
    with pytest.raises(RefusedError, match="commit something first"):
        resolve(open_repository(made.path), "HEAD")
