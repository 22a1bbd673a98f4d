import hashlib
from pathlib import Path

import pytest

from sitegen.errors import RefusedError, StorageError
from sitegen.storage.hashes import Expected
from sitegen.storage.placing import Piece, Placed, place_file, place_folder, read_small
from sitegen.storage.stores import source_at
from sitegen.storage.transfer import BrokenOffError
from tests.unit.storage.test_transfer import DATA, Shaky

GOOD = Expected("md5", hashlib.md5(DATA).hexdigest(), len(DATA))
BAD = Expected("md5", "0" * 32, len(DATA))


def quiet(done: int, total: int | None) -> None:
    pass


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_checked_file_is_moved_into_place(tmp_path: Path) -> None:
    target = tmp_path / "new" / "model"
    assert place_file(Shaky(100), GOOD, target, False, quiet) == Placed(1, len(DATA), 1)
    assert target.read_bytes() == DATA
    assert names(tmp_path) == ["model", "new"]


def test_a_mismatch_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not what was recorded"):
        place_file(Shaky(), BAD, tmp_path / "model", False, quiet)
    with pytest.raises(StorageError):
        pieces = (Piece("a", Shaky(), GOOD), Piece("b", Shaky(), BAD))
        place_folder(lambda: pieces, "x", tmp_path / "folder", False, quiet)
    assert names(tmp_path) == []


def test_what_is_cut_off_is_kept_and_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(BrokenOffError):
        place_file(Shaky(100, *[0] * 9), GOOD, tmp_path / "model", False, quiet)
    (part,) = names(tmp_path)
    assert part.startswith("model.") and part.endswith(".part")
    source = Shaky()
    place_file(source, GOOD, tmp_path / "model", False, quiet)
    assert source.starts == [100]
    assert names(tmp_path) == ["model"]


def test_a_part_of_something_else_is_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(BrokenOffError):
        place_file(Shaky(100, *[0] * 9), GOOD, tmp_path / "model", False, quiet)
    next(tmp_path.iterdir()).write_bytes(b"x" * 100)
    place_file(Shaky(), GOOD, tmp_path / "model", False, quiet)
    assert (tmp_path / "model").read_bytes() == DATA


def test_what_is_there_stays_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.write_bytes(b"mine")
    with pytest.raises(RefusedError, match="there already"):
        place_file(Shaky(), GOOD, target, False, quiet)
    with pytest.raises(StorageError):
        place_file(Shaky(), BAD, target, True, quiet)
    assert target.read_bytes() == b"mine"
    place_file(Shaky(), GOOD, target, True, quiet)
    assert target.read_bytes() == DATA
    pieces = (Piece("a/b", Shaky(), GOOD), Piece("c", Shaky(), Expected()))
    assert place_folder(lambda: pieces, "x", target, True, quiet) == Placed(2, 2 * len(DATA), 1)
    assert names(target) == ["a", "b", "c"]
    place_folder(lambda: pieces[:1], "y", target, True, quiet)
    assert names(tmp_path) == ["a", "b", "model"]


def test_a_folder_goes_on_with_the_files_that_are_there(tmp_path: Path) -> None:
    first = (Piece("a", Shaky(), GOOD), Piece("b", Shaky(*[0] * 9), GOOD))
    with pytest.raises(BrokenOffError):
        place_folder(lambda: first, "x", tmp_path / "folder", False, quiet)
    again = (Piece("a", Shaky(), GOOD), Piece("b", Shaky(), GOOD))
    seen: list[tuple[int, int | None]] = []
    place_folder(lambda: again, "x", tmp_path / "folder", False, lambda *now: seen.append(now))
    assert isinstance(again[0].source, Shaky) and again[0].source.starts == []
    assert names(tmp_path) == ["a", "b", "folder"]
    assert seen[-1] == (2 * len(DATA), 2 * len(DATA))


def test_no_file_of_a_folder_leads_out_of_it(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="leads out"):
        place_folder(
            lambda: (Piece("../../evil", Shaky(), GOOD),), "x", tmp_path / "a" / "f", False, quiet
        )
    assert names(tmp_path) == ["a"]


def test_a_small_file_is_checked_in_memory(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(DATA)
    source = source_at("x", local=tmp_path)
    assert read_small(source, GOOD, 2000, "x") == DATA
    with pytest.raises(StorageError):
        read_small(source, BAD, 2000, "x")
    with pytest.raises(StorageError):
        read_small(source, GOOD, 100, "x")
