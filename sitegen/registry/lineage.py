"""Where a version comes from: pipeline steps, data, imports and code, as a graph."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec


class Data(msgspec.Struct, frozen=True, gc=False):
    """A file or folder that somebody keeps track of.

    path: from the repository's root, or an address. hash: as recorded, "" if not said; of a folder
    in DVC it ends in ".dir". algorithm: "md5", "etag", "checksum" (DVC), "sha256" (Git LFS), "git"
    (a blob's id), "" without a hash. size: bytes. files: how many, of a folder. legacy: written
    before DVC 3, which decides the address in storage. cached: whether its content is kept in DVC's
    storage, False also where Git has it, and of a step's dependency, whose maker tells it.
    pushed: False for `push: false`. remote: the storage remote it names, "" for the default one.
    version_id: of cloud versioning. source: the file that records it, "" where that is Git's tree.
    """

    path: str
    hash: str = ""
    algorithm: str = ""
    size: int | None = None
    files: int | None = None
    legacy: bool = False
    cached: bool = True
    pushed: bool = True
    remote: str = ""
    version_id: str = ""
    source: str = ""


class StepParam(msgspec.Struct, frozen=True):
    """A param that a pipeline step depends on. key: its dotted path in the file. value: JSON, no
    mapping; text: as written."""

    file: str
    key: str
    value: Any
    text: str


class PipelineStep(msgspec.Struct, frozen=True):
    """One pipeline step as it was run. name: with @key where foreach or matrix made it.

    file: the dvc.lock, from the repository's root. commands: one or several shell lines.
    """

    name: str
    file: str
    commands: tuple[str, ...] = ()
    deps: tuple[Data, ...] = ()
    params: tuple[StepParam, ...] = ()
    outs: tuple[Data, ...] = ()
    description: str = ""
    frozen: bool = False


class Tracked(msgspec.Struct, frozen=True):
    """Data of a *.dvc file. kind: "added", "repo" (imported from a repository), "url".

    file: the *.dvc file. url: of the repository without credentials, or of the data. path: in that
    repository. rev: the branch or tag asked for; rev_lock: the commit it was.
    """

    file: str
    kind: str
    outs: tuple[Data, ...]
    deps: tuple[Data, ...] = ()
    url: str = ""
    path: str = ""
    rev: str = ""
    rev_lock: str = ""
    description: str = ""
    frozen: bool = False


class Pipeline(msgspec.Struct, frozen=True):
    """All that DVC's files say at one commit. steps in the files' order; tracked by file."""

    steps: tuple[PipelineStep, ...] = ()
    tracked: tuple[Tracked, ...] = ()


class Node(msgspec.Struct, frozen=True):
    """One thing that a version comes from, or that was made of it.

    id: unique in the graph: "step:dvc.lock:train", "data:data/raw.csv", "import:data/raw.csv.dvc".
    kind: "model" (the version's own file), "data", "code", "step", "import". name: as shown: a
    path, or a step's name. path: of data and code, else of the file that says it. data: of model,
    data and code, as it was taken. downstream: made from the model, not what it is made of.
    commands, params: of a step. url, rev, rev_lock: of an import, as in Tracked; imported: the path
    in the other repository. stale: what makes it was run again since, and made something else.
    untracked: no output, nor in one, so that DVC does not tell where it is kept.
    """

    id: str
    kind: str
    name: str
    path: str = ""
    data: Data | None = None
    downstream: bool = False
    commands: tuple[str, ...] = ()
    params: tuple[StepParam, ...] = ()
    url: str = ""
    rev: str = ""
    description: str = ""
    rev_lock: str = ""
    imported: str = ""
    stale: bool = False
    untracked: bool = False


def param_name(step: Node, param: StepParam) -> str:
    """How a param of a step is called: with its file, but for the params.yaml beside the step's."""
    beside = posixpath.join(posixpath.dirname(step.path), "params.yaml")
    return param.key if param.file == beside else f"{param.file}:{param.key}"


class Graph(msgspec.Struct, frozen=True):
    """What a version comes from. nodes: each after all that it is made of; edges: (from, to) ids.

    cut: how many nodes were left out, where there are more than anybody reads.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    cut: int = 0


class NodeChange(msgspec.Struct, frozen=True):
    """A node against the previous version's graph.

    state: "same", "changed", "added", "removed", or "unknown" where a hash is missing. details:
    what changed: (name, old, new), "" for what is not there. Of a step: "command", params
    ("lr", "conf.yaml:lr"), and dependencies by path, with their hashes; of an import: "path",
    "rev" and "commit"; of a file: "hash".
    """

    node: Node
    state: str
    details: tuple[tuple[str, str, str], ...] = ()


class Outputs:
    """What DVC records of each of some outputs; worth keeping to find many paths."""

    def __init__(self, outs: Iterable[Data]) -> None:
        self._files: dict[str, Data] = {}
        self._folders: dict[str, Data] = {}
        for out in outs:
            for found in (self._files, self._folders) if is_folder(out) else (self._files,):
                known = found.get(out.path)
                if known is None or (out.hash and not known.hash):
                    found[out.path] = out

    def find(self, path: str) -> Data | None:
        """What is recorded of a path, as `find_data` tells it."""
        here, *above = _upwards(path)
        found = (self._folders[folder] for folder in above if folder in self._folders)
        return self._files.get(here) or next(found, None)


def find_data(pipeline: Pipeline, path: str) -> Data | None:
    """What DVC records of a path: of the output that it is, else of the folder that it lies in.

    path: from the repository's root. Of several that say the same, the first with a hash counts.
    """
    near = frozenset(_upwards(path))
    return Outputs(out for out in outs_of(pipeline) if out.path in near).find(path)


def _upwards(path: str) -> Iterator[str]:
    """A path and the folders that hold it, the nearest first."""
    here = posixpath.normpath(path)
    yield here
    while (here := posixpath.dirname(here)) not in ("", "/", "//"):
        yield here


def is_folder(data: Data) -> bool:
    """Whether it may be a folder; without a hash nobody can tell."""
    return not data.hash or data.hash.endswith(".dir") or data.files is not None


def outs_of(pipeline: Pipeline) -> Iterator[Data]:
    """Everything that a pipeline step makes or a *.dvc file tracks."""
    for step in pipeline.steps:
        yield from step.outs
    for one in pipeline.tracked:
        yield from one.outs
