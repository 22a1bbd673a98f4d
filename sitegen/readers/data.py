"""What DVC's files of one commit record of data: path -> hash and size.

Source of the rules: DVC 3 (`dvc exp show`). What a dvc.yaml lists counts, with what the dvc.lock
beside it says of it; metrics and plots of pipeline steps do not, nor do imports' sources in other
repositories; of a dependency that is an output too the output counts. Two rules are ours, where DVC
says nothing: a dvc.lock whose dvc.yaml is missing or cannot be read counts as a whole, and so do
the entries of a step whose templates cannot be filled in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.readers import dvc_lock, dvc_yaml, pipelines, templates
from sitegen.readers.context import Context
from sitegen.readers.declared import outs_of
from sitegen.readers.memo import Memo, only
from sitegen.readers.pipelines import read_pipeline
from sitegen.readers.recorded import place
from sitegen.readers.rigid import Parts, read_step, read_tracked, split_lock
from sitegen.readers.shapes import LockShapes
from sitegen.readers.steps import expand
from sitegen.registry.lineage import Data

# Of a database or of a service, no file.
_NO_FILE = "ds://"


class Listed(msgspec.Struct, frozen=True):
    """A dependency or output of a dvc.yaml. locked: its path as dvc.lock is read without it."""

    path: str
    locked: str
    cached: bool


class Step(msgspec.Struct, frozen=True):
    """What a dvc.yaml lists for one pipeline step.

    same_deps, same_outs: their paths, where a dvc.lock that has just these says all of it; None
    where paths or flags differ.
    """

    name: str
    deps: tuple[Listed, ...]
    outs: tuple[Listed, ...]
    same_deps: frozenset[str] | None
    same_outs: frozenset[str] | None


class Plan(msgspec.Struct, frozen=True):
    """The pipeline steps of a dvc.yaml. number: another one for each plan of a reading. unread: as
    far as they can be told, the names of others. bare: each step as if it had never been run."""

    number: int
    steps: tuple[Step, ...]
    unread: frozenset[str]
    bare: tuple[Parts, ...]


def read_data(
    files: Mapping[str, bytes], repo: str = "", memo: Memo | None = None
) -> tuple[dict[str, Data], tuple[Problem, ...]]:
    """Everything that one commit's files record, by path, and what was wrong with them.

    files: those that `pipelines.wants` takes, and what templates of dvc.yaml need. memo: given with
    each commit, what none of them changes is read once.
    """
    memo = memo or Memo()
    deps: dict[str, Data] = {}
    outs: dict[str, Data] = {}
    problems: dict[Problem, None] = {}
    for path in sorted(files):
        if dvc_yaml.wants(path):
            parts, wrong = _pipeline(files, path, repo, memo)
        elif dvc_lock.wants(path):
            if path[: -len(dvc_lock.NAME)] + dvc_yaml.NAME in files:
                continue
            parts, wrong = _alone(files, path, repo, memo)
        elif pipelines.wants(path):
            parts, wrong = _tracking(files, path, repo, memo)
        else:
            continue
        deps |= parts[0]
        outs |= parts[1]
        problems |= dict.fromkeys(wrong)
    return deps | outs, tuple(problems)


def _pipeline(
    files: Mapping[str, bytes], path: str, repo: str, memo: Memo
) -> tuple[Parts, tuple[Problem, ...]]:
    data = files[path]
    needed = memo.once(("needs", path, data), lambda: dvc_yaml.needs(path, data, memo))
    part = only(files, path, *sorted(needed))
    plan, problems = memo.once(
        ("plan", repo, *part.items()),
        lambda: _plan(part, path, repo, memo),
        sum(map(len, part.values())),
    )
    lock = path[: -len(dvc_yaml.NAME)] + dvc_lock.NAME
    if lock not in files:
        return ({}, {}) if plan is None else _joined(plan, {}), problems
    if plan is not None and not plan.unread:
        rigid = _shaped(plan, files[lock], lock, memo)
        if rigid is not None:
            return rigid, problems
    steps, wrong = _locked(files[lock], lock, repo, memo)
    whole = _whole(steps.values()) if plan is None else _joined(plan, steps)
    return whole, (*problems, *wrong)


def _shaped(plan: Plan, data: bytes, lock: str, memo: Memo) -> Parts | None:
    """As `_rigid`, by what was read of the dvc.lock at other commits."""
    shapes = memo.for_good(("lock shapes", plan.number, lock), LockShapes)
    parts = shapes.read(data)
    if parts is None:
        parts = _rigid(plan, data, lock, memo)
        if parts is not None:
            shapes.learn(data, parts, lambda other: _rigid(plan, other, lock, memo))
    return parts


def _rigid(plan: Plan, data: bytes, lock: str, memo: Memo) -> Parts | None:
    """As `_joined`, step by step: most of a dvc.lock is as it was at another commit."""
    parts = split_lock(data)
    if parts is None:
        return None
    listed = {step.name: step for step in plan.steps}
    read: dict[str, Parts] = {}
    for name, part in parts.items():

        def make(name: str = name, part: str = part) -> Parts | None:
            locked = read_step(part, lock, memo)
            step = listed.get(name)
            return locked and _of_step(step, locked) if step else locked

        found = memo.once(("step", plan.number, lock, name, part), make, len(part))
        if found is None:
            return None
        read[name] = found
    deps: dict[str, Data] = {}
    outs: dict[str, Data] = {}
    for step, bare in zip(plan.steps, plan.bare, strict=True):
        own = read.get(step.name, bare)
        deps.update(own[0])
        outs.update(own[1])
    return deps, outs


def _alone(
    files: Mapping[str, bytes], path: str, repo: str, memo: Memo
) -> tuple[Parts, tuple[Problem, ...]]:
    steps, problems = _locked(files[path], path, repo, memo)
    return _whole(steps.values()), problems


def _plan(
    files: Mapping[str, bytes], path: str, repo: str, memo: Memo
) -> tuple[Plan | None, tuple[Problem, ...]]:
    """None where the dvc.yaml cannot be read."""
    context = Context(files, repo, memo=memo)
    document = context.yaml(path)
    root = document.value if document is not None else None
    if document is not None and root is None:
        return Plan(0, (), frozenset(), ()), context.problems
    if not isinstance(root, dict):
        return None, context.problems
    folder = posixpath.dirname(path)
    # What is wrong with steps and templates is reported where metrics and params are looked for.
    quiet = Context(files, repo, memo=memo)
    scope = templates.scope(files, folder, root.get("vars"), memo)
    written = root.get("stages")
    steps = []
    for step in expand(quiet, path, written, scope):
        deps = tuple(_listed(step.body.get("deps"), step.folder, folder, step.scope))
        outs = tuple(_listed(step.body.get("outs"), step.folder, folder, step.scope))
        steps.append(Step(step.name, deps, outs, _same(deps), _same(outs)))
    read = {step.name.partition("@")[0] for step in steps}
    unread = written.keys() - read if quiet.problems and isinstance(written, dict) else ()
    bare = tuple(_of_step(step, ({}, {})) for step in steps)
    numbers: count[int] = memo.same("plans", count(1))
    return Plan(next(numbers), tuple(steps), frozenset(unread), bare), context.problems


def _listed(value: Any, folder: str, beside: str, scope: templates.Scope) -> Iterator[Listed]:
    for name, options in outs_of(value):
        try:
            text = templates.resolve_text(name, scope)
        except templates.Unresolved:
            continue
        if text and not text.startswith(_NO_FILE):
            cached = options.get("cache") is not False
            yield Listed(place(folder, text), place(beside, text), cached)


def _locked(
    data: bytes, path: str, repo: str, memo: Memo
) -> tuple[dict[str, Parts], tuple[Problem, ...]]:
    """Pipeline step -> what the dvc.lock at `path` says of it, paths relative to its folder."""

    def make() -> tuple[dict[str, Parts], tuple[Problem, ...]]:
        pipeline, problems = read_pipeline({path: data}, repo, memo=memo)
        steps = {
            step.name: (_by_path(step.deps, cached=False), _by_path(step.outs))
            for step in pipeline.steps
        }
        return steps, problems

    return memo.once(("locked", repo, path, data), make, len(data))


def _by_path(rows: Iterable[Data], cached: bool = True) -> dict[str, Data]:
    return {
        data.path: data
        if data.cached == cached
        else msgspec.structs.replace(data, cached=cached, pushed=True, remote="")
        for data in rows
    }


def _joined(plan: Plan, steps: Mapping[str, Parts]) -> Parts:
    deps: dict[str, Data] = {}
    outs: dict[str, Data] = {}
    for step in plan.steps:
        own = _of_step(step, steps.get(step.name, ({}, {})))
        deps |= own[0]
        outs |= own[1]
    for name, (locked_deps, locked_outs) in steps.items():
        if name.partition("@")[0] in plan.unread:
            deps |= locked_deps
            outs |= locked_outs
    return deps, outs


def _same(listed: Sequence[Listed]) -> frozenset[str] | None:
    if all(one.path == one.locked and one.cached for one in listed):
        return frozenset(one.path for one in listed)
    return None


def _of_step(step: Step, locked: Parts) -> Parts:
    deps, outs = locked
    if deps.keys() != step.same_deps:
        deps = {one.path: _filled(one, deps, False) for one in step.deps}
    if outs.keys() != step.same_outs:
        outs = {one.path: _filled(one, outs, one.cached) for one in step.outs}
    return deps, outs


def _filled(listed: Listed, locked: Mapping[str, Data], cached: bool) -> Data:
    found = locked.get(listed.locked)
    if found is None:
        return Data(listed.path, cached=cached)
    if found.path == listed.path and found.cached == cached:
        return found
    return msgspec.structs.replace(found, path=listed.path, cached=cached)


def _whole(steps: Iterable[Parts]) -> Parts:
    deps: dict[str, Data] = {}
    outs: dict[str, Data] = {}
    for one in steps:
        deps |= one[0]
        outs |= one[1]
    return deps, outs


def _tracking(
    files: Mapping[str, bytes], path: str, repo: str, memo: Memo
) -> tuple[Parts, tuple[Problem, ...]]:
    """A *.dvc file: data added or imported, or a pipeline step of an old DVC."""
    data = files[path]

    def make() -> tuple[Parts, tuple[Problem, ...]]:
        added = read_tracked(data, path)
        if added is not None:
            return ({}, {added.path: added}), ()
        pipeline, problems = read_pipeline({path: data}, repo, memo=memo)
        deps: dict[str, Data] = {}
        outs: dict[str, Data] = {}
        rows = [(one.deps, one.outs) for one in pipeline.steps]
        rows += [(one.deps, one.outs) for one in pipeline.tracked]
        for used, made in rows:
            deps |= _by_path(used, cached=False)
            outs |= {out.path: out for out in made}
        return (deps, outs), problems

    return memo.once(("data", repo, path, data), make, len(data))
