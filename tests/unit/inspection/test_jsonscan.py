"""JSON within bounds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.inspection.base import Unreadable
from sitegen.inspection.jsonscan import DEPTH, VALUES, Skipped, clean, parse

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 1]))
def test_what_json_writes_is_read_as_json_reads_it(value: object, indent: int | None) -> None:
    text = json.dumps({"a": value}, indent=indent).encode()
    found = parse(text)
    assert (found.value, found.complete, found.end) == ({"a": value}, True, len(text))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for text in (data, b'{"a":' + data):
        try:
            parse(text)
        except Unreadable:
            continue


def test_what_is_skipped_is_counted_and_what_follows_is_read() -> None:
    text = b'{"trees": [{"a": ["]", "\\"}"]}, [1], 2], "name": "x"}'
    found = parse(text, skip=frozenset({("trees",)}))
    assert found.value == {"trees": Skipped(2), "name": "x"}


def test_a_path_into_elements_is_skipped_in_each() -> None:
    found = parse(b'[{"a": [1], "b": 2}, {"a": []}]', skip=frozenset({("*", "a")}))
    assert found.value == [{"a": Skipped(0), "b": 2}, {"a": Skipped(0)}]


@pytest.mark.parametrize("length", range(len(b'{"a": [1, "b"], "c": {"d": true')))
def test_a_value_that_does_not_end_is_given_as_far_as_it_goes(length: int) -> None:
    found = parse(b'{"a": [1, "b"], "c": {"d": true'[:length])
    assert not found.complete
    assert found.value is None or set(found.value) <= {"a", "c"}


@pytest.mark.parametrize(
    "text",
    [
        b"[" * (DEPTH + 2),
        b'{"a":' * 100_000,
        b"[" + b"0," * VALUES + b"0]",
        b"[" + b"9" * 5000 + b"]",
        b"{a: 1}",
        b'{"a" 1}',
        b"[1 2]",
        b'["\\x"]',
        b"[1.2.3]",
        b"nothing at all",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_json_or_too_much_is_refused(text: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(text)


def test_half_a_surrogate_pair_becomes_text_that_can_be_written() -> None:
    assert parse(b'["\\ud800"]').value == ["?"]
    assert clean("a\udcffb") == "a?b"
