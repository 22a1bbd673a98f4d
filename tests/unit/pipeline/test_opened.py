from pathlib import Path

from sitegen.pipeline.opened import open_local, opened_at, sources_at
from tests.gitrepo import GitRepo


def test_a_repository_opens_with_its_registry_and_what_head_says(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    first = repo.commit({"artifacts.yaml": "z: {type: model}\na: {path: a.pkl}\n"})
    repo.tag("a@v1.0.0")
    repo.tag("1.0")
    repo.tag("m@1.0")
    head = repo.commit(
        {
            ".gto": "stages: [dev]\n",
            "artifacts.yaml": "z: {type: data}\n",
            "dvc.yaml": "artifacts: {z: {desc: Both}, d: {path: d.pkl}}\n",
        }
    )
    opened = open_local(repo.path)
    assert opened.taken == {"a@v1.0.0", "1.0", "m@1.0"}
    assert list(opened.registry.artifacts) == ["a", "d", "z"]
    assert opened.registry.artifacts["d"].versions == ()
    assert [v.name for v in opened.registry.artifacts["z"].versions] == [head]
    assert opened.sources.allowed == ("dev",)
    assert [p.kind for p in opened.problems] == ["tag.near-miss"]
    assert list(opened.sources.said[head]) == ["z"]
    sources = sources_at(opened, [first, head])
    assert list(sources.said[first]) == ["z", "a"]
    assert sources.commits[first].oid == first
    assert sources_at(opened, [head]) is opened.sources


def test_an_empty_repository_opens_empty(tmp_path: Path) -> None:
    opened = open_local(GitRepo(tmp_path / "repo").path, "name")
    assert (opened.registry.artifacts, opened.annotations, opened.name) == ({}, (), "name")


def test_a_registry_of_the_past_has_the_tags_of_then_and_heads_annotations(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": "a: {type: model}\n"})
    repo.tag("a@v1.0.0")
    then = repo.now
    repo.tag("b@v1.0.0")
    opened = open_local(repo.path)
    past = opened_at(opened, then)
    assert [tag.name for tag in past.tags] == ["a@v1.0.0"]
    assert list(past.registry.artifacts) == ["a"]
    assert opened_at(opened, then - 1).registry.artifacts["a"].events == ()
    assert opened_at(opened, repo.now).registry == opened.registry
