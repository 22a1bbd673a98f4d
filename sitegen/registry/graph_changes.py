"""What is different in a version's lineage from that of the version before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.registry.lineage import Graph, Node, NodeChange, StepParam, param_name

_Detail = tuple[str, str, str]


def changes_of(old: Graph, new: Graph) -> tuple[NodeChange, ...]:
    """Each node of `new` in its order against its like in `old`, then what is there no more.

    The models are compared with each other whatever their paths are.
    """
    before = {_key(node): node for node in old.nodes}
    after = {_key(node) for node in new.nodes}
    old_deps, new_deps = _deps(old), _deps(new)
    found = []
    for node in new.nodes:
        known = before.get(_key(node))
        if known is None:
            found.append(NodeChange(node, "added"))
        elif node.kind == "step":
            found.append(_step(known, node, old_deps.get(known.id, {}), new_deps.get(node.id, {})))
        elif node.kind == "import":
            found.append(_import(known, node))
        else:
            found.append(_file(known, node))
    gone = (node for key, node in before.items() if key not in after)
    return (*found, *(NodeChange(node, "removed") for node in gone))


def _key(node: Node) -> str:
    return "model" if node.kind == "model" else node.id


def _deps(graph: Graph) -> dict[str, dict[str, Node]]:
    """Step -> path -> the file that it uses."""
    nodes = {node.id: node for node in graph.nodes}
    found: dict[str, dict[str, Node]] = {}
    for old, new in graph.edges:
        if nodes[new].kind == "step":
            found.setdefault(new, {})[nodes[old].path] = nodes[old]
    return found


def _hash(node: Node | None) -> str:
    return node.data.hash if node is not None and node.data is not None else ""


def _compared(old: Node, new: Node) -> str:
    """Whether two files are the same, as far as their hashes tell."""
    if not _hash(old) or not _hash(new):
        return "unknown"
    if _hash(old) == _hash(new):
        return "same"
    same_kind = old.data and new.data and old.data.algorithm == new.data.algorithm
    return "changed" if same_kind else "unknown"


def _file(old: Node, new: Node) -> NodeChange:
    state = _compared(old, new)
    return NodeChange(new, state, (("hash", _hash(old), _hash(new)),) if state == "changed" else ())


def _import(old: Node, new: Node) -> NodeChange:
    pairs = (
        ("url", old.url, new.url),
        ("path", old.imported, new.imported),
        ("rev", old.rev, new.rev),
        ("commit", old.rev_lock, new.rev_lock),
    )
    details = tuple(pair for pair in pairs if pair[1] != pair[2])
    return NodeChange(new, "changed" if details else "same", details)


def _step(
    old: Node, new: Node, old_deps: Mapping[str, Node], new_deps: Mapping[str, Node]
) -> NodeChange:
    details = [*_command(old, new), *_params(old, new)]
    unknown = False
    for path in dict.fromkeys((*old_deps, *new_deps)):
        before, after = old_deps.get(path), new_deps.get(path)
        if before is None or after is None:
            # What has no hash is there all the same.
            shown = (_hash(one) or "?" if one else "" for one in (before, after))
            details.append((path, *shown))  # type: ignore[arg-type]
            continue
        state = _compared(before, after)
        unknown = unknown or state == "unknown"
        if state == "changed":
            details.append((path, _hash(before), _hash(after)))
    state = "changed" if details else "unknown" if unknown else "same"
    return NodeChange(new, state, tuple(details))


def _command(old: Node, new: Node) -> Iterator[_Detail]:
    if old.commands != new.commands:
        yield "command", "\n".join(old.commands), "\n".join(new.commands)


def _params(old: Node, new: Node) -> Iterator[_Detail]:
    before = {(param.file, param.key): param for param in old.params}
    after = {(param.file, param.key): param for param in new.params}
    for key in dict.fromkeys((*before, *after)):
        one, two = before.get(key), after.get(key)
        if one is None or two is None or not _equal(one, two):
            shown = param_name(new, two) if two else param_name(old, one) if one else ""
            yield shown, one.text if one else "", two.text if two else ""


def _equal(old: StepParam, new: StepParam) -> bool:
    # Not a number is never equal to itself, and true is not 1.
    return old.text == new.text or (
        type(old.value) is type(new.value) and bool(old.value == new.value)
    )
