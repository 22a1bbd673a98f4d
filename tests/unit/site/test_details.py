"""What is known of one version, put together from a repository's facts."""

from __future__ import annotations

import msgspec
import pytest

from sitegen.registry.facts import Annotation, RepositoryFacts
from sitegen.registry.lineage import Data, Pipeline, PipelineStep
from sitegen.registry.storage import Storage
from sitegen.site.details import VersionDetails, version_details

IN_DVC = Data("model.pkl", "a", "md5", 3)
FOLDER = Data("models", "b.dir", "md5")
PIPELINE = Pipeline((PipelineStep("train", "dvc.lock", outs=(IN_DVC, FOLDER)),))
FACTS = RepositoryFacts(
    "r", "", "main", "c", (), {}, {}, {},
    tracked={"c": frozenset({"train.py"})},
    pipelines={"c": PIPELINE},
    storages={"c": (Storage(),)},
)  # fmt: skip


def details(path: str, facts: RepositoryFacts = FACTS) -> VersionDetails:
    said = {"c": {"m": Annotation("m", "artifacts.yaml", path)}}
    return version_details(facts, said, "m", "c")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("model.pkl", IN_DVC),
        ("models/m.pkl", FOLDER),
        ("other.pkl", None),
        ("", None),
        ("s3://bucket/model.pkl", None),
    ],
)
def test_what_dvc_records_of_a_path_is_known(path: str, expected: Data | None) -> None:
    assert details(path).data == expected


def test_the_file_that_git_has_comes_first() -> None:
    in_git = Data("model.pkl", "1" * 40, "git", cached=False)
    facts = msgspec.structs.replace(FACTS, files={"c": {"model.pkl": in_git}})
    assert details("model.pkl", facts).data == in_git


def test_pipelines_and_storages_of_the_commit_are_there() -> None:
    found = details("model.pkl")
    assert (found.pipeline, found.storages) == (PIPELINE, (Storage(),))
    assert found.in_git == {"train.py"}


def test_nothing_is_known_of_a_commit_that_was_not_read() -> None:
    assert version_details(FACTS, {}, "m", "d") == VersionDetails()
