"""The frozen views of what a version holds: the model itself, its file, how it is fetched."""

from __future__ import annotations

import msgspec


class ColumnView(msgspec.Struct, frozen=True):
    """A column of a table that a method takes or gives. name: "" for one without a name."""

    name: str
    dtype: str
    index: bool


class TableView(msgspec.Struct, frozen=True):
    """Columns that one or several methods share. used: where ("data of predict")."""

    used: tuple[str, ...]
    columns: tuple[ColumnView, ...]


class MethodView(msgspec.Struct, frozen=True):
    """A method. signature: "predict(data: table with 11 columns) -> int64[?]"."""

    name: str
    signature: str


class RequirementView(msgspec.Struct, frozen=True):
    """A package that is needed. version: "any" where none is said. line: for pip, "" where pip does
    not install it; text: in words then."""

    name: str
    version: str
    text: str
    line: str


class MetadataView(msgspec.Struct, frozen=True):
    """What is known of a model itself.

    framework: as people call it; framework_id: as MLEM does. source: the file that says it.
    facts: further (name, value).
    """

    framework: str
    framework_id: str
    version: str
    class_name: str
    format: str
    source: str
    source_href: str
    description: str
    methods: tuple[MethodView, ...]
    tables: tuple[TableView, ...]
    requirements: tuple[RequirementView, ...]
    facts: tuple[tuple[str, str], ...]


class FileView(msgspec.Struct, frozen=True):
    """The file of a version, as far as Git and DVC know it.

    where: "Git", "Git LFS", "DVC storage" or "DVC cache, not pushed". address: in the storage,
    without credentials. href: a link that hands out the file without any tool, "" where there is
    none. source: the file that records it, dvc.lock for instance.
    """

    size: str
    bytes: int | None
    files: int | None
    hash: str
    short_hash: str
    algorithm: str
    where: str
    address: str
    href: str
    source: str


class CommandView(msgspec.Struct, frozen=True):
    """A command that fetches a version; ready to be copied.

    title: "modelreg get", "dvc get", "Python", ... note: what to know before it is run, or "".
    """

    title: str
    command: str
    note: str = ""


class ChangeView(msgspec.Struct, frozen=True):
    """What is different from the previous version. kind: "added", "removed" or "changed"."""

    what: str
    name: str
    kind: str
    old: str
    new: str
    old_full: str
    new_full: str
