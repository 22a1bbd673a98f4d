"""Files, bytes and members of zip files as bounded sources."""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.sources import (
    BUDGET,
    Archive,
    BytesSource,
    FileSource,
    Part,
    Stream,
    TooMuch,
    open_file,
)


def zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def archive(data: bytes) -> Archive:
    return Archive(BytesSource(data))


def test_bytes_are_read_where_they_stand() -> None:
    source = BytesSource(b"abcdef", "x")
    assert (source.name, source.size, source.read(2, 3)) == ("x", 6, b"cde")
    for offset, length in ((4, 3), (-1, 1), (0, -1), (1 << 70, 1)):
        with pytest.raises(Unreadable):
            source.read(offset, length)


def test_a_part_knows_nothing_of_the_rest() -> None:
    part = Part(BytesSource(b"abcdef"), 2, 3, "part")
    assert (part.size, part.read(1, 2)) == (3, b"de")
    with pytest.raises(Unreadable):
        part.read(1, 3)
    with pytest.raises(Unreadable):
        Part(BytesSource(b"abc"), 2, 2, "part")


def test_a_file_is_read_within_a_budget(tmp_path: Path) -> None:
    path = tmp_path / "m.bin"
    path.write_bytes(b"abc" * 10)
    with path.open("rb") as file:
        source = FileSource(file, "m.bin", 30, 10)
        assert source.read(3, 6) == b"abcabc"
        with pytest.raises(TooMuch, match="64 MB"):
            source.read(0, 5)


def test_a_file_may_be_larger_than_any_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.seek(1 << 40)
        file.write(b"end")
    with open_file(path) as source:
        assert (source.name, source.size) == ("large.bin", (1 << 40) + 3)
        assert source.read(1 << 40, 3) == b"end"
        with pytest.raises(TooMuch):
            source.read(0, BUDGET)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in ((tmp_path / "pipe", "regular"), (tmp_path / "none", "No such file"),
                       (tmp_path, "regular"), (Path("a\0b"), "null")):  # fmt: skip
        with pytest.raises(Unreadable, match=said), open_file(path):
            pass


def test_a_file_that_shrinks_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "m.bin"
    path.write_bytes(bytes(100))
    with open_file(path) as source:
        path.write_bytes(b"")
        with pytest.raises(Unreadable, match="shorter"):
            source.read(0, 10)


def test_a_stream_can_be_sought() -> None:
    stream = Stream(BytesSource(b"abcdef"))
    stream.seek(-2, os.SEEK_END)
    assert (stream.tell(), stream.read(), stream.read(3)) == (4, b"ef", b"")
    stream.seek(1)
    stream.seek(1, os.SEEK_CUR)
    assert stream.read(2) == b"cd"
    with pytest.raises(Unreadable):
        stream.seek(-1)
    with pytest.raises(Unreadable, match="too many"):
        Stream(BytesSource(bytes(10)), 5).read()


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_one_by_one(packing: int) -> None:
    found = archive(zipped({"a": b"first", "b/c": bytes(1000)}, packing))
    assert found.names == ("a", "b/c")
    assert "a" in found and "c" not in found
    assert (found.read("a"), len(found.read("b/c"))) == (b"first", 1000)
    assert found.read("b/c", 10, whole=False) == bytes(10)
    member = found.member("a")
    assert (member.name, member.size, member.read(1, 3)) == ("a", 5, b"irs")
    with pytest.raises(Unreadable, match="lacks c"):
        found.read("c")
    with pytest.raises(Unreadable, match="1000 bytes"):
        found.read("b/c", 999)


def test_a_stored_member_is_read_in_place(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as file, file.open("data", "w", force_zip64=True) as member:
        for _ in range(100):
            member.write(bytes(1 << 20))
        member.write(b"end")
    with open_file(path) as source:
        member_source = Archive(source).member("data")
        assert member_source.read(100 << 20, 3) == b"end"
        assert source.budget > BUDGET - (1 << 20)


def test_a_name_that_stands_twice_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as two, pytest.warns(UserWarning, match="Duplicate"):
        two.writestr("a", b"one")
        two.writestr("a", b"two")
    with pytest.raises(Unreadable, match="a twice"):
        archive(file.getvalue())


def test_what_no_model_needs_is_refused() -> None:
    with pytest.raises(Unreadable, match="packed by method 12"):
        archive(zipped({"a": b"x"}, zipfile.ZIP_BZIP2)).read("a")
    locked = bytearray(zipped({"a": b"x"}))
    locked[locked.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(Unreadable, match="encrypted"):
        archive(bytes(locked)).read("a")


def test_a_member_that_lies_about_its_size_is_unreadable() -> None:
    data = bytearray(zipped({"a": b"x" * 100}))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = (1 << 20).to_bytes(4, "little")
    with pytest.raises(Unreadable, match=r"damaged|ends after"):
        archive(bytes(data)).read("a")


@given(st.integers(0, 10**9))
def test_a_damaged_zip_file_is_read_or_unreadable(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(zipped({"a": b"first", "b": bytes(50)}, chance.choice((0, 8))))
    for _ in range(chance.choice((1, 3))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        found = archive(bytes(data))
        for name in found.names:
            found.read(name)
            found.member(name)
    except Unreadable as error:
        assert str(error)
