"""Which files of a commit hold metrics and params, and which of their keys count.

Source of the rules: DVC 3 (`dvc params show`, `dvc metrics show`): top-level `metrics` and
`params`, and those of pipeline steps; params.yaml at the root always counts; of a params file
only the keys that some step tracks are shown, and all of them where no step names any. DVCLive's
own dvc.yaml is one like others.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from sitegen.errors import Problem
from sitegen.readers import dvc_yaml, templates
from sitegen.readers.context import Context, within
from sitegen.readers.steps import Step, expand

Kind = Literal["metrics", "params"]

# Where nothing declares them: by name, what DVC and DVCLive write.
_CUSTOMARY: tuple[tuple[str, Kind], ...] = (
    ("metrics.json", "metrics"),
    ("dvclive.json", "metrics"),
    ("dvclive/metrics.json", "metrics"),
    (templates.PARAMS, "params"),
    ("dvclive/params.yaml", "params"),
)
CUSTOMARY = tuple(path for path, _ in _CUSTOMARY)
"""The paths that are looked at without any dvc.yaml naming them."""


class Declared(msgspec.Struct, frozen=True):
    """One file of metrics or params.

    keys: the dotted keys that count, with all below them; None for the whole file. cached: a
    pipeline step says that DVC caches it. source: the dvc.yaml that names it, "" where only
    custom does.
    """

    path: str
    kind: Kind
    keys: tuple[str, ...] | None = None
    cached: bool = False
    source: str = ""


class _Found:
    """Declarations so far, each file once per kind, in order."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, Kind], Declared] = {}

    def add(self, one: Declared) -> None:
        known = self.files.get((one.path, one.kind))
        if known is not None:
            keys = tuple(dict.fromkeys((*(known.keys or ()), *(one.keys or ()))))
            one = Declared(
                one.path,
                one.kind,
                keys or None,
                known.cached or one.cached,
                known.source or one.source,
            )
        self.files[one.path, one.kind] = one


def declared_values(
    files: Mapping[str, bytes],
    paths: Collection[str] | None = None,
    repo: str = "",
    ref: str = "",
) -> tuple[tuple[Declared, ...], tuple[Problem, ...]]:
    """The metrics and params files of one commit: metrics first, each kind in order of path.

    files: every dvc.yaml of the commit and what they need (`base.needs`). paths: all files of the
    commit, by which folders are opened and customary files found; None where they are not known.
    A dvc.yaml that is no YAML declares nothing: `read_annotations` reports it.
    """
    context = Context(files, repo, ref)
    found = _Found()
    pipelines = sorted(path for path in files if dvc_yaml.wants(path))
    for path in pipelines:
        document = Context(files).yaml(path)
        if document is not None and isinstance(document.value, dict):
            for one in _declared_in(context, path, document.value):
                found.add(one)
    for path, kind in _CUSTOMARY:
        # With a dvc.yaml, params.yaml alone goes without saying.
        if (not pipelines or path == templates.PARAMS) and _is_there(path, files, paths):
            found.add(Declared(path, kind))
    ordered = sorted(paths or ())
    opened = (each for one in found.files.values() for each in _opened(one, paths, ordered))
    # A file that a folder holds may be named by itself too.
    unique = {(one.kind, one.path): one for one in opened}
    return tuple(unique[key] for key in sorted(unique)), context.problems


def _is_there(path: str, files: Mapping[str, bytes], paths: Collection[str] | None) -> bool:
    return path in files if paths is None else path in paths


def _opened(
    one: Declared, paths: Collection[str] | None, ordered: Sequence[str]
) -> Iterator[Declared]:
    """The files of a declared folder, else what was declared. ordered: `paths`, sorted."""
    if paths is None or one.path in paths:
        yield one
        return
    # "0" comes right after "/": between the two stands all that is below the folder.
    inside = ordered[bisect_left(ordered, f"{one.path}/") : bisect_left(ordered, f"{one.path}0")]
    if not inside:
        yield one
    for path in inside:
        yield Declared(path, one.kind, one.keys, one.cached, one.source)


def _declared_in(context: Context, path: str, root: Mapping[str, Any]) -> Iterator[Declared]:
    folder = posixpath.dirname(path)
    scope = templates.scope(context.files, folder, root.get("vars"))
    kinds: tuple[Kind, ...] = ("metrics", "params")
    for kind in kinds:
        for name in _named(root.get(kind)):
            file = _file(context, path, folder, name, scope)
            if file is not None:
                yield Declared(file, kind, source=path)
    for step in expand(context, path, root.get("stages"), scope):
        for name, options in _outs(step.body.get("metrics")):
            file = _file(context, path, step.folder, name, step.scope)
            if file is not None:
                cached = options.get("cache", True) is not False
                yield Declared(file, "metrics", cached=cached, source=path)
        yield from _step_params(context, path, step)


def _step_params(context: Context, path: str, step: Step) -> Iterator[Declared]:
    params = step.body.get("params")
    for item in params if isinstance(params, list) else [params]:
        by_file = item if isinstance(item, dict) else {templates.PARAMS: [item]}
        for name, keys in by_file.items():
            tracked = [key for key in _listed(keys) if isinstance(key, str)]
            if not isinstance(item, dict) and not tracked:
                continue
            file = _file(context, path, step.folder, name, step.scope)
            names = (_filled(context, path, key, step.scope) for key in tracked)
            if file is not None:
                kept = tuple(key for key in names if key is not None)
                yield Declared(file, "params", kept or None, source=path)


def _named(value: Any) -> Iterable[str]:
    """The names in a top-level list: texts, or one text alone."""
    return (item for item in _listed(value) if isinstance(item, str))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _outs(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names and options in a step's list of outputs: texts, or mappings of text to options."""
    for item in _listed(value):
        if isinstance(item, str):
            yield item, {}
        elif isinstance(item, dict):
            for name, options in item.items():
                yield name, options if isinstance(options, dict) else {}


def _file(
    context: Context, path: str, folder: str, name: str, scope: templates.Scope
) -> str | None:
    filled = _filled(context, path, name, scope)
    found = within(folder, filled) if filled else None
    if filled and found is None:
        context.report(
            "values.path",
            path,
            f"{filled[:200]!r} leaves the repository",
            "give a path inside the repository",
        )
    return found if found and "://" not in found else None


def _filled(context: Context, path: str, text: str, scope: templates.Scope) -> str | None:
    try:
        return templates.resolve_text(text, scope)
    except templates.Unresolved as error:
        context.report(
            "values.template",
            path,
            f"{text[:200]!r} in metrics or params: {error}",
            f"add it to vars of {path}, or to {templates.PARAMS} beside it",
        )
        return None
