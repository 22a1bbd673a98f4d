"""Versions side by side: everything that is known of each as named facts, lined up by name."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

import msgspec

from sitegen.registry import goals
from sitegen.site.model import ValueFileView, VersionView
from sitegen.site.parts import ChangeView, FileView

GROUPS = (
    "Metrics", "Params", "Model", "Methods", "Columns", "Requirements", "Labels", "Model card",
    "File", "Data and code",
)  # fmt: skip
"""In the order in which they are shown."""

# What a version's page compares elsewhere is not said there again.
_ELSEWHERE = ("Metrics", "Params", "Data and code")


class Fact(msgspec.Struct, frozen=True):
    """One thing known of a version.

    group: one of GROUPS. key: unique in the group. text: shortened; full: whole. number: where it
    is one that can be subtracted. goal: "higher" or "lower" where that is better.
    """

    group: str
    key: str
    text: str
    full: str
    number: float | None = None
    goal: str = ""


class Row(msgspec.Struct, frozen=True):
    """One fact of several versions, None where a version does not have it. same: all are equal."""

    key: str
    facts: tuple[Fact | None, ...]
    same: bool


class Group(msgspec.Struct, frozen=True):
    """The rows of one group. different: how many are not the same everywhere."""

    name: str
    rows: tuple[Row, ...]
    different: int


def with_files(versions: Iterable[VersionView]) -> frozenset[str]:
    """The groups whose keys need their file: these versions have them in several files."""
    paths: dict[str, set[str]] = {"Metrics": set(), "Params": set()}
    for version in versions:
        paths["Metrics"].update(file.path for file in version.metrics)
        paths["Params"].update(file.path for file in version.params)
    return frozenset(group for group, found in paths.items() if len(found) > 1)


def facts_of(version: VersionView, files: Container[str] = ()) -> tuple[Fact, ...]:
    """Everything that is compared of one version, in the order in which it is shown.

    files: as `with_files` says of all that it is compared to.
    """
    return (
        *_values("Metrics", version.metrics, "Metrics" in files),
        *_values("Params", version.params, "Params" in files),
        *_model(version),
        *(Fact("Labels", label, "yes", "yes") for label in version.labels),
        *_card(version),
        *_file(version),
        *_lineage(version),
    )


def line_up(versions: Sequence[Sequence[Fact]]) -> tuple[Group, ...]:
    """The facts of several versions as rows, group by group; empty groups are left out.

    Keys are in the order of the version that has them first; the first version's order counts most.
    """
    by_version = [{(fact.group, fact.key): fact for fact in facts} for facts in versions]
    keys = dict.fromkeys(key for facts in by_version for key in facts)
    groups = []
    for group in GROUPS:
        rows = tuple(
            _row(key[1], tuple(facts.get(key) for facts in by_version))
            for key in keys
            if key[0] == group
        )
        if rows:
            groups.append(Group(group, rows, sum(not row.same for row in rows)))
    return tuple(groups)


def changes(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[ChangeView, ...]:
    """What is different in `new`, without metrics and params, which have columns of their own, and
    without data and code, which the lineage marks."""
    groups = line_up((tuple(new), tuple(old)))
    return tuple(
        _change(group.name, row)
        for group in groups
        if group.name not in _ELSEWHERE
        for row in group.rows
        if not row.same
    )


def _row(key: str, facts: tuple[Fact | None, ...]) -> Row:
    return Row(key, facts, len({fact.full if fact else None for fact in facts}) == 1)


def _change(group: str, row: Row) -> ChangeView:
    new, old = row.facts
    kind = "changed" if old and new else "added" if new else "removed"
    return ChangeView(
        group,
        row.key,
        kind,
        old.text if old else "",
        new.text if new else "",
        old.full if old else "",
        new.full if new else "",
    )


def _values(group: str, files: Sequence[ValueFileView], named: bool) -> Iterator[Fact]:
    # A path says nothing where there is only one.
    several = named or len(files) > 1
    for file in files:
        for value in file.values:
            key = f"{file.path}: {value.key}" if several else value.key
            goal = goals.guess(value.key) if group == "Metrics" else ""
            yield Fact(group, key, value.text, value.full, value.number, goal)


def _model(version: VersionView) -> Iterator[Fact]:
    found = version.metadata
    if found is None:
        return
    named = (
        ("Framework", f"{found.framework} {found.version}".strip()),
        ("Class", found.class_name),
        ("Format", found.format),
        *found.facts,
    )
    for key, text in named:
        if text:
            yield Fact("Model", key, text, text)
    for method in found.methods:
        yield Fact("Methods", method.name, method.signature, method.signature)
    for number, table in enumerate(found.tables):
        # Of several tables each is named by what it is first used for.
        where = f"{table.used[0]}: " if number else ""
        for column in table.columns:
            text = f"{column.dtype} (index)" if column.index else column.dtype
            yield Fact("Columns", f"{where}{column.name or '(no name)'}", text or "any", text)
    for requirement in found.requirements:
        yield Fact("Requirements", requirement.name, requirement.version, requirement.text)


def _card(version: VersionView) -> Iterator[Fact]:
    card = version.card
    if card is None:
        return
    for fact in card.facts:
        text = ", ".join(fact.values)
        yield Fact("Model card", fact.title, text, text)
    # Two texts of one path are told apart by their blobs.
    text = f"{card.path} ({card.digest})"
    yield Fact("Model card", "Text", text, text)


def _file(version: VersionView) -> Iterator[Fact]:
    if version.path:
        yield Fact("File", "Path", version.path, version.path)
    file = version.file
    if file is None:
        return
    for key, text, full in (
        ("Size", file.size, str(file.bytes)),
        ("Hash", file.short_hash, file.hash),
        ("Kept in", file.where, file.where),
        ("Storage", storage := _storage(file), storage),
    ):
        if text:
            yield Fact("File", key, text, full)


def _storage(file: FileView) -> str:
    """The storage that has a file: what of its address does not follow from its hash."""
    if not file.address:
        return ""
    return file.address.removesuffix(f"/{file.hash[:2]}/{file.hash[2:]}").removesuffix("/files/md5")


def _lineage(version: VersionView) -> Iterator[Fact]:
    """Data, code and imports by their hashes or commits; what is made of the model is left out."""
    for node in version.lineage.nodes if version.lineage else ():
        if node.box is None or node.downstream or node.kind in ("model", "step"):
            continue
        if node.origin is not None:
            yield Fact(
                "Data and code", f"{node.source.text} (import)", node.origin.text, node.origin.text
            )
        elif node.file is not None and node.file.hash:
            yield Fact("Data and code", node.name, node.file.short_hash, node.file.hash)
        else:
            yield Fact("Data and code", node.name, "no hash", "no hash")
