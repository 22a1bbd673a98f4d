"""The formats of model files, and which of them a file has."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec

from sitegen.inspection.base import HEAD, Format, Inspected, Source, Unreadable
from sitegen.inspection.catboost import CATBOOST
from sitegen.inspection.coreml import COREML
from sitegen.inspection.gguf import GGUF
from sitegen.inspection.hdf5 import HDF5
from sitegen.inspection.keras import KERAS
from sitegen.inspection.lightgbm import LIGHTGBM
from sitegen.inspection.onnx import ONNX
from sitegen.inspection.pickle import PICKLE
from sitegen.inspection.pmml import PMML
from sitegen.inspection.safetensors import SAFETENSORS
from sitegen.inspection.savedmodel import SAVEDMODEL
from sitegen.inspection.sources import open_file
from sitegen.inspection.torch import TORCH
from sitegen.inspection.xgboost import XGBOOST

# Surer beginnings come first: what only a name tells stands last.
FORMATS: tuple[Format, ...] = (
    GGUF,
    HDF5,
    CATBOOST,
    LIGHTGBM,
    XGBOOST,
    KERAS,
    TORCH,
    SAFETENSORS,
    PMML,
    SAVEDMODEL,
    COREML,
    PICKLE,
    ONNX,
)

IN_FOLDERS = ("saved_model.pb", "Data/com.apple.CoreML/model.mlmodel")
"""Files that tell what the folder they are in is."""
ENTRIES = 1000
"""Files and folders in a folder that are looked at."""


def inspect_file(path: Path) -> Inspected:
    """What the model at `path` is: a file, or a folder that one model fills. Raises Unreadable."""
    try:
        if path.is_dir():
            return _in_folder(path)
        with open_file(path) as source:
            return inspect_source(source)
    except (OSError, Unreadable) as error:
        text = str(error)
        raise Unreadable(text if text.startswith(path.name) else f"{path.name}: {text}") from None


def _in_folder(folder: Path) -> Inspected:
    """What a folder holds: the file that is known to tell, else the only model file in it."""
    for name in IN_FOLDERS:
        if (folder / name).is_file():
            return inspect_file(folder / name)
    names = sorted(path.name for path in itertools.islice(folder.iterdir(), ENTRIES + 1))
    if len(names) > ENTRIES:
        raise Unreadable(f"the folder holds more than {ENTRIES} files: name the model's own one")
    found = [name for name in names if (folder / name).is_file() and _is_known(folder / name)]
    if len(found) != 1:
        several = f"{len(found)} model files ({', '.join(found[:5])})" if found else "no model file"
        raise Unreadable(f"the folder holds {several}: expected {IN_FOLDERS[0]}, or one of them")
    return inspect_file(folder / found[0])


def _is_known(path: Path) -> bool:
    try:
        with open_file(path) as source:
            return source.size > 0 and format_of(source) is not None
    except Unreadable:
        return False


def format_of(source: Source) -> Format | None:
    """The format that the file's beginning or name tells. Raises Unreadable where it cannot be."""
    head = source.read(0, min(HEAD, source.size))
    return next((one for one in FORMATS if _is(one, head, source)), None)


def inspect_source(source: Source) -> Inspected:
    """What the model file is that these bytes are of. Raises Unreadable."""
    if source.size == 0:
        raise Unreadable(f"{source.name}: is empty: expected a model file")
    found = format_of(source)
    if found is None:
        known = ", ".join(one.name for one in FORMATS)
        raise Unreadable(f"{source.name}: has no known format of model files ({known})")
    try:
        return _whole(found.read(source))
    except Unreadable as error:
        raise Unreadable(f"{source.name}: {found.name}: {error}") from None
    # Whatever damaged bytes make a reader stumble over, they are no fault of ours to tell.
    except Exception as error:
        what = f"{type(error).__name__} {error}".strip()
        raise Unreadable(
            f"{source.name}: {found.name}: damaged, or of a kind that is not known ({what})"
        ) from None


def _is(one: Format, head: bytes, source: Source) -> bool:
    try:
        return one.matches(head, source)
    except Exception:
        return False


def _whole(found: Inspected) -> Inspected:
    """The same, where every text of it can be encoded. Raises where one cannot."""
    msgspec.json.encode(found)
    return found
