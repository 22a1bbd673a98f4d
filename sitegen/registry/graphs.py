"""The lineage graph of one version: everything upstream of its file, and what takes the file.

A file is made by the pipeline step or *.dvc file that has it, or the folder that holds it, among
its outputs; as in DVC (`dvc/repo/graph.py`), a folder that a step uses is also made by whatever
makes something in it.
"""

from __future__ import annotations

import heapq
import posixpath
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from sitegen.registry.lineage import Data, Graph, Node, Pipeline, PipelineStep, Tracked

MOST = 200
"""Nodes of one graph; nobody reads more, and the nearest ones are kept."""

# What a file is for, where nothing makes it and its name tells.
_CODE = re.compile(
    r".*\.(?:c|cc|cfg|cpp|cu|go|h|hpp|ini|ipynb|java|jl|js|py|pyx|r|rmd|rs|scala|sh|sql|toml|ts|ya?ml)",
    re.IGNORECASE | re.DOTALL,
)
_DATA = re.compile(
    r".*\.(?:7z|arff|arrow|avro|bin|bmp|bz2|csv|db|feather|flac|gz|h5|hdf5|jpe?g|jsonl|mp3|mp4|np[yz]"
    r"|onnx|orc|parquet|pickle|pkl|png|pth?|sqlite|tar|tfrecord|tiff?|tsv|wav|xlsx?|xz|zip|zst)",
    re.IGNORECASE | re.DOTALL,
)

_Maker = PipelineStep | Tracked
_Made = tuple[_Maker, Data]


class PipelineIndex:
    """What makes and what uses each path of a pipeline; worth keeping for several graphs.

    Nothing depends on the order of the pipeline's steps.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._made: dict[str, list[_Made]] = {}
        self._used: dict[str, list[PipelineStep]] = {}
        steps = sorted(pipeline.steps, key=lambda step: (step.file, step.name))
        makers: list[_Maker] = [*steps, *sorted(pipeline.tracked, key=lambda one: one.file)]
        for maker in makers:
            for out in maker.outs:
                self._made.setdefault(out.path, []).append((maker, out))
        for step in steps:
            for path in dict.fromkeys(dep.path for dep in step.deps):
                self._used.setdefault(path, []).append(step)
        self._made_paths = sorted(self._made)
        self._used_paths = sorted(self._used)

    def makers(self, path: str) -> Sequence[_Made]:
        """What has exactly this path among its outputs."""
        return self._made.get(path, ())

    def made(self, path: str) -> Data | None:
        """The output at a path; of several the first with a hash."""
        outs = [out for _, out in self.makers(path)]
        return max(outs, key=lambda out: bool(out.hash), default=None)

    def folder(self, path: str) -> str:
        """The nearest folder above a path that is an output, "" for none."""
        return next((above for above in _above(path) if above in self._made), "")

    def inside(self, path: str) -> Iterator[str]:
        """The outputs below a path, without those that lie in another one of them."""
        last = ""
        for below in _below(self._made_paths, path):
            if not last or not below.startswith(f"{last}/"):
                last = below
                yield below

    def users(self, path: str) -> Iterator[PipelineStep]:
        """The steps that use a path, a folder that holds it, or something in it."""
        for one in (path, *_above(path), *_below(self._used_paths, path)):
            yield from self._used.get(one, ())


def graph_of(
    pipeline: Pipeline | PipelineIndex,
    path: str,
    data: Data | None = None,
    in_git: Collection[str] | None = None,
    most: int = MOST,
) -> Graph:
    """The lineage of the file or folder at `path`, "" for none.

    data: its own, where Git has it. in_git: those of the steps' dependencies that Git has, None
    where nobody knows. most: how many nodes are kept, the nearest ones.
    """
    if not path:
        return Graph()
    index = pipeline if isinstance(pipeline, PipelineIndex) else PipelineIndex(pipeline)
    path = path if "://" in path else posixpath.normpath(path)
    found = _Found(index, path)
    kept = found.nearest(most)
    made = {node: found.node(node, data, in_git) for node in kept}
    order = _ordered(kept, found.edges, found.distance)
    place = {node: at for at, node in enumerate(order)}
    # An edge that does not lead forward is part of a circle, which DVC refuses.
    edges = sorted(
        (place[old], place[new])
        for old, new in found.edges
        if old in place and new in place and place[old] < place[new]
    )
    return Graph(
        tuple(made[node] for node in order),
        tuple((order[old], order[new]) for old, new in edges),
        len(found.distance) - len(kept),
    )


class _Found:
    """The nodes and edges of one graph, by id, before anything is cut."""

    def __init__(self, index: PipelineIndex, path: str) -> None:
        self.index = index
        self.model = path
        self.paths: dict[str, str] = {}
        self.makers: dict[str, _Maker] = {}
        self.distance: dict[str, int] = {}
        self.edges: dict[tuple[str, str], None] = {}
        self.taken: dict[str, list[Data]] = {}
        self.downstream: set[str] = set()
        level = [self._file(path)]
        self.distance[level[0]] = 0
        far = 0
        while level:
            far += 1
            level = [
                before
                for node in level
                for before in self._step_back(node)
                if self.distance.setdefault(before, far) == far
            ]
            level = list(dict.fromkeys(level))
        for step in index.users(path):
            node = self._maker(step)
            if node not in self.distance:
                self.distance[node] = 1
                self.downstream.add(node)
                self.edges[self._file(path), node] = None

    def nearest(self, most: int) -> list[str]:
        return sorted(self.distance, key=lambda node: (self.distance[node], node))[: max(most, 1)]

    def _file(self, path: str) -> str:
        node = f"data:{path}"
        self.paths[node] = path
        return node

    def _maker(self, maker: _Maker) -> str:
        if isinstance(maker, PipelineStep):
            node = f"step:{maker.file}:{maker.name}"
        else:
            node = f"import:{maker.file}"
        self.makers.setdefault(node, maker)
        return node

    def _step_back(self, node: str) -> list[str]:
        """What a node is made of; the edges are noted."""
        before = []
        if node in self.makers:
            maker = self.makers[node]
            for dep in maker.deps if isinstance(maker, PipelineStep) else ():
                before.append(self._file(dep.path))
                self.taken.setdefault(dep.path, []).append(dep)
        else:
            path = self.paths[node]
            for maker, _ in self.index.makers(path):
                # Data that was added comes from nowhere else.
                if isinstance(maker, PipelineStep) or maker.kind != "added":
                    before.append(self._maker(maker))
            folder = self.index.folder(path)
            before += [self._file(each) for each in ((folder,) if folder else ())]
            before += [self._file(each) for each in self.index.inside(path)]
        for each in before:
            self.edges[each, node] = None
        return before

    def node(self, node: str, data: Data | None, in_git: Collection[str] | None) -> Node:
        if node in self.makers:
            return self._maker_node(node, self.makers[node])
        path = self.paths[node]
        if path == self.model:
            own = data if data is not None and data.path == path else self.index.made(path)
            return Node(node, "model", path, path, own, untracked=self._is_untracked(path))
        # The hash that a step recorded is that of what it was given.
        taken = max(
            sorted(self.taken.get(path, ()), key=lambda dep: (dep.source, dep.hash)),
            key=lambda dep: bool(dep.hash),
            default=None,
        )
        given = self.index.made(path)
        kind = "data" if self._is_made(path) else _kind(path, in_git)
        stale = _differ(taken, given)
        return Node(
            node,
            kind,
            path,
            path,
            self._data(taken, given, stale),
            description=self._described(path),
            stale=stale,
            untracked=self._is_untracked(path),
        )

    def _maker_node(self, node: str, maker: _Maker) -> Node:
        if isinstance(maker, PipelineStep):
            return Node(
                node,
                "step",
                maker.name,
                maker.file,
                downstream=node in self.downstream,
                commands=maker.commands,
                params=maker.params,
                description=maker.description,
            )
        return Node(
            node,
            "import",
            maker.path if maker.path not in ("", ".") else maker.url or maker.file,
            maker.file,
            url=maker.url,
            rev=maker.rev,
            rev_lock=maker.rev_lock,
            imported=maker.path,
            description=maker.description,
        )

    def _is_made(self, path: str) -> bool:
        index = self.index
        return bool(index.makers(path) or index.folder(path) or next(index.inside(path), ""))

    def _is_untracked(self, path: str) -> bool:
        return not (self.index.makers(path) or self.index.folder(path))

    def _data(self, taken: Data | None, given: Data | None, stale: bool) -> Data | None:
        if taken is None or (given is not None and given.hash and not stale):
            return given
        keeper = given or self.index.made(self.index.folder(taken.path))
        if keeper is None:
            return taken
        return msgspec.structs.replace(
            taken,
            cached=keeper.cached,
            pushed=keeper.pushed,
            remote=taken.remote or keeper.remote,
        )

    def _described(self, path: str) -> str:
        makers = (maker for maker, _ in self.index.makers(path))
        added = (one for one in makers if isinstance(one, Tracked) and one.kind == "added")
        return next((one.description for one in added), "")


def _kind(path: str, in_git: Collection[str] | None) -> str:
    """Code or data, of a file that nothing makes: its name tells, else whether Git has it."""
    if "://" in path or path.startswith(("/", "../")) or _DATA.fullmatch(path):
        return "data"
    return "code" if in_git is None or path in in_git or _CODE.fullmatch(path) else "data"


def _differ(taken: Data | None, given: Data | None) -> bool:
    """Whether both have a hash of the same kind, and not the same one."""
    if taken is None or given is None or not taken.hash or not given.hash:
        return False
    same_kind = (taken.algorithm, taken.legacy) == (given.algorithm, given.legacy)
    return same_kind and taken.hash != given.hash


def _above(path: str) -> Iterator[str]:
    """The folders that hold a path, the nearest first."""
    if "://" in path:
        scheme, _, rest = path.partition("://")
        while "/" in rest:
            rest = rest.rpartition("/")[0]
            yield f"{scheme}://{rest}"
        return
    while (path := posixpath.dirname(path)) not in ("", "/"):
        yield path


def _below(ordered: Sequence[str], path: str) -> Iterable[str]:
    # "0" comes right after "/": between the two stands all that is below the folder.
    return ordered[bisect_left(ordered, f"{path}/") : bisect_left(ordered, f"{path}0")]


def _ordered(
    nodes: Collection[str], edges: Iterable[tuple[str, str]], distance: dict[str, int]
) -> list[str]:
    """Each node after all that it is made of, else by id; circles are broken far from the model."""
    waiting: dict[str, int] = dict.fromkeys(nodes, 0)
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for old, new in edges:
        if old in waiting and new in waiting and old != new:
            waiting[new] += 1
            after[old].append(new)
    ready = [node for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    # Those that wait, the farthest first, for when all of them wait for each other.
    far = iter(sorted(nodes, key=lambda node: (-distance[node], node)))
    order: list[str] = []
    placed: set[str] = set()
    while len(order) < len(waiting):
        node = heapq.heappop(ready) if ready else next(far)
        if node in placed:
            continue
        placed.add(node)
        order.append(node)
        for new in after[node]:
            waiting[new] -= 1
            if not waiting[new] and new not in placed:
                heapq.heappush(ready, new)
    return order
