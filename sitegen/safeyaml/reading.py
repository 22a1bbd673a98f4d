"""YAML 1.2 read into plain values, guarded against bombs, with line numbers.

The library gives events alone. They are turned into plain values here, with an explicit stack,
so that no input can exhaust the interpreter's or the parser's own: size, depth and the number of
nodes (aliases and merge keys counted as often as they are used) are bounded while reading.

Scalars follow the YAML 1.2 core schema with the additions of ruamel.yaml, which GTO and DVC read
with: `on`, `yes` and `y` are strings, `010` is ten, `0o17` and `0b11` are integers, `1_000` is a
thousand, `<<` merges. Three deliberate differences: a date stays the text it is, a key is the
text that the file has (`3.10:` is "3.10"), and of a repeated key the first counts and the rest
are reported, where ruamel.yaml refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sitegen.errors import SitegenError
from sitegen.safeyaml.plain import read_plain
from sitegen.safeyaml.scalars import scalar

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 100_000

Path = tuple[str | int, ...]

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE = "tag:yaml.org,2002:"
_TAGGED = {"int": int, "float": float, "bool": bool, "null": type(None)}
_NO_KEY = "a key is expected to be a text or number"


class YamlError(SitegenError):
    """YAML that cannot be read: a mistake, a tag that is not plain data, or more than is allowed.

    line, column: from 1; 0 where the whole file is meant.
    """

    kind = "yaml"

    def __init__(self, reason: str, *, name: str = "", line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + reason, path=name, remedy="correct the file")
        self.line = line
        self.column = column


class Repeated(msgspec.Struct, frozen=True, gc=False):
    """A key that a mapping has already; its value was left out. `line` is from 1."""

    line: int
    key: str
    first_line: int

    def __str__(self) -> str:
        return (
            f"line {self.line}: the key {self.key!r} stands already on line {self.first_line}, "
            "whose value counts"
        )


class Document:
    """A YAML file as plain values, and where and how the file writes them.

    value: None, bool, int, float, str, list and dict with str keys; an alias is the same object
    as its anchor. Only to be read: the places are kept by object. warnings: repeated keys.
    """

    __slots__ = ("_marks", "_text", "name", "value", "warnings")

    def __init__(
        self,
        name: str,
        value: Any,
        text: str,
        marks: dict[int, dict[Any, tuple[int, str]]],
        warnings: tuple[Repeated, ...],
    ) -> None:
        self.name = name
        self.value = value
        self.warnings = warnings
        self._text = text
        self._marks = marks

    def line(self, path: Path = ()) -> int:
        """The line, from 1, of a key or item; of the nearest one above it where it is not there."""
        line, holder = 1, self.value
        for step in path:
            mark = self._marks[id(holder)].get(step) if isinstance(holder, dict | list) else None
            if mark is None:
                return line
            line, holder = mark[0], holder[step]
        return line

    def text(self, path: Path = ()) -> str:
        """What the file writes at `path` ("3.10"); quotes are left out, `null` stands for nothing.

        A list or mapping is written on one line. KeyError where there is no such place.
        """
        if not path:
            return self._shown(self.value, self._text)
        holder = self.value
        for step in path[:-1]:
            holder = holder[step]
        return self.text_in(holder, path[-1])

    def text_in(self, holder: dict[str, Any] | list[Any], step: str | int) -> str:
        """`text` of one member of a mapping or list of this document."""
        mark = self._marks[id(holder)][step]
        return self._shown(holder[step], mark[1])  # type: ignore[index]

    def leaves(self) -> Iterator[tuple[tuple[str, ...], Any, str]]:
        """Every (keys, value, text) that is no mapping, or an empty one, in the file's order.

        Nothing where the file is no mapping. Lists are leaves.
        """
        if not isinstance(self.value, dict):
            return
        open_: list[tuple[tuple[str, ...], dict[str, Any], Iterator[str]]]
        open_ = [((), self.value, iter(self.value))]
        while open_:
            keys, holder, rest = open_[-1]
            for key in rest:
                value = holder[key]
                if isinstance(value, dict) and value:
                    open_.append(((*keys, key), value, iter(value)))
                    break
                yield (*keys, key), value, self.text_in(holder, key)
            else:
                open_.pop()

    def _shown(self, value: Any, text: str) -> str:
        # Recursion is safe here: reading bounded the depth and the expanded size.
        if isinstance(value, dict):
            inner = ", ".join(f"{key}: {self.text_in(value, key)}" for key in value)
            return f"{{{inner}}}"
        if isinstance(value, list):
            return f"[{', '.join(self.text_in(value, at) for at in range(len(value)))}]"
        return text


def load(
    data: bytes | str,
    *,
    name: str = "",
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_nodes: int = MAX_NODES,
) -> Document:
    """Read one YAML document; `name` is the file's path, for errors.

    max_depth: how deep lists and mappings may nest, aliases followed. max_nodes: how many scalars,
    lists and mappings there may be, each alias counted as all that it stands for.
    Raises YamlError.
    """
    if len(data) > max_bytes:
        raise YamlError(f"the file has {len(data)} bytes, at most {max_bytes} are read", name=name)
    found = None
    if data.isascii():
        text = data if isinstance(data, str) else data.decode("ascii")
        found = read_plain(text, max_depth, max_nodes)
    if found is not None:
        return Document(name, found[0], "", found[1], ())
    try:
        return _Builder(name, max_depth, max_nodes).build(_LOADER(data).get_event)
    except yaml.MarkedYAMLError as error:
        reason = " ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    except (yaml.YAMLError, UnicodeError) as error:
        reason, line, column = str(getattr(error, "reason", error)), 0, 0
    raise YamlError(f"no valid YAML: {reason}", name=name, line=line, column=column)


class _Frame:
    """A list or mapping that is still open."""

    def __init__(self, value: dict[str, Any] | list[Any], event: Any, nodes: int) -> None:
        self.value = value
        self.anchor: str | None = event.anchor
        self.line: int = event.start_mark.line + 1
        self.nodes = nodes
        self.height = 0
        self.key: Any = None  # a str while a mapping waits for its value
        self.key_line = self.merge_line = 0
        self.marks: dict[Any, tuple[int, str]] = {}
        self.merging = False
        self.merged: list[dict[str, Any]] | None = None


class _Anchored(msgspec.Struct, frozen=True):
    """What an alias stands for; nodes and height as if it were written out."""

    value: Any
    text: str
    nodes: int
    height: int


class _Builder:
    """Turns events into values; one per document."""

    def __init__(self, name: str, max_depth: int, max_nodes: int) -> None:
        self.name = name
        self.max_depth = max_depth
        self.max_nodes = max_nodes
        self.nodes = 0
        self.stack: list[_Frame] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.marks: dict[int, dict[Any, tuple[int, str]]] = {}
        self.repeated: list[Repeated] = []

    def build(self, get_event: Callable[[], Any]) -> Document:
        stack = self.stack
        root, documents = (None, "null"), 0
        while (event := get_event()) is not None:
            kind = type(event)
            line, height = event.start_mark.line + 1, 0
            if kind is ScalarEvent:
                self.count(1, event)
                value, text = self.scalar(event)
                if event.anchor is not None:
                    self.anchors[event.anchor] = _Anchored(value, text, 1, 0)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self.open(event, kind is MappingStartEvent)
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                frame = stack.pop()
                line, height = frame.line, frame.height + 1
                value, text = self.close(frame), ""
            elif kind is AliasEvent:
                found = self.follow(event)
                value, text, height = found.value, found.text, found.height
            else:
                documents += kind is DocumentStartEvent
                if documents > 1:
                    raise self.error("a second document starts here, one is expected", event)
                continue
            if not stack:
                root = (value, text)
                continue
            top = stack[-1]
            if top.key is not None or type(top.value) is list:
                self.put(top, value, text, height, line, event)
            elif height:
                raise self.error(_NO_KEY, event)
            else:
                top.key, top.key_line = text, line
                # Only a plain `<<` merges, a quoted one is a key like others.
                top.merging = text == "<<" and kind is ScalarEvent and event.implicit[0]
        return Document(self.name, *root, self.marks, tuple(self.repeated))

    def error(self, reason: str, event: Any) -> YamlError:
        mark = event.start_mark
        return YamlError(reason, name=self.name, line=mark.line + 1, column=mark.column + 1)

    def count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > self.max_nodes:
            raise self.error(f"written out, the file has more than {self.max_nodes} values", event)

    def scalar(self, event: Any) -> tuple[Any, str]:
        text: str = event.value
        tag = event.tag
        if tag is None or tag == "!":
            return (text, text) if event.style else (scalar(text), text or "null")
        name = tag.removeprefix(_CORE) if tag.startswith(_CORE) else ""
        if name in ("str", "timestamp"):
            return text, text
        expected = _TAGGED.get(name)
        if expected is None:
            raise self.unknown(event, tag)
        value = scalar(text)
        if name == "float" and type(value) is int:
            value = float(value) if abs(value) < 2**53 else float(text.replace("_", ""))
        if type(value) is not expected:
            raise self.error(f"{text[:40]!r} is no {name}, as its tag says", event)
        return value, text or "null"

    def unknown(self, event: Any, tag: str) -> YamlError:
        shown = tag.replace(_CORE, "!!", 1)[:80]
        return self.error(f"the tag {shown!r} is not allowed, plain data is expected", event)

    def open(self, event: Any, mapping: bool) -> None:
        self.count(1, event)
        tag = event.tag
        if tag is not None and tag not in ("!", _CORE + ("map" if mapping else "seq")):
            raise self.unknown(event, tag)
        stack = self.stack
        if len(stack) >= self.max_depth:
            raise self.error(f"the file nests more than {self.max_depth} levels deep", event)
        if stack and stack[-1].key is None and type(stack[-1].value) is dict:
            raise self.error(_NO_KEY, event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        value: dict[str, Any] | list[Any] = {} if mapping else []
        stack.append(_Frame(value, event, self.nodes - 1))

    def follow(self, event: Any) -> _Anchored:
        if event.anchor not in self.anchors:
            raise self.error(f"the alias {event.anchor[:80]!r} has no anchor before it", event)
        found = self.anchors[event.anchor]
        if found is None:
            raise self.error(f"the anchor {event.anchor[:80]!r} holds itself", event)
        self.count(found.nodes, event)
        if len(self.stack) + found.height > self.max_depth:
            raise self.error(f"the file nests more than {self.max_depth} levels deep", event)
        return found

    def close(self, frame: _Frame) -> dict[str, Any] | list[Any]:
        value, marks = frame.value, frame.marks
        if frame.merged and isinstance(value, dict):
            # What is merged stands first, and gives way to the mapping's own keys.
            whole: dict[str, Any] = {}
            places: dict[Any, tuple[int, str]] = {}
            for source in frame.merged:
                for key, item in source.items():
                    if key not in whole:
                        whole[key] = item
                        places[key] = self.marks[id(source)][key]
            whole.update(value)
            places.update(marks)
            value, marks = whole, places
        self.marks[id(value)] = marks
        if frame.anchor is not None:
            nodes = self.nodes - frame.nodes
            self.anchors[frame.anchor] = _Anchored(value, "", nodes, frame.height + 1)
        return value

    def put(self, frame: _Frame, value: Any, text: str, height: int, line: int, event: Any) -> None:
        frame.height = max(frame.height, height)
        holder = frame.value
        if type(holder) is list:
            frame.marks[len(holder)] = (line, text)
            holder.append(value)
            return
        key = frame.key
        frame.key = None
        if frame.merging:
            frame.merging = False
            self.merge(frame, value, event)
        elif key in frame.marks:
            first = frame.marks[key][0]
            self.repeated.append(Repeated(frame.key_line, key, first))
        else:
            holder[key] = value
            frame.marks[key] = (frame.key_line, text)

    def merge(self, frame: _Frame, value: Any, event: Any) -> None:
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            raise self.error("a mapping, or a list of mappings, is expected after <<", event)
        if frame.merged is not None:
            self.repeated.append(Repeated(frame.key_line, "<<", frame.merge_line))
            return
        frame.merged, frame.merge_line = sources, frame.key_line
