"""dvc.yaml: DVC's annotations."""

from __future__ import annotations

import pytest

from sitegen.readers.base import read_annotations
from sitegen.registry.facts import Annotation


def test_in_a_folder_names_and_paths_are_of_the_folder() -> None:
    files = {
        "cv/dvc.yaml": b"artifacts: {nn: {path: models/x.pkl, type: model, desc: d, labels: [a],"
        b" meta: {k: v}}, out: {path: ../shared/y}, far: {path: 's3://b/../k'}}\n"
    }
    assert read_annotations(files) == (
        (
            Annotation("cv:far", "cv/dvc.yaml", path="s3://b/../k", sources=("cv/dvc.yaml",)),
            Annotation(
                "cv:nn",
                "cv/dvc.yaml",
                path="cv/models/x.pkl",
                type="model",
                description="d",
                labels=("a",),
                custom={"k": "v"},
                sources=("cv/dvc.yaml",),
            ),
            Annotation("cv:out", "cv/dvc.yaml", path="shared/y", sources=("cv/dvc.yaml",)),
        ),
        (),
    )


def test_templates_take_values_of_params_and_vars() -> None:
    files = {
        "cv/dvc.yaml": b"vars: [{name: nn, n: [a, b]}, conf.json]\n"
        b"artifacts:\n  nn:\n    path: ${dir}/${name}-${n[1]}.pkl\n    desc: ${lr}\n"
        b"    labels: ['${name}', 'v${version}']\n    meta: {all: '${n}', raw: '\\${x}'}\n",
        "cv/params.yaml": b"dir: out\nlr: 1e-3\n",
        "params.yaml": b"dir: wrong\n",
        "cv/conf.json": b'{"version": 3.10}',
    }
    (said,), problems = read_annotations(files)
    assert problems == ()
    assert said.path == "cv/out/nn-b.pkl"
    assert (said.description, said.labels) == ("0.001", ("nn", "v3.1"))
    assert said.custom == {"all": ["a", "b"], "raw": "${x}"}


@pytest.mark.parametrize("template", ["${missing}", "${a.b}", "${}", "x${m}", "${l[9]}"])
def test_a_template_without_a_value_stays_text_and_is_a_problem(template: str) -> None:
    text = (
        f"vars: [{{a: 1, m: {{k: 1}}, l: [1]}}]\nartifacts: {{nn: {{desc: '{template}', type: t}}}}"
    )
    (said,), problems = read_annotations({"dvc.yaml": text.encode()})
    assert (said.description, said.type) == (template, "t")
    assert [one.kind for one in problems] == ["annotation.template"]


@pytest.mark.parametrize("text", ["artifacts: [a]", "artifacts: text", "- a", "artifacts: {nn: 1}"])
def test_what_is_no_mapping_is_a_problem(text: str) -> None:
    said, problems = read_annotations({"dvc.yaml": text.encode()})
    assert said == ()
    assert [one.kind for one in problems] == ["annotation.value"]


@pytest.mark.parametrize("text", ["", "stages: {}", "artifacts:", "artifacts: {}"])
def test_without_artifacts_there_is_nothing_to_say(text: str) -> None:
    assert read_annotations({"dvc.yaml": text.encode()}) == ((), ())


def test_a_template_that_grows_is_refused() -> None:
    text = f"vars: [{{x: {'y' * 5_000}}}]\nartifacts: {{nn: {{desc: '{'${x}' * 50}'}}}}"
    (said,), problems = read_annotations({"dvc.yaml": text.encode()})
    assert len(said.description) == 200
    assert [one.kind for one in problems] == ["annotation.template"]


def test_a_template_cannot_lead_out_of_the_repository() -> None:
    text = b"vars: [{up: '../..'}]\nartifacts: {nn: {path: '${up}/x'}}"
    (said,), problems = read_annotations({"cv/dvc.yaml": text})
    assert said.path == ""
    assert [one.kind for one in problems] == ["annotation.path"]
