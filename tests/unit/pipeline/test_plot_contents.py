"""The contents of plots' files, each blob read once, in as many ways as it is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline import plot_contents
from sitegen.pipeline.plot_contents import BARE, DATA, IMAGE, TEMPLATE, Contents, Use
from tests.gitrepo import GitRepo


def contents(repo: GitRepo, *uses: tuple[str, str]) -> tuple[Contents, list[Use]]:
    """What is made of (path, what) at HEAD."""
    with ObjectReader(open_repository(repo.path, "repo")) as reader:
        found = Contents(Files(reader, "repo"))
        asked = [Use(path, repo.git("rev-parse", f"HEAD:{path}"), what) for path, what in uses]
        found.read({repo.head: asked})
        return found, asked


def test_the_same_bytes_are_read_in_every_way_that_is_asked(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a.csv": "1,2\n3,4\n", "a.tsv": "1,2\n3,4\n", "a.png": "1,2\n3,4\n"})
    found, uses = contents(
        repo, ("a.csv", DATA), ("a.csv", BARE), ("a.tsv", DATA), ("a.png", IMAGE)
    )
    assert len({use.oid for use in uses}) == 1
    columns = [found.tables[use.key].columns for use in uses[:3]]
    assert columns == [("1", "2"), ("0", "1"), ("1,2",)]
    assert found.wrong[uses[3].key][0] == "plot.image"
    assert found.pictures == {}


def test_what_is_over_a_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = GitRepo(tmp_path / "repo")
    svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    repo.commit({"a.csv": "a\n1\n", "b.csv": "a\n2\n", "a.svg": svg, "t.json": "x" * 70_000})
    monkeypatch.setattr(plot_contents, "MOST_DATA", 5)
    found, uses = contents(
        repo, ("a.csv", DATA), ("b.csv", DATA), ("a.svg", IMAGE), ("t.json", TEMPLATE)
    )
    assert list(found.tables) == [uses[0].key]
    assert list(found.pictures) == [uses[2].oid]
    assert {key: kind for key, (kind, _) in found.wrong.items()} == {
        uses[1].key: "plot.large",
        uses[3].key: "plot.large",
    }


def test_a_missing_blob_is_told(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a.csv": "a\n1\n", "b.csv": "a\n2\n"})
    oid = repo.git("rev-parse", "HEAD:a.csv")
    (repo.git_dir / "objects" / oid[:2] / oid[2:]).unlink(missing_ok=True)
    for pack in (repo.git_dir / "objects" / "pack").glob("*.pack"):
        pack.rename(tmp_path / pack.name)
        repo.git("unpack-objects", "-q", input=(tmp_path / pack.name).read_bytes())
    (repo.git_dir / "objects" / oid[:2] / oid[2:]).unlink(missing_ok=True)
    with ObjectReader(open_repository(repo.path, "repo")) as reader:
        found = Contents(Files(reader, "repo"))
        uses = [Use("a.csv", oid, DATA), Use("b.csv", repo.git("rev-parse", "HEAD:b.csv"), DATA)]
        found.read({repo.head: uses})
    assert list(found.tables) == [uses[1].key]
    assert found.wrong[uses[0].key] == ("plot.data", "its content is missing from the repository")
