"""What the files of many commits say, each worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.repository import open_repository
from sitegen.pipeline.metadata import Metadata
from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.registry.facts import RepositoryFacts, Rules
from sitegen.safeyaml import Document, load
from tests.gitrepo import GitRepo

MANY = "".join(f"m{i}: {{type: model, path: models/m{i}.pkl}}\n" for i in range(5))


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def read(repo: GitRepo) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo.path))


def versions(repo: GitRepo, *files: Mapping[str, str | bytes | None]) -> list[str]:
    commits = []
    for number, one in enumerate(files):
        commits.append(repo.commit(dict(one)))
        repo.tag(f"m@v{number}.0.0")
    return commits


def test_files_that_stay_are_parsed_once_and_give_the_same_objects(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []

    def counted(data: bytes) -> Document:
        parsed.append(data)
        return load(data)

    monkeypatch.setattr("sitegen.readers.memo.load", counted)
    dvc = "vars: [{x: 1}]\nmetrics: ['${name}.json']\nartifacts: {m: {path: 'models/${x}'}}\n"
    commits = versions(
        repo,
        {"artifacts.yaml": MANY, "dvc.yaml": dvc, "params.yaml": "name: a\n", "models/m0.pkl": "x"},
        *({"params.yaml": f"name: a\nlr: {number}\n"} for number in range(5)),
    )
    facts = read(repo)
    # And once with other numbers in it, to learn what such params look like.
    assert len(parsed) == len(set(parsed)) == 2 + 6 + 1
    assert facts.problems == ()
    assert len({id(facts.annotations[commit]) for commit in commits}) == 1
    assert len({id(facts.tracked[commit]) for commit in commits}) == 1
    assert facts.tracked[commits[0]] == {"models/m0.pkl"}


def test_what_is_tracked_follows_the_folders_of_each_commit(repo: GitRepo) -> None:
    said = (
        "a: {path: models/a.pkl}\nb: {path: models/deep/b}\nc: {path: c.pkl}\nd: {path: models}\n"
        "e: {path: 's3://bucket/e'}\nf: {path: models/.git/f}\n"
    )
    first, second, third = versions(
        repo,
        {"artifacts.yaml": said, "c.pkl": "c"},
        {"models/a.pkl": "a", "models/deep/b/one": "1"},
        {"c.pkl": None, "models/a.pkl": None},
    )
    facts = read(repo)
    assert facts.tracked == {
        first: {"c.pkl"},
        second: {"c.pkl", "models", "models/a.pkl", "models/deep/b"},
        third: {"models", "models/deep/b"},
    }
    assert [(one.kind, one.ref, one.path) for one in facts.problems] == [
        ("path.unsafe", first, "models/.git/f")
    ]


def test_one_bad_entry_is_one_problem_however_many_commits_have_it(repo: GitRepo) -> None:
    first, *_ = versions(
        repo,
        {"artifacts.yaml": "m: {path: ../x}\n", "metrics.json": "{", ".gto": "stages: x\n"},
        {"other": "1"},
        {"artifacts.yaml": "m: {path: ../x}\nn: {}\n"},
        {"metrics.json": "1"},
    )
    head = repo.head
    found = {one.kind: one for one in read(repo).problems}
    assert len(read(repo).problems) == 3
    assert found["annotation.path"].ref == found["values.metrics"].ref == first
    assert found["annotation.path"].reason.endswith("(also at 3 other commits)")
    assert found["values.metrics"].reason.endswith("(also at 2 other commits)")
    assert (found["gto.stages"].ref, found["gto.stages"].path) == (head, ".gto")


def test_problems_are_the_same_whatever_the_order_of_tags(tmp_path: Path) -> None:
    found = []
    for names in (("a", "b", "c"), ("c", "b", "a")):
        repo = GitRepo(tmp_path / names[0])
        commits = [
            repo.commit({"artifacts.yaml": "m: {path: ../x}\n", "f": str(number)})
            for number in range(3)
        ]
        for name, commit in zip(names, commits, strict=True):
            repo.tag(f"{name}@v1.0.0", commit)
        found.append((commits[0], read(repo).problems))
    assert found[0] == found[1]
    assert [one.ref for one in found[0][1]] == [found[0][0]]


def test_only_what_is_shown_is_kept(repo: GitRepo) -> None:
    commit = repo.commit({"artifacts.yaml": MANY, "cv/dvc.yaml": "artifacts: {n: {}}\n"})
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    with ObjectReader(open_repository(repo.path)) as reader:
        metadata = Metadata(
            Files(reader, "repo"), {commit: tree}, "repo", shown=lambda name: name == "cv:n"
        )
        metadata.read()
    assert [one.artifact for one in metadata.annotations[commit]] == ["cv:n"]
    assert metadata.folders(commit) == ("", "cv")
    assert metadata.folders("unknown") == ()
    assert metadata.allowed("unknown") == ((), (), Rules())


def test_what_gto_allows_at_head_is_read_and_reported(repo: GitRepo) -> None:
    gto = "stages: [dev, prod]\ntypes: [model]\npromotion: {order: [dev, prod], else: 1}\n"
    commit = repo.commit({"artifacts.yaml": MANY, ".gto": gto})
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    with ObjectReader(open_repository(repo.path)) as reader:
        metadata = Metadata(Files(reader, "repo"), {commit: tree}, "repo")
        metadata.read()
        found = metadata.allowed(commit)
    assert found == (("dev", "prod"), ("model",), Rules(("dev", "prod")))
    assert [one.kind for one in metadata.problems] == ["gto.promotion"]
