"""`${templates}` of dvc.yaml: where their values come from, and filling them in.

Source of the rules: DVC 3 (`dvc/parsing`). params.yaml beside the dvc.yaml is read first, then
`vars`: mappings, and files of which `file:key,key` takes some keys. What was there first stays;
DVC refuses a pipeline where two sources differ.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from sitegen.readers.annotation import spelled
from sitegen.readers.context import within
from sitegen.readers.memo import Memo
from sitegen.readers.trees import TreeError, plain, tree

PARAMS = "params.yaml"
# A filled-in text may hold others many times; no path or label is longer.
_LONGEST = 10_000

_TEMPLATE = re.compile(r"(?<!\\)\$\{([^{}]*)\}")
_STEP = re.compile(r"[^.\[\]]+")
_PLACE = re.compile(r"[0-9]{1,9}")

# Never written to; ChainMap asks for the type.
Scope = MutableMapping[str, Any]


class Unresolved(Exception):
    """A template names what is not there, or what cannot stand inside a text."""


def has_template(text: str) -> bool:
    return _TEMPLATE.search(text) is not None


def var_files(folder: str, variables: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(path from the root, keys taken or () for all) of the files that a `vars` list names."""
    for item in variables if isinstance(variables, list) else ():
        if isinstance(item, str) and not has_template(item):
            name, _, keys = item.partition(":")
            path = within(folder, name)
            if path is not None:
                yield path, tuple(key for key in keys.split(",") if key)


def scope(
    files: Mapping[str, bytes], folder: str, variables: Any, memo: Memo | None = None
) -> Scope:
    """What templates of the dvc.yaml in `folder`, whose `vars` are given, may name."""
    path = within(folder, PARAMS)
    params = _read(files, path, (), memo) if path else {}
    return extended(params, files, folder, variables, memo)


def extended(
    outer: Scope,
    files: Mapping[str, bytes],
    folder: str,
    variables: Any,
    memo: Memo | None = None,
) -> Scope:
    """`outer` with the values of one more `vars` list, as a pipeline step may have its own."""
    found: dict[str, Any] = {}
    for item in variables if isinstance(variables, list) else ():
        if isinstance(item, dict):
            _add(found, item, outer)
    for path, keys in var_files(folder, variables):
        _add(found, _read(files, path, keys, memo), outer)
    return ChainMap(found, outer)


def resolve(value: Any, names: Scope) -> Any:
    """`value` with every template in it filled in; a text that is one template takes its type.

    Raises Unresolved.
    """
    if isinstance(value, dict):
        return {resolve_text(key, names): resolve(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, names) for item in value]
    if not isinstance(value, str):
        return value
    whole = _TEMPLATE.fullmatch(value)
    return _look_up(whole[1], names) if whole else resolve_text(value, names)


def resolve_text(text: str, names: Scope) -> str:
    """`text` with every template in it filled in and `\\${` unescaped. Raises Unresolved."""
    if "${" not in text:
        return text

    def fill(match: re.Match[str]) -> str:
        value = _look_up(match[1], names)
        if isinstance(value, dict | list):
            raise Unresolved(f"${{{match[1]}}} is a list or mapping inside a text")
        return spelled(value)

    filled = _TEMPLATE.sub(fill, text).replace("\\${", "${")
    if len(filled) > _LONGEST:
        raise Unresolved("filled in, the text is too long")
    return filled


def sources(
    files: Mapping[str, bytes],
    folder: str,
    variables: Iterable[tuple[str, Any]],
    value: Any,
    memo: Memo | None = None,
) -> Iterator[tuple[str, str]]:
    """(file, dotted key) of what the templates anywhere in `value` take out of files.

    variables: each list of `vars` with the folder that it is relative to; what stands in one itself
    comes from no file. Else the arguments are those of `scope`.
    """
    if "${" not in str(value):
        return
    own: dict[str, Any] = {}
    beside = within(folder, PARAMS)
    named: list[tuple[str, tuple[str, ...]]] = [(beside, ())] if beside else []
    for place, listed in variables:
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, dict):
                _add(own, item, {})
        named += var_files(place, listed)
    read: dict[str, dict[str, Any]] = {}
    for path, keys in named:
        if values := _read(files, path, keys, memo):
            read[path] = read.get(path, {}) | values
    for name in dict.fromkeys(_names(value)):
        key = ".".join(_STEP.findall(name))
        if _has(own, name):
            continue
        found = next((path for path, values in read.items() if _has(values, name)), None)
        if found is not None:
            yield found, key


def _names(value: Any) -> Iterator[str]:
    """What the templates anywhere in a value name."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield from (match.strip() for match in _TEMPLATE.findall(one))
        elif isinstance(one, dict):
            waiting += reversed((*one.keys(), *one.values()))
        elif isinstance(one, list):
            waiting += reversed(one)


def _has(values: Mapping[str, Any], name: str) -> bool:
    try:
        _look_up(name, dict(values))
    except Unresolved:
        return False
    return True


def _look_up(name: str, names: Scope) -> Any:
    value: Any = names
    steps = _STEP.findall(name.strip())
    for step in steps:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and _PLACE.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            steps = []
            break
    if not steps:
        raise Unresolved(f"${{{name[:80]}}} is neither in {PARAMS} nor in vars")
    return value


def _read(
    files: Mapping[str, bytes], path: str, keys: tuple[str, ...], memo: Memo | None
) -> dict[str, Any]:
    if path not in files:
        return {}
    try:
        whole = plain(tree(path, files[path], memo=memo))
    except TreeError:
        return {}  # the values of this file are reported where it is read for themselves
    if not isinstance(whole, dict):
        return {}
    return {key: whole[key] for key in keys if key in whole} if keys else whole


def _add(found: dict[str, Any], more: Mapping[str, Any], under: Scope) -> None:
    """Put into `found` what neither it nor `under` has yet, mapping by mapping."""
    for key, value in more.items():
        if key not in found and key not in under:
            found[key] = value
            continue
        present = found[key] if key in found else under[key]
        if isinstance(present, Mapping) and isinstance(value, Mapping):
            merged = dict(present)
            _add(merged, value, {})
            found[key] = merged
