"""Members as stretches of text."""

from __future__ import annotations

import pytest

from sitegen.safeyaml import places
from sitegen.safeyaml.rows import Edit, Layout, TooEntangled, insert, remove


def layout(text: str) -> tuple[Layout, places.Node]:
    root = places.parse(text)
    assert root is not None
    return Layout(text, root), root


def test_edits_count_places_in_the_text_before() -> None:
    found, _ = layout("a: 1\n")
    assert found.apply([Edit(0, 1, "key"), Edit(3, 4, ""), Edit(3, 3, "2")]) == "key: 2\n"


@pytest.mark.parametrize(
    ("text", "habits"),
    [
        ("a: 1\n", (2, 0)),
        ("a:\n    b: 1\n    l:\n      - x\n", (4, 2)),
        ("a:\n b:\n  l:\n  - x\n", (1, 0)),
        ("a:\n  - x:\n      y: 1\n", (2, 2)),
    ],
)
def test_habits_are_read_from_the_text(text: str, habits: tuple[int, int]) -> None:
    found, root = layout(text)
    assert found.indents(root) == habits


@pytest.mark.parametrize(
    ("at", "left"),
    [(0, "{b: 2, 'c': [3]}"), (1, "{a: 1, 'c': [3]}"), (2, "{a: 1, b: 2}")],
)
def test_a_member_leaves_braces_with_one_comma(at: int, left: str) -> None:
    found, root = layout("{a: 1, b: 2, 'c': [3]}")
    assert found.apply(remove(found, None, root, at)) == left


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("{a: 1,}", "{a: 1, k: v,}"),
        ('{"a":1}', '{"a":1, "k": "v"}'),
        ("{a: 1 # c\n}", "{a: 1, k: v # c\n}"),
        ("{a: }", "{a:, k: v }"),
    ],
)
def test_a_member_joins_those_within_braces(text: str, after: str) -> None:
    found, root = layout(text)
    assert found.apply(insert(found, root, "k", "v")) == after


def test_an_anchor_that_something_else_refers_to_stays() -> None:
    found, root = layout("a: &x 1\nb: *x\nc: &y 2\n")
    with pytest.raises(TooEntangled, match="&x"):
        found.refuse_anchors(*root.pairs[0])
    found.refuse_anchors(*root.pairs[0], *root.pairs[1])
    found.refuse_anchors(*root.pairs[2])
