"""What is read of .mlem files is what MLEM reads, and MLEM reads what is written.

The files in tests/integration/mlem were saved by MLEM 0.4.14 (old.mlem: by hand, as before 0.4),
expected.json is what it says of them. To record both again, with PYTHON where MLEM is installed:

    cd tests/integration/mlem && PYTHON asked.py save /tmp/saved && cp /tmp/saved/*.mlem .
    PYTHON asked.py ask $(ls *.mlem | grep -v latest) > expected.json

With SITEGEN_MLEM=<folder of its bin> MLEM is asked itself, about what is written too.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sitegen.readers.mlem import read_models
from sitegen.readers.mlem_writing import write_mlem
from sitegen.registry.facts import Annotation
from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
    pip_line,
    signature_text,
)
from sitegen.safeyaml import load

# Read here: tests run without the settings of whoever starts them.
BIN = os.environ.get("SITEGEN_MLEM", "")
HERE = Path(__file__).parent / "mlem"
FILES = {path.name: path.read_bytes() for path in sorted(HERE.glob("*.mlem"))}
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_bytes())


@pytest.fixture
def mlem(tmp_path: Path) -> Any:
    """Asks MLEM what it reads of files."""
    if not BIN:
        pytest.skip("SITEGEN_MLEM names no folder with a Python 3.10 that has MLEM 0.4.14")

    def ask(files: dict[str, bytes], what: str = "ask") -> dict[str, Any]:
        folder = tmp_path / "asked"
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        told = subprocess.run(
            [f"{BIN}/python", str(HERE / "asked.py"), what, *sorted(files)],
            cwd=folder,
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )
        found: dict[str, Any] = json.loads(told.stdout)
        return found

    return ask


def read(name: str, data: bytes | None = None) -> ModelMetadata:
    files = FILES if data is None else {name: data}
    said = [Annotation("nn", "artifacts.yaml", path=name.removesuffix(".mlem"))]
    models, problems = read_models(files, said)
    assert problems == ()
    return models["nn"]


def as_mlem(type: DataType | None) -> dict[str, Any] | None:
    """A data type as MLEM has it as values."""
    if type is None:
        return None
    said: dict[str, Any] = {"type": type.kind}
    members = [as_mlem(one) for _, one in type.items]
    if type.kind == "primitive":
        said |= {"ptype": type.dtype}
    elif type.kind == "array":
        assert type.shape is not None
        said |= {"dtype": members[0], "size": type.shape[0]}
    elif type.kind in ("list", "tuple"):
        said |= {"items": members}
    elif type.kind == "dict":
        said |= {"item_types": dict(zip((key for key, _ in type.items), members, strict=True))}
    elif type.kind == "dataframe":
        said |= {
            "columns": [one.name for one in type.columns],
            "dtypes": [one.dtype for one in type.columns],
            "index_cols": [one.name for one in type.columns if one.index],
        }
    elif type.kind == "ndarray":
        assert type.shape is not None
        said |= {"dtype": type.dtype, "shape": list(type.shape)}
    return {key: value for key, value in said.items() if value is not None}


def without_nothing(value: Any) -> Any:
    """As MLEM's own values, without those that are None: it leaves them out now and then."""
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def as_told(model: ModelMetadata) -> dict[str, Any]:
    """A model as asked.py tells of it."""
    methods = {
        one.name: {
            "args": [
                {
                    "name": argument.name,
                    "type_": as_mlem(argument.type),
                    "required": argument.required,
                    "default": load(argument.default).value,
                    "kw_only": argument.keyword_only,
                }
                for argument in one.arguments
            ],
            "returns": as_mlem(one.returns),
            "varargs": one.varargs or None,
            "varkw": one.varkw or None,
            "varkw_type": as_mlem(one.varkw_type),
        }
        for one in model.methods
    }
    return {
        "framework": model.framework,
        "methods": methods,
        "pip": [line for one in model.requirements if (line := pip_line(one))],
        "unix": [one.package for one in model.requirements if one.kind == "unix"],
        "custom": [one.package for one in model.requirements if one.kind == "custom"],
        "artifacts": {
            one.name: {"uri": one.uri, "size": one.size, "hash": one.hash} for one in model.files
        },
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read_is_what_mlem_reads(name: str) -> None:
    told = without_nothing(EXPECTED[name])
    for one in told["artifacts"].values():
        one.pop("type", None)
    assert without_nothing(as_told(read(name))) == told


def test_a_link_leads_to_its_model() -> None:
    assert read("latest.mlem") == read("sklearn.mlem")


def test_no_source_code_is_kept() -> None:
    assert b"source64zip" in FILES["callable.mlem"]
    assert "eJ" not in repr(read("callable.mlem"))


def test_params_are_facts() -> None:
    assert set(read("untold.mlem").facts) == {("on", "3.1"), ("owner", "ann")}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_is_read_as_it_was(name: str) -> None:
    model = read(name)
    again = read(name, write_mlem(model, name))
    # One processor is left of several, and no requirement that is the repository's own code.
    for field in (
        "framework", "framework_version", "format", "class_name", "methods", "labels",
        "description",
    ):  # fmt: skip
        assert getattr(again, field) == getattr(model, field)


def test_mlem_says_what_is_expected(mlem: Any) -> None:
    assert mlem({name: FILES[name] for name in EXPECTED}) == EXPECTED


def test_mlem_reads_what_is_written(mlem: Any) -> None:
    models = {name: read(name) for name in EXPECTED}
    told = mlem({name: write_mlem(model, name) for name, model in models.items()})
    for name, found in told.items():
        expected = without_nothing(EXPECTED[name])
        assert without_nothing(found["methods"]) == expected["methods"]
        assert found["framework"] == expected["framework"]
        assert found["pip"] == expected["pip"]
        assert found["unix"] == expected["unix"]


FRAME = DataType(
    "dataframe",
    columns=(Column("", "int64", True), Column("on", "object"), Column("3.10", "float64")),
)
TEXT, WHOLE = DataType("primitive", "str"), DataType("primitive", "int")
TYPES = {
    "frame": FRAME,
    "series": DataType("series", columns=(Column("on", "int64"), Column("x", "float64"))),
    "number": DataType("number", "float32"),
    "any_array": DataType("ndarray", "float64"),
    "array": DataType("ndarray", "float64", (None, 3)),
    "sparse": DataType("csr_matrix", "float64", (4, 3)),
    "matrix": DataType("xgboost_dmatrix", columns=(Column("a", "float"), Column("on", "int"))),
    "untyped": DataType("xgboost_dmatrix", columns=(Column("a"), Column("b"))),
    "unnamed": DataType("xgboost_dmatrix", columns=(Column("", "float"),)),
    "dataset": DataType(
        "lightgbm", items=(("inner", FRAME), ("labels", DataType("ndarray", "int64", (None,))))
    ),
    "unlabelled": DataType("lightgbm", items=(("inner", FRAME),)),
    "listed": DataType("list", items=(("", TEXT), ("", WHOLE))),
    "empty": DataType("list"),
    "pair": DataType("tuple", items=(("", TEXT), ("", FRAME))),
    "by_key": DataType("dict", items=(("yes", TEXT), ("1e3", WHOLE))),
    "by_any": DataType("d_dict", items=(("key", TEXT), ("value", WHOLE))),
    "sized": DataType("array", shape=(3,), items=(("", TEXT),)),
    "open": DataType("array", shape=(None,), items=(("", DataType("binary")),)),
    "bytes": DataType("binary"),
    "unsaid": DataType("unspecified"),
}
WRITTEN = ModelMetadata(
    source="models/nn.mlem",
    framework="sklearn",
    description='Says "no": always\n',
    labels=("on", "a: b"),
    methods=(
        Method(
            "predict",
            tuple(Argument(name, type) for name, type in TYPES.items()),
            DataType("ndarray", "int64", (None,)),
            varargs="rest",
            varkw="more",
            varkw_type=TEXT,
        ),
        Method(
            "score",
            (Argument("unit", TEXT, False, '"1e3"', True), Argument("n", WHOLE, False, "3")),
        ),
    ),
    requirements=(
        Requirement("sklearn", "scikit-learn", "1.3.2"),
        Requirement("pkg", "git+https://example.org/a.git@abc"),
        Requirement("", "libgomp1", "", "unix"),
    ),
    files=(
        ModelFile("data", "x", "data/nn.pkl", 12, "46cac39331fbacd7b5003d18ff0d95ac"),
        ModelFile("more", "s3://bucket/nn", "", None, "sha256:0"),
    ),
)


def test_every_type_comes_back_as_it_was_written() -> None:
    data = write_mlem(WRITTEN, "models/nn.mlem")
    said = [Annotation("nn", "artifacts.yaml", path="models/nn.mlem")]
    models, problems = read_models({"models/nn.mlem": data}, said)
    assert problems == ()
    again = models["nn"]
    score = Method("score", WRITTEN.methods[1].arguments, returns=DataType("unspecified"))
    assert again.methods == (WRITTEN.methods[0], score)
    assert again.requirements == WRITTEN.requirements
    assert again.description == WRITTEN.description
    assert again.labels == WRITTEN.labels
    assert [one.path for one in again.files] == ["data/nn.pkl", ""]
    assert write_mlem(again, "models/nn.mlem") == data


def test_mlem_reads_every_type_that_is_written(mlem: Any) -> None:
    told = mlem({"nn.mlem": write_mlem(WRITTEN, "models/nn.mlem")})["nn.mlem"]
    types = {one["name"]: one["type_"]["type"] for one in told["methods"]["predict"]["args"]}
    assert types == {name: type.kind for name, type in TYPES.items()}
    score = told["methods"]["score"]
    assert [one["default"] for one in score["args"]] == ["1e3", 3]
    assert [one["kw_only"] for one in score["args"]] == [True, False]
    assert score["returns"] == {"type": "unspecified"}
    assert told["pip"] == ["scikit-learn==1.3.2", "git+https://example.org/a.git@abc"]
    assert told["artifacts"]["data"]["uri"] == "../data/nn.pkl"
    assert told["artifacts"]["more"]["type"] == "fsspec"


def test_mlem_accepts_frameworks_that_it_does_not_have(mlem: Any) -> None:
    models = [ModelMetadata("x", name, methods=(Method("predict"),)) for name in ("gguf", "")]
    files = {f"{at}.mlem": write_mlem(one, "x.mlem") for at, one in enumerate(models)}
    assert mlem(files, "accept") == {
        "0.mlem": {"frameworks": ["gguf"], "methods": ["predict"]},
        "1.mlem": {"frameworks": ["unknown"], "methods": ["predict"]},
    }


def test_a_processed_method_is_shown_as_it_is_called() -> None:
    [method] = read("processors.mlem").methods
    assert signature_text(method) == (
        "predict(rows: list[2] of list[3] of float) -> list[2] of float"
    )
