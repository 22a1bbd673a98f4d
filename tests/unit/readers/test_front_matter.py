"""Front matter: where it ends, and that lines are counted as in the file."""

from __future__ import annotations

import pytest

from sitegen.readers.front_matter import part


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["---", "..."])
def test_the_head_is_parted_from_the_text(newline: str, end: str) -> None:
    lines = ["---", "a: 1", "b: 2", end, "# Title", ""]
    found = part(newline.join(lines).encode())
    assert found.yaml is not None
    assert found.yaml.split() == ["a:", "1", "b:", "2"]
    assert found.yaml.splitlines().index("b: 2") == 2
    assert found.text.split() == ["#", "Title"]
    assert found.readable


@pytest.mark.parametrize(
    "text", ["", "# Title\n---\na: 1\n---\n", "---\nnever closed\n", " ---\n---"]
)
def test_what_does_not_begin_with_a_closed_head_is_all_text(text: str) -> None:
    assert (part(text.encode()).yaml, part(text.encode()).text) == (None, text)


def test_a_mark_of_byte_order_is_passed_over_and_other_bytes_are_told() -> None:
    assert part(b"\xef\xbb\xbf---\na: 1\n---\nText").text == "Text"
    found = part(b"H\xf6he")
    assert (found.text, found.readable) == ("H\ufffdhe", False)
    assert part("\ufffd".encode()).readable
