"""Change one value of a YAML file and leave every other byte as it is.

Comments, quotes, indentation, blank lines, line ends and order stay, since only the text of what
changes is written anew. The result is read again and compared with what was meant; a file that
cannot be changed so is refused, never damaged. The bounds of `reading.load` hold before anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from sitegen.errors import RefusedError
from sitegen.safeyaml import places, rows, writing
from sitegen.safeyaml.places import Node
from sitegen.safeyaml.reading import YamlError, load
from sitegen.safeyaml.rows import Edit, Layout, TooEntangled
from sitegen.safeyaml.scalars import scalar

Keys = tuple[str, ...]

_BOM = "\ufeff"
_GONE: Any = object()


def put(data: bytes, keys: Keys, value: Any, *, name: str = "") -> bytes:
    """The file with `value` at `keys`, a path of mappings; what is missing on the way is made.

    data: b"" for a new file. value: plain data; a mapping or list that is there already is changed
    member by member, so that what stays in it stays as written. name: the file's path, for errors.
    Raises YamlError where the file is no YAML, RefusedError where it cannot be changed safely,
    TypeError where `value` is no plain data.
    """
    return _changed(data, keys, value, name)


def delete(data: bytes, keys: Keys, *, name: str = "") -> bytes:
    """The file without what stands at `keys`, nor the comments that belong to it.

    These are the comments on its lines, directly above it in its column, and directly below it
    and deeper. A mapping that becomes empty is written `{}`. Raises as `put` does, and RefusedError
    where there is nothing at `keys`.
    """
    return _changed(data, keys, _GONE, name)


def _changed(data: bytes, keys: Keys, value: Any, name: str) -> bytes:
    document = load(data, name=name)
    if document.warnings:
        raise RefusedError(
            str(document.warnings[0]), path=name, remedy="keep one of the two, then try again"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(
            "the file is not in UTF-8", path=name, remedy="store it as UTF-8, then try again"
        ) from None
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    where = ".".join(keys)
    meant = _with(document.value, keys, value, name)
    try:
        for path, part in _steps(document.value, keys, value):
            text = _apply(text, path, part)
        result = (mark + text).encode("utf-8")
        as_meant = same(load(result, name=name).value, meant)
    except TooEntangled as error:
        raise _refused(where, str(error), name) from None
    except (YamlError, yaml.YAMLError, UnicodeEncodeError):
        as_meant = False
    if not as_meant:
        reason = "the way in which the file is written allows no change of it alone"
        raise _refused(where, reason, name)
    return result


def _refused(where: str, reason: str, name: str) -> RefusedError:
    return RefusedError(
        f"{where} cannot be changed safely: {reason}",
        path=name,
        remedy="make this change in the file by hand",
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, types included: 1 is neither True nor 1.0, nan is nan."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def _plain(value: Any) -> Any:
    """`value` as `reading.load` would give it."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _with(holder: Any, keys: Keys, value: Any, name: str) -> Any:
    """What is meant to come out. Copies along the path: an alias elsewhere is not meant."""
    if not keys:
        return _plain(value)
    key, *rest = keys
    if holder is None and value is not _GONE:
        holder = {}
    if not isinstance(holder, dict):
        found = "nothing" if holder is None else "no mapping"
        raise RefusedError(
            f"{found} stands where {key} is expected to be",
            path=name,
            remedy="correct the file, then try again",
        )
    if value is not _GONE:
        return {**holder, key: _with(holder.get(key), tuple(rest), value, name)}
    if key not in holder:
        raise RefusedError(f"{key} is not there", path=name, remedy="check the name")
    if rest:
        return {**holder, key: _with(holder[key], tuple(rest), value, name)}
    return {other: item for other, item in holder.items() if other != key}


def _steps(root: Any, keys: Keys, value: Any) -> Iterator[tuple[Keys, Any]]:
    """The smallest changes that make `value` of what is at `keys`."""
    old = root
    for key in keys:
        old = old.get(key) if isinstance(old, dict) else None
    yield from _differences(keys, old, value if value is _GONE else _plain(value), root)


def _differences(keys: Keys, old: Any, new: Any, root: Any) -> Iterator[tuple[Keys, Any]]:
    if old is None and new is None and not _is_there(root, keys):
        yield keys, new
    elif isinstance(old, dict) and isinstance(new, dict) and old and new:
        # What is new goes in first, so that no mapping is empty in between.
        for key, item in new.items():
            if key not in old:
                yield (*keys, key), item
            else:
                yield from _differences((*keys, key), old[key], item, root)
        for key in old:
            if key not in new:
                yield (*keys, key), _GONE
    elif new is _GONE or not same(old, new):
        yield keys, new


def _is_there(holder: Any, keys: Keys) -> bool:
    for key in keys:
        if not isinstance(holder, dict) or key not in holder:
            return False
        holder = holder[key]
    return True


def _apply(text: str, keys: Keys, value: Any) -> str:
    root = places.parse(text)
    layout = Layout(text, root)
    node, parent = root, None
    for depth, key in enumerate(keys):
        rest = keys[depth + 1 :]
        if node is None or _is_blank(node):
            made = _nested(keys[depth:], value)
            if node is None or parent is None:
                return rows.fill(layout, node, made)
            return layout.apply(_replace(layout, *parent, made))
        if node.kind == "alias":
            raise TooEntangled("it is an alias of what stands elsewhere")
        at = node.find(key)
        if at < 0:
            if value is _GONE:
                raise TooEntangled(f"{key} is merged in from elsewhere")
            return layout.apply(rows.insert(layout, node, key, _nested(rest, value)))
        if not rest:
            if value is _GONE:
                return layout.apply(rows.remove(layout, parent, node, at))
            return layout.apply(_replace(layout, node, at, value))
        node, parent = node.pairs[at][1], (node, at)
    raise TooEntangled("the whole file is meant")


def _nested(keys: Keys, value: Any) -> Any:
    for key in reversed(keys):
        value = {key: value}
    return value


def _is_blank(node: Node) -> bool:
    """Whether it is null, or a mapping without members."""
    if node.kind == "scalar":
        return not node.style and not node.tagged and scalar(node.text) is None
    return node.kind == "mapping" and not node.pairs


def _replace(layout: Layout, holder: Node, at: int, value: Any) -> list[Edit]:
    node = holder.pairs[at][1]
    if isinstance(value, list) and node.kind == "sequence" and value and node.items:
        edits = rows.change_list(layout, node, value)
        if edits is not None:
            return edits
    return _replace_whole(layout, holder, at, value)


def _replace_whole(layout: Layout, holder: Node, at: int, value: Any) -> list[Edit]:
    text = layout.text
    key, node = holder.pairs[at]
    colon = places.colon_after(text, key)
    if colon < 0 or (holder.block and not layout.opens_line(key.start)):
        raise TooEntangled("its key is written in an unusual way")
    layout.refuse_anchors(node)
    if not node.empty and places.has_comment(text, colon, node.end, node):
        raise TooEntangled("comments stand within its present value")
    below: list[str] = []
    if holder.flow:
        head = writing.on_one_line(value, layout.style_of(holder))
    else:
        one_line = isinstance(value, str) and "\n" not in value
        style = node.style if one_line and node.style in ("'", '"') else ""
        step, dash = layout.indents(node, holder)
        head, below = writing.over_lines(value, step, dash, style)
    on_its_line = node.start < node.end and not places.BREAK.search(text, colon, node.start)
    if head and on_its_line and not node.block:
        edits = [Edit(node.start, node.end, head)]
    else:
        edits = [Edit(colon, max(colon, node.end), f" {head}" if head else "")]
    indent = " " * places.column(text, key.start)
    return [*edits, *layout.lines_after(max(colon, node.end), below, indent)]
