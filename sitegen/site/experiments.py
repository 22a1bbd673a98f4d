"""What was read of a repository to its table of experiments: rows, columns, and the answers to what
is best and what changed."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.registry import goals, names
from sitegen.registry.branches import Branch, nested
from sitegen.registry.columns import Difference, columns, differences, measured
from sitegen.registry.experiments import Experiment, experiments_of, registered_at
from sitegen.registry.facts import Leaf, RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data
from sitegen.registry.projects import within_projects
from sitegen.registry.state import Registry
from sitegen.site import urls
from sitegen.site.models import Context, commit_view, short, unique_versions
from sitegen.site.tables import (
    BadgeView,
    BestView,
    BranchView,
    CellView,
    DifferenceView,
    ExperimentsView,
    RowView,
    TableColumn,
)
from sitegen.site.text import delta, number, short_number, size, visible

SHOWN = {"metrics": 40, "params": 24, "data": 6}
"""How many columns of a group show at first. Of data all or none do: paths have no order."""

BEST = 4
"""How many metrics are asked for their best row."""

_LONGEST = 2000
_HASH = 7


def experiments_view(registry: Registry, context: Context) -> ExperimentsView:
    """The table of one repository; without a row where its history was not read."""
    facts = within_projects(context.facts)
    context = msgspec.structs.replace(context, facts=facts)
    found = experiments_of(facts, registered_at(registry))
    branches = nested(facts, found)
    rows = _rows(branches, registry, context)
    table = _columns(facts, found, [row.commit.oid for row in rows])
    # `found` is newest first, whatever the branch; a DVC experiment is no commit of a branch.
    places = {row.id: i for i, row in enumerate(rows)}
    shown = [one for one in found if not one.hidden and not one.baseline]
    newest = next((one for one in shown if not one.same), next(iter(shown), None))
    parent = newest.parents[0] if newest and newest.parents else ""
    compared = newest if newest and parent in facts.commits else None
    dates = [row.commit.when for row in rows]
    return ExperimentsView(
        repo=visible(facts.name),
        repo_href=context.links.home,
        branch=visible(facts.branch),
        url=urls.experiments(facts.name),
        api=urls.api_repository(facts.name),
        rows=rows,
        columns=table,
        branches=_branches(branches),
        models=_models(registry, facts.url),
        hidden=sum(bool(row.hidden) for row in rows),
        newest=places[newest.commit] if newest else -1,
        baseline=_baseline(rows),
        best=_best(rows, table, [one for one in found if not one.hidden]),
        changes=_changes(facts, compared.commit, parent, _alike(table)) if compared else (),
        against=parent[:7] if compared else "",
        last=max(dates, key=lambda date: date.seconds) if dates else None,
        commit_shape=context.links.commit_shape(),
        compare_shape=context.links.compare_shape(),
        plots=urls.plot_index(facts.name) if facts.plots else "",
        branch_count=sum(bool(branch.name) for branch in branches),
    )


def _rows(branches: Sequence[Branch], registry: Registry, context: Context) -> tuple[RowView, ...]:
    tips: dict[str, list[str]] = {}
    for branch in branches:
        if not branch.rows:
            tips.setdefault(branch.tip, []).append(visible(branch.name))
    badges = _badges(registry, context)
    notes: dict[int, tuple[str, ...]] = {}
    named: dict[tuple[str, ...], tuple[str, ...]] = {}
    found: list[RowView] = []

    def add(one: Experiment, place: int) -> None:
        facts = context.facts
        values = facts.values.get(one.commit, ())
        if id(values) not in notes:
            notes[id(values)] = _notes(values)
        # Commits of one branch share the tuple of its names.
        if one.branches not in named:
            named[one.branches] = tuple(visible(name) for name in one.branches)
        commit = facts.commits[one.commit]
        found.append(
            RowView(
                id=_row_id(one),
                commit=commit_view(commit, one.commit, context.links),
                message=visible(commit.message.strip()[:_LONGEST]),
                parents=one.parents,
                name=visible(one.name),
                baseline=one.baseline,
                branch=place,
                branches=named[one.branches],
                tips=() if one.baseline else tuple(tips.get(one.commit, ())),
                tags=tuple(visible(tag) for tag in one.tags),
                hidden=one.hidden,
                notes=notes[id(values)],
                badges=badges.get(one.commit, ()),
            )
        )

    for place, branch in enumerate(b for b in branches if b.rows):
        for row in branch.rows:
            add(row.experiment, place)
            for one in row.experiments:
                add(one, place)
    return tuple(found)


def _row_id(one: Experiment) -> str:
    return f"{one.commit}~{visible(one.name)}" if one.baseline else one.commit


def _notes(files: Iterable[ValueFile]) -> tuple[str, ...]:
    return tuple(f"{visible(file.path)}: {visible(file.note)}" for file in files if file.note)


def _branches(branches: Sequence[Branch]) -> tuple[BranchView, ...]:
    """Those with rows; one that grew from a branch without any is said to grow from that one's."""
    parents = {branch.name: branch.parent for branch in branches}
    rows = {branch.name: len(branch.rows) for branch in branches}

    def above(name: str) -> str:
        name = parents.get(name, "")
        while name and not rows.get(name):
            name = parents.get(name, "")
        return name

    depths: dict[str, int] = {}
    for branch in branches:
        if branch.rows:
            parent = above(branch.name)
            depths[branch.name] = depths.get(parent, -1) + 1 if parent else 0
    return tuple(
        BranchView(
            visible(branch.name),
            visible(above(branch.name)),
            depths[branch.name],
            sum(1 + len(row.experiments) for row in branch.rows),
        )
        for branch in branches
        if branch.rows
    )


def _badges(registry: Registry, context: Context) -> dict[str, tuple[BadgeView, ...]]:
    """Commit -> the registered versions at it, in the order of the models."""
    found: dict[str, list[BadgeView]] = {}
    for place, artifact in enumerate(registry.artifacts.values()):
        for version in unique_versions(artifact):
            if version.registered and version.active:
                found.setdefault(version.commit, []).append(
                    BadgeView(
                        visible(artifact.name),
                        place,
                        short(version.name),
                        urls.version(context.facts.name, artifact.name, version.name),
                        tuple(
                            view for name, view in context.stages.items() if name in version.stages
                        ),
                    )
                )
    return {commit: tuple(badges) for commit, badges in found.items()}


def _models(registry: Registry, url: str) -> tuple[tuple[str, str], ...]:
    where = f" -r {shlex.quote(url)}" if url else ""
    return tuple(
        (
            visible(name),
            visible(f"modelreg register {shlex.quote(name)} {{commit}}{where}")
            if names.is_artifact(name)
            else "",
        )
        for name in registry.artifacts
    )


def _columns(
    facts: RepositoryFacts, found: Sequence[Experiment], commits: Sequence[str]
) -> tuple[TableColumn, ...]:
    """The columns with their cells, one for each of `commits`."""
    all_of = columns(facts, found)
    keys: dict[tuple[str, str, str], int] = {}
    for group, files in (("metrics", all_of.metrics), ("params", all_of.params)):
        for file, inside in files.items():
            for key in inside:
                keys[group, file, key] = len(keys)
    for path in all_of.data:
        keys["data", path, ""] = len(keys)
    cells: list[list[CellView | None]] = [[None] * len(commits) for _ in keys]
    # Commits with the same values share them, and so do their cells here.
    known: dict[int, list[tuple[int, CellView]]] = {}
    for place, commit in enumerate(commits):
        values, data = facts.values.get(commit, ()), facts.data.get(commit, {})
        for one in values:
            if id(one) not in known:
                known[id(one)] = _value_cells(one, keys)
            for column, cell in known[id(one)]:
                cells[column][place] = cell
        if data and id(data) not in known:
            known[id(data)] = _data_cells(data, keys)
        for column, cell in known[id(data)] if data else ():
            cells[column][place] = cell
    made = []
    counts = dict.fromkeys(SHOWN, 0)
    for (group, file, key), place in keys.items():
        counts[group] += 1
        shown = len(all_of.data) if group == "data" else counts[group]
        numbers = [cell.number is not None for cell in cells[place] if cell is not None]
        made.append(
            TableColumn(
                f"{group}:{visible(file)}:{visible(key)}" if key else f"{group}:{visible(file)}",
                group,
                visible(file),
                visible(key),
                goals.guess(key) if group == "metrics" and any(numbers) else "",
                shown <= SHOWN[group],
                tuple(cells[place]),
                any(numbers) and 2 * sum(numbers) >= len(numbers),
            )
        )
    return tuple(made)


def _value_cells(
    file: ValueFile, keys: Mapping[tuple[str, str, str], int]
) -> list[tuple[int, CellView]]:
    return [
        (keys[file.kind, file.path, key], value_cell(leaf)) for key, leaf in measured(file).items()
    ]


def _data_cells(
    data: Mapping[str, Data], keys: Mapping[tuple[str, str, str], int]
) -> list[tuple[int, CellView]]:
    return [(keys["data", path, ""], _data_cell(one)) for path, one in data.items()]


def value_cell(leaf: Leaf) -> CellView:
    """A metric or param as a cell."""
    return CellView(short_number(leaf), visible(leaf.text), number(leaf))


def _data_cell(data: Data) -> CellView:
    whole = visible(data.hash)
    digits, dot, kind = whole.partition(".")
    return CellView(digits[:_HASH] + dot + kind, whole, None, size(data.size))


def _baseline(rows: Sequence[RowView]) -> int:
    """The newest row that shows at first, of the first branch that has one."""
    return next((i for i, row in enumerate(rows) if not row.hidden and not row.baseline), -1)


def _best(
    rows: Sequence[RowView], table: Sequence[TableColumn], shown: Sequence[Experiment]
) -> tuple[BestView, ...]:
    """The best of the rows that show at first; of equal ones the oldest, which was there first.

    A metric that is the same in all of them says nothing, unless there is no other.
    """
    places = {row.id: i for i, row in enumerate(rows)}
    order = [places[_row_id(one)] for one in reversed(shown)]
    alike = _alike(table)
    varying: list[BestView] = []
    constant: list[BestView] = []
    for place, column in enumerate(table):
        if not column.goal or len(varying) == BEST:
            continue
        numbers: dict[int, float] = {}
        for row in order:
            cell = column.cells[row]
            if cell is not None and cell.number is not None and math.isfinite(cell.number):
                numbers[row] = cell.number
        if not numbers:
            continue
        best = (min if column.goal == goals.LOWER else max)(numbers, key=numbers.__getitem__)
        cell = column.cells[best]
        assert cell is not None
        file = column.file if (column.group, column.key) in alike else ""
        same = len(set(numbers.values())) == 1
        (constant if same else varying).append(BestView(place, best, cell, file))
    return tuple(varying or constant[:BEST])


def _alike(table: Iterable[TableColumn]) -> frozenset[tuple[str, str]]:
    """(group, key) of what several files have, so that a key alone does not say which is meant."""
    counts = Counter((column.group, column.key) for column in table if column.key)
    return frozenset(one for one, count in counts.items() if count > 1)


def _changes(
    facts: RepositoryFacts, commit: str, parent: str, alike: frozenset[tuple[str, str]]
) -> tuple[DifferenceView, ...]:
    old, new = _leaves(facts, parent), _leaves(facts, commit)
    return tuple(_change(one, old, new, alike) for one in differences(facts, commit, parent))


def _leaves(facts: RepositoryFacts, commit: str) -> dict[tuple[str, str, str], Leaf]:
    return {
        (file.kind, file.path, key): leaf
        for file in facts.values.get(commit, ())
        for key, leaf in file.entries.items()
    }


def _change(
    one: Difference,
    before: Mapping[tuple[str, str, str], Leaf],
    now: Mapping[tuple[str, str, str], Leaf],
    alike: frozenset[tuple[str, str]],
) -> DifferenceView:
    file = visible(one.file)
    if one.group == "data":
        was_hash, hash_now = (visible(value or "")[:_HASH] for value in (one.old, one.new))
        return DifferenceView(one.group, file, file, was_hash, hash_now)
    old, new = (leaves.get((one.group, one.file, one.key)) for leaves in (before, now))
    was, is_now = (number(leaf) if leaf else None for leaf in (old, new))
    shown = verdict = ""
    if was is not None and is_now is not None:
        shown = delta(is_now, was)
        goal = goals.guess(one.key) if one.group == "metrics" else ""
        if goal and was != is_now:
            verdict = "better" if (is_now > was) == (goal == goals.HIGHER) else "worse"
    return DifferenceView(
        one.group,
        file,
        visible(one.key),
        short_number(old) if old else "",
        short_number(new) if new else "",
        shown,
        verdict,
        (one.group, visible(one.key)) in alike,
    )
