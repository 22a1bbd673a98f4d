from __future__ import annotations

import zlib
from base64 import b64decode
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.packing import INLINE, Packed, pack, script


@given(st.binary())
def test_packed_data_unpacks_to_itself_and_holds_nothing_that_breaks_out(data: bytes) -> None:
    packed = pack(data)
    assert zlib.decompress(b64decode(packed), -15) == data
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_small_data_stands_in_the_directory_and_large_data_in_one_file() -> None:
    packed = Packed()
    assert packed.add(b"small") == f"={pack(b'small')}"
    assert packed.files == {}
    large = Random(1).randbytes(INLINE)
    name = packed.add(large)
    assert packed.add(large) == name
    assert packed.files == {f"data/search/{name}.js": script(name, pack(large))}


def test_a_script_hands_over_one_string_under_its_name() -> None:
    assert script("a1", "AAA=") == b'window.sitegen.search.take("a1","AAA=");\n'
