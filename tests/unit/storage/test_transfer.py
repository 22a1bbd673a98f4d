from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sitegen.errors import OutputError, StorageError
from sitegen.storage.transfer import ATTEMPTS, BrokenOffError, CutError, Opened, transfer

DATA = bytes(range(256)) * 4


class Shaky:
    """A source that is cut after so many bytes, each time it is asked."""

    shown = "shaky://x"

    def __init__(self, *cuts: int, ranges: bool = True, total: int | None = len(DATA)) -> None:
        self.cuts = list(cuts)
        self.ranges = ranges
        self.total = total
        self.starts: list[int] = []

    @contextmanager
    def open(self, start: int) -> Iterator[Opened]:
        self.starts.append(start)
        start = start if self.ranges else 0

        def chunks() -> Iterator[bytes]:
            if self.cuts:
                yield DATA[start : start + self.cuts.pop(0)]
                raise CutError("gone")
            yield DATA[start:]

        yield Opened(chunks(), start, self.total)


def quiet(done: int, total: int | None) -> None:
    pass


def test_a_cut_transfer_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    source = Shaky(100, 200)
    seen: list[tuple[int, int | None]] = []
    transfer(source, tmp_path / "part", None, lambda *now: seen.append(now))
    assert (tmp_path / "part").read_bytes() == DATA
    assert source.starts == [0, 100, 300]
    assert seen == [(100, 1024), (300, 1024), (1024, 1024)]


def test_a_source_without_ranges_begins_again(tmp_path: Path) -> None:
    transfer(Shaky(100, ranges=False), tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA


def test_what_an_earlier_command_left_is_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(DATA[:10])
    source = Shaky()
    transfer(source, tmp_path / "part", None, quiet)
    assert source.starts == [10]
    assert (tmp_path / "part").read_bytes() == DATA


def test_without_a_byte_more_it_ends_and_keeps_what_came(tmp_path: Path) -> None:
    source = Shaky(7, *[0] * 50)
    with pytest.raises(BrokenOffError, match=r"broke off: gone.*goes on from here"):
        transfer(source, tmp_path / "part", None, quiet)
    assert len(source.starts) == ATTEMPTS + 1
    assert (tmp_path / "part").read_bytes() == DATA[:7]


def test_fewer_bytes_than_announced_are_a_cut(tmp_path: Path) -> None:
    with pytest.raises(BrokenOffError, match="1024 of 2000 bytes"):
        transfer(Shaky(total=2000, ranges=False), tmp_path / "part", None, quiet)


def test_more_than_recorded_is_refused_while_it_comes(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="more than the 100 bytes"):
        transfer(Shaky(), tmp_path / "part", 100, quiet)
    assert (tmp_path / "part").stat().st_size <= 100


def test_a_link_in_place_of_the_part_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "part").symlink_to(tmp_path / "other")
    with pytest.raises(OutputError):
        transfer(Shaky(), tmp_path / "part", None, quiet)
    assert not (tmp_path / "other").exists()
