"""The plots of many commits: what is declared there, and all the files of it, read in bulk.

What several commits share is worked out once: entries by the dvc.yaml files, tables and images by
their blobs, plots by both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.files import EVERY_FILE, Entry, Files, path_parts
from sitegen.gitio.trees import FILE, FOLDER
from sitegen.pipeline.details import Blobs, Report
from sitegen.pipeline.experiments import Declaring
from sitegen.pipeline.plot_contents import BARE, DATA, IMAGE, TEMPLATE, Contents, Use
from sitegen.readers.memo import Memo
from sitegen.readers.plots import (
    OWN_TEMPLATES,
    DeclaredPlot,
    is_image,
    names_of,
    open_folders,
    read_plots,
    template_paths,
)
from sitegen.registry.datapoints import CannotDraw, datapoints
from sitegen.registry.facts import Picture
from sitegen.registry.lineage import Data, Outputs, Pipeline, outs_of
from sitegen.registry.plots import DEFAULT_TEMPLATE, TEMPLATES, Plot, PlotFile, Table

MOST_PLOTS = 500
"""Plots of one commit."""

_NOWHERE = Pipeline()


class _Here(msgspec.Struct, frozen=True):
    """One plot at a commit, and where its files are: (path, blob or "", what DVC records)."""

    declared: DeclaredPlot
    name: str
    image: bool
    files: tuple[tuple[str, str, Data | None], ...]
    template: Use | None


class Plots:
    """The plots of one repository; `read` fills plots, tables, templates and pictures as in
    RepositoryFacts.

    trees: commit -> tree, in the order in which a problem's first commit is meant.
    """

    def __init__(self, files: Files, trees: Mapping[str, str], repo: str, memo: Memo) -> None:
        self.plots: dict[str, tuple[Plot, ...]] = {}
        self.tables: dict[str, Table] = {}
        self.templates: dict[str, str] = {}
        self.pictures: dict[str, Picture] = {}
        self._files = files
        self._trees = trees
        self._repo = repo
        self._memo = memo
        self._problems: dict[Problem, dict[str, None]] = {}

    def read(
        self,
        declaring: Sequence[Declaring],
        reported: Report,
    ) -> None:
        """declaring: the files of all commits. reported: gets what is wrong."""
        pipelines = {commit: p for each in declaring for commit, p in each.pipelines.items()}
        declared = self._declared(
            {commit: key for each in declaring for commit, key in each.sources.items()},
            {oid: data for each in declaring for oid, data in each.blobs.items()},
        )
        there = self._there(declared)
        here = {
            commit: self._here(commit, each, there[commit], pipelines.get(commit, _NOWHERE))
            for commit, each in declared.items()
        }
        contents = Contents(self._files)
        # Of newer commits first: what is over a limit is missed least in old ones.
        contents.read(
            {
                commit: [use for one in here[commit] for use in _uses(one) if use.oid]
                for commit in reversed(here)
            }
        )
        made: dict[bytes, tuple[Plot, tuple[Problem, ...]]] = {}
        whole: dict[tuple[int, ...], tuple[Plot, ...]] = {}
        for commit, each in here.items():
            keys = []
            for one in each:
                key = msgspec.msgpack.encode(one)
                if key not in made:
                    made[key] = self._plot(one, contents)
                plot, problems = made[key]
                self._tell(problems, commit)
                keys.append(plot)
            known = tuple(map(id, keys))
            self.plots[commit] = whole.setdefault(known, tuple(keys))
        used = {file.table for plots in self.plots.values() for p in plots for file in p.files}
        self.tables = {key: table for key, table in contents.tables.items() if key in used}
        self.templates, self.pictures = contents.templates, contents.pictures
        for problem, commits in self._problems.items():
            reported.add([problem], tuple(commits))

    def _tell(self, problems: Iterable[Problem], commit: str) -> None:
        for problem in problems:
            self._problems.setdefault(problem, {})[commit] = None

    def _declared(
        self, sources: Mapping[str, Blobs], blobs: Mapping[str, bytes]
    ) -> dict[str, tuple[DeclaredPlot, ...]]:
        read: dict[Blobs, tuple[tuple[DeclaredPlot, ...], tuple[Problem, ...]]] = {}
        found = {}
        for commit in self._trees:
            key = sources.get(commit, ())
            if key not in read:
                files = {path: blobs[oid] for path, oid in key if oid in blobs}
                read[key] = read_plots(files, self._repo, memo=self._memo)
            declared, problems = read[key]
            self._tell(problems, commit)
            if declared:
                found[commit] = declared
        return found

    def _there(self, declared: Mapping[str, Sequence[DeclaredPlot]]) -> dict[str, dict[str, str]]:
        """Path -> blob at each commit: of every file that an entry may mean."""
        asked = {}
        for commit, each in declared.items():
            paths = dict.fromkeys(path for one in each for path in one.files)
            paths |= dict.fromkeys(p for one in each for p in template_paths(one))
            asked[commit] = [path for path in paths if "://" not in path and path_parts(path)]
        entries = self._files.resolve(self._trees, asked)
        return {commit: self._open(each) for commit, each in entries.items()}

    def _open(self, entries: Mapping[str, Entry]) -> dict[str, str]:
        found = {path: entry.oid for path, entry in entries.items() if entry.kind == FILE}
        for path, entry in entries.items():
            if entry.kind == FOLDER:
                inside = self._memo.for_good(
                    ("folder", entry.oid),
                    # Called at once, before the names change.
                    lambda: self._files.find({"": entry.oid}, EVERY_FILE)[""],  # noqa: B023
                )
                found |= {f"{path}/{name}": oid for name, oid in inside.items()}
        return found

    def _here(
        self,
        commit: str,
        declared: Sequence[DeclaredPlot],
        there: Mapping[str, str],
        pipeline: Pipeline,
    ) -> tuple[_Here, ...]:
        """The plots of one commit, folders opened; what DVC keeps is found by its records."""
        kept = (out.path for out in outs_of(pipeline) if out.cached and "://" not in out.path)
        plots = open_folders(declared, sorted({*there, *kept}))
        if len(plots) > MOST_PLOTS:
            problem = Problem(
                self._repo,
                "",
                plots[MOST_PLOTS].source,
                f"{len(plots)} plots are declared, the first {MOST_PLOTS} are read",
                "declare fewer",
                "plot.limit",
            )
            self._tell([problem], commit)
            plots = plots[:MOST_PLOTS]
        found = []
        outputs = Outputs(outs_of(pipeline))
        for one, name in zip(plots, names_of(plots), strict=True):
            files = tuple(
                (path, oid, None if oid else outputs.find(path))
                for path in one.files
                for oid in (there.get(path, ""),)
            )
            image = is_image(one)
            own = (
                Use(path, there[path], TEMPLATE) for path in template_paths(one) if path in there
            )
            found.append(_Here(one, name, image, files, None if image else next(own, None)))
        return tuple(found)

    def _plot(self, here: _Here, contents: Contents) -> tuple[Plot, tuple[Problem, ...]]:
        one = here.declared
        uses = [use for use in _uses(here) if use.what != TEMPLATE]
        files = tuple(
            _file(use, data, one, contents)
            for use, (*_, data) in zip(uses, here.files, strict=True)
        )
        plot = Plot(one.id, here.name, one.source, one.definition, files, here.image)
        problems = []
        for use in uses:
            if use.key in contents.wrong:
                kind, reason = contents.wrong[use.key]
                problems.append(self._problem(kind, use.path, reason, _mend(use.path, one)))
        if not problems:
            plot, problem = self._drawn(plot, here, contents)
            problems += [problem] if problem else []
        if problems:
            plot = msgspec.structs.replace(plot, note=problems[0].reason)
        return plot, tuple(problems)

    def _drawn(self, plot: Plot, here: _Here, contents: Contents) -> tuple[Plot, Problem | None]:
        """The plot with what it is drawn with, or a note or problem that says why it is not."""
        one = here.declared
        notes = [file.note for file in plot.files if file.note]
        if len(notes) == len(plot.files):
            return msgspec.structs.replace(plot, note=notes[0]), None
        if plot.image:
            return msgspec.structs.replace(plot, picture=here.files[0][1]), None
        name = one.definition.get("template") or DEFAULT_TEMPLATE
        if here.template is not None:
            if here.template.key in contents.wrong:
                kind, reason = contents.wrong[here.template.key]
                remedy = f"correct it, or name another template in {one.source}"
                return plot, self._problem(kind, here.template.path, reason, remedy)
            plot = msgspec.structs.replace(plot, template=here.template.oid)
        elif name not in TEMPLATES:
            reason = f"the plot {one.id[:200]!r} names a template that is not there: {name[:80]!r}"
            remedy = f"name one of {', '.join(TEMPLATES)}, or a file of {OWN_TEMPLATES}"
            return plot, self._problem("plot.template", one.source, reason, remedy)
        try:
            rows, _ = datapoints(plot, contents.tables, "")
        except CannotDraw as error:
            reason = f"the plot {one.id[:200]!r} cannot be drawn: {error}"
            return plot, self._problem("plot.column", one.source, reason, _mend(one.source, one))
        return plot if rows else msgspec.structs.replace(plot, note="it has no rows"), None

    def _problem(self, kind: str, path: str, reason: str, remedy: str) -> Problem:
        return Problem(self._repo, "", path, reason, remedy, kind)


def _mend(path: str, declared: DeclaredPlot) -> str:
    if path == declared.source:
        return f"correct x and y of the plot in {path}"
    return f"correct {path}, or leave it out of {declared.source}"


def _uses(here: _Here) -> list[Use]:
    """What is to be read for one plot: its files in order, then its template."""
    what = IMAGE if here.image else DATA if here.declared.header else BARE
    found = [Use(path, oid, what) for path, oid, _ in here.files]
    return [*found, here.template] if here.template is not None else found


def _file(use: Use, data: Data | None, declared: DeclaredPlot, contents: Contents) -> PlotFile:
    path = use.path
    if use.oid:
        pointer = contents.pointers.get(use.oid)
        if pointer is not None:
            digest = f"{pointer.algorithm}:{pointer.hash}".lstrip(":")
            return PlotFile(path, "", "in Git LFS, not fetched", digest, pointer.size)
        if use.what == IMAGE or use.key in contents.tables:
            return PlotFile(path, "" if use.what == IMAGE else use.key)
        return PlotFile(path, "", "" if use.key in contents.wrong else "it is empty")
    if data is not None and data.cached:
        # Of a folder that the file lies in, hash and size are not the file's.
        own = data if data.path == path else Data(path)
        return PlotFile(path, "", "cached by DVC, not in Git", own.hash, own.size)
    if declared.cached:
        return PlotFile(path, "", "cached by DVC, not in Git")
    return PlotFile(path, "", "not in Git at this commit")
