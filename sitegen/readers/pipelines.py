"""dvc.lock, the dvc.yaml beside it, and *.dvc: steps as they were run, and data that DVC tracks.

Source of the formats: DVC 3 (`dvc/schema.py`); a dvc.lock of DVC 1 has its pipeline steps at the
top, and a *.dvc file of DVC 0 may be a pipeline step itself. As in DVC, an entry of dvc.lock that
the dvc.yaml beside it does not know any more does not count.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sitegen import redact
from sitegen.errors import Problem
from sitegen.readers import dvc_lock, dvc_yaml, templates
from sitegen.readers.context import Context, within
from sitegen.readers.declared import outs_of
from sitegen.readers.memo import Memo, only
from sitegen.readers.recorded import place, read_data, text_of
from sitegen.readers.steps import expand
from sitegen.registry.lineage import Data, Pipeline, PipelineStep, StepParam, Tracked
from sitegen.safeyaml import Document

SUFFIX = ".dvc"

# A command is shown, and no command line is longer.
_COMMAND = 64 * 1024
_DESCRIPTION = 10_000

_Read = tuple[tuple[PipelineStep, ...], tuple[Tracked, ...], tuple[Problem, ...]]


class _Flags(msgspec.Struct, frozen=True):
    """What dvc.yaml says of one output."""

    cached: bool
    pushed: bool
    remote: str


class _Declared(msgspec.Struct, frozen=True):
    """What dvc.yaml says of one pipeline step. folder: its working directory."""

    folder: str
    description: str
    frozen: bool
    outs: Mapping[str, _Flags]


class _Beside(msgspec.Struct, frozen=True):
    """The dvc.yaml beside a dvc.lock. unread: steps, before foreach and matrix, whose names or
    folders cannot be told because a template of theirs cannot be filled in."""

    steps: Mapping[str, _Declared]
    unread: frozenset[str]


def wants(path: str) -> bool:
    """Whether a file is one that `read_pipeline` reads."""
    return dvc_lock.wants(path) or dvc_yaml.wants(path) or _is_tracking(path)


def _is_tracking(path: str) -> bool:
    return path.endswith(SUFFIX) and path[-len(SUFFIX) - 1 : -len(SUFFIX)] not in ("", "/")


def read_pipeline(
    files: Mapping[str, bytes], repo: str = "", ref: str = "", memo: Memo | None = None
) -> tuple[Pipeline, tuple[Problem, ...]]:
    """All that DVC's files of one commit say, and what was wrong with dvc.lock and *.dvc files.

    files: those that `wants` takes, and what templates of dvc.yaml need (`base.needs`). What is
    wrong in a dvc.yaml is reported where it is read for itself. memo: given with each commit (and
    one `ref` for all), a file that none of them changes is read once.
    """
    memo = memo or Memo()
    read = []
    for path in sorted(files):
        if dvc_lock.wants(path):
            read.append(_locked(files, path, repo, ref, memo))
        elif _is_tracking(path):
            read.append(_tracking(files, path, repo, ref, memo))
    steps = tuple(step for part, _, _ in read for step in part)
    tracked = tuple(one for _, part, _ in read for one in part)
    problems = dict.fromkeys(problem for _, _, part in read for problem in part)
    return Pipeline(steps, tracked), tuple(problems)


def _locked(files: Mapping[str, bytes], path: str, repo: str, ref: str, memo: Memo) -> _Read:
    data = files[path]
    folder = posixpath.dirname(path)
    beside_path = posixpath.join(folder, dvc_yaml.NAME)
    part: dict[str, bytes] = {}
    if beside_path in files:
        beside = files[beside_path]
        needed = memo.once(
            ("needs", beside_path, beside), lambda: dvc_yaml.needs(beside_path, beside, memo)
        )
        part = only(files, beside_path, *sorted(needed))

    def make() -> _Read:
        context = Context({path: data}, repo, ref, memo)
        document = context.yaml(path)
        if document is None:
            return (), (), context.problems
        said = memo.once(
            ("beside", *part.items()),
            lambda: _beside(part, beside_path, memo),
            sum(map(len, part.values())),
        )
        steps = tuple(_steps(context, path, document, said))
        return steps, (), context.problems

    return memo.for_good(("locked", repo, ref, path, data, *part.items()), make)


def _beside(part: Mapping[str, bytes], path: str, memo: Memo) -> _Beside | None:
    """None where there is no dvc.yaml, or it cannot be read."""
    document = memo.parse(part[path]) if path in part else None
    if not isinstance(document, Document) or not isinstance(document.value, dict):
        return None
    root = document.value
    written = root.get("stages")
    # Nobody asks this context for its problems: they are reported where dvc.yaml is read.
    context = Context(part, memo=memo)
    folder = posixpath.dirname(path)
    scope = templates.scope(context.files, folder, root.get("vars"), memo)
    found = {}
    for step in expand(context, path, written, scope):
        outs = {}
        for key in ("outs", "metrics", "plots"):
            for name, options in outs_of(step.body.get(key)):
                out = place(step.folder, _filled(name, step.scope))
                outs[out] = _Flags(
                    options.get("cache") is not False,
                    options.get("push") is not False,
                    _filled(options.get("remote"), step.scope),
                )
        found[step.name] = _Declared(
            step.folder,
            _filled(step.body.get("desc"), step.scope)[:_DESCRIPTION],
            step.body.get("frozen") is True,
            outs,
        )
    read = {name.partition("@")[0] for name in found} | found.keys()
    unread = written.keys() - read if context.problems and isinstance(written, dict) else ()
    return _Beside(found, frozenset(unread))


def _filled(text: Any, scope: templates.Scope) -> str:
    """A text with its templates filled in, as it is written where that cannot be done."""
    if not isinstance(text, str):
        return ""
    try:
        return templates.resolve_text(text, scope)
    except templates.Unresolved:
        return text


def _steps(
    context: Context, path: str, document: Document, beside: _Beside | None
) -> Iterator[PipelineStep]:
    root = document.value
    written = root
    if isinstance(root, dict) and "schema" in root:
        written = root.get("stages")
    if not isinstance(written, dict | None):
        _wrong(context, path, "a mapping of pipeline steps is expected")
        return
    for name, entry in (written or {}).items():
        if not isinstance(entry, dict):
            line = document.line(("stages", name) if written is not root else (name,))
            _wrong(context, path, f"line {line}: {name[:80]!r} is expected to be a mapping")
            continue
        declared = beside.steps.get(name) if beside else None
        if beside and declared is None and not {name, name.partition("@")[0]} & beside.unread:
            continue
        yield _step(context, path, document, name, entry, declared)


def _step(
    context: Context,
    path: str,
    document: Document,
    name: str,
    entry: dict[str, Any],
    declared: _Declared | None,
) -> PipelineStep:
    folder = declared.folder if declared else posixpath.dirname(path)
    owner = f" of {name[:80]}"
    outs = _data(context, path, document, entry, "outs", folder, owner)
    if declared:
        outs = tuple(_flagged(out, declared.outs.get(out.path)) for out in outs)
    return PipelineStep(
        name,
        path,
        _commands(document, entry),
        _data(context, path, document, entry, "deps", folder, owner),
        tuple(_params(document, entry.get("params"), folder)),
        outs,
        declared.description if declared else "",
        declared.frozen if declared else False,
    )


def _flagged(out: Data, flags: _Flags | None) -> Data:
    if flags is None:
        return out
    return msgspec.structs.replace(
        out, cached=flags.cached, pushed=flags.pushed, remote=flags.remote or out.remote
    )


def _commands(document: Document, entry: dict[str, Any]) -> tuple[str, ...]:
    lines = entry.get("cmd")
    if not isinstance(lines, list):
        command = text_of(document, entry, "cmd", _COMMAND)
        return (command,) if command else ()
    shown = (
        document.text_in(lines, at)[:_COMMAND]
        for at, line in enumerate(lines)
        if not isinstance(line, dict | list | None)
    )
    return tuple(shown)


def _params(document: Document, by_file: Any, folder: str) -> Iterator[StepParam]:
    for name, values in by_file.items() if isinstance(by_file, dict) else ():
        yield from _leaves(document, values, place(folder, name), "")


def _leaves(document: Document, values: Any, file: str, above: str) -> Iterator[StepParam]:
    """The params by their dotted paths in the file; a step may name a whole part of it."""
    for key, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, dict) and value:
            yield from _leaves(document, value, file, f"{above}{key}.")
        else:
            yield StepParam(file, f"{above}{key}", value, document.text_in(values, key))


def _data(
    context: Context,
    path: str,
    document: Document,
    holder: dict[str, Any],
    key: str,
    folder: str,
    owner: str = "",
) -> tuple[Data, ...]:
    """The entries of a list of dependencies or outputs; those without a path are reported.

    Whether a dependency is in storage is said by what makes it, if anything does.
    """
    listed = holder.get(key)
    if not isinstance(listed, list | None):
        _wrong(context, path, f"{key}{owner} is expected to be a list")
        return ()
    # A query of a database (`dvc import-db`) is no file.
    files = [one for one in listed or () if not (isinstance(one, dict) and "db" in one)]
    read = [read_data(document, one, folder, path) for one in files]
    missing = read.count(None)
    if missing:
        _wrong(context, path, f"{missing} of {key}{owner} without a path, one is expected in each")
    found = (one for one in read if one is not None)
    if key == "deps":
        return tuple(msgspec.structs.replace(one, cached=False) for one in found)
    return tuple(found)


def _tracking(files: Mapping[str, bytes], path: str, repo: str, ref: str, memo: Memo) -> _Read:
    data = files[path]

    def make() -> _Read:
        context = Context({path: data}, repo, ref, memo)
        document = context.yaml(path)
        if document is None or document.value is None:
            return (), (), context.problems
        if not isinstance(document.value, dict):
            _wrong(context, path, "a mapping with outs is expected")
            return (), (), context.problems
        steps, tracked = _tracked(context, path, document, document.value)
        return steps, tracked, context.problems

    return memo.for_good(("tracking", repo, ref, path, data), make)


def _tracked(
    context: Context, path: str, document: Document, root: dict[str, Any]
) -> tuple[tuple[PipelineStep, ...], tuple[Tracked, ...]]:
    wdir = text_of(document, root, "wdir") or "."
    folder = within(posixpath.dirname(path), wdir)
    if folder is None:
        _wrong(context, path, f"its wdir {wdir[:80]!r} leaves the repository")
        return (), ()
    folder = "" if folder == "." else folder
    outs = _data(context, path, document, root, "outs", folder)
    deps = root.get("deps")
    imported = _imported(deps)
    description = text_of(document, root, "desc", _DESCRIPTION)
    described = root.get("outs")
    if not description and isinstance(described, list) and len(described) == 1:
        description = text_of(document, described[0], "desc", _DESCRIPTION)
    # DVC says "locked" in old files.
    frozen = root.get("frozen") is True or root.get("locked") is True
    if imported is None:
        read = _data(context, path, document, root, "deps", folder)
        commands = _commands(document, root)
        if commands:
            name = posixpath.basename(path).removesuffix(SUFFIX)
            step = PipelineStep(
                name, path, commands, read, outs=outs, description=description, frozen=frozen
            )
            return (step,), ()
        url = read[0].path if len(read) == 1 else ""
        kind = "url" if deps else "added"
        one = Tracked(path, kind, outs, read, url, description=description, frozen=frozen)
        return (), (one,)
    source = imported["repo"]
    one = Tracked(
        path,
        "repo",
        outs,
        url=redact.address(text_of(document, source, "url")),
        path=posixpath.normpath(text_of(document, imported, "path") or "."),
        rev=text_of(document, source, "rev"),
        rev_lock=text_of(document, source, "rev_lock"),
        description=description,
        frozen=frozen,
    )
    return (), (one,)


def _imported(deps: Any) -> dict[str, Any] | None:
    """The dependency that lies in another repository."""
    for dep in deps if isinstance(deps, list) else ():
        if isinstance(dep, dict) and isinstance(dep.get("repo"), dict):
            return dep
    return None


def _wrong(context: Context, path: str, reason: str) -> None:
    remedy = f"correct {path}, or write it anew with DVC"
    context.report("pipeline.file", path, reason, remedy)
