"""Which files of a commit hold metrics and params, and which of their keys count.

Source of the rules: DVC 3 (`dvc params show`, `dvc metrics show`): top-level `metrics` and
`params`, and those of pipeline steps; params.yaml at the root always counts; of another params file
only the keys that steps track are shown, and all of them where one names the file alone. So it is
with params.yaml at the root where the default storage is of the cloud, else all of it is shown: DVC
asks for that file by way of the storage, and without the plugin for it the answer is no. Of a file
that is named for `vars` alone the keys that templates use are shown; DVC spells an item of a list
`key.0` there, which we do not. DVCLive's own dvc.yaml is one like others. One rule is ours: where
the dvc.yaml at the root is missing, broken, or declares neither metrics nor params, the files that
are customary there count, whatever the dvc.yaml of a folder below says.
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
from sitegen.readers.memo import Memo, only
from sitegen.readers.steps import Step, expand
from sitegen.safeyaml import YamlError

Kind = Literal["metrics", "params"]

# Where the root declares none: by name, what DVC and DVCLive write.
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


class Declarations(msgspec.Struct, frozen=True):
    """What all dvc.yaml files of a commit name. by_root: whether that at the root names any.

    used: params that templates take values from; they count where nothing else names the file.
    """

    named: tuple[Declared, ...]
    by_root: bool
    used: tuple[Declared, ...] = ()


_Key = tuple[str, Kind]


class _Found:
    """Declarations so far, each file once per kind, in order."""

    def __init__(self) -> None:
        self._files: dict[_Key, Declared] = {}
        # Apart, as a file may be declared once for each of thousands of keys.
        self._tracked: dict[_Key, dict[str, None] | None] = {}

    def __contains__(self, key: _Key) -> bool:
        return key in self._files

    def add(self, one: Declared) -> None:
        key = one.path, one.kind
        known = self._files.get(key)
        if known is None:
            self._files[key] = one
            self._tracked[key] = None if one.keys is None else dict.fromkeys(one.keys)
            return
        tracked = self._tracked[key]
        if tracked is not None and one.keys is not None:
            tracked.update(dict.fromkeys(one.keys))
        else:
            self._tracked[key] = None
        cached, source = known.cached or one.cached, known.source or one.source
        self._files[key] = Declared(one.path, one.kind, None, cached, source)

    def all(self) -> tuple[Declared, ...]:
        """Every file, with all the keys that were added for it."""
        return tuple(
            Declared(
                one.path, one.kind, None if keys is None else tuple(keys), one.cached, one.source
            )
            for one, keys in zip(self._files.values(), self._tracked.values(), strict=True)
        )


def read_declarations(
    files: Mapping[str, bytes], repo: str = "", ref: str = "", memo: Memo | None = None
) -> tuple[Declarations, tuple[Problem, ...]]:
    """What the dvc.yaml files of a commit declare, before its other files are looked at.

    files: every dvc.yaml of the commit, and what they need (`base.needs`). A dvc.yaml that is no
    YAML declares nothing: `read_annotations` reports it. memo: given with each commit (and one
    `ref` for all), a dvc.yaml that none of them changes is read once.
    """
    memo = memo or Memo()
    found, used = _Found(), _Found()
    problems: dict[Problem, None] = {}
    by_root = False
    for path in sorted(path for path in files if dvc_yaml.wants(path)):
        declared, in_templates, wrong = _declared(files, path, repo, ref, memo)
        problems |= dict.fromkeys(wrong)
        by_root = by_root or (path == dvc_yaml.NAME and bool(declared))
        for one in declared:
            found.add(one)
        for one in in_templates:
            used.add(one)
    return Declarations(found.all(), by_root, used.all()), tuple(problems)


def found_among(
    declarations: Declarations,
    paths: Collection[str],
    configured: Iterable[str] = (),
    in_cloud: bool = False,
) -> tuple[Declared, ...]:
    """What counts at a commit of these files: metrics first, each kind in order of path.

    Customary files are looked for, and folders are opened. configured: files or folders that count
    wherever they are there, whatever dvc.yaml says. One with `param` in its name holds params,
    others metrics. in_cloud: whether the default storage is one that DVC needs a plugin for.
    """
    found = _Found()
    for one in declarations.named:
        found.add(one)
    for path, kind in _CUSTOMARY:
        if in_cloud and path == templates.PARAMS and (path, kind) in found:
            continue
        # With a dvc.yaml that declares any, params.yaml alone goes without saying.
        if (not declarations.by_root or path == templates.PARAMS) and path in paths:
            found.add(Declared(path, kind))
    ordered = sorted(paths)
    for path in configured:
        if path in paths or any(each.startswith(f"{path}/") for each in ordered):
            found.add(Declared(path, "params" if "param" in path.lower() else "metrics"))
    for one in declarations.used:
        if (one.path, one.kind) not in found:
            found.add(one)
    opened = (each for one in found.all() for each in _opened(one, ordered))
    # A file that a folder holds may be named by itself too.
    unique = {(one.kind, one.path): one for one in opened}
    return tuple(unique[key] for key in sorted(unique))


def _opened(one: Declared, ordered: Sequence[str]) -> Iterator[Declared]:
    """The files of a declared folder, else what was declared. ordered: all files, sorted."""
    at = bisect_left(ordered, one.path)
    # "0" comes right after "/": between the two stands all that is below the folder.
    inside = ordered[bisect_left(ordered, f"{one.path}/") : bisect_left(ordered, f"{one.path}0")]
    if not inside or ordered[at : at + 1] == [one.path]:
        yield one
        return
    for path in inside:
        yield Declared(path, one.kind, one.keys, one.cached, one.source)


_Read = tuple[tuple[Declared, ...], tuple[Declared, ...], tuple[Problem, ...]]


def _declared(files: Mapping[str, bytes], path: str, repo: str, ref: str, memo: Memo) -> _Read:
    data = files[path]
    needed = memo.once(("needs", path, data), lambda: dvc_yaml.needs(path, data, memo))
    part = only(files, path, *sorted(needed))

    def make() -> _Read:
        context = Context(part, repo, ref, memo)
        document = memo.parse(data)
        if isinstance(document, YamlError) or not isinstance(document.value, dict):
            return (), (), ()
        declared = tuple(_declared_in(context, path, document.value))
        used = tuple(_used_in(context, path, document.value))
        return declared, used, context.problems

    return memo.once(("declared", repo, ref, *part.items()), make, len(data))


def _declared_in(context: Context, path: str, root: Mapping[str, Any]) -> Iterator[Declared]:
    folder = posixpath.dirname(path)
    scope = templates.scope(context.files, folder, root.get("vars"), context.memo)
    kinds: tuple[Kind, ...] = ("metrics", "params")
    for kind in kinds:
        for name in _named(root.get(kind)):
            file = _file(context, path, folder, name, scope)
            if file is not None:
                yield Declared(file, kind, source=path)
    for step in expand(context, path, root.get("stages"), scope):
        for name, options in outs_of(step.body.get("metrics")):
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


def _used_in(context: Context, path: str, root: Mapping[str, Any]) -> Iterator[Declared]:
    """The params files that templates of pipeline steps take values from, with their keys."""
    steps, folder = root.get("stages"), posixpath.dirname(path)
    for step in steps.values() if isinstance(steps, dict) else ():
        body = step.get("do", step) if isinstance(step, dict) else None
        if not isinstance(body, dict):
            continue
        # Files that a step's own `vars` name lie where it runs.
        inside = within(folder, str(body.get("wdir") or "."))
        variables = [(folder, root.get("vars"))]
        if inside is not None:
            variables.append((inside, body.get("vars")))
        for file, key in templates.sources(context.files, folder, variables, step, context.memo):
            yield Declared(file, "params", (key,), source=path)


def _named(value: Any) -> Iterable[str]:
    """The names in a top-level list: texts, or one text alone."""
    return (item for item in _listed(value) if isinstance(item, str))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def outs_of(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
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
