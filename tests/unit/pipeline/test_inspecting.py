from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from sitegen.errors import InspectionError, StorageError
from sitegen.inspection.base import Unreadable
from sitegen.inspection.sources import BUDGET, TooMuch
from sitegen.pipeline.inspecting import (
    BLOCK,
    WHOLE,
    Ranges,
    add_sample,
    elsewhere,
    hashed,
    inspect_found,
    inspect_path,
)
from sitegen.pipeline.kept import ADDRESS, DVC, GIT, Found
from sitegen.storage.hashes import Expected
from sitegen.storage.placing import Piece
from sitegen.storage.transfer import CutError, Opened

MODEL = pickle.dumps({"a": 1}, protocol=4)


class Store:
    """Bytes in a storage; remembers from where it was asked, and fails as often as told."""

    shown = "a store"

    def __init__(self, data: bytes, cuts: int = 0, ranges: bool = True) -> None:
        self.data, self.cuts, self.ranges = data, cuts, ranges
        self.asked: list[int] = []

    @contextmanager
    def open(self, start: int) -> Iterator[Opened]:
        self.asked.append(start)
        if self.cuts:
            self.cuts -= 1
            raise CutError("gone")
        start = start if self.ranges else 0
        pieces = (self.data[at : at + 1000] for at in range(start, len(self.data), 1000))
        yield Opened(pieces, start, len(self.data))


def quiet(done: int, total: int | None) -> None:
    pass


def found(store: Store, kind: str = DVC, size: int | None = None) -> Found:
    piece = Piece("", store, Expected())
    return Found(
        "nn", "v1.0.0", "c" * 40, "m.pkl", kind, "", len(store.data) if size is None else size, "",
        False, lambda: (piece,),
    )  # fmt: skip


def test_blocks_are_fetched_when_needed_and_once() -> None:
    data = bytes(range(256)) * 4096 * 5
    store = Store(data)
    ranges = Ranges(store, "m", len(data))
    assert ranges.read(len(data) - 10, 10) == data[-10:]
    assert ranges.read(BLOCK - 5, 10) == data[BLOCK - 5 : BLOCK + 5]
    assert ranges.read(0, 3) == data[:3]
    assert ranges.read(0, 0) == b""
    assert store.asked == [4 * BLOCK, 0, BLOCK]
    with pytest.raises(Unreadable, match="ends too early"):
        ranges.read(len(data), 1)


def test_no_more_is_fetched_than_one_inspection_may() -> None:
    ranges = Ranges(Store(bytes(1000)), "m", BUDGET * 2)
    ranges._left = 2 * BLOCK
    ranges._source = Store(bytes(4 * BLOCK))
    ranges.read(0, 2 * BLOCK)
    with pytest.raises(TooMuch, match="64 MB"):
        ranges.read(2 * BLOCK, 1)


def test_a_cut_is_tried_again_and_not_for_ever() -> None:
    assert Ranges(Store(b"abc", cuts=2), "m", 3).read(0, 3) == b"abc"
    with pytest.raises(StorageError, match="broke off"):
        Ranges(Store(b"abc", cuts=9), "m", 3).read(0, 3)
    with pytest.raises(Unreadable, match="ends at byte 3"):
        Ranges(Store(b"abc"), "m", 9).read(0, 9)
    with pytest.raises(StorageError, match="in parts"):
        Ranges(Store(b"a" * 2 * BLOCK, ranges=False), "m", 2 * BLOCK).read(BLOCK, 3)


def test_of_a_large_file_in_a_storage_only_parts_are_read() -> None:
    tensors = b'{"w":{"dtype":"F32","shape":[8388608,2],"data_offsets":[0,67108864]}}'
    store = Store(len(tensors).to_bytes(8, "little") + tensors + bytes(64 << 20))
    large = msgspec.structs.replace(found(store), path="m.safetensors")
    assert inspect_found(large, quiet).metadata.format == "safetensors"
    assert max(store.asked) < WHOLE and len(store.asked) < 5


def test_an_address_is_asked_for_the_size_that_nobody_recorded() -> None:
    tensors = b'{"w":{"dtype":"U8","shape":[67108864],"data_offsets":[0,67108864]}}'
    store = Store(len(tensors).to_bytes(8, "little") + tensors + bytes(64 << 20))
    unsaid = msgspec.structs.replace(found(store, ADDRESS), path="m.safetensors", size=None)
    inspected = inspect_found(unsaid, quiet)
    assert inspected.metadata.files[0].size == len(store.data)
    assert store.asked == [0, 0]
    small = msgspec.structs.replace(found(Store(MODEL), ADDRESS), size=None)
    assert inspect_found(small, quiet).metadata.class_name == "dict"


def test_what_is_small_or_in_git_is_fetched_whole() -> None:
    for kind in (DVC, GIT):
        assert inspect_found(found(Store(MODEL), kind), quiet).metadata.class_name == "dict"


def test_a_file_is_told_with_its_size_and_where_asked_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    path.write_bytes(MODEL)
    inspected = inspect_path(path)
    (file,) = inspected.metadata.files
    assert (file.name, file.path, file.size, file.hash) == ("m.pkl", "m.pkl", len(MODEL), "")
    (file,) = hashed(inspected, path).metadata.files
    assert file.hash == hashlib.md5(MODEL).hexdigest()
    path.unlink()
    with pytest.raises(InspectionError, match="cannot be read"):
        hashed(inspected, path)


def test_the_files_of_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "net" / "deep").mkdir(parents=True)
    (tmp_path / "net" / "m.pkl").write_bytes(MODEL)
    (tmp_path / "net" / "deep" / "a").write_bytes(b"12")
    inspected = hashed(inspect_path(tmp_path / "net"), tmp_path / "net")
    assert [(one.name, one.path, one.size) for one in inspected.metadata.files] == [
        ("deep/a", "net/deep/a", 2), ("m.pkl", "net/m.pkl", len(MODEL)),
    ]  # fmt: skip


def test_a_file_that_is_kept_elsewhere_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    assert elsewhere(path) is None
    (tmp_path / "m.pkl.dvc").write_text("outs: []\n")
    with pytest.raises(InspectionError, match="dvc pull"):
        inspect_path(path)
    path.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 5\n")
    with pytest.raises(InspectionError, match="git lfs pull"):
        inspect_path(path)


def test_errors_name_the_version_and_its_path(tmp_path: Path) -> None:
    with pytest.raises(InspectionError) as caught:
        inspect_found(found(Store(b"?")), quiet)
    assert (caught.value.problem.ref, caught.value.problem.path) == ("nn@v1.0.0", "m.pkl")
    (tmp_path / "m").write_bytes(b"")
    with pytest.raises(InspectionError, match="is empty"):
        inspect_path(tmp_path / "m")


def test_a_sample_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(MODEL)
    inspected = inspect_path(tmp_path / "m.pkl")
    with pytest.raises(InspectionError, match="sample is expected"):
        add_sample(inspected, tmp_path / "m.pkl")
    (tmp_path / "x.csv").write_text("a\n1\n")
    assert add_sample(inspected, tmp_path / "x.csv").metadata.methods[0].name == "predict"
