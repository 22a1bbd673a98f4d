"""Pipeline steps of a dvc.yaml, with `foreach` and `matrix` written out.

Source of the rules: DVC 3 (`dvc/parsing`).
"""

from __future__ import annotations

import itertools
import math
import posixpath
from collections import ChainMap
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.readers import templates
from sitegen.readers.annotation import spelled
from sitegen.readers.context import Context, within

# Of one dvc.yaml; a pipeline that DVC runs step by step has no more.
_MOST = 2_000


class Step(msgspec.Struct, frozen=True):
    """One pipeline step: `name` is `train`, or `train@key` as in dvc.lock.

    folder: its working directory, from the repository's root. body: cmd, deps, outs, metrics,
    params, ... with templates as written. scope: what these templates may name.
    """

    name: str
    folder: str
    body: dict[str, Any]
    scope: templates.Scope


def expand(context: Context, path: str, steps: Any, scope: templates.Scope) -> Iterator[Step]:
    """Every step of the dvc.yaml at `path`, in order; what cannot be expanded is reported."""
    count = 0
    for name, step in steps.items() if isinstance(steps, dict) else ():
        if not isinstance(step, dict):
            continue
        try:
            for one in _expanded(context, path, name, step, scope):
                count += 1
                _check_count(count)
                yield one
        except templates.Unresolved as error:
            context.report(
                "pipeline.template",
                path,
                f"the pipeline step {name[:80]!r}: {error}",
                f"correct the step in {path}",
            )
            if count > _MOST:
                return


def _expanded(
    context: Context, path: str, name: str, step: dict[str, Any], scope: templates.Scope
) -> Iterator[Step]:
    if "foreach" in step:
        body = step.get("do")
        rounds = _foreach(templates.resolve(step["foreach"], scope))
    elif "matrix" in step:
        body = step
        rounds = _matrix(templates.resolve(step["matrix"], scope))
    else:
        body, rounds = step, iter([("", {})])
    if not isinstance(body, dict):
        return
    for key, names in rounds:
        inner: templates.Scope = ChainMap(names, scope)
        wdir = templates.resolve_text(str(body.get("wdir") or "."), inner)
        folder = within(posixpath.dirname(path), wdir)
        if folder is None:
            raise templates.Unresolved(f"its wdir {wdir[:80]!r} leaves the repository")
        folder = "" if folder == "." else folder
        if "vars" in body:
            inner = templates.extended(inner, context.files, folder, body["vars"], context.memo)
        yield Step(f"{name}@{key}" if key else name, folder, body, inner)


def _foreach(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, dict):
        rounds = [(key, {"key": key, "item": item}) for key, item in data.items()]
    elif isinstance(data, list):
        # A mapping among the items has no name of its own and is numbered, as in DVC.
        rounds = [
            (str(at) if isinstance(item, dict | list) else spelled(item), {"item": item})
            for at, item in enumerate(data)
        ]
    else:
        raise templates.Unresolved("foreach is expected to be a list or mapping")
    _check_count(len(rounds))
    return iter(rounds)


def _matrix(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(data, dict) or not all(isinstance(axis, list) for axis in data.values()):
        raise templates.Unresolved("matrix is expected to map names to lists")
    _check_count(math.prod(len(axis) for axis in data.values()))
    for chosen in itertools.product(*(enumerate(axis) for axis in data.values())):
        parts = [
            f"{name}{at}" if isinstance(item, dict | list) else spelled(item)
            for name, (at, item) in zip(data, chosen, strict=True)
        ]
        item = {name: item for name, (_, item) in zip(data, chosen, strict=True)}
        yield "-".join(parts), {"item": item, "key": "-".join(parts)}


def _check_count(count: int) -> None:
    if count > _MOST:
        raise templates.Unresolved(f"it stands for {count} steps, at most {_MOST} are read")
