"""Changes of annotations: which file, and what our own readers find in it afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import RefusedError
from sitegen.readers.annotate import Form, annotate, choose_file, remove
from sitegen.readers.base import read_annotations
from sitegen.registry.facts import Annotation
from sitegen.safeyaml import YamlError, load

FIELDS: dict[str, Any] = {
    "labels": ["cv", "x-1"], "description": "What: it is # for", "path": "cv/models/m.pkl",
    "type": "model", "custom": {"k": [1, "on"]},
}  # fmt: skip
FORMS: tuple[Form, ...] = ("artifacts.yaml", "dvc.yaml")
DVC = b"""# pipeline
stages:
  train:
    cmd: python train.py  # slow
artifacts:
  # the first
  churn: {path: models/churn.pkl, type: model}

  other:
    path: models/other.pkl
    desc: "Other"
    labels: [a, b]
plots:
- p.csv
"""
GTO = b"""# ours
churn:
  path: models/churn.pkl   # trained weekly
  labels:
  - a  # first
  - b
  type: model
"""


def read(path: str, data: bytes, artifact: str) -> Annotation:
    found, problems = read_annotations({path: data})
    assert problems == ()
    return next(one for one in found if one.artifact == artifact)


@pytest.mark.parametrize(
    ("form", "artifact", "path"),
    [
        ("artifacts.yaml", "nn", "artifacts.yaml"),
        ("dvc.yaml", "nn", "dvc.yaml"),
        ("dvc.yaml", "cv:nn", "cv/dvc.yaml"),
        ("dvc.yaml", "a/b:n/n", "a/b/dvc.yaml"),
    ],
)
def test_a_new_file_reads_as_what_was_asked(form: Form, artifact: str, path: str) -> None:
    data = annotate(None, artifact, FIELDS, form=form)
    found = read(path, data, artifact)
    assert (found.path, found.type, found.description, found.labels, found.custom) == (
        "cv/models/m.pkl", "model", "What: it is # for", ("cv", "x-1"), {"k": [1, "on"]},
    )  # fmt: skip
    assert found.source == path


def test_a_path_is_written_relative_to_the_folder_of_dvc_yaml() -> None:
    def written(path: str, artifact: str = "cv:nn") -> Any:
        data = annotate(None, artifact, {"path": path}, form="dvc.yaml")
        return load(data).value["artifacts"]["nn"]["path"]

    assert written("cv/models/m.pkl") == "models/m.pkl"
    assert written("models/m.pkl") == "../models/m.pkl"
    assert written("models/m.pkl", "nn") == "models/m.pkl"
    assert written("s3://bucket/m.pkl") == "s3://bucket/m.pkl"
    assert written("${models.nn}") == "${models.nn}"


def test_only_the_given_keys_change() -> None:
    data = annotate(
        GTO, "churn", {"labels": ["a", "c"], "description": "x", "type": None}, form=FORMS[0]
    )
    assert data.decode() == (
        "# ours\nchurn:\n  path: models/churn.pkl   # trained weekly\n  labels:\n  - a  # first\n"
        "  - c\n  description: x\n"
    )
    data = annotate(DVC, "other", {"description": "New", "labels": ["a", "b", "c"]}, form=FORMS[1])
    assert data == DVC.replace(b'"Other"', b'"New"').replace(b"[a, b]", b"[a, b, c]")
    data = annotate(DVC, "churn", {"type": None, "description": "d"}, form=FORMS[1])
    assert data == DVC.replace(b", type: model", b", desc: d")


def test_a_new_entry_stands_after_the_others() -> None:
    data = annotate(DVC, "nn", {"path": "m", "labels": ["x"]}, form="dvc.yaml")
    added = b"\n  nn:\n    path: m\n    labels:\n    - x\n"
    assert data == DVC.replace(b"[a, b]\n", b"[a, b]\n" + added)


def test_nothing_asked_or_nothing_new_changes_no_byte() -> None:
    for fields in ({}, {"type": "model"}, {"description": None}, {"path": "models/churn.pkl"}):
        assert annotate(GTO, "churn", fields, form="artifacts.yaml") == GTO
        assert annotate(DVC, "churn", fields, form="dvc.yaml") == DVC


def test_an_entry_is_removed_with_its_comments() -> None:
    assert remove(DVC, "churn", form="dvc.yaml") == DVC.replace(
        b"  # the first\n  churn: {path: models/churn.pkl, type: model}\n\n", b""
    )
    assert remove(GTO, "churn", form="artifacts.yaml") == b"{}\n"
    with pytest.raises(RefusedError, match="not annotated"):
        remove(GTO, "other", form="artifacts.yaml")


@pytest.mark.parametrize(
    ("form", "artifact", "fields", "reason"),
    [
        ("dvc.yaml", "nn", {"type": "model"}, "no path"),
        ("dvc.yaml", "churn", {"path": None}, "no path"),
        ("dvc.yaml", "nn", {"path": "m", "virtual": True}, "no place"),
        ("artifacts.yaml", "nn", {"owner": "me"}, "no place"),
        ("artifacts.yaml", "cv:nn", {"path": "m"}, "folder"),
        ("artifacts.yaml", "-nn", {}, "no name"),
        ("dvc.yaml", "..:nn", {"path": "m"}, "no folder"),
        ("dvc.yaml", "a/.git:nn", {"path": "m"}, "no folder"),
        ("artifacts.yaml", "nn", {"path": "../x"}, "inside"),
        ("artifacts.yaml", "nn", {"path": "/etc/x"}, "inside"),
        ("artifacts.yaml", "nn", {"labels": ["two words"]}, "GTO allows"),
        ("artifacts.yaml", "nn", {"labels": [1]}, "text"),
        ("artifacts.yaml", "nn", {"type": ""}, "GTO allows"),
        ("artifacts.yaml", "nn", {"description": 1}, "text"),
        ("artifacts.yaml", "nn", {"virtual": "no"}, "true or false"),
    ],
)
def test_what_gto_or_dvc_could_not_read_is_refused(
    form: Form, artifact: str, fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason) as caught:
        annotate(DVC if form == "dvc.yaml" else GTO, artifact, fields, form=form)
    assert caught.value.problem.remedy


def test_an_entry_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(RefusedError, match="a mapping"):
        annotate(b"nn: text\n", "nn", {"type": "model"}, form="artifacts.yaml")


def test_a_file_that_is_no_yaml_is_an_error() -> None:
    with pytest.raises(YamlError):
        annotate(b"nn: [\n", "nn", {"type": "model"}, form="artifacts.yaml")


ROOT, CV = ("dvc.yaml", "dvc.yaml"), ("cv/dvc.yaml", "dvc.yaml")
OWN = ("artifacts.yaml", "artifacts.yaml")
STEPS, OTHER = b"stages: {}\n", b"artifacts: {other: {path: x}}\n"


@pytest.mark.parametrize(
    ("files", "artifact", "to", "chosen"),
    [
        ({}, "nn", "", OWN),
        ({}, "nn", "dvc.yaml", ROOT),
        ({}, "cv:nn", "", CV),
        ({}, "cv:nn", "dvc.yaml", CV),
        ({}, "cv:nn", "cv/dvc.yaml", CV),
        ({"dvc.yaml": STEPS}, "nn", "", OWN),
        ({"dvc.yaml": OTHER}, "nn", "", ROOT),
        ({"dvc.yaml": OTHER}, "nn", "artifacts.yaml", OWN),
        ({"artifacts.yaml": b"nn: {}\n", "dvc.yaml": OTHER}, "nn", "", OWN),
        ({"artifacts.yaml": b"nn: {}\n"}, "nn", "dvc.yaml", OWN),
        ({"artifacts.yaml": b"other: {}\n", "dvc.yaml": OTHER}, "other", "", ROOT),
        ({"artifacts.yaml": b"other: {}\n", "dvc.yaml": OTHER}, "other", "artifacts.yaml", OWN),
        ({"artifacts.yaml": b"cv:nn: {}\n"}, "cv:nn", "", OWN),
        ({"dvc.yaml": OTHER}, "cv:other", "", CV),
    ],
)
def test_the_file_that_has_the_entry_then_the_one_named_then_the_customary_one(
    files: dict[str, bytes], artifact: str, to: str, chosen: tuple[str, str]
) -> None:
    assert choose_file(files, artifact, to) == chosen


def test_another_file_is_refused() -> None:
    with pytest.raises(RefusedError, match="holds no annotations"):
        choose_file({}, "nn", "cv/dvc.yaml")


def versions(repo: Path) -> Iterator[tuple[Form, bytes]]:
    for form in FORMS:
        args = ["log", "--all", "--format=%H", "--diff-filter=AM", "--", form]
        for commit in subprocess.check_output(["git", "-C", repo, *args], text=True).split():
            yield form, subprocess.check_output(["git", "-C", repo, "show", f"{commit}:{form}"])


@pytest.mark.parametrize(
    "name", ["demo-bank-customer-churn", "example-gto", "example-get-started-experiments"]
)
def test_every_version_of_the_real_files_keeps_all_other_lines(
    name: str, real_registry: Callable[[str], Path]
) -> None:
    for form, before in versions(real_registry(name)):
        if load(before).warnings:
            continue
        root = load(before).value
        held = (root if form == "artifacts.yaml" else root.get("artifacts")) or {}
        after = annotate(before, "brand-new", {"path": "p", "labels": ["x"]}, form=form)
        kept = iter(after.splitlines())
        assert all(line in kept for line in before.splitlines())
        if held:
            again = remove(after, "brand-new", form=form)
            assert again.rstrip(b"\n") == before.rstrip(b"\n")
        for artifact in held:
            changed = annotate(before, artifact, {"description": "It's new: yes"}, form=form)
            found, _ = read_annotations({form: changed})
            said = next(one for one in found if one.artifact == artifact)
            assert said.description == "It's new: yes"
            left, _ = read_annotations({form: remove(before, artifact, form=form)})
            assert {one.artifact for one in left} == held.keys() - {artifact}
