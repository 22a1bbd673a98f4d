"""Pickles, PyTorch, ONNX and safetensors files say here what their own libraries say of them.

The stored files were made, and the truth recorded, by making_estimators.py (scikit-learn 1.9,
XGBoost 3.2, LightGBM 4.7, ONNX 1.23, safetensors 0.8, PyTorch 2.13, gguf 0.19):

    PYTHON making_estimators.py model_files > model_files/made-truth.json

With SITEGEN_ML=<folder of the bin of such a Python> the models are made anew. mlem-truth.json is
what MLEM 0.4.14 says of the .mlem files that `inspect --write` makes of them; with SITEGEN_MLEM it
is asked again. To record it, with those files in the working folder:

    PYTHON mlem/asked.py ask NAME.mlem...      (the value of "asked")
    PYTHON mlem/asked.py accept NAME.mlem...   (the value of "accepted")
"""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli import modelreg
from sitegen.inspection.base import Inspected, Unreadable
from sitegen.inspection.formats import inspect_file
from sitegen.registry.schemas import pip_line
from tests.integration.test_mlem import as_told, read, without_nothing
from tests.new_models import Made

HERE = Path(__file__).parent
STORED = HERE / "model_files"
TRUTH: dict[str, dict[str, Any]] = json.loads((STORED / "made-truth.json").read_bytes())["models"]
EVERY = sorted(path.name for path in STORED.iterdir() if not path.name.endswith("truth.json"))
# MLEM itself has no framework of that name, or its library is large: there it tells less.
BY_MLEM: dict[str, dict[str, Any]] = json.loads((STORED / "mlem-truth.json").read_bytes())
VERBS = {"asked": "ask", "accepted": "accept"}
# Read before the tests, which see no settings of the person who runs them.
MLEM = os.environ.get("SITEGEN_MLEM")


def shown(found: Inspected) -> dict[str, Any]:
    """What the inspection says, by the names by which the libraries say it."""
    metadata, facts = found.metadata, dict(found.metadata.facts)
    typed = [
        (one.name, one.type) for method in metadata.methods for one in method.arguments if one.type
    ]
    first = typed[0][1] if typed else None
    returned = [method.returns for method in metadata.methods if method.returns]
    return {
        "framework": metadata.framework,
        "version": metadata.framework_version,
        "class": metadata.class_name,
        "format": metadata.format,
        "columns": [column.name for column in first.columns] if first else [],
        "features": int(facts["features"]) if "features" in facts else None,
        "methods": [method.name for method in metadata.methods],
        "requirements": [
            line for each in metadata.requirements if "scikit" in (line := pip_line(each))
        ],
        "inputs": [[name, list(type.shape or ()), type.dtype] for name, type in typed],
        "outputs": [[list(type.shape or ()), type.dtype] for type in returned],
        "opset": facts.get("operator sets", "").rpartition(" ")[2],
        "producer": facts.get("producer"),
        "context length": facts.get("context length"),
        "tensors": [[one.name, one.dtype, list(one.shape)] for one in sorted_(found)],
    }


def sorted_(found: Inspected) -> list[Any]:
    return sorted(found.tensors, key=lambda one: one.name)


def compare(folder: Path, truth: dict[str, dict[str, Any]]) -> None:
    for name, expected in truth.items():
        said = dict(expected)
        if said.get("framework") == "torch":
            # PyTorch names its types after itself.
            said = json.loads(json.dumps(said).replace("torch.float", "float"))
        if said.get("framework") == "sklearn_pipeline":
            said["framework"] = "sklearn"
        ours = shown(inspect_file(folder / name))
        assert (name, {key: ours[key] for key in said}) == (name, said)


def test_stored_models_say_what_their_libraries_said() -> None:
    assert len(TRUTH) == 12
    compare(STORED, TRUTH)


def test_stored_models_are_small() -> None:
    large = {name for name in TRUTH if (STORED / name).stat().st_size >= 15_000}
    assert large == set()


def test_new_models_say_what_their_libraries_say(tmp_path: Path) -> None:
    made = Made("making_estimators.py", tmp_path)
    compare(tmp_path, made.truth)
    made.skip_missing()


class _Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_malicious_pickle_is_described_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.pkl").write_bytes(pickle.dumps([1, _Runs()], protocol=protocol))
    done = CliRunner().invoke(modelreg.main, ["inspect", "m.pkl"])
    assert done.exit_code == 0, done.output
    assert f"warning: Loading it would call {os.name}.system." in done.stdout
    assert not Path("pwned").exists()


@pytest.mark.parametrize("name", EVERY)
def test_a_model_that_is_cut_short_has_one_clear_error(tmp_path: Path, name: str) -> None:
    whole = (STORED / name).read_bytes()
    # What CatBoost keeps of texts and embeddings stands behind the model.
    for share in (0.1, 0.5) if name == "more-kinds.cbm" else (0.1, 0.5, 0.9, 0.99):
        path = tmp_path / name
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(Unreadable) as caught:
            inspect_file(path)
        assert str(caught.value).startswith(f"{name}: ") and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", EVERY)
def test_random_bytes_have_one_clear_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    chance = random.Random(name)
    path.write_bytes(chance.randbytes(3000))
    with pytest.raises(Unreadable) as caught:
        inspect_file(path)
    assert str(caught.value).startswith(name) and "\n" not in str(caught.value)
    whole = bytearray((STORED / name).read_bytes())
    for _ in range(20):
        damaged = bytearray(whole)
        for _ in range(5):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            inspect_file(path)
        except Unreadable as error:
            assert str(error).startswith(name)


def test_a_file_of_5_gb_is_read_by_its_header(tmp_path: Path) -> None:
    header = b'{"w":{"dtype":"F16","shape":[2684354560],"data_offsets":[0,5368709120]}}'
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + 5 * 2**30)
    (tensor,) = inspect_file(path).tensors
    assert tensor.shape == (2684354560,)


def written(folder: Path) -> list[str]:
    """The .mlem files that `inspect --write` puts beside the stored models, in a folder."""
    for name in EVERY:
        (folder / name).write_bytes((STORED / name).read_bytes())
        done = CliRunner().invoke(modelreg.main, ["inspect", str(folder / name), "--write"])
        assert done.exit_code == 0, done.output
    return [f"{name}.mlem" for name in EVERY]


def test_what_is_written_says_what_mlem_said_of_it(tmp_path: Path) -> None:
    assert written(tmp_path) == sorted(BY_MLEM["asked"] | BY_MLEM["accepted"])
    for name, expected in BY_MLEM["asked"].items():
        ours = without_nothing(as_told(read(name, (tmp_path / name).read_bytes())))
        told = without_nothing(expected)
        for one in told["artifacts"].values():
            one.pop("type", None)
        assert (name, ours) == (name, told)
    for name, expected in BY_MLEM["accepted"].items():
        model = read(name, (tmp_path / name).read_bytes())
        assert [model.framework or "unknown"] == expected["frameworks"]
        assert [one.name for one in model.methods] == expected["methods"]


def test_mlem_says_of_what_is_written_what_was_recorded(tmp_path: Path) -> None:
    if not MLEM:
        pytest.skip("SITEGEN_MLEM names no folder with a Python 3.10 that has MLEM 0.4.14")
    written(tmp_path)
    for verb, recorded in BY_MLEM.items():
        done = subprocess.run(
            [Path(MLEM) / "python", HERE / "mlem" / "asked.py", VERBS[verb], *sorted(recorded)],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "PATH": os.defpath},
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        assert json.loads(done.stdout) == recorded
