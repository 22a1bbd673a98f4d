"""The numbers and texts in a pickle's instructions."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.literals import (
    DIGITS,
    decimal,
    escaped,
    memo_key,
    quoted,
    text,
    twos_complement,
    unsigned,
    whole,
)
from sitegen.inspection.symbols import Blob


@given(st.integers())
def test_whole_numbers_are_what_python_wrote(number: int) -> None:
    if abs(number) < 1 << 2000:
        assert twos_complement(pickle.encode_long(number)) == number
        assert decimal(b"%dL" % number) == number == whole(b"%d" % number)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_are_what_python_wrote(value: str) -> None:
    # The instruction, the line, the rest.
    line = pickle.dumps(value, 0)[1:].split(b"\n")[0]
    assert escaped(line) == value == text(value.encode())


def test_texts_are_quoted_either_way() -> None:
    assert (quoted(b"'a'"), quoted(b'"a\\x62"'), quoted(b"'\xe9'")) == ("a", "ab", "é")
    for data in (b"", b"'", b"abc", b"'a\""):
        with pytest.raises(Unreadable, match="quotation marks"):
            quoted(data)


def test_no_half_of_a_surrogate_pair_is_told() -> None:
    assert escaped(b"\\ud800") == "?"
    assert text(b"\xed\xa0\x80") == "\ufffd" * 3


def test_truths_are_numbers_of_two_digits() -> None:
    assert whole(b"01") is True and whole(b"00") is False and whole(b"1") == 1


def test_what_is_large_is_passed_over() -> None:
    assert whole(b"9" * (DIGITS + 1)) == decimal(b"9" * (DIGITS + 1)) == Blob(DIGITS + 1)
    assert twos_complement(b"9" * (DIGITS + 1)) == Blob(DIGITS + 1)
    for read in (text, quoted, escaped, twos_complement):
        assert read(Blob(7)) == Blob(7)


def test_a_key_of_the_memo_is_bounded() -> None:
    assert (memo_key(b"12"), unsigned(b"\1\2")) == (12, 513)
    for data in (b"-1", b"4294967296", b"x"):
        with pytest.raises(ValueError):
            memo_key(data)
