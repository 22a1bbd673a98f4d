from __future__ import annotations

import zlib
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
    pack,
    script,
    unpack,
)


@given(st.binary(), st.sampled_from((0, NUMBERS, SMALL_NUMBERS)))
def test_packed_data_unpacks_to_itself_and_holds_nothing_that_breaks_out(
    data: bytes, kind: int
) -> None:
    packed = pack(data, kind)
    assert unpack(packed) == zlib.decompress(b64decode(packed), -15) == data
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_small_data_stands_in_the_directory_and_large_data_in_one_file() -> None:
    packed = Packed()
    assert packed.add(b"small") == f"={pack(b'small')}"
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


def test_a_script_hands_over_one_string_under_its_name() -> None:
    assert script("a1", "AAA=") == b'window.sitegen.search.take("a1","AAA=");\n'
