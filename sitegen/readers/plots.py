"""Which plots a commit declares: in dvc.yaml at the top, and in pipeline steps, in any folder.

Source of the rules: DVC 3 (`dvc plots show`). A path at the top is a file or a folder, relative to
its dvc.yaml; of a folder each file is a plot, unless it is named by itself. A name whose y maps
files to columns is a plot of these files. A pipeline step's plot is one of its outputs.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sitegen.errors import Problem
from sitegen.readers import dvc_yaml, templates
from sitegen.readers.context import Context, within
from sitegen.readers.memo import Memo, only
from sitegen.readers.steps import expand
from sitegen.registry.plots import DEFAULT_TEMPLATE, PROPERTIES
from sitegen.safeyaml import YamlError

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg")
"""How the names of plots end that are images."""

OWN_TEMPLATES = ".dvc/plots"
"""Where a repository keeps templates of its own."""

# Of one dvc.yaml, folders not opened; a page of so many plots helps nobody.
_MOST = 1_000


class DeclaredPlot(msgspec.Struct, frozen=True):
    """One entry of dvc.yaml that declares a plot, or a folder of plots.

    id: the path from the repository's root, or the name. source: the dvc.yaml. config: what stands
    before the id where several declare it: the dvc.yaml, "" for a pipeline step. definition,
    files: as of `Plot`, with paths from the root. named: whether the id is a name and no path.
    header: whether a CSV's first row names its columns. cached: whether DVC keeps the file.
    """

    id: str
    source: str
    config: str
    definition: dict[str, Any]
    files: tuple[str, ...]
    named: bool = False
    header: bool = True
    cached: bool = False


def read_plots(
    files: Mapping[str, bytes], repo: str = "", ref: str = "", memo: Memo | None = None
) -> tuple[tuple[DeclaredPlot, ...], tuple[Problem, ...]]:
    """What all dvc.yaml files of a commit declare, before its other files are looked at.

    Arguments as of `declared.read_declarations`. A dvc.yaml that is no YAML declares nothing:
    `read_annotations` reports it.
    """
    memo = memo or Memo()
    found: list[DeclaredPlot] = []
    problems: dict[Problem, None] = {}
    for path in sorted(path for path in files if dvc_yaml.wants(path)):
        plots, wrong = _read(files, path, repo, ref, memo)
        found += plots
        problems |= dict.fromkeys(wrong)
    return tuple(found), tuple(problems)


def open_folders(declared: Sequence[DeclaredPlot], paths: Sequence[str]) -> list[DeclaredPlot]:
    """The plots at a commit: each entry's own, or one for each file of its folder.

    paths: all files of the commit that could be meant, sorted.
    """
    plots: list[DeclaredPlot] = []
    by_config: dict[str, list[str]] = {}
    for one in declared:
        # DVC takes names for paths, too, so that one may stand for a file of a folder.
        place = within(posixpath.dirname(one.config), one.id) if one.named else one.id
        if one.config and place is not None:
            by_config.setdefault(one.config, []).append(place)
    for one in declared:
        inside = [] if one.named else _inside(one.id, paths)
        if not inside:
            plots.append(one)
            continue
        # Of two entries that a file is in, the one that says more of its path counts.
        entries = by_config.get(one.config, [one.id])
        plots += (
            msgspec.structs.replace(one, id=path, files=(path, *one.files[1:]))
            for path in inside
            if _closest(path, entries) == one.id
        )
    unique = {(one.config, one.id): one for one in plots}
    return list(unique.values())


def names_of(plots: Sequence[DeclaredPlot]) -> list[str]:
    """What each plot of one commit is called: its id, with the dvc.yaml where it stands twice."""
    seen: dict[str, int] = {}
    for one in plots:
        seen[one.id] = seen.get(one.id, 0) + 1
    return [
        f"{one.config}::{one.id}" if one.config and seen[one.id] > 1 else one.id for one in plots
    ]


def is_image(plot: DeclaredPlot) -> bool:
    """Whether a plot's own path says that it is an image."""
    return not plot.named and plot.id.lower().endswith(IMAGES)


def template_paths(plot: DeclaredPlot) -> tuple[str, ...]:
    """Where the repository's own template of its name may be, first what counts first."""
    name = plot.definition.get("template") or DEFAULT_TEMPLATE
    own = posixpath.join(OWN_TEMPLATES, name)
    stem, _ = posixpath.splitext(own)
    found = [own, f"{stem}.json", *([name] if "/" in name or "." in name else [])]
    inside = (within("", path) for path in found)
    return tuple(dict.fromkeys(path for path in inside if path and "://" not in path))


def _inside(folder: str, paths: Sequence[str]) -> Sequence[str]:
    """The files of a folder; none where the path is a file, or not there."""
    if folder == ".":
        return paths
    # "0" comes right after "/": between the two stands all that is below the folder.
    return paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}0")]


def _closest(path: str, entries: Sequence[str]) -> str:
    best = ""
    for entry in entries:
        common = posixpath.commonpath([path, entry])
        if len(common) > len(best):
            best = common
    return best


def _read(
    files: Mapping[str, bytes], path: str, repo: str, ref: str, memo: Memo
) -> tuple[tuple[DeclaredPlot, ...], tuple[Problem, ...]]:
    data = files[path]
    needed = memo.once(("needs", path, data), lambda: dvc_yaml.needs(path, data, memo))
    part = only(files, path, *sorted(needed))

    def make() -> tuple[tuple[DeclaredPlot, ...], tuple[Problem, ...]]:
        context = Context(part, repo, ref, memo)
        document = memo.parse(data)
        if isinstance(document, YamlError) or not isinstance(document.value, dict):
            return (), ()
        found: dict[tuple[str, str], DeclaredPlot] = {}
        for one in _declared(context, path, document.value):
            if len(found) >= _MOST and (one.config, one.id) not in found:
                reason = f"it declares more than {_MOST} plots"
                context.report("plot.limit", path, reason, "declare a folder of them instead")
                break
            found[one.config, one.id] = one
        return tuple(found.values()), context.problems

    return memo.once(("plots", repo, ref, *part.items()), make, len(data))


def _declared(context: Context, path: str, root: Mapping[str, Any]) -> Iterator[DeclaredPlot]:
    folder = posixpath.dirname(path)
    scope = templates.scope(context.files, folder, root.get("vars"), context.memo)
    for name, definition in _entries(context, path, root.get("plots"), scope):
        one = _at_top(context, path, folder, name, definition)
        if one is not None:
            yield one
    for step in expand(context, path, root.get("stages"), scope):
        for name, options in _entries(context, path, step.body.get("plots"), step.scope):
            file = _inside_repository(context, path, step.folder, name)
            if file is not None:
                yield DeclaredPlot(
                    file,
                    path,
                    "",
                    _definition(context, path, name, options),
                    (file,),
                    header=options.get("header", True) is not False,
                    cached=options.get("cache", True) is not False,
                )


def _entries(
    context: Context, path: str, plots: Any, scope: templates.Scope
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path or name, what is said of it) of a list of plots, with templates filled in."""
    if plots is None:
        return
    if isinstance(plots, dict):
        plots = [{name: said} for name, said in plots.items()]
    for item in plots if isinstance(plots, list) else [plots]:
        try:
            filled = templates.resolve(item, scope)
        except templates.Unresolved as error:
            _report(context, path, f"a plot's entry: {error}", f"add it to vars of {path}")
            continue
        if isinstance(filled, str):
            filled = {filled: None}
        if not isinstance(filled, dict) or not filled:
            _report(context, path, "a plot is expected to be a path, or a name with a mapping")
            continue
        name, said = next(iter(filled.items()))
        if not isinstance(said, dict | None):
            _report(context, path, f"what is said of the plot {name[:200]!r} is no mapping")
            said = None
        yield str(name), said or {}


def _at_top(
    context: Context, path: str, folder: str, name: str, said: Mapping[str, Any]
) -> DeclaredPlot | None:
    definition = _definition(context, path, name, said)
    x, y = definition.get("x"), definition.get("y")
    if isinstance(y, dict):
        for axis, value in (("y", y), ("x", x)):
            if isinstance(value, dict):
                moved = {within(folder, file): fields for file, fields in value.items()}
                if None in moved:
                    _leaves(context, path, name)
                    return None
                definition[axis] = moved
        files = list(definition["y"])
        files += list(definition["x"])[:1] if isinstance(x, dict) else []
        return DeclaredPlot(name, path, path, definition, tuple(dict.fromkeys(files)), named=True)
    file = _inside_repository(context, path, folder, name)
    if file is None:
        return None
    more = list(x)[:1] if isinstance(x, dict) else []
    return DeclaredPlot(file, path, path, definition, tuple(dict.fromkeys((file, *more))))


def _inside_repository(context: Context, path: str, folder: str, name: str) -> str | None:
    file = within(folder, name)
    if file is None:
        _leaves(context, path, name)
    return None if file and "://" in file else file


def _leaves(context: Context, path: str, name: str) -> None:
    reason = f"the plot {name[:200]!r} leaves the repository"
    context.report("plot.path", path, reason, "give a path inside the repository")


def _definition(context: Context, path: str, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the known properties that are of a form that DVC takes."""
    found: dict[str, Any] = {}
    for key in PROPERTIES:
        value = said.get(key)
        if value is None:
            continue
        if isinstance(value, str) or (key in ("x", "y") and _is_axis(key, value)):
            found[key] = value
        else:
            _report(context, path, f"{key} of the plot {name[:200]!r} is of no form that is known")
    return found


def _is_axis(key: str, value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(_is_fields(key, fields) for fields in value.values())
    return key == "y" and _is_fields(key, value)


def _is_fields(key: str, value: Any) -> bool:
    if isinstance(value, list):
        return key == "y" and bool(value) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _report(context: Context, path: str, reason: str, remedy: str = "") -> None:
    context.report("plot.definition", path, reason, remedy or f"correct it in {path}")
