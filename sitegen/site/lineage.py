"""Where a version comes from, as people see it: a picture, a list, and where changes began."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from sitegen.registry.graph_changes import changes_of
from sitegen.registry.lineage import Graph, Node, NodeChange, param_name
from sitegen.registry.storage import address_of, direct_link
from sitegen.registry.versions import is_version
from sitegen.site import urls
from sitegen.site.details import VersionDetails
from sitegen.site.hashes import Known, holder_of
from sitegen.site.layout import Layout, layout
from sitegen.site.links import RepositoryLinks, repository_links
from sitegen.site.metadata import file_view, short_hash
from sitegen.site.origins import Origins
from sitegen.site.parts import (
    BoxView,
    CauseView,
    DetailView,
    FileView,
    LineageView,
    LineView,
    LinkView,
    NodeView,
)
from sitegen.site.text import visible, width

KINDS = {
    "model": "model",
    "data": "data",
    "code": "code",
    "step": "pipeline step",
    "import": "import",
}
_MANY = {"data": "data items", "code": "code files",
         "step": "pipeline steps", "import": "imports"}  # fmt: skip
_NEW = ("changed", "added")

# Characters of a name in a box, and pixels of one at most in the faces that there are: monospaced
# in the first line, the other one in the second.
_LONGEST = 26
_FIRST, _SECOND = 7.3, 6.8
_PADDING, _LEAST, _HEIGHT = 24, 132, 44
_LONG = 60
_HASH = re.compile(r"[0-9a-f]{32,64}(?:\.dir)?")


class Place(msgspec.Struct, frozen=True):
    """Where a lineage is looked at from: a version's commit in its repository.

    known, origins: which models of the whole portal have a hash, and which was imported.
    """

    repo: str
    commit: str
    links: RepositoryLinks
    known: Known = {}
    origins: Origins = Origins(())


def lineage_view(found: VersionDetails, old: Graph, place: Place) -> LineageView | None:
    """The lineage of a version, compared with that of the one before; None for an empty one."""
    graph = found.graph
    if not graph.nodes:
        return None
    if old.nodes:
        changes = changes_of(old, graph)
    else:
        changes = tuple(NodeChange(node, "") for node in graph.nodes)
    numbers = {node.id: number for number, node in enumerate(graph.nodes, 1)}
    made_of: dict[str, list[int]] = {}
    for a, b in graph.edges:
        made_of.setdefault(b, []).append(numbers[a])
    changes = _told_apart(changes)
    boxes = [_box(change) for change in changes[: len(graph.nodes)]]
    drawn = layout(
        [(box.width, box.height) for box in boxes],
        [(numbers[a] - 1, numbers[b] - 1) for a, b in graph.edges],
    )
    nodes = tuple(
        _node(
            number,
            change,
            sorted(made_of.get(change.node.id, ())) if number <= len(boxes) else (),
            _placed(boxes, drawn, number - 1),
            found,
            place,
        )
        for number, change in enumerate(changes, 1)
    )
    return LineageView(
        nodes,
        tuple(LineView(path, nodes[a].state in _NEW) for a, _, path in drawn.lines),
        drawn.width,
        drawn.height,
        _counts(graph),
        bool(old.nodes),
        _causes(nodes),
        graph.cut,
    )


def _told_apart(changes: Sequence[NodeChange]) -> tuple[NodeChange, ...]:
    """Pipeline steps of one name with the folders of their files before it."""
    many = Counter(each.node.name for each in changes if each.node.kind == "step")

    def named(change: NodeChange) -> NodeChange:
        folder = posixpath.dirname(change.node.path)
        if change.node.kind != "step" or many[change.node.name] < 2 or not folder:
            return change
        node = msgspec.structs.replace(change.node, name=f"{folder}:{change.node.name}")
        return msgspec.structs.replace(change, node=node)

    return tuple(named(change) for change in changes)


def _counts(graph: Graph) -> tuple[tuple[int, str], ...]:
    """How many of each kind there are, of what the model is made of."""
    found = Counter(node.kind for node in graph.nodes if not node.downstream)
    return tuple(
        (found[kind], many.removesuffix("s") if found[kind] == 1 else many)
        for kind, many in _MANY.items()
        if found[kind]
    )


def _causes(nodes: Sequence[NodeView]) -> tuple[CauseView, ...]:
    """Where changes begin: what changed although nothing that leads to it did, and steps whose own
    command or params did."""
    new = {node.number for node in nodes if node.state in _NEW}
    files = {node.name for node in nodes if node.kind != "step"}
    found = []
    for node in nodes:
        if node.downstream or node.state not in (*_NEW, "removed"):
            continue
        own = tuple(each for each in node.details if node.kind == "step" and each.name not in files)
        if own or not new.intersection(node.made_of):
            found.append(CauseView(node, own))
    return tuple(found)


def _box(change: NodeChange) -> BoxView:
    node = change.node
    title = _shortened(visible(node.name))
    held = file_view(node.data, "", "")
    note = KINDS[node.kind] + (f" · {held.size}" if held and held.size else "")
    mark = {"changed": "changed", "added": "new"}.get(change.state, "stale" * node.stale)
    second = width(note) + (width(mark) + 2 if mark else 0)
    wide = max(_LEAST, round(_PADDING + max(width(title) * _FIRST, second * _SECOND)))
    return BoxView(0, 0, wide, _HEIGHT, title, note, mark)


def _placed(boxes: Sequence[BoxView], drawn: Layout, index: int) -> BoxView | None:
    if index >= len(boxes):
        return None
    box = drawn.boxes[index]
    return msgspec.structs.replace(
        boxes[index], x=box.x, y=box.y, width=box.width, height=box.height
    )


def _shortened(name: str) -> str:
    """A name that fits a box: of a path its end counts most, of another name both ends."""
    if width(name) <= _LONGEST:
        return name
    last = f"…/{name.rpartition('/')[2]}"
    if "/" in name and width(last) <= _LONGEST:
        return last
    name = name.rpartition("/")[2]
    # Wide characters take two columns each.
    half = (_LONGEST - 1) // 2 if name.isascii() else (_LONGEST - 1) // 4
    return name if width(name) <= _LONGEST else f"{name[:half]}…{name[-half:]}"


def _node(
    number: int,
    change: NodeChange,
    made_of: Sequence[int],
    box: BoxView | None,
    found: VersionDetails,
    place: Place,
) -> NodeView:
    node = change.node
    there = box is not None
    in_git = node.kind == "code" or node.path in found.in_git
    is_file = node.kind in ("model", "data", "code")
    return NodeView(
        number,
        node.kind,
        KINDS[node.kind],
        visible(node.name),
        visible(node.description),
        change.state,
        tuple(_detail(*each) for each in change.details),
        place.links.blob(place.commit, node.path) if is_file and in_git and there else "",
        _source(node, place) if there else LinkView(""),
        _file(node, found, place, in_git) if there else file_view(node.data, "", ""),
        tuple(visible(command) for command in node.commands),
        tuple((visible(param_name(node, each)), visible(each.text)) for each in node.params),
        _origin(node) if node.kind == "import" else None,
        tuple(made_of),
        node.downstream,
        node.stale,
        _model(node, place),
        box,
    )


def _detail(name: str, old: str, new: str) -> DetailView:
    return DetailView(visible(name), _short(old), _short(new), visible(old), visible(new))


def _short(text: str) -> str:
    """A hash by its first digits, another text by its beginning."""
    if _HASH.fullmatch(text):
        return short_hash(text)
    text = visible(text)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _source(node: Node, place: Place) -> LinkView:
    """The file that says it; of a pipeline step the dvc.yaml, which people edit."""
    if node.kind in ("model", "data", "code"):
        path = node.data.source if node.data else ""
    else:
        path = node.path
    if node.kind == "step" and path.rpartition("/")[2] == "dvc.lock":
        path = posixpath.join(posixpath.dirname(path), "dvc.yaml")
    return LinkView(visible(path), href=place.links.blob(place.commit, path))


def _file(node: Node, found: VersionDetails, place: Place, in_git: bool) -> FileView | None:
    data = node.data
    if data is None:
        return None
    if in_git:
        href = place.links.raw(place.commit, data.path) if data.files is None else ""
        return file_view(msgspec.structs.replace(data, cached=False), "", href)
    if node.untracked:
        # A step was given it, and nobody says where it is kept.
        shown = file_view(data, "", "")
        return shown and msgspec.structs.replace(shown, where="")
    return file_view(data, address_of(found.storages, data), direct_link(found.storages, data))


def _model(node: Node, place: Place) -> LinkView | None:
    """The version of a model of the portal that a part is, or that was imported."""
    if node.kind == "import":
        origin = place.origins.find(node.url, node.imported, node.rev, node.rev_lock)
        if origin is None:
            return None
        return _model_link(origin.repo, origin.artifact, origin.version, place)
    if node.kind != "data" or node.data is None or not node.data.hash:
        return None
    holder = holder_of(place.known, node.data.hash, place.repo)
    if holder is None:
        return None
    return _model_link(holder.repo, holder.artifact, holder.version, place)


def _model_link(repo: str, artifact: str, version: str, place: Place) -> LinkView:
    shown = visible(version) if is_version(version) else version[:7]
    text = f"{visible(artifact)} {shown}".rstrip()
    if repo != place.repo:
        text += f" of {visible(repo)}"
    page = urls.version(repo, artifact, version) if version else urls.model(repo, artifact)
    return LinkView(text, page)


def _origin(node: Node) -> LinkView:
    """Where an import is from: the file in the other repository, or an address."""
    links = repository_links(node.url)
    rev = node.rev_lock or node.rev
    href = links.blob(rev, node.imported) or links.home
    if not node.imported and node.url.startswith(("https://", "http://")):
        href = node.url
    named = f"{node.imported} of {node.url}" if node.imported else node.url
    asked = node.rev if node.rev != node.rev_lock else ""
    at = f" at {rev[:10]}{f' ({asked})' if asked and asked != rev else ''}" if rev else ""
    return LinkView(visible(named + at), href=href)
