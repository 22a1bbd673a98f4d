from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.coding import (
    FIRST,
    Reader,
    distances,
    front_coded,
    front_decoded,
    read_varints,
    shared_start,
    small,
    varint,
    varints,
)


@pytest.mark.parametrize(
    ("number", "data"),
    [(0, b"\0"), (127, b"\x7f"), (128, b"\x80\x01"), (2**21, b"\x80\x80\x80\x01")],
)
def test_a_number_has_seven_bits_to_a_byte(number: int, data: bytes) -> None:
    assert varint(number) == data


@given(st.lists(st.integers(0, 2**40)))
def test_numbers_stand_one_after_the_other(numbers: list[int]) -> None:
    assert varints(numbers) == b"".join(map(varint, numbers))


@given(st.sets(st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=90)))
def test_front_coded_terms_can_be_read_again(terms: set[str]) -> None:
    before, found = "", []
    for line in front_coded(sorted(terms)).split("\n") if terms else []:
        before = before[: ord(line[0]) - FIRST] + line[1:]
        found.append(before)
    assert found == sorted(terms)


def test_a_character_of_two_units_is_not_shared() -> None:
    assert shared_start("a𝒳b", "a𝒳c") == 1


def test_distances_add_up_to_the_numbers() -> None:
    assert distances([3, 4, 9]) == [3, 1, 5]
    assert distances([]) == []


def test_small_numbers_are_a_byte_each_and_more_follows_the_largest_byte() -> None:
    assert small([]) == b""
    assert small([0, 7, 254]) == small(array("I", [0, 7, 254])) == b"\x00\x07\xfe"
    assert small([3, 255, 256 + 255]) == b"\x03\xff\x00\xff" + varint(256)


@given(st.lists(st.integers(0, 1 << 40)))
def test_varints_are_read_as_they_were_written(numbers: list[int]) -> None:
    data = varints(numbers)
    assert read_varints(data) == numbers
    assert Reader(data).numbers(len(numbers)) == numbers
    reader = Reader(data)
    assert [reader.number() for _ in numbers] == numbers


@given(st.lists(st.text("ab\u00e9\U0001d4b3", min_size=1), min_size=1))
def test_front_coded_terms_are_read_as_they_were_written(terms: list[str]) -> None:
    assert front_decoded(front_coded(sorted(terms))) == sorted(terms)
