"""The places of a graph's boxes and lines."""

from __future__ import annotations

import random
import re

import pytest

from sitegen.site.layout import Layout, layout

SIZE = (120, 44)


def graph(count: int, seed: int, per_node: int = 2) -> list[tuple[int, int]]:
    """A pipeline-like graph: most edges are short."""
    dice = random.Random(seed)
    return [
        (max(0, node - 1 - int(dice.expovariate(0.2))), node)
        for node in range(1, count)
        for _ in range(dice.randint(0, per_node))
    ]


def numbers(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"-?\d+", path)]


def overlaps(drawn: Layout) -> list[tuple[int, int]]:
    boxes = drawn.boxes
    return [
        (a, b)
        for a in range(len(boxes))
        for b in range(a)
        if boxes[a].x < boxes[b].x + boxes[b].width
        and boxes[b].x < boxes[a].x + boxes[a].width
        and boxes[a].y < boxes[b].y + boxes[b].height
        and boxes[b].y < boxes[a].y + boxes[a].height
    ]


@pytest.mark.parametrize(("count", "seed"), [(3, 0), (12, 1), (60, 2), (60, 3), (200, 4)])
def test_no_boxes_overlap_and_every_line_goes_right(count: int, seed: int) -> None:
    edges = graph(count, seed)
    drawn = layout([SIZE] * count, edges)
    assert overlaps(drawn) == []
    assert {(a, b) for a, b, _ in drawn.lines} == set(edges)
    for a, b, path in drawn.lines:
        start, end = drawn.boxes[a], drawn.boxes[b]
        assert path.startswith(f"M{start.x + start.width} {start.y + 22}")
        assert start.x + start.width < end.x
        assert path.endswith((f" {end.x} {end.y + 22}", f"H{end.x}"))
    for box in drawn.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawn.width
        assert box.y >= 0
        assert box.y + box.height <= drawn.height


@pytest.mark.parametrize(("count", "seed", "per_node"), [(12, 1, 2), (60, 2, 2), (60, 3, 4)])
def test_no_line_runs_behind_a_box(count: int, seed: int, per_node: int) -> None:
    drawn = layout([SIZE] * count, graph(count, seed, per_node))
    for a, b, path in drawn.lines:
        x, y = map(int, re.match(r"M(\d+) (\d+)", path).groups())  # type: ignore[union-attr]
        for part in re.findall(r"[HC][^HC]*", path):
            *_, end, level = [*numbers(part), y] if part[0] == "H" else numbers(part)
            # A curve stays between its ends, and those are both in one gap between columns.
            for at, box in enumerate(drawn.boxes):
                beside = end <= box.x or x >= box.x + box.width
                above = max(y, level) < box.y or min(y, level) > box.y + box.height
                assert beside or above, (a, b, at)
            x, y = end, level


def test_equal_graphs_give_equal_pictures_whatever_the_order_of_the_edges() -> None:
    edges = graph(60, 5)
    assert layout([SIZE] * 60, edges) == layout([SIZE] * 60, edges[::-1] + edges)


def test_a_chain_is_one_straight_row() -> None:
    drawn = layout([SIZE] * 4, [(0, 1), (1, 2), (2, 3)])
    assert len({box.y for box in drawn.boxes}) == 1
    assert all("C" not in path for *_, path in drawn.lines)


def test_lines_that_need_not_cross_do_not() -> None:
    # Given the wrong way round: 0 and 1 lead to 3 and 2.
    drawn = layout([SIZE] * 4, [(0, 3), (1, 2)])
    assert [box.y for box in drawn.boxes[:2]] == [drawn.boxes[3].y, drawn.boxes[2].y]


def test_what_comes_from_nowhere_stands_beside_what_needs_it() -> None:
    # 0 -> 1 -> 2, and 3 is needed by 2 alone.
    drawn = layout([SIZE] * 4, [(0, 1), (1, 2), (3, 2)])
    assert drawn.boxes[3].x == drawn.boxes[1].x


def test_a_long_line_passes_beside_the_boxes_between_its_ends() -> None:
    drawn = layout([SIZE] * 3, [(0, 1), (1, 2), (0, 2)])
    path = next(path for a, b, path in drawn.lines if (a, b) == (0, 2))
    passage = re.search(r" (\d+)H(\d+)C", path)
    assert passage
    middle = drawn.boxes[1]
    assert int(passage[2]) == middle.x + middle.width
    assert not middle.y <= int(passage[1]) <= middle.y + middle.height


def test_a_column_with_many_boxes_becomes_several() -> None:
    many = 30
    drawn = layout([SIZE] * (many + 1), [(node, many) for node in range(many)])
    columns = {box.x for box in drawn.boxes[:many]}
    assert len(columns) == 3
    # Ten boxes to a column, and room for the lines that pass.
    assert drawn.height < 12 * (SIZE[1] + 14)
    assert overlaps(drawn) == []


def test_boxes_of_one_column_are_equally_wide() -> None:
    drawn = layout([(100, 44), (180, 44), (90, 44)], [(0, 2), (1, 2)])
    assert [box.width for box in drawn.boxes] == [180, 180, 90]


@pytest.mark.parametrize(
    "edges",
    [
        [(0, 0)],
        [(0, 1), (1, 0)],
        [(0, 1), (1, 2), (2, 0), (2, 3)],
        [(9, 1), (-1, 2)],
    ],
)
def test_circles_and_unknown_ends_do_not_break_it(edges: list[tuple[int, int]]) -> None:
    drawn = layout([SIZE] * 4, edges)
    assert len(drawn.boxes) == 4
    assert overlaps(drawn) == []
    for a, b, _ in drawn.lines:
        assert drawn.boxes[a].x < drawn.boxes[b].x


@pytest.mark.parametrize("per_node", [2, 12])
def test_five_hundred_boxes_are_drawn(per_node: int) -> None:
    drawn = layout([SIZE] * 500, graph(500, 6, per_node))
    assert len(drawn.boxes) == 500
    assert overlaps(drawn) == []


def test_lines_behind_boxes_when_there_are_too_many_to_pass() -> None:
    # A long chain where every node leads to the end and from the start.
    count = 500
    edges = [(a, b) for a in range(count - 1) for b in {a + 1, count - 1, (a * 7) % count}]
    drawn = layout([SIZE] * count, [(a, b) for a, b in edges if a < b])
    assert len(drawn.lines) == len({(a, b) for a, b in edges if a < b})
    assert all(numbers(path) for *_, path in drawn.lines)


def test_nothing_is_an_empty_picture() -> None:
    assert layout([], []) == Layout((), (), 0, 0)
