"""What changed between two versions of a model: its methods, columns, requirements, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeVar

import msgspec

from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
    argument_text,
    package_of,
    requirement_text,
    signature_text,
    type_text,
)

Kind = Literal["added", "removed", "changed"]
_Named = TypeVar("_Named", Method, Argument, ModelFile)
_Key = str | tuple[str, int]

# In the order in which they are shown.
_WHAT = (
    "framework",
    "framework version",
    "format",
    "class",
    "method",
    "calls",
    "argument",
    "argument order",
    "type",
    "returns",
    "column",
    "column order",
    "requirement",
    "file",
)
_RANK = {what: at for at, what in enumerate(_WHAT)}
_MOST_NAMED = 20
_UNSPECIFIED = DataType("unspecified")


class SchemaChange(msgspec.Struct, frozen=True):
    """One difference between two versions of a model.

    kind: "added", "removed" or "changed". what: framework, framework version, format, class,
    method, calls, argument, argument order, type, returns, column, column order, requirement,
    file. name: where ("predict(data).Age" is the column Age of predict's argument data,
    "predict().Age" one of its result), "" for the model. old, new: for people, "" where there is
    none.
    """

    kind: Kind
    what: str
    name: str
    old: str = ""
    new: str = ""


def compare_models(
    old: ModelMetadata | None, new: ModelMetadata | None
) -> tuple[SchemaChange, ...]:
    """What changed from `old` to `new`, most telling first; a model that is not there has nothing.

    What was renamed is removed and added.
    """
    before, after = old or ModelMetadata(""), new or ModelMetadata("")
    changes = [
        *_texts("framework", before.framework, after.framework),
        *_texts("framework version", before.framework_version, after.framework_version),
        *_texts("format", before.format, after.format),
        *_texts("class", before.class_name, after.class_name),
        *_methods(before.methods, after.methods),
        *_calls(before, after),
        *_requirements(before.requirements, after.requirements),
        *_files(before.files, after.files),
    ]
    return tuple(sorted(changes, key=_place))


def _place(change: SchemaChange) -> tuple[int, str, str, str, str]:
    return _RANK[change.what], change.name, change.kind, change.old, change.new


def _texts(what: str, old: str, new: str, name: str = "") -> Iterator[SchemaChange]:
    """A change of a text, where "" stands for nothing."""
    if old != new:
        kind: Kind = "changed" if old and new else "added" if new else "removed"
        yield SchemaChange(kind, what, name, old, new)


def _methods(old: Sequence[Method], new: Sequence[Method]) -> Iterator[SchemaChange]:
    before, after = _first_of(old), _first_of(new)
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            was, now = signature_text(one) if one else "", signature_text(other) if other else ""
            yield from _texts("method", was, now, name)
        else:
            yield from _method(one, other)


def _method(old: Method, new: Method) -> Iterator[SchemaChange]:
    name = old.name
    before, after = _first_of(_arguments(old)), _first_of(_arguments(new))
    for argument in before.keys() | after.keys():
        one, other = before.get(argument), after.get(argument)
        where = f"{name}({argument})"
        was, now = argument_text(one) if one else "", argument_text(other) if other else ""
        if one is None or other is None:
            yield from _texts("argument", was, now, where)
            continue
        yield from _types("type", where, one.type, other.type)
        if _manner(one) != _manner(other):
            yield SchemaChange("changed", "argument", where, was, now)
    yield from _order("argument order", name, list(before), list(after))
    yield from _types("returns", f"{name}()", old.returns, new.returns)


def _arguments(method: Method) -> Iterator[Argument]:
    """All arguments, the collecting ones by their stars."""
    yield from method.arguments
    if method.varargs:
        yield Argument("*" + method.varargs, method.varargs_type)
    if method.varkw:
        yield Argument("**" + method.varkw, method.varkw_type)


def _manner(argument: Argument) -> tuple[bool, str, bool]:
    return argument.required, argument.default, argument.keyword_only


def _types(
    what: str, where: str, old: DataType | None, new: DataType | None
) -> Iterator[SchemaChange]:
    """Column by column and member by member where the two are alike, else as a whole."""
    pairs = [(where, old or _UNSPECIFIED, new or _UNSPECIFIED)]
    while pairs:
        name, one, other = pairs.pop()
        if one == other:
            continue
        if not _alike(one, other):
            yield SchemaChange("changed", what, name, type_text(one), type_text(other))
            continue
        yield from _columns(name, one.columns, other.columns)
        for (key, inner), (_, changed) in zip(one.items, other.items, strict=True):
            pairs.append((f"{name}.{key}" if key else f"{name}[]", inner, changed))


def _alike(old: DataType, new: DataType) -> bool:
    """Whether all that differs is in columns and members of the same names."""
    return (
        (old.kind, old.dtype, old.shape) == (new.kind, new.dtype, new.shape)
        and [key for key, _ in old.items] == [key for key, _ in new.items]
        and bool(old.columns) == bool(new.columns)
    )


def _columns(where: str, old: Sequence[Column], new: Sequence[Column]) -> Iterator[SchemaChange]:
    before, after = _counted(old), _counted(new)
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        name = f"{where}.{key[0]}" + (f"#{key[1]}" if key[1] > 1 else "")
        was, now = _column_text(one), _column_text(other)
        if one is None or other is None:
            yield SchemaChange("removed" if one else "added", "column", name, was, now)
        elif was != now:
            yield SchemaChange("changed", "column", name, was, now)
    yield from _order(
        "column order",
        where,
        [key for key in before if key in after],
        [key for key in after if key in before],
    )


def _counted(columns: Iterable[Column]) -> dict[tuple[str, int], Column]:
    """By name and which of that name it is: tables may have several columns of one name."""
    seen: Counter[str] = Counter()
    found = {}
    for column in columns:
        seen[column.name] += 1
        found[column.name, seen[column.name]] = column
    return found


def _column_text(column: Column | None) -> str:
    if column is None:
        return ""
    return f"{column.dtype} (index)".strip() if column.index else column.dtype


def _order(
    what: str,
    where: str,
    old: Sequence[str | tuple[str, int]],
    new: Sequence[str | tuple[str, int]],
) -> Iterator[SchemaChange]:
    """A change of order among those that both have."""
    kept = set(old) & set(new)
    before, after = ([one for one in names if one in kept] for names in (old, new))
    if before != after:
        yield SchemaChange("changed", what, where, _listed(before), _listed(after))


def _listed(names: Sequence[_Key]) -> str:
    shown = [name if isinstance(name, str) else name[0] for name in names[:_MOST_NAMED]]
    return ", ".join(shown + ["..."] * (len(names) > _MOST_NAMED))


def _calls(old: ModelMetadata, new: ModelMetadata) -> Iterator[SchemaChange]:
    """How methods that both have go through processors; the plain way goes without saying."""
    before, after = (
        {one.method: _order_text(one.calls, one.method) for one in model.call_orders}
        for model in (old, new)
    )
    kept = {one.name for one in old.methods} & {one.name for one in new.methods}
    for method in kept:
        yield from _texts("calls", before.get(method, ""), after.get(method, ""), method)


def _order_text(calls: Sequence[tuple[str, str]], method: str) -> str:
    if tuple(calls) == (("model", method),):
        return ""
    return ", ".join(f"{processor}.{call}" for processor, call in calls)


def _requirements(old: Sequence[Requirement], new: Sequence[Requirement]) -> Iterator[SchemaChange]:
    before, after = (
        {(package_of(one), one.kind): one for one in reversed(some)} for some in (old, new)
    )
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        if one is None or other is None:
            was = requirement_text(one) if one else ""
            now = requirement_text(other) if other else ""
            yield from _texts("requirement", was, now, key[0])
        elif one.version != other.version:
            yield SchemaChange("changed", "requirement", key[0], one.version, other.version)


def _files(old: Sequence[ModelFile], new: Sequence[ModelFile]) -> Iterator[SchemaChange]:
    before, after = _first_of(old), _first_of(new)
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield SchemaChange(
                "removed" if one else "added", "file", name, _file(one), _file(other)
            )
        elif _content(one) != _content(other):
            yield SchemaChange("changed", "file", name, _file(one), _file(other))


def _content(file: ModelFile) -> tuple[str, str, int | None]:
    # A file that has moved alone is the same file.
    return ("" if file.hash else file.path or file.uri), file.hash, file.size


def _file(file: ModelFile | None) -> str:
    if file is None:
        return ""
    size = "" if file.size is None else f"{file.size} bytes"
    return ", ".join(part for part in (file.path or file.uri, size, file.hash) if part)


def _first_of(some: Iterable[_Named]) -> dict[str, _Named]:
    """By name, of several the first."""
    found: dict[str, _Named] = {}
    for one in some:
        found.setdefault(one.name, one)
    return found
