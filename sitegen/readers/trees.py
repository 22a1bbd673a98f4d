"""JSON, YAML, TOML and Python files of values -> nested values that remember their spelling.

Nothing is run: of a Python file only literal assignments are read, as DVC reads them.
"""

from __future__ import annotations

import ast
import contextlib
import json
import posixpath
import re
import tomllib
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen.readers.memo import Memo, parse
from sitegen.safeyaml import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_NODES, Document, YamlError

MAX_SOURCE = 128 * 1024  # of TOML and Python, whose parsers take much time or memory per byte
_MAX_BITS = 4 * MAX_DIGITS  # as hexadecimal digits, which only TOML reads without a limit
_LIMITS = {"json": MAX_BYTES, "toml": MAX_SOURCE, "py": MAX_SOURCE}
_TOO_DEEP = f"the file nests more than {MAX_DEPTH} levels deep"

# The closing quote is optional so that an open string is passed over once, not once per quote.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_DOTTED = re.compile(rf"(?:[^\s.=]{{1,40}}[ \t]?\.[ \t]?){{{MAX_DEPTH}}}")
_SURROGATE = re.compile("[\ud800-\udfff]")

Leaf = tuple[tuple[str, ...], Any, str]


class TreeError(Exception):
    """The file cannot be read; the text says why, without naming the file."""


class Spelled(msgspec.Struct, frozen=True):
    """A value whose source text says more than the value does."""

    value: Any
    text: str


def tree(path: str, data: bytes, twice: list[str] | None = None, memo: Memo | None = None) -> Any:
    """The file's values by the format that its name tells; numbers may be `Spelled`.

    JSON, TOML and Python by their extensions, YAML for all others, as in DVC. A sentence for each
    repeated key is added to `twice`. Raises TreeError.
    """
    twice = [] if twice is None else twice
    extension = _extension(path)
    limit = _LIMITS.get(extension, MAX_BYTES)
    if len(data) > limit:
        raise TreeError(f"the file has {len(data)} bytes, at most {limit} are read")
    if extension not in _LIMITS:
        return _yaml(data, twice, memo).value
    try:
        text = data.decode("utf-8-sig")
        return {"json": _json, "toml": _toml, "py": _python}[extension](text, twice)
    except UnicodeDecodeError:
        raise TreeError("the file is no UTF-8 text") from None
    except (RecursionError, MemoryError):
        raise TreeError(_TOO_DEEP) from None
    except (ValueError, SyntaxError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise TreeError(f"no valid {extension}: {reason}") from None


def leaves(
    path: str, data: bytes, twice: list[str] | None = None, memo: Memo | None = None
) -> Iterator[Leaf]:
    """(keys, value, text) of everything in the file that is no mapping, in its order.

    A file that is one number or text has one leaf without keys. Raises TreeError, also while
    iterating.
    """
    if _extension(path) not in _LIMITS and len(data) <= MAX_BYTES:
        document = _yaml(data, [] if twice is None else twice, memo)
        if isinstance(document.value, dict):
            yield from document.leaves()
        elif not isinstance(document.value, list | None):
            yield (), document.value, document.text()
        return
    root = tree(path, data, twice)
    if isinstance(root, dict):
        yield from _flat(root)
    elif not isinstance(root, list | None):
        yield (), plain(root), written(root)


def plain(value: Any) -> Any:
    """`value` without spellings: JSON values, NaN and the infinities as floats."""
    if isinstance(value, dict):
        return {_clean(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Spelled):
        return value.value
    if isinstance(value, str):
        return _clean(value)
    return value if isinstance(value, bool | int | float | None) else str(value)


def written(value: Any) -> str:
    """`value` as the file writes it, quotes left out, lists and mappings on one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_clean(key)}: {written(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, Spelled):
        return value.text
    if isinstance(value, bool | None):
        return json.dumps(value)
    return _clean(str(value))


def _extension(path: str) -> str:
    return posixpath.splitext(path)[1][1:].lower()


def _yaml(data: bytes, twice: list[str], memo: Memo | None) -> Document:
    found = memo.parse(data) if memo else parse(data)
    if isinstance(found, YamlError):
        raise TreeError(found.problem.reason)
    twice.extend(str(warning) for warning in found.warnings)
    return found


def _flat(root: Mapping[str, Any]) -> Iterator[Leaf]:
    open_: list[tuple[tuple[str, ...], Iterator[tuple[str, Any]]]] = [((), iter(root.items()))]
    while open_:
        keys, rest = open_[-1]
        for key, value in rest:
            inner = (*keys, _clean(key))
            if isinstance(value, dict) and value:
                if len(inner) >= MAX_DEPTH:
                    raise TreeError(_TOO_DEEP)
                open_.append((inner, iter(value.items())))
                break
            yield inner, plain(value), written(value)
        else:
            open_.pop()


def check_depth(text: str) -> None:
    """Counted before parsing: json's parser recurses, in C."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise TreeError(_TOO_DEEP)
        elif token in "]}":
            depth -= 1


class _Twice(Exception):
    """A key stands twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _json(text: str, twice: list[str]) -> Any:
    check_depth(text)
    # Every value but the first of its list or object has a comma before it.
    if text.count(",") > MAX_NODES:
        raise TreeError(f"the file has more than {MAX_NODES} values")
    # Making a decoder takes longer than reading a usual file with it.
    with contextlib.suppress(_Twice):
        return _DECODER.decode(text)

    def keyed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice.extend(
                f"the key {_clean(key)!r} stands twice, its last value counts"
                for key, count in counts.items()
                if count > 1
            )
        return found

    return json.loads(
        text,
        parse_float=_number,
        parse_int=_integer,
        parse_constant=_number,
        object_pairs_hook=keyed,
    )


def _spelled(text: str) -> Spelled:
    return Spelled(float(text), text)


def _toml(text: str, twice: list[str]) -> Any:
    del twice  # TOML itself forbids repeated keys
    # A dotted key nests as well, and takes quadratic time.
    if _DOTTED.search(text):
        raise TreeError(_TOO_DEEP)
    return _bounded(tomllib.loads(text, parse_float=_number), 0)


def _bounded(value: Any, depth: int) -> Any:
    """What the parser lets pass: depth that ends in a recursion later, integers without bounds."""
    if depth > MAX_DEPTH:
        raise TreeError(_TOO_DEEP)
    if isinstance(value, dict):
        return {key: _bounded(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_bounded(item, depth + 1) for item in value]
    if type(value) is int and value.bit_length() > _MAX_BITS:
        return hex(value)
    return value


def _integer(text: str) -> Any:
    # Python refuses to convert thousands of digits, and readers of published data would too.
    return int(text) if len(text) <= MAX_DIGITS else text


def _number(text: str) -> Spelled:
    return Spelled(float(text.replace("_", "")), text)


_DECODER = json.JSONDecoder(
    parse_float=_spelled,
    parse_int=_integer,
    parse_constant=_spelled,
    object_pairs_hook=_object,
)


def _clean(text: str) -> str:
    """Halves of a surrogate pair, which `\\ud800` can write, have no UTF-8."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _python(text: str, twice: list[str]) -> dict[str, Any]:
    del twice  # assigning again is what programs do; the last value counts
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as an invalid escape in somebody's file
        module = ast.parse(text)
    lines = text.encode().split(b"\n")
    found: dict[str, Any] = {}
    open_: list[tuple[dict[str, Any], list[ast.stmt]]] = [(found, module.body)]
    while open_:
        holder, body = open_.pop()
        for node in body:
            if isinstance(node, ast.ClassDef):
                inner: dict[str, Any] = {}
                holder[node.name] = inner
                open_.append((inner, node.body))
            elif isinstance(node, ast.FunctionDef) and node.name == "__init__":
                open_.append((holder, node.body))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                name = _target(node.targets if isinstance(node, ast.Assign) else [node.target])
                if name is not None:
                    # What is calculated cannot be read without running it.
                    with contextlib.suppress(ValueError, TypeError):
                        holder[name] = _literal(node.value, lines, 0)
    return found


def _target(targets: list[ast.expr]) -> str | None:
    """The name that is assigned to: `x`, or in `__init__` also `self.x`."""
    if len(targets) != 1:
        return None
    target = targets[0]
    if isinstance(target, ast.Name):
        return target.id
    owner = target.value if isinstance(target, ast.Attribute) else None
    if isinstance(target, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == "self":
        return target.attr
    return None


def _literal(node: ast.expr, lines: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    if isinstance(node, ast.Dict):
        return {
            str(ast.literal_eval(key)): _literal(value, lines, depth + 1)
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        }
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_literal(item, lines, depth + 1) for item in node.elts]
    value = ast.literal_eval(node)
    if isinstance(value, str | bool | None):
        return value
    if not isinstance(value, int | float) or node.lineno != node.end_lineno:
        return str(value)
    source = lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
    return Spelled(value, source) if len(source) <= MAX_DIGITS else source
