"""Models that their own libraries wrote say here what they say there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sitegen.inspection.base import HEAD, Format, Inspected, Source
from sitegen.inspection.catboost import CATBOOST
from sitegen.inspection.hdf5 import HDF5
from sitegen.inspection.keras import KERAS
from sitegen.inspection.lightgbm import LIGHTGBM
from sitegen.inspection.sources import BytesSource
from sitegen.inspection.xgboost import XGBOOST
from tests.new_models import Made

HERE = Path(__file__).parent
STORED = HERE / "model_files"
FORMATS: tuple[Format, ...] = (XGBOOST, LIGHTGBM, CATBOOST, KERAS, HDF5)


def only_format(source: Source) -> Format:
    """The one of these formats that a file has."""
    head = source.read(0, min(HEAD, source.size))
    found = [one for one in FORMATS if one.matches(head, source)]
    assert len(found) == 1
    return found[0]


def shown(found: Inspected, truth: dict[str, Any]) -> dict[str, Any]:
    """What the inspection says, by the names by which the library says it."""
    metadata = found.metadata
    facts = dict(metadata.facts)
    predict, *others = metadata.methods
    taken = predict.arguments[0].type
    assert taken is not None and predict.returns is not None
    outputs = predict.returns.items or (("", predict.returns),)
    chances = others[0].returns if others else None
    count = len(taken.columns) or (taken.shape or (None, None))[1]
    ours = {
        "framework": metadata.framework,
        "version": metadata.framework_version,
        "class": metadata.class_name,
        "columns": [column.name for column in taken.columns],
        "dtypes": [column.dtype for column in taken.columns],
        "features": count,
        "trees": int(facts["trees"]) if "trees" in facts else None,
        "proba": chances.shape[1] if chances and chances.shape else None,
        "inputs": [
            [each.name, list(each.type.shape or ()), each.type.dtype]
            for each in predict.arguments
            if each.type
        ],
        "outputs": [[list(type.shape or ()), type.dtype] for _, type in outputs],
        **{name: facts.get(name) for name in ("objective", "booster", "classes", "format version")},
        "backend": facts.get("backend"),
    }
    return {name: ours[name] for name in truth}


def compare(folder: Path, truth: dict[str, dict[str, Any]]) -> None:
    for name, expected in truth.items():
        source = BytesSource((folder / name).read_bytes(), name)
        said = dict(expected)
        if "objective" in said and expected["framework"] == "catboost":
            # Parameters of a loss stand behind a colon there.
            said["objective"] = said["objective"].partition(":")[0]
        assert (name, shown(only_format(source).read(source), said)) == (name, said)


def test_stored_models_say_what_their_libraries_said() -> None:
    compare(STORED, json.loads((STORED / "more-truth.json").read_bytes()))


def test_stored_models_are_small() -> None:
    assert {path.name for path in STORED.glob("more-*") if path.stat().st_size >= 15_000} == set()


def test_new_models_say_what_their_libraries_say(tmp_path: Path) -> None:
    made = Made("making_models.py", tmp_path)
    compare(tmp_path, made.truth)
    made.skip_missing()
