"""Declared plots: what dvc.yaml says of each, and the data that it is drawn from."""

from __future__ import annotations

from typing import Any

import msgspec

DEFAULT_TEMPLATE = "linear"
"""The template of a plot that names none, as in DVC."""

TEMPLATES = (
    "simple", "linear", "smooth", "scatter", "scatter_jitter", "confusion", "confusion_normalized",
    "bar_horizontal", "bar_horizontal_sorted",
)  # fmt: skip
"""The templates that DVC has itself."""

PROPERTIES = ("x", "y", "template", "title", "x_label", "y_label")
"""What dvc.yaml may say of a plot's looks."""


class Table(msgspec.Struct, frozen=True):
    """The rows of a data file, column by column, still encoded: most are never looked at.

    cells: JSON, a list of values for each of `columns`; NaN and the infinities are strings.
    absent: for each column the rows that lack it (their cell is null), () where none lacks any.
    drawn: the column that is drawn where dvc.yaml names none, "" if there is none.
    """

    columns: tuple[str, ...]
    rows: int
    drawn: str
    cells: str
    absent: tuple[tuple[int, ...], ...] = ()


class PlotFile(msgspec.Struct, frozen=True):
    """A file that a plot is drawn from.

    table: a key of `RepositoryFacts.tables`, "" where there is none. note: "" or why its content is
    not there ("cached by DVC, not in Git"), with hash and size where known.
    """

    path: str
    table: str = ""
    note: str = ""
    hash: str = ""
    size: int | None = None


class Plot(msgspec.Struct, frozen=True):
    """One declared plot at one commit.

    id: the path of its file, or the name that dvc.yaml gives it. name: the same, with "dvc.yaml::"
    before it where two files declare that id; unique at the commit. source: the dvc.yaml.
    definition: those of PROPERTIES that are said. x: a column, or file -> column. y: a column, a
    list of columns, or file -> a column or a list. files: what it is drawn from, paths from the
    root. image: whether it is one; picture: that image, a key of `RepositoryFacts.pictures`.
    template: of the repository's own template its blob, a key of `RepositoryFacts.templates`.
    note: "" or why there is nothing to be seen.
    """

    id: str
    name: str
    source: str
    definition: dict[str, Any]
    files: tuple[PlotFile, ...]
    image: bool = False
    picture: str = ""
    template: str = ""
    note: str = ""
