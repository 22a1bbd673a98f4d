"""The frozen views of a repository's table of experiments: rows, and columns of cells."""

from __future__ import annotations

import msgspec

from sitegen.site.parts import CommitView, StageView, When


class BadgeView(msgspec.Struct, frozen=True):
    """A version that is registered at a row's commit. stages: held now. number: of the model, as
    in `ExperimentsView.models`."""

    model: str
    number: int
    label: str
    url: str
    stages: tuple[StageView, ...]


class CellView(msgspec.Struct, frozen=True, gc=False):
    """A value of the table.

    text: shortened for reading; of data the first digits of its hash. full: as the source has it;
    of data the hash. number: None for what is no number. size: of data, as people say it.
    """

    text: str
    full: str
    number: float | None = None
    size: str = ""


class TableColumn(msgspec.Struct, frozen=True):
    """A column.

    id: "metrics:metrics.json:f1", the same from build to build. group: "metrics", "params" or
    "data". file: where it is from; of data the path itself. key: dotted, "" for data. goal:
    "higher" or "lower" where that is better, "" where neither is or nothing is known. shown: at
    first. cells: one for each row, None where there is none. numeric: whether most are numbers.
    """

    id: str
    group: str
    file: str
    key: str
    goal: str
    shown: bool
    cells: tuple[CellView | None, ...]
    numeric: bool = False


class RowView(msgspec.Struct, frozen=True):
    """An experiment.

    id: the commit's id; of a DVC experiment with "~" and its name. name: of a DVC experiment, ""
    for its checkpoints and for other commits. baseline: the commit that a DVC experiment was made
    from, "" for other commits. branch: where it shows, as a number of `ExperimentsView.branches`.
    message: whole, to 2,000 characters. parents: ids. branches: that contain it. tips: branches
    without commits of their own, of which it is the newest. hidden: "", "unchanged" or "skipped".
    notes: why values of it are not here. badges: its versions.
    """

    id: str
    commit: CommitView
    message: str
    parents: tuple[str, ...]
    name: str
    baseline: str
    branch: int
    branches: tuple[str, ...]
    tips: tuple[str, ...]
    tags: tuple[str, ...]
    hidden: str
    notes: tuple[str, ...]
    badges: tuple[BadgeView, ...]


class BranchView(msgspec.Struct, frozen=True):
    """A branch as a heading over its rows. name: "" for commits that no branch has. parent: the one
    that it grew from. depth: 0 for one that grew from no other. rows: how many are its own."""

    name: str
    parent: str
    depth: int
    rows: int


class BestView(msgspec.Struct, frozen=True):
    """The best row by one metric. column, row: their numbers in the table. file: where the metric
    is from, "" where its key says enough."""

    column: int
    row: int
    cell: CellView
    file: str = ""


class DifferenceView(msgspec.Struct, frozen=True):
    """One thing that the newest commit changed.

    name: the key, of data the path. old, new: texts, "" where there is none. delta: with its sign,
    "" where there is none. verdict: "better", "worse" or "". alike: whether another file has the
    same key.
    """

    group: str
    file: str
    name: str
    old: str
    new: str
    delta: str = ""
    verdict: str = ""
    alike: bool = False


class ExperimentsView(msgspec.Struct, frozen=True):
    """The table of experiments of one repository.

    url: its page. rows: as they show, branch after branch, newest first, DVC experiments after
    their baseline. hidden: how many of them are hidden at first. newest: number of the newest row
    that is not, -1 without one. baseline: of the row that others are measured against at first, the
    newest of the default branch; -1 without one. best: of the first metrics that have a goal.
    changes: what `newest` changed in its parent, of which `against` is the id, "" without one.
    models: each with the command that registers the commit {commit}. columns: metrics, params,
    data. last: the date of the newest commit, None without one. commit_shape, compare_shape:
    addresses on the Git host with {rev}, or {a} and {b}, for commits. plots: the script that says
    which plots its commits have, "" where none has any. branch_count: those without rows of their
    own included.
    """

    repo: str
    repo_href: str
    branch: str
    url: str
    api: str
    rows: tuple[RowView, ...]
    columns: tuple[TableColumn, ...]
    branches: tuple[BranchView, ...]
    models: tuple[tuple[str, str], ...]
    hidden: int
    newest: int
    baseline: int
    best: tuple[BestView, ...]
    changes: tuple[DifferenceView, ...]
    against: str
    last: When | None
    commit_shape: str
    compare_shape: str
    plots: str = ""
    branch_count: int = 0
