from __future__ import annotations

from base64 import b64decode
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.packing import (
    INLINE,
    NUMBERS,
    SMALL_NUMBERS,
    Packed,
    handed_over,
    pack,
    script,
    unpack,
)


@given(st.binary(), st.sampled_from((0, NUMBERS, SMALL_NUMBERS)))
def test_packed_data_unpacks_to_itself(data: bytes, kind: int) -> None:
    assert unpack(pack(data, kind)) == data


TROUBLE = [
    each.encode("utf-16-le", "surrogatepass")
    for each in '\0\n\r"\\\u2028\u2029\ue000\ud800\udbff\udc00\udfff\u0100'
]


@given(
    st.lists(st.sampled_from(TROUBLE) | st.binary(min_size=2, max_size=2)), st.binary(max_size=1)
)
def test_a_script_holds_any_bytes_and_they_do_not_break_out(units: list[bytes], odd: bytes) -> None:
    packed = b"".join(units) + odd
    made = script("a1", packed)
    assert handed_over(made) == packed + b"\0" * len(odd)
    text = made.decode("utf-16")
    start, end = 'window.sitegen.search.take("a1","', '");\n'
    assert text.startswith(start)
    assert text.endswith(end)
    assert not set(text[len(start) : -len(end)]) & set('"\\\r\n\0\u2028\u2029')


def test_small_data_stands_in_the_directory_and_large_data_in_one_file() -> None:
    packed = Packed()
    name = packed.add(b"small")
    assert name[0] == "="
    assert b64decode(name[1:]) == pack(b"small")
    assert packed.files == {}
    large = Random(1).randbytes(INLINE)
    name = packed.add(large)
    assert packed.add(large) == name
    assert [*packed.files] == [f"data/search/{name}.js"]
    assert packed.files[f"data/search/{name}.js"][1] == script(name, pack(large))


def test_what_was_packed_before_is_taken_over_and_can_be_read() -> None:
    packed = Packed()
    large = Random(1).randbytes(INLINE)
    name = packed.add(large)
    packed.add_named("rows/0", b"digest", lambda: b"the rows")
    later = Packed(packed.files)
    assert later.read(name) == large
    assert later.read(packed.add(b"small")) == b"small"
    later.add_named("rows/0", b"digest", lambda: pytest.fail("it is known"))
    assert later.keep(name) == name
    assert later.files == packed.files
    later.add_named("rows/0", b"other", lambda: b"other rows")
    assert later.files != packed.files


def test_a_script_says_by_its_first_bytes_how_it_is_to_be_read() -> None:
    text = 'window.sitegen.search.take("a1","\u4141\u0042");\n'
    assert script("a1", b"AAB") == b"\xff\xfe" + text.encode("utf-16-le")
