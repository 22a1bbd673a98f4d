"""Where the boxes and lines of a graph stand: in columns from left to right, with few crossings."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

import msgspec

MARGIN = 12
COLUMN_GAP = 44
_ROW_GAP = 14
# A line that passes a column takes a narrow row there, so that it never runs behind a box.
_LINE_HEIGHT = 6
_LINE_GAP = 8
_MOST_ROWS = 12
_MOST_ROUNDS = 10
# Above so many lines past columns, long lines run behind the boxes instead.
_MOST_PASSING = 4000
_WORK = 20_000


class Box(msgspec.Struct, frozen=True):
    """A box in pixels, from the picture's top left corner."""

    x: int
    y: int
    width: int
    height: int


class Layout(msgspec.Struct, frozen=True):
    """A drawn graph. boxes: in the order they were given. lines: (from, to, SVG path), each going
    right; an edge that would close a circle has none."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int, str], ...]
    width: int
    height: int


def layout(sizes: Sequence[tuple[int, int]], edges: Iterable[tuple[int, int]]) -> Layout:
    """Place boxes of at least these sizes (width, height), joined by `edges` of their indexes.

    A box stands right of all that leads to it; boxes of one column are equally wide; a column with
    too many boxes becomes several. Equal arguments give equal pictures.
    """
    if not sizes:
        return Layout((), (), 0, 0)
    right = _without_circles(len(sizes), edges)
    graph = _Columns(len(sizes), _wrapped(_layers(len(sizes), right), right), right)
    graph.order()
    middles = graph.rows([height for _, height in sizes])
    return _drawn(sizes, graph, middles)


def _without_circles(count: int, edges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The edges, each once, without those that close a circle."""
    known = sorted({(a, b) for a, b in edges if a != b and 0 <= a < count and 0 <= b < count})
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for a, b in known:
        after[a].append(b)
        waits[b] += 1
    ready = [node for node in range(count) if not waits[node]]
    heapify(ready)
    rank: dict[int, int] = {}
    stuck = 0
    while len(rank) < count:
        if not ready:
            # Only circles are left: the first node of what is left opens one.
            while stuck in rank:
                stuck += 1
            ready.append(stuck)
        node = heappop(ready)
        if node in rank:
            continue
        rank[node] = len(rank)
        for other in after[node]:
            waits[other] -= 1
            if not waits[other] and other not in rank:
                heappush(ready, other)
    return sorted(
        ((a, b) for a, b in known if rank[a] < rank[b]), key=lambda edge: (rank[edge[0]], edge[1])
    )


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each node: after the longest way to it; what comes from nowhere stands next
    to the first that needs it. `edges` are sorted so that what leads to a node comes first."""
    layers = [0] * count
    for a, b in edges:
        layers[b] = max(layers[b], layers[a] + 1)
    made = {b for _, b in edges}
    nearest: dict[int, int] = {}
    for a, b in edges:
        if a not in made:
            nearest[a] = min(nearest.get(a, layers[b]), layers[b])
    for node, layer in nearest.items():
        layers[node] = layer - 1
    return layers


def _wrapped(layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[int]:
    """The columns, where one with too many nodes is several: what comes from nowhere first, what
    leads nowhere last. What stands between stays together: those are often parallel ways."""
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for a, b in edges:
        before[b] = min(before.get(b, a), a)
        after[a] = min(after.get(a, b), b)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for node, layer in enumerate(layers):
        members[layer].append(node)
    wrapped = [0] * len(layers)
    column = 0
    for layer in sorted(members):
        nodes = members[layer]
        first = sorted((n for n in nodes if n not in before), key=lambda n: (after.get(n, -1), n))
        last = sorted((n for n in nodes if n in before and n not in after), key=before.__getitem__)
        between = [n for n in nodes if n in before and n in after]
        groups = [*_parts(first), between, *_parts(last)] if len(nodes) > _MOST_ROWS else [nodes]
        for group in filter(None, groups):
            for node in group:
                wrapped[node] = column
            column += 1
    return wrapped


def _parts(nodes: Sequence[int]) -> list[Sequence[int]]:
    """The nodes in as few parts as there must be, of nearly one length."""
    count = -(-len(nodes) // _MOST_ROWS)
    cuts = [at * len(nodes) // count for at in range(count)]
    return [nodes[a:b] for a, b in pairwise([*cuts, len(nodes)])]


class _Columns:
    """Nodes and the lines' passages in columns. Numbers from `count` on are passages."""

    def __init__(self, count: int, layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> None:
        self.count = count
        self.columns: list[list[int]] = [[] for _ in range(max(layers) + 1)]
        for node, layer in enumerate(layers):
            self.columns[layer].append(node)
        self.ways: list[tuple[int, ...]] = []
        self._pass(layers, edges)
        total = sum(map(len, self.columns))
        self.before: list[list[int]] = [[] for _ in range(total)]
        self.after: list[list[int]] = [[] for _ in range(total)]
        joined = {pair for way in self.ways for pair in pairwise(way)}
        for a, b in sorted(joined):
            self.after[a].append(b)
            self.before[b].append(a)
        self.rounds = max(2, min(_MOST_ROUNDS, _WORK // (total + len(joined))))

    def _pass(self, layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> None:
        """Give each long edge a passage in every column between its ends.

        Edges of one end share theirs: the lines of many files into one step become one line.
        """
        leave: defaultdict[int, int] = defaultdict(int)
        enter: defaultdict[int, int] = defaultdict(int)
        for a, b in edges:
            if layers[b] - layers[a] > 1:
                leave[a] += 1
                enter[b] += 1
        passages: dict[tuple[int, int], int] = {}
        for a, b in edges:
            way = [a]
            owner = b if enter[b] >= leave[a] else ~a
            for layer in range(layers[a] + 1, layers[b]):
                if (owner, layer) not in passages:
                    if len(passages) >= _MOST_PASSING:
                        break
                    passages[owner, layer] = self.count + len(passages)
                    self.columns[layer].append(passages[owner, layer])
                way.append(passages[owner, layer])
            self.ways.append((*way, b) if len(way) == layers[b] - layers[a] else (a, b))

    def order(self) -> None:
        """Order the columns so that few lines cross: each node to the middle of its neighbours."""
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for turn in range(self.rounds):
            # Once each way in any case: what crosses nothing may still stand far from its end.
            if not fewest and turn > 1:
                break
            forward = turn % 2 == 0
            place = self._places()
            sides = self.before if forward else self.after
            for column in self.columns if forward else reversed(self.columns):
                wanted = {
                    v: sum(place[n] for n in sides[v]) / len(sides[v]) if sides[v] else place[v]
                    for v in column
                }
                column.sort(key=wanted.__getitem__)
                for at, v in enumerate(column):
                    place[v] = (at + 0.5) / len(column)
            crossings = self._crossings()
            if crossings <= fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _places(self) -> list[float]:
        place = [0.0] * len(self.before)
        for column in self.columns:
            for at, v in enumerate(column):
                place[v] = (at + 0.5) / len(column)
        return place

    def _crossings(self) -> int:
        place = self._places()
        crossings = 0
        for column in self.columns:
            ends: list[float] = []
            for v in column:
                reached = sorted(place[n] for n in self.after[v])
                crossings += sum(len(ends) - bisect_right(ends, end) for end in reached)
                for end in reached:
                    insort(ends, end)
        return crossings

    def rows(self, heights: Sequence[int]) -> list[float]:
        """The middle of each node and passage, as level with its neighbours as there is room."""
        tall = [*heights, *[_LINE_HEIGHT] * (len(self.before) - self.count)]
        middle = [0.0] * len(tall)
        offsets: list[list[float]] = []
        for column in self.columns:
            offset = [0.0]
            for a, b in pairwise(column):
                gap = _ROW_GAP if a < self.count and b < self.count else _LINE_GAP
                offset.append(offset[-1] + (tall[a] + tall[b]) / 2 + gap)
            offsets.append(offset)
            for v, at in zip(column, offset, strict=True):
                middle[v] = at - offset[-1] / 2
        both = [[*a, *b] for a, b in zip(self.before, self.after, strict=True)]
        for turn in range(self.rounds + 1):
            last = turn == self.rounds
            sides = both if last else self.before if turn % 2 == 0 else self.after
            order = range(len(self.columns))
            for at in order if turn % 2 == 0 else reversed(order):
                column = self.columns[at]
                wanted = [
                    sum(middle[n] for n in sides[v]) / len(sides[v]) if sides[v] else middle[v]
                    for v in column
                ]
                weights = [1.0 if v < self.count else 3.0 for v in column]
                for v, y in zip(column, _apart(wanted, weights, offsets[at]), strict=True):
                    middle[v] = y
        return middle


def _apart(
    wanted: Sequence[float], weights: Sequence[float], offset: Sequence[float]
) -> list[float]:
    """The places nearest to those wanted, in order, at least as far apart as the offsets are."""
    # Blocks of neighbours that touch, each as (sum of weight * place, weight, how many).
    blocks: list[tuple[float, float, int]] = []
    for want, weight, at in zip(wanted, weights, offset, strict=True):
        block = (weight * (want - at), weight, 1)
        while blocks and blocks[-1][0] / blocks[-1][1] >= block[0] / block[1]:
            above = blocks.pop()
            block = (above[0] + block[0], above[1] + block[1], above[2] + block[2])
        blocks.append(block)
    starts = [total / weight for total, weight, many in blocks for _ in range(many)]
    return [start + at for start, at in zip(starts, offset, strict=True)]


def _drawn(sizes: Sequence[tuple[int, int]], graph: _Columns, middles: Sequence[float]) -> Layout:
    """The boxes, and the lines from the right of one to the left of another."""
    count = graph.count
    left = [0] * len(middles)
    wide = [0] * len(middles)
    x = MARGIN
    for column in graph.columns:
        width = max((sizes[v][0] for v in column if v < count), default=0)
        for v in column:
            left[v], wide[v] = x, width
        x += width + COLUMN_GAP
    top = min(middles[v] - sizes[v][1] / 2 for v in range(count))
    top = min([top, *middles[count:]])
    # Whole pixels: of the tops, so that boxes of one height stay as far apart as they must be.
    ys = [round(middles[v] - top - sizes[v][1] / 2) + MARGIN for v in range(count)]
    level = [y + size[1] // 2 for y, size in zip(ys, sizes, strict=True)]
    level += [round(middle - top) + MARGIN for middle in middles[count:]]
    lines = []
    for way in graph.ways:
        path = [f"M{left[way[0]] + wide[way[0]]} {level[way[0]]}"]
        for a, b in pairwise(way):
            start, end = left[a] + wide[a], left[b]
            if level[a] == level[b]:
                path.append(f"H{end}")
            else:
                bend = min((end - start) // 2, COLUMN_GAP)
                path.append(f"C{start + bend} {level[a]} {end - bend} {level[b]} {end} {level[b]}")
            if b >= count and wide[b]:
                path.append(f"H{end + wide[b]}")
        lines.append((way[0], way[-1], "".join(path)))
    boxes = tuple(Box(left[v], ys[v], wide[v], sizes[v][1]) for v in range(count))
    bottom = max([box.y + box.height for box in boxes] + level[count:])
    return Layout(boxes, tuple(lines), x - COLUMN_GAP + MARGIN, bottom + MARGIN)
