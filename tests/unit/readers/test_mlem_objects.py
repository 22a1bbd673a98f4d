"""One MLEM object: framework, methods, requirements, files; whatever is in the file."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sitegen.readers.mlem_objects import ObjectReader
from sitegen.registry.schemas import (
    CallOrder,
    ModelFile,
    ModelMetadata,
    Requirement,
    pip_line,
    signature_text,
)
from sitegen.safeyaml import load


def read(root: Any, path: str = "models/nn.mlem") -> tuple[ModelMetadata, list[str]]:
    problems: list[str] = []
    data = root if isinstance(root, bytes) else json.dumps(root)
    reader = ObjectReader(load(data), path, lambda reason, remedy: problems.append(reason))
    return reader.model(), problems


def test_before_0_4_methods_are_called_by_their_keys() -> None:
    signature = {"name": "predict", "args": [], "returns": {"type": "number", "dtype": "int8"}}
    model, problems = read(
        {
            "description": "Who leaves",
            "labels": ["churn"],
            "model_type": {"type": "sklearn", "methods": {"z": signature, "a": signature}},
            "requirements": [{"module": "sklearn", "version": "1.1.1"}],
        }
    )
    assert problems == []
    assert [signature_text(one) for one in model.methods] == ["z() -> int8", "a() -> int8"]
    assert (model.framework, model.framework_version, model.format) == (
        "sklearn",
        "1.1.1",
        "pickle",
    )
    assert (model.description, model.labels) == ("Who leaves", ("churn",))


PROCESSORS = {
    "model": {"type": "lightgbm", "methods": {"predict": {"args": [], "returns": None}}},
    "pre": {
        "type": "callable",
        "io": {"type": "pickle"},
        "methods": {"__call__": {"args": [{"name": "x", "type_": "binary"}], "varkw": "more"}},
    },
    "post": {"type": "callable", "methods": {"__call__": {"returns": {"type": "binary"}}}},
}


def test_a_method_has_the_arguments_of_the_first_call_and_returns_what_the_last_does() -> None:
    calls = [["pre", "__call__"], ["model", "predict"], ["post", "__call__"]]
    model, problems = read({"processors": PROCESSORS, "call_orders": {"predict": calls}})
    assert problems == []
    assert [signature_text(one) for one in model.methods] == [
        "predict(x: binary, **more) -> binary"
    ]
    assert model.framework == "lightgbm"
    assert model.format == "lightgbm"
    assert model.call_orders == (CallOrder("predict", tuple((a, b) for a, b in calls)),)
    assert dict(model.facts)["processors"] == ("model (lightgbm), pre (callable), post (callable)")


def test_with_one_processor_the_order_does_not_count() -> None:
    processors = {"model": {"methods": {"a": {"returns": "binary"}, "b": {}}}}
    model, _ = read({"processors": processors, "call_orders": {"a": [["model", "b"]]}})
    assert [signature_text(one) for one in model.methods] == ["a() -> binary"]


def test_without_an_order_the_methods_of_the_model_are_shown() -> None:
    model, _ = read({"processors": {"model": {"methods": {"b": {}, "a": {}}}}})
    assert [one.name for one in model.methods] == ["b", "a"]


def test_a_framework_that_is_not_known_is_none() -> None:
    assert read({"processors": {"model": {"type": "unknown"}}})[0].framework == ""


def test_defaults_are_as_the_file_writes_them() -> None:
    args = b"""
model_type:
  methods:
    f:
      args:
      - {name: a, required: false, default: 1.50}
      - {name: b, required: false, default: '1.50', kw_only: true}
      - {name: c, required: false}
      - {name: d, required: false, default: [1, 'a']}
"""
    model, _ = read(args)
    assert signature_text(model.methods[0]) == (
        "f(a: unspecified = 1.50, c: unspecified = null, "
        'd: unspecified = [1, "a"], *, b: unspecified = "1.50") -> unspecified'
    )


def test_requirements_keep_no_code_and_no_credentials() -> None:
    model, _ = read(
        {
            "model_type": {},
            "requirements": [
                {"module": "lightgbm", "version": "3.3.2"},
                {"module": "yaml", "version": None, "type": "installable"},
                {"type": "unix", "package_name": "libgomp1"},
                {"type": "custom", "name": "a.b", "source64zip": "SECRET", "is_package": False},
                {"type": "file", "name": "x.txt", "source64zip": "SECRET"},
                {"type": "conda", "package_name": "numpy", "spec": ">=1", "channel_name": "c"},
                {
                    "module": "own",
                    "vcs": "git",
                    "source_url": "https://ann:SECRET@example.org/own.git",
                    "vcs_commit": "abc",
                },
                {},
            ],
        }
    )
    assert model.requirements == (
        Requirement("lightgbm", "", "3.3.2"),
        Requirement("yaml"),
        Requirement("", "libgomp1", "", "unix"),
        Requirement("a", "a.b", "", "custom"),
        Requirement("", "x.txt", "", "file"),
        Requirement("", "numpy", ">=1", "conda"),
        Requirement("own", "git+https://example.org/own.git@abc"),
    )
    assert [pip_line(one) for one in model.requirements if pip_line(one)] == [
        "lightgbm==3.3.2",
        "PyYAML",
        "git+https://example.org/own.git@abc",
    ]
    assert "SECRET" not in repr(model)


def test_versions_are_the_text_of_the_file() -> None:
    model, _ = read(b"model_type: {}\nrequirements: [{module: yaml, version: 6.0}]")
    assert model.requirements == (Requirement("yaml", "", "6.0"),)


def test_files_are_found_from_the_folder_of_the_mlem_file() -> None:
    artifacts = {
        "data": {"uri": "nn/model.xgb", "size": 3, "hash": "abc"},
        "up": {"uri": "../x", "size": -1},
        "out": {"uri": "../../x", "size": True},
        "far": {"uri": "s3://ann:SECRET@bucket/x", "storage_options": {"key": "SECRET"}},
        "none": {},
    }
    model, problems = read({"model_type": {}, "artifacts": artifacts})
    assert problems == []
    assert model.files == (
        ModelFile("data", "nn/model.xgb", "models/nn/model.xgb", 3, "abc"),
        ModelFile("up", "../x", "x"),
        ModelFile("out", "../../x"),
        ModelFile("far", "s3://bucket/x"),
        ModelFile("none", ""),
    )


def test_params_are_facts_but_for_description_and_labels() -> None:
    params = {"owner": "ann", "n": 3, "deep": {"a": 1}, "description": "d", "labels": ["l"]}
    model, _ = read({"model_type": {}, "params": params})
    assert model.facts == (("owner", "ann"), ("n", "3"))
    assert (model.description, model.labels) == ("d", ("l",))


STRANGE: tuple[Any, ...] = (None, 3, "text", [], [3, None, [[]], {}], {}, {"a": [3]}, True)
FIELDS = (
    "model_type", "processors", "call_orders", "requirements", "artifacts", "params", "labels",
)  # fmt: skip


@pytest.mark.parametrize(("field", "value"), list(itertools.product(FIELDS, STRANGE)))
def test_no_field_of_another_type_raises(field: str, value: Any) -> None:
    model, _ = read({"processors": PROCESSORS, field: value})
    assert model.source == "models/nn.mlem"


@pytest.mark.parametrize("value", STRANGE)
def test_nothing_within_a_field_raises(value: Any) -> None:
    signature = dict.fromkeys(("name", "args", "returns", "varargs", "varkw_type"), value)
    argument = dict.fromkeys(("name", "type_", "required", "default", "kw_only"), value)
    model, _ = read(
        {
            "processors": {
                "model": {"type": value, "io": value, "methods": {"a": signature, "c": value}},
                "b": {"methods": {"b": {"args": [argument]}}},
                "d": value,
            },
            "call_orders": {"a": [["model", "a"], ["b", "b"]], "b": [["b", value]], "c": value},
            "requirements": [dict.fromkeys(("module", "version", "type", "name"), value)],
            "artifacts": {"x": value, "y": dict.fromkeys(("uri", "size", "hash"), value)},
            "params": {"x": value, "description": value, "labels": value},
        }
    )
    assert hash(model)


def test_too_many_members_are_cut() -> None:
    model, problems = read({"model_type": {}, "requirements": [{"module": "a"}] * 1_500})
    assert len(model.requirements) == 1_000
    assert len(problems) == 1
