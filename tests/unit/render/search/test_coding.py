from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.coding import (
    FIRST,
    distances,
    front_coded,
    shared_start,
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
