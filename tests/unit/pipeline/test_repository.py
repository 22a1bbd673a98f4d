import json
from pathlib import Path

import pytest

from sitegen.errors import RepositoryError
from sitegen.gitio import process
from sitegen.gitio.signatures import Trust
from sitegen.pipeline.repository import (
    Wanted,
    in_projects,
    read_repository,
    to_source,
)
from sitegen.registry.facts import RepositoryFacts
from tests.benchmarks.generated import generate
from tests.gitrepo import GitRepo

DVC = """\
vars: [{name: best}]
metrics: [metrics.json, reports]
params: [params.yaml]
stages:
  train:
    cmd: x
    outs: [models/big.pkl]
    metrics: [cached.json]
artifacts:
  m: {path: "models/${name}.pkl", type: model, desc: From dvc, labels: [a]}
"""


def read(repo: GitRepo, **more: object) -> RepositoryFacts:
    return read_repository(Wanted(name="repo", path=repo.path, **more))  # type: ignore[arg-type]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo")


def test_everything_is_read_at_the_versions_own_commit(repo: GitRepo) -> None:
    first = repo.commit(
        {
            "dvc.yaml": DVC,
            "params.yaml": "lr: 3.10\n",
            "metrics.json": '{"f1": 0.50}',
            "reports/a.json": '{"x": 1}',
            "models/best.pkl": "model",
            "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    outs:\n"
            "    - {path: cached.json, md5: abc, size: 7}\n",
        }
    )
    repo.tag("m@v1.0.0")
    second = repo.commit({"dvc.yaml": None, "metrics.json": '{"f1": NaN}', ".gto": "stages: [a]"})
    repo.tag("m@v2.0.0")
    facts = read(repo)
    [said] = facts.annotations[first]
    assert (said.path, said.description, said.sources) == (
        "models/best.pkl",
        "From dvc",
        ("dvc.yaml",),
    )
    assert facts.tracked[first] == {"models/best.pkl"}
    assert second not in facts.annotations
    values = {(v.kind, v.path): v for v in facts.values[first]}
    assert values["metrics", "metrics.json"].entries["f1"].text == "0.50"
    assert values["metrics", "reports/a.json"].entries["x"].value == 1
    assert values["params", "params.yaml"].entries["lr"].text == "3.10"
    cached = values["metrics", "cached.json"]
    assert (cached.note, cached.hash, cached.size) == ("cached by DVC, not in Git", "abc", 7)
    assert [v.path for v in facts.values[second]] == ["metrics.json", "params.yaml"]
    assert facts.values[second][0].entries["f1"].text == "NaN"
    assert facts.stages == ("a",)
    assert facts.problems == ()


def test_equal_files_of_different_commits_are_kept_once(repo: GitRepo) -> None:
    first = repo.commit({"metrics.json": '{"f1": 0.5}'})
    repo.tag("m@v1.0.0")
    second = repo.commit({"other": "1"})
    repo.tag("m@v2.0.0")
    facts = read(repo)
    assert facts.values[first][0] is facts.values[second][0]


def test_only_the_folders_asked_for_are_read(repo: GitRepo) -> None:
    for folder in ("cv", "nlp"):
        repo.commit({f"{folder}/dvc.yaml": "artifacts:\n  m: {type: model}\n"})
        repo.tag(f"{folder}=m@v1.0.0")
    facts = read(repo, projects=("cv",))
    assert list(to_source(facts).registry.artifacts) == ["cv:m"]
    assert list(to_source(read(repo)).registry.artifacts) == ["cv:m", "nlp:m"]
    assert in_projects("cv/deep:m", ("cv",))
    assert not in_projects("cvx:m", ("cv",))


def test_head_may_be_another_branch(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    other = repo.commit({"artifacts.yaml": "m: {type: model}\n"}, branch="other")
    facts = read(repo, branch="other")
    assert (facts.branch, facts.head) == ("other", other)
    assert list(to_source(facts).registry.artifacts) == ["m"]
    with pytest.raises(RepositoryError, match="no branch 'gone'"):
        read(repo, branch="gone")


def test_an_annotation_of_artifacts_yaml_at_head_makes_an_unregistered_version(
    repo: GitRepo,
) -> None:
    head = repo.commit(
        {"artifacts.yaml": "m: {type: model}\n", "dvc.yaml": "artifacts:\n  n: {type: model}\n"}
    )
    registry = to_source(read(repo)).registry
    assert [v.name for v in registry.artifacts["m"].versions] == [head]
    assert registry.artifacts["n"].versions == ()


def test_an_empty_repository_is_read_as_empty(repo: GitRepo) -> None:
    facts = read(repo)
    assert (facts.head, facts.tags, facts.problems) == ("", (), ())


def test_a_shallow_clone_is_refused_with_what_to_do(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    repo.tag("m@v1.0.0")
    repo.commit({"a": "2"})
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(clone))
    with pytest.raises(RepositoryError, match="git fetch --unshallow --tags"):
        read_repository(Wanted("clone", clone))
    assert read_repository(Wanted("clone", clone, allow_shallow=True)).head


def test_a_tag_whose_commit_is_missing_spares_the_rest(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    repo.tag("good@v1.0.0")
    gone = "d" * 40
    raw = f"object {gone}\ntype commit\ntag bad@v1.0.0\ntagger A <a@x> 1 +0000\n\nx\n"
    repo.ref("refs/tags/bad@v1.0.0", repo.raw_object("tag", raw.encode()))
    facts = read(repo)
    assert [p.kind for p in facts.problems] == ["commit.missing"]
    registry = to_source(facts).registry
    assert registry.artifacts["good"].latest == registry.artifacts["bad"].latest == "v1.0.0"


def test_facts_do_not_depend_on_how_refs_are_stored(repo: GitRepo) -> None:
    repo.commit({"artifacts.yaml": "m: {type: model}\n", "metrics.json": json.dumps({"a": 1})})
    repo.tag("m@v1.0.0")
    repo.tag("m#prod#1")
    loose = read(repo)
    repo.git("pack-refs", "--all")
    repo.git("repack", "-adq")
    assert read(repo) == loose


def test_the_number_of_git_processes_is_the_same_for_few_and_many_tags(tmp_path: Path) -> None:
    started: dict[int, list[tuple[str, ...]]] = {}
    for size in (1, 60):
        path = generate(tmp_path / str(size), size, 10, 20 * size)
        started[size] = []
        with process.observing(started[size].append):
            assert len(read_repository(Wanted("repo", path)).tags) == 17 * size
    assert started[1] == started[60]
    assert len(started[1]) == 4


def test_signed_tags_are_checked_against_the_keys_that_are_trusted(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    raw = (
        f"object {repo.head}\ntype commit\ntag m@v1.0.0\ntagger A <a@x> 1700000000 +0000\n\nx\n"
        "-----BEGIN SSH SIGNATURE-----\nbm9uZQ==\n-----END SSH SIGNATURE-----\n"
    )
    repo.ref("refs/tags/m@v1.0.0", repo.raw_object("tag", raw.encode()))
    nobody = repo.path / "allowed"
    nobody.write_text("")
    assert read(repo).tags[0].signature == "ssh"
    facts = read(repo, trust=Trust(nobody))
    assert facts.tags[0].signature == "ssh, not verified"
    assert [p.kind for p in facts.problems] == ["tag.signature"]
