"""`modelreg inspect`: what a model file is, read and never run; and a .mlem file that says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli import common
from sitegen.cli.modelreg.fetching import bar
from sitegen.cli.modelreg.group import repo_option

if TYPE_CHECKING:
    from rich.console import Console

    from sitegen.inspection.base import Inspected
    from sitegen.registry.schemas import DataType, ModelMetadata

ENDING = ".mlem"


@click.command()
@repo_option
@click.argument("what", metavar="FILE|NAME")
@click.option(
    "--sample",
    default="",
    metavar="DATA",
    help="A .csv, .tsv or .parquet file of the model's input: its columns and types.",
)
@click.option("--write", is_flag=True, help="Write what was found beside the file, as FILE.mlem.")
@click.option("--force", is_flag=True, help="Replace the .mlem file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inspect(
    repo: str, what: str, sample: str, write: bool, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Tell what a model file is, without running anything of it.

    FILE is a file or folder; NAME an artifact, or narrower: NAME@v1.0.0, NAME#prod. What is both is
    the file: write ./NAME for a file, NAME@latest for an artifact.
    """
    from sitegen.errors import RefusedError
    from sitegen.pipeline import inspecting

    path = Path(what)
    target: Path | None = _beside(path)
    if path.exists():
        inspected = inspecting.inspect_path(path)
    else:
        inspected, target = _of_version(repo, what)
    if sample:
        inspected = inspecting.add_sample(inspected, Path(sample))
    if as_json:
        common.print_json(_as_json(inspected))
    else:
        _print(inspected)
    if write:
        if target is None:
            raise RefusedError(
                f"{what} is no file of this machine to write beside",
                remedy="fetch it with `modelreg get`, then inspect the file with --write",
            )
        _write(inspected.metadata, target, force)
        click.echo(common.clean(f"wrote {target}"), err=True)


def _of_version(repo: str, name: str) -> tuple[Inspected, Path | None]:
    """What a version's content is, and where its .mlem file belongs in the working tree."""
    from sitegen.cli.modelreg import opening
    from sitegen.errors import InspectionError, RefusedError, RepositoryError
    from sitegen.pipeline import fetching, inspecting

    place = opening.find_place(repo)
    try:
        opened = opening.open_place(place)
        found = fetching.find_content(opened, name, place.address)
    except (RefusedError, RepositoryError):
        if repo == "." and Path(name).suffix and "@" not in name and "#" not in name:
            raise InspectionError(
                "there is neither such a file nor such an artifact",
                path=name,
                remedy="name a file, or an artifact that `modelreg show` lists",
            ) from None
        raise
    with bar(found) as progress:
        inspected = inspecting.inspect_found(found, progress)
    top = opened.repo.worktree
    if top is None or place.address is not None or "://" in found.path:
        return inspected, None
    target = _beside(top / found.path)
    return inspected, target if target.parent.is_dir() else None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def _write(metadata: ModelMetadata, target: Path, force: bool) -> None:
    """Made aside, then moved into place. Raises RefusedError, OutputError."""
    from sitegen.errors import OutputError
    from sitegen.readers.mlem_writing import write_mlem
    from sitegen.storage.placing import refuse

    refuse(target, force)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(write_mlem(metadata, target.name))
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(
            f"cannot be written: {error.strerror or error}", path=str(target)
        ) from None


def _as_json(inspected: Inspected) -> dict[str, object]:
    from sitegen.registry.schemas import requirement_text

    found = inspected.metadata
    return {
        "source": found.source,
        "format": found.format or None,
        "framework": found.framework or None,
        "framework_version": found.framework_version or None,
        "class": found.class_name or None,
        "methods": found.methods,
        "requirements": [requirement_text(one) for one in found.requirements],
        "facts": dict(found.facts),
        "warnings": inspected.warnings,
        "tensors": inspected.tensors,
        "tensor_count": inspected.tensor_count,
    }


def _print(inspected: Inspected) -> None:
    """For people: facts, methods, a table of columns, requirements, tensors, warnings."""
    from rich.console import Console
    from rich.text import Text

    from sitegen.registry import schemas

    found = inspected.metadata
    terminal = common.is_terminal(sys.stdout)
    colors = terminal and not os.environ.get("NO_COLOR")
    console = Console(
        file=sys.stdout, width=None if terminal else 200, no_color=not colors, highlight=False,
        soft_wrap=not terminal,
    )  # fmt: skip

    def tell(text: str, style: str = "", indent: int = 0) -> None:
        shown = common.clean(text).replace("\n", " ")
        console.print(Text(" " * indent + shown, style if colors else ""), soft_wrap=not terminal)

    rows = (
        ("framework", f"{found.framework or 'not known'} {found.framework_version}".strip()),
        ("class", found.class_name),
        ("format", found.format),
        ("file", found.source),
        *found.facts,
    )
    width = min(24, max(len(name) for name, value in rows if value)) + 2
    for name, value in rows:
        if value:
            shown = common.clean(value).replace("\n", " ")
            console.print(Text(name.ljust(width), "bold" if colors else "") + Text(shown))
    if found.methods:
        tell("methods", "bold")
    for method in found.methods:
        tell(schemas.signature_text(method), indent=2)
    for where, type_ in _tables(found):
        _print_columns(console, where, type_, colors)
    if found.requirements:
        tell("requirements", "bold")
    for requirement in found.requirements:
        tell(schemas.requirement_text(requirement), indent=2)
    if inspected.tensor_count:
        tell(f"tensors ({inspected.tensor_count})", "bold")
    for tensor in inspected.tensors[:_TENSORS]:
        sizes = ", ".join("?" if size is None else str(size) for size in tensor.shape)
        tell(f"{tensor.name}: {tensor.dtype}[{sizes}]", indent=2)
    if inspected.tensor_count > _TENSORS:
        tell(f"... and {inspected.tensor_count - _TENSORS} more: see --json", indent=2)
    for warning in inspected.warnings:
        tell(f"warning: {warning}", "bold red")


_TENSORS = 20
_COLUMNS = 200


def _tables(found: ModelMetadata) -> list[tuple[str, DataType]]:
    """Each distinct table that methods take or give, and where."""
    used: dict[tuple[object, ...], tuple[list[str], DataType]] = {}
    for method in found.methods:
        sides = [(f"{one.name} of {method.name}", one.type) for one in method.arguments]
        for where, type_ in (*sides, (f"what {method.name} gives", method.returns)):
            if type_ is not None and type_.columns:
                used.setdefault(type_.columns, ([], type_))[0].append(where)
    return [(", ".join(dict.fromkeys(where)), type_) for where, type_ in used.values()]


def _print_columns(console: Console, where: str, type_: DataType, colors: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    def text(value: str) -> Text:
        return Text(common.clean(value).replace("\n", " "))

    table = Table(title=text(where), title_justify="left", header_style="bold" if colors else "",
                  title_style="bold" if colors else "")  # fmt: skip
    table.add_column("column", overflow="fold")
    table.add_column("type", overflow="fold")
    for column in type_.columns[:_COLUMNS]:
        index = " (index)" if column.index else ""
        table.add_row(text(column.name or "(no name)"), text(f"{column.dtype or 'any'}{index}"))
    if len(type_.columns) > _COLUMNS:
        table.add_row(f"and {len(type_.columns) - _COLUMNS} more", "see --json")
    console.print(table)
