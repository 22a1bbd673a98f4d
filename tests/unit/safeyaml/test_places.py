"""Where values stand in a text."""

from __future__ import annotations

import pytest

from sitegen.safeyaml import places


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: x  # c\nb: 1\n", "x"),
        ("a: 'x y' \nb: 1\n", "'x y'"),
        ("a: one\n  two\n# c\nb: 1\n", "one\n  two"),
        ("a: |\n  one\n\n\nb: 1\n", "|\n  one"),
        ("a: |+\n  one\n\n\nb: 1\n", "|+\n  one\n\n"),
        ("a: >-  # c\r\n  one\r\nb: 1\r\n", ">-  # c\r\n  one"),
        ("a: &n !!str x\nb: 1\n", "&n !!str x"),
        ("a:\n- x\n- y # c\n\n# d\nb: 1\n", "- x\n- y"),
        ("a:\n  k: {l: 1}\n  # c\nb: 1\n", "k: {l: 1}"),
        ("a: # c\nb: 1\n", ""),
        ("{a: [x, y], b: 1}", "[x, y]"),
    ],
)
def test_a_value_ends_where_its_last_visible_character_does(text: str, value: str) -> None:
    root = places.parse(text)
    assert root is not None
    found = root.pairs[root.find("a")][1]
    assert text[found.start : found.end] == value
    assert root.find("b") == 1
    assert root.find("c") == -1


def test_a_text_of_comments_alone_has_no_root() -> None:
    assert places.parse("# c\n") is None


def test_lines_end_in_any_of_the_three_ways() -> None:
    text = "ab\r\ncd\ref\n"
    assert [places.line_start(text, at) for at in (1, 5, 8)] == [0, 4, 7]
    assert [places.line_end(text, at) for at in (1, 5, 8)] == [2, 6, 9]
    assert [places.next_line(text, at) for at in (1, 5, 8, 10)] == [4, 7, 10, 10]
    assert places.column(text, 5) == 1


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (" x", False),
        (" 'a # b'", False),
        (" |\n  # text", False),
        (" | # c\n  text", True),
        ("\n- x # c\n- y", True),
        (" # c\n- x", True),
        (" [x, # c\n y]", True),
        (" [x, 'a # b']", False),
    ],
)
def test_comments_are_told_from_texts(value: str, there: bool) -> None:
    text = f"a:{value}\n"
    root = places.parse(text)
    assert root is not None
    node = root.pairs[0][1]
    assert places.has_comment(text, 2, node.end, node) is there
