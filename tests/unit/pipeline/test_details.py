"""What DVC's files say at the commits of versions, each worked out once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.readers import dvc_config, pipelines
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.storage import Storage, StorageRemote
from sitegen.snapshot import dump, load
from tests.gitrepo import GitRepo

LOCK = """schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {path: train.py, md5: a}
    - {path: raw.csv, md5: b}
    - {path: gone.py, md5: c}
    - {path: s3://bucket/x, etag: d}
    - {path: ../outside, md5: e}
    - {path: src, md5: f.dir}
    params: {params.yaml: {lr: 1.10, n: 99999999999999999999999}}
    outs:
    - {path: model.pkl, md5: ab12, size: 3}
"""
FILES = {
    "artifacts.yaml": "m: {path: model.pkl}\n",
    "dvc.lock": LOCK,
    "raw.csv.dvc": "outs:\n- {path: raw.csv, md5: b}\n",
    "train.py": "print()\n",
    "src/a.py": "pass\n",
    "config": "no configuration of DVC\n",
    ".dvc/config": "[core]\nremote = r\n['remote \"r\"']\nurl = s3://bucket\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit(FILES)
    made.tag("m@v1.0.0")
    return made


def read(repo: GitRepo) -> RepositoryFacts:
    return read_repository(Wanted("repo", repo.path))


def test_pipelines_and_storages_are_read_at_versions_and_head(repo: GitRepo) -> None:
    first = repo.head
    between = repo.commit({"dvc.lock": LOCK.replace("ab12", "cd34")})
    head = repo.commit({"dvc.lock": None})
    facts = read(repo)
    assert facts.problems == ()
    assert list(facts.pipelines) == [first, head]
    assert between not in facts.storages
    pipeline = facts.pipelines[first]
    assert [step.name for step in pipeline.steps] == ["train"]
    assert pipeline.steps[0].params[0].text == "1.10"
    assert pipeline.steps[0].outs[0].hash == "ab12"
    assert facts.pipelines[head].steps == ()
    assert facts.pipelines[head].tracked == pipeline.tracked
    storage = Storage("", "r", (StorageRemote("r", "s3://bucket"),))
    assert facts.storages == {first: (storage,), head: (storage,)}


def test_code_is_what_git_has_of_the_dependencies(repo: GitRepo) -> None:
    assert read(repo).tracked == {repo.head: {"train.py", "src"}}


def test_templates_of_dvc_yaml_find_their_values(repo: GitRepo) -> None:
    yaml = "vars: [vars.yaml]\nstages: {train: {cmd: x, wdir: '${place}', desc: '${what}'}}\n"
    repo.commit({"dvc.yaml": yaml, "vars.yaml": "place: src\n", "params.yaml": "what: Trains\n"})
    (step,) = read(repo).pipelines[repo.head].steps
    assert (step.description, step.outs[0].path) == ("Trains", "src/model.pkl")


def test_what_stays_is_read_once_and_is_the_same_object(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for module, name in ((pipelines, "read_pipeline"), (dvc_config, "read_storages")):
        real = getattr(module, name)

        def counted(*args: object, real: object = real, name: str = name, **more: object) -> object:
            asked.append(name)
            return real(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, counted)
    first = repo.head
    second = repo.commit({"other": "1"})
    repo.tag("m@v2.0.0")
    third = repo.commit({"cv/dvc.lock": LOCK})
    facts = read(repo)
    assert sorted(asked) == ["read_pipeline", "read_pipeline", "read_storages"]
    assert facts.pipelines[first] is facts.pipelines[second]
    assert facts.storages[first] is facts.storages[third]
    cv, step = facts.pipelines[third].steps
    assert cv.file == "cv/dvc.lock"
    assert step is facts.pipelines[first].steps[0]


def test_a_broken_file_is_one_problem_and_the_rest_is_read(repo: GitRepo) -> None:
    repo.commit({"cv/dvc.lock": "[", "x.csv.dvc": "- 1", "cv/.dvc/config": "url"})
    repo.tag("m@v2.0.0")
    repo.commit({"other": "1"})
    repo.tag("m@v3.0.0")
    facts = read(repo)
    assert [(one.kind, one.path) for one in facts.problems] == [
        ("yaml", "cv/dvc.lock"),
        ("pipeline.file", "x.csv.dvc"),
        ("dvc.config", "cv/.dvc/config"),
    ]
    assert all("also at 1 other commit" in one.reason for one in facts.problems)
    assert [step.name for step in facts.pipelines[repo.head].steps] == ["train"]


def test_a_snapshot_holds_it_all(repo: GitRepo) -> None:
    facts = read(repo)
    assert load(dump(facts), "x") == facts
