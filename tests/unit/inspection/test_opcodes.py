"""The instructions of a pickle, followed and not carried out."""

from __future__ import annotations

import os
import pickle
import random
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.feeds import Cursor, SourceFeed
from sitegen.inspection.opcodes import KEEP, NAMES, Machine
from sitegen.inspection.sources import BytesSource, FileSource
from sitegen.inspection.symbols import Blob, Global, Made, Persistent
from tests.pickling import Call, Name, dumps, instance


def machine(data: bytes) -> Machine:
    return Machine(Cursor(SourceFeed(BytesSource(data))))


def followed(value: Any, protocol: int = 4) -> Any:
    return machine(dumps(value, protocol)).run()


VALUES = [
    None, True, False, 0, -1, 1 << 40, -(1 << 70), 1.5, "text", "ünïcode\n", b"\0bytes\xff",
    [1, [2]], {"a": {"b": 1}}, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), list(range(2500)),
    {str(number): number for number in range(2500)},
]  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_are_what_they_were(protocol: int) -> None:
    assert followed(VALUES, protocol) == VALUES


PLAIN = (
    st.none() | st.booleans() | st.integers(-(1 << 80), 1 << 80) | st.floats(allow_nan=False)
    | st.text() | st.binary()
)  # fmt: skip
INNER = st.recursive(PLAIN, lambda one: st.lists(one) | st.dictionaries(st.text(), one))


@given(INNER, st.integers(0, 5))
def test_any_plain_value_is_what_it_was(value: Any, protocol: int) -> None:
    assert machine(pickle.dumps(value, protocol)).run() == value


def test_sets_are_lists() -> None:
    assert sorted(machine(pickle.dumps({1, 2}, 4)).run()) == [1, 2]
    assert machine(pickle.dumps(frozenset({1}), 4)).run() == [1]
    assert machine(pickle.dumps(bytearray(b"ab"), 5)).run() == b"ab"


@pytest.mark.parametrize("protocol", range(6))
def test_what_would_run_is_named_and_not_run(protocol: int, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    data = dumps([Call(Name("os", "mkdir"), str(mark)), Name("sys", "exit")], protocol)
    reader = machine(data)
    made, named = reader.run()
    assert not mark.exists()
    assert set(reader.imports) == {Global("os", "mkdir"), Global("sys", "exit")}
    assert set(reader.calls) == {Global("os", "mkdir")}
    assert (made.args, named) == ((str(mark),), Global("sys", "exit"))


def test_instructions_of_the_oldest_forms_call_too() -> None:
    for data in (b"(S'x'\nios\nsystem\n.", b"(cos\nsystem\nS'x'\no.", b"cos\nsystem\n(S'x'\ntR."):
        reader = machine(data)
        assert reader.run().args == ("x",)
        assert set(reader.calls) == {Global("os", "system")}


def test_names_may_be_spelled_by_escapes() -> None:
    reader = machine(b"\x80\x04S'\\x6fs'\nS'sys\\x74em'\n\x93)R.")
    reader.run()
    assert set(reader.calls) == {Global("os", "system")}


def test_an_object_has_its_class_state_and_items() -> None:
    made = followed(instance("pkg.Model", weight=1))
    assert (str(made.callable), made.state) == ("pkg.Model", {"weight": 1})
    ordered = machine(pickle.dumps(OrderedDict(a=1), 4)).run()
    assert (str(ordered.callable), ordered.items) == ("collections.OrderedDict", {"a": 1})
    old = Call(Name("copy_reg", "_reconstructor"), Name("m", "A"), Name("b", "B"), None)
    reader = machine(dumps(old, 1))
    assert str(reader.run().callable) == "m.A"
    assert Global("b", "B") in reader.calls and Global("m", "A") not in reader.calls


def test_a_class_that_makes_its_own_object_is_not_called() -> None:
    reader = machine(dumps(instance("scipy.sparse._csr.csr_matrix")))
    reader.run()
    assert set(reader.imports) == {Global("scipy.sparse._csr", "csr_matrix")}
    assert not reader.calls


def test_a_function_that_only_loading_makes_is_told_of() -> None:
    reader = machine(dumps(Call(Call(Name("builtins", "getattr"), 1, "x"))))
    reader.run()
    assert reader.nameless
    reader = machine(b"\x80\x04K\x01\x8c\x01a\x93.")
    reader.run()
    assert reader.nameless


def test_long_values_are_passed_over() -> None:
    data = pickle.dumps([bytes(KEEP + 1), "x" * (KEEP + 2), "end"], 4)
    blob, text, name = machine(data).run()
    assert isinstance(blob, Blob) and (blob.size, name) == (KEEP + 1, "end")
    assert isinstance(text, Blob) and data[text.place :].startswith(b"x" * (KEEP + 2))
    old = machine(b"(lp0\nS'" + b"x" * (3 * KEEP) + b"'\naVa\na.").run()
    assert old[1] == "a" and isinstance(old[0], Blob)


def test_of_a_large_file_little_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    begin, end = b"\x80\x04](\x8e" + (5 << 30).to_bytes(8, "little"), b"\x8c\x03ende."
    with path.open("wb") as file:
        file.write(begin)
        file.seek((5 << 30) + len(begin))
        file.write(end)
    with path.open("rb") as file:
        source = FileSource(file, "large", os.fstat(file.fileno()).st_size, 1 << 16)
        assert Machine(Cursor(SourceFeed(source))).run() == [Blob(5 << 30, len(begin)), "end"]


def test_where_more_would_be_read_than_may_be_what_was_read_holds(tmp_path: Path) -> None:
    pieces = [bytes(1000) for _ in range(200)]
    value = instance("sklearn.Model", n_features_in_=3, inner={"a": 1}, pieces=pieces, last="x")
    path = tmp_path / "many"
    path.write_bytes(dumps(value))
    with path.open("rb") as file:
        reader = Machine(Cursor(SourceFeed(FileSource(file, "many", path.stat().st_size, 100_000))))
        found = reader.run()
    assert "would have to be read" in reader.stopped
    assert isinstance(found, Made) and str(found.callable) == "sklearn.Model"
    assert found.state["n_features_in_"] == 3 and found.state["inner"] == {"a": 1}
    assert 10 < len(found.state["pieces"]) < 200 and "last" not in found.state


def test_instructions_and_names_are_bounded() -> None:
    reader = machine(b"\x80\x04](" + b"K\x00" * 1_000_001 + b"e.")
    assert len(reader.run()) > 1000
    assert "instructions" in reader.stopped
    names = b"".join(b"ca\nb%d\n" % number for number in range(NAMES + 1))
    reader = machine(b"(l(" + names + b"e.")
    reader.run()
    assert "imports" in reader.stopped


def test_persistent_ids_and_extensions_are_symbols() -> None:
    found = machine(b"\x80\x02](X\x01\x00\x00\x00aQ\x82\x05e.").run()
    assert isinstance(found[0], Persistent) and found[0].id == "a"
    assert found[1] == Global("copyreg", "extension_5")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ends after 0 bytes"),
        (b"\x80\x04K\x01", "ends after"),
        (b"\x80\x04\xff.", "no instruction of a pickle at byte 2: 0xff"),
        (b"\x80\x04R.", "the instruction REDUCE before byte 3"),
        (b"\x80\x04h\x05.", "BINGET"),
        (b"I12x\n.", "INT"),
        (b"\x80\x02\x8b\xff\xff\xff\xff.", "a length of -1"),
        (b"Sabc\n.", "quotation marks"),
        (b"cos", "no end of the line"),
        (b"c" + b"x" * 200_000 + b"\ny\n.", "too long"),
        (b"\x80\x04K\x01K\x02s.", "SETITEM"),
        (b"I" + b"9" * 5000 + b"\n\x85R.", "REDUCE"),
    ],
)
def test_damaged_pickles_are_unreadable(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        machine(data).run()


def test_large_numbers_are_passed_over() -> None:
    assert machine(b"I0x" + b"f" * 5000 + b"\n.").run() == Blob(5002)
    assert isinstance(machine(pickle.dumps(1 << 100_000, 2)).run(), Blob)


@given(st.integers(0, 10**9))
def test_any_bytes_are_followed_or_unreadable(seed: int) -> None:
    chance = random.Random(seed)
    data = chance.choice((b"", b"\x80\x04", b"(lp0\n")) + chance.randbytes(40)
    try:
        machine(data).run()
    except Unreadable as error:
        assert str(error)
