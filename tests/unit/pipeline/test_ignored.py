"""What .dvcignore hides of DVC's files, commit by commit."""

from __future__ import annotations

from pathlib import Path

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline.ignored import without_ignored
from sitegen.pipeline.metadata import METADATA
from tests.gitrepo import GitRepo


def found(repo: GitRepo) -> dict[str, list[str]]:
    """Commit -> the files that count there."""
    trees = {
        oid: repo.git("rev-parse", f"{oid}^{{tree}}")
        for oid in repo.git("rev-list", "HEAD").split()
    }
    with ObjectReader(open_repository(repo.path, "r")) as reader:
        files = Files(reader, "r")
        left = without_ignored(files, files.find(trees, METADATA))
    return {oid: sorted(p for p in paths if "ignore" not in p) for oid, paths in left.items()}


def test_each_commit_goes_by_its_own_files(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    first = repo.commit({"a/dvc.yaml": "", "b/dvc.yaml": "", "b/c/x.dvc": "", ".dvcignore": "/a/"})
    second = repo.commit({".dvcignore": "# none", "b/.dvcignore": "c"})
    third = repo.commit({".dvcignore": "*.lock", "b/.dvcignore": None, "a/dvc.lock": ""})
    told = found(repo)
    assert told[first] == ["b/c/x.dvc", "b/dvc.yaml"]
    assert told[second] == ["a/dvc.yaml", "b/dvc.yaml"]
    assert told[third] == ["a/dvc.yaml", "b/c/x.dvc", "b/dvc.yaml"]


def test_only_dvcs_own_files_are_hidden(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    files = {"old/m.mlem": "", "old/artifacts.yaml": "", "old/dvc.yaml": "", ".dvcignore": "old"}
    oid = repo.commit(files)
    assert found(repo)[oid] == ["old/artifacts.yaml", "old/m.mlem"]
