"""`modelreg inspect`: what a model file is, read and never run; and a .mlem file that says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sitegen.cli import common
from sitegen.cli.modelreg.fetching import bar
from sitegen.cli.modelreg.group import repo_option
from sitegen.cli.modelreg.worktree import inside

if TYPE_CHECKING:
    from sitegen.inspection.base import Inspected
    from sitegen.pipeline.kept import Found

ENDING = ".mlem"


class _Place(NamedTuple):
    """Where a model was found: at a path that was named, or as a version's content.

    top: the working tree that the version's path is in, None where there is none.
    """

    path: Path
    found: Found | None = None
    top: Path | None = None


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
@click.pass_context
def inspect(
    ctx: click.Context, repo: str, what: str, sample: str, write: bool, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Tell what a model file is, without running anything of it.

    FILE is a file or folder; NAME an artifact, or narrower: NAME@v1.0.0, NAME#prod. What is both is
    the file, unless -r is given.
    """
    from sitegen.pipeline import inspecting

    asked = ctx.get_parameter_source("repo") is click.core.ParameterSource.DEFAULT
    path = Path(what)
    if asked and os.path.exists(what):  # noqa: PTH110 - a name may be no path at all
        inspected, place = inspecting.inspect_path(path), _Place(path)
    else:
        inspected, place = _of_version(repo, what, may_be_file=asked)
    if sample:
        inspected = inspecting.add_sample(inspected, Path(sample))
    target = _target(place, what, force) if write else None
    if target is not None and place.found is None:
        # Only what is written needs the hash, and all of the file for it.
        inspected = inspecting.hashed(inspected, path)
    if as_json:
        common.print_json(_as_json(inspected, place.found))
    else:
        from sitegen.cli.modelreg.describing import print_model

        print_model(inspected, _label(place.found))
    if target is not None:
        from sitegen.readers.mlem_writing import write_mlem

        common.write_file(target, write_mlem(inspected.metadata, target.name), folders=True)
        click.echo(common.clean(f"wrote {target}"), err=True)


def _of_version(repo: str, name: str, may_be_file: bool) -> tuple[Inspected, _Place]:
    """What a version's content is, and where it belongs in the working tree."""
    from sitegen.cli.modelreg import opening
    from sitegen.errors import InspectionError, RefusedError, RepositoryError
    from sitegen.pipeline import fetching, inspecting

    if may_be_file and Path(name).suffix and (gone := inspecting.elsewhere(Path(name))):
        raise gone
    place = opening.find_place(repo)
    try:
        opened = opening.open_place(place)
        found = fetching.find_content(opened, name, place.address)
    except (RefusedError, RepositoryError):
        if may_be_file and Path(name).suffix and "@" not in name and "#" not in name:
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
        top = None
    return inspected, _Place(Path(found.path), found, top)


def _target(place: _Place, what: str, force: bool) -> Path:
    """Where the .mlem file goes. Raises RefusedError where one is, or no folder for one."""
    from sitegen.errors import RefusedError
    from sitegen.storage.placing import refuse

    path = place.path
    if place.found is not None:
        path = inside(place.top, place.found.path) if place.top else Path()
    if path.name in ("", ".."):
        path = path.resolve()
    if (place.found and not place.top) or not path.parent.is_dir():
        raise RefusedError(
            f"{what} is no file of this machine to write beside",
            remedy="fetch it with `modelreg get`, then inspect the file with --write",
        )
    target = path.with_name(f"{path.name}{ENDING}")
    try:
        refuse(target, force)
    except RefusedError:
        raise RefusedError(
            "it is there already", path=str(target), remedy="use --force to replace it"
        ) from None
    return target


def _label(of: Found | None) -> str:
    return f"{of.artifact}@{of.version or of.commit[:7]}" if of else ""


def _as_json(inspected: Inspected, of: Found | None) -> dict[str, object]:
    from sitegen.registry.schemas import requirement_text

    found = inspected.metadata
    return {
        "artifact": of.artifact if of else None,
        "version": (of.version or None) if of else None,
        "commit": of.commit if of else None,
        "source": found.source,
        "format": found.format or None,
        "framework": found.framework or None,
        "framework_version": found.framework_version or None,
        "class": found.class_name or None,
        "description": found.description or None,
        "methods": found.methods,
        "requirements": [requirement_text(one) for one in found.requirements],
        "files": [
            {"path": one.path, "size": one.size, "hash": one.hash or None} for one in found.files
        ],
        "facts": dict(found.facts),
        "warnings": inspected.warnings,
        "tensors": inspected.tensors,
        "tensor_count": inspected.tensor_count,
    }
