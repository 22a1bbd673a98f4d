"""Which format a file has: each stands in the list, none takes what is another's."""

from __future__ import annotations

import os
import random
import zlib
from pathlib import Path

import pytest

import sitegen.inspection
from sitegen.inspection.base import Format, Unreadable
from sitegen.inspection.formats import ENTRIES, FORMATS, format_of, inspect_file, inspect_source
from sitegen.inspection.sources import BytesSource
from tests.damage import message, stored
from tests.pickling import Call, Name, dumps, instance
from tests.unit.inspection.test_coreml import MODEL as COREML
from tests.unit.inspection.test_gguf import model as gguf
from tests.unit.inspection.test_onnx import model as onnx
from tests.unit.inspection.test_safetensors import model as safetensors
from tests.unit.inspection.test_torch import legacy, saved, tarred

PMML = (
    b'<?xml version="1.0"?><PMML version="4.4"><Header/><DataDictionary/>'
    b'<TreeModel functionName="regression"><MiningSchema/></TreeModel></PMML>'
)
SAVED_MODEL = message((1, 1), (2, message((1, message((4, b"serve"), (5, b"2.16.1"))))))
# What it is -> name, bytes.
FILES: dict[str, list[tuple[str, bytes]]] = {
    "gguf": [("m.gguf", gguf())],
    "hdf5": [("m.h5", stored("more-line.h5"))],
    "catboost": [("m.cbm", stored("more-binary.cbm"))],
    "lightgbm": [("m.txt", stored("more-binary.txt"))],
    "xgboost": [("m.ubj", stored("more-binary.ubj")), ("m.json", stored("more-binary.xgb.json"))],
    "keras": [("m.keras", stored("more-line.keras"))],
    "torch": [("m.pt", saved()), ("m.pth", legacy()), ("m.t7", tarred({"pickle": dumps(1, 2)}))],
    "safetensors": [("m.safetensors", safetensors())],
    "pmml": [("m.pmml", PMML), ("m.xml", b"\xef\xbb\xbf" + PMML)],
    "savedmodel": [("saved_model.pb", SAVED_MODEL)],
    "coreml": [("m.mlmodel", COREML)],
    "pickle": [("m.pkl", dumps(1, 0)), ("m.joblib", zlib.compress(dumps(1))), ("m", dumps(1))],
    "onnx": [("m.onnx", onnx()), ("model", onnx())],
}
ALL = [(kind, name, data) for kind, files in FILES.items() for name, data in files]


def test_every_format_is_in_the_list() -> None:
    folder = Path(sitegen.inspection.__file__).parent
    declared = {path.stem for path in folder.glob("*.py") if " = Format(" in path.read_text()}
    assert declared == set(FILES) == {one.name for one in FORMATS}
    assert all(isinstance(one, Format) for one in FORMATS)


@pytest.mark.parametrize(("kind", "name", "data"), ALL)
def test_a_file_has_the_format_that_it_has(kind: str, name: str, data: bytes) -> None:
    found = format_of(BytesSource(data, name))
    assert found is not None and found.name == kind
    assert inspect_source(BytesSource(data, name)).metadata.source == name


@pytest.mark.parametrize(("kind", "name", "data"), ALL)
def test_what_its_bytes_tell_needs_no_name(kind: str, name: str, data: bytes) -> None:
    by_name = {"savedmodel", "coreml"} | ({"pickle"} if data == dumps(1, 0) else set())
    if kind not in by_name:
        found = format_of(BytesSource(data, "model.bin"))
        assert found is not None and found.name == kind


@pytest.mark.parametrize(("kind", "name", "data"), ALL)
def test_a_file_that_is_cut_short_is_one_error(kind: str, name: str, data: bytes) -> None:
    # A tar file is mostly padding.
    whole = data.rstrip(b"\0")
    for part in (1, len(whole) // 4, len(whole) // 2):
        with pytest.raises(Unreadable) as found:
            inspect_source(BytesSource(data[:part], name))
        assert str(found.value).startswith(f"{name}: ") and "\n" not in str(found.value)


@pytest.mark.parametrize("name", sorted({name for _, name, _ in ALL}))
def test_random_bytes_of_any_name_are_one_error(name: str) -> None:
    for seed in range(20):
        data = random.Random(seed).randbytes(3000)
        with pytest.raises(Unreadable, match=f"^{name}: "):
            inspect_source(BytesSource(data, name))


def test_an_unknown_file_names_the_known_formats() -> None:
    with pytest.raises(Unreadable, match=r"^a\.md: has no known format .*gguf, .*onnx"):
        inspect_source(BytesSource(b"# Title\n", "a.md"))
    with pytest.raises(Unreadable, match=r"^a\.pkl: is empty"):
        inspect_source(BytesSource(b"", "a.pkl"))


def test_whatever_a_reader_stumbles_over_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(_: object) -> object:
        raise RecursionError("too deep")

    broken = Format("gguf", lambda head, _: head == b"GGUF", stumbles)  # type: ignore[arg-type]
    shy = Format("x", stumbles, stumbles)  # type: ignore[arg-type]
    monkeypatch.setattr("sitegen.inspection.formats.FORMATS", (shy, broken))
    with pytest.raises(Unreadable, match=r"gguf: damaged, or .*RecursionError too deep"):
        inspect_source(BytesSource(b"GGUF", "m"))


def test_a_file_is_named_once_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    with pytest.raises(Unreadable, match=r"^m\.pkl: cannot be opened: No such file"):
        inspect_file(path)
    path.write_bytes(b"\x80\x04")
    with pytest.raises(Unreadable, match=r"^m\.pkl: pickle: the pickle ends after 2 bytes$"):
        inspect_file(path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="regular file"):
        inspect_file(tmp_path / "pipe")


def test_a_folder_is_the_one_model_in_it(tmp_path: Path) -> None:
    (tmp_path / "conda.yaml").write_text("a: 1\n")
    (tmp_path / "sub").mkdir()
    with pytest.raises(Unreadable, match="no model file"):
        inspect_file(tmp_path)
    (tmp_path / "model.pkl").write_bytes(dumps(instance("mine.A")))
    assert inspect_file(tmp_path).metadata.class_name == "mine.A"
    (tmp_path / "other.pkl").write_bytes(dumps(Call(Name("a", "b"))))
    with pytest.raises(Unreadable, match=r"2 model files \(model\.pkl, other\.pkl\)"):
        inspect_file(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(SAVED_MODEL)
    assert inspect_file(tmp_path).metadata.framework == "tensorflow"


def test_a_core_ml_package_is_its_model(tmp_path: Path) -> None:
    inner = tmp_path / "net.mlpackage" / "Data" / "com.apple.CoreML"
    inner.mkdir(parents=True)
    (inner / "model.mlmodel").write_bytes(COREML)
    assert inspect_file(tmp_path / "net.mlpackage").metadata.framework == "coreml"


def test_a_folder_of_very_many_files_is_not_searched(tmp_path: Path) -> None:
    for number in range(ENTRIES + 1):
        (tmp_path / str(number)).touch()
    with pytest.raises(Unreadable, match="more than 1000 files"):
        inspect_file(tmp_path)
