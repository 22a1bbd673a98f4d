"""`modelreg get`: a version's file or folder, from where it is kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli import common
from sitegen.cli.modelreg.applying import print_line
from sitegen.cli.modelreg.group import repo_option

if TYPE_CHECKING:
    from sitegen.pipeline.kept import Found
    from sitegen.storage.placing import Placed
    from sitegen.storage.transfer import Progress


@click.command()
@repo_option
@click.argument("name")
@click.option(
    "-o",
    "--output",
    default="",
    metavar="PATH",
    help="Where to write it; in a folder that is there, under its own name. Default: "
    "its own name, in the working folder.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and from where.")
def get(repo: str, name: str, output: str, force: bool, dry_run: bool) -> None:
    """Fetch the file or folder of a version.

    NAME is an artifact, for its latest version, or narrower: NAME@v1.0.0, NAME#prod. It comes from
    Git, Git LFS, DVC's cache or storage, or the address that its path is, and is checked against
    the recorded hash. A fetch that was cut off goes on when it is run again.
    """
    from sitegen.cli.modelreg import opening
    from sitegen.pipeline import fetching
    from sitegen.storage.placing import refuse

    place = opening.find_place(repo)
    opened = opening.open_place(place)
    found = fetching.find_content(opened, name, place.address)
    target = _target(output, found)
    refuse(target, force)
    if dry_run:
        print_line(f"would fetch {_what(found)} to {target}")
        print_line(f"  from {found.kind}: {found.shown}")
        size = "unknown" if found.size is None else size_text(found.size)
        print_line(f"  size: {size}; hash: {found.hash or 'none is recorded'}")
        return
    with bar(found) as progress:
        placed = fetching.fetch(found, target, force, progress)
    print_line(f"{target}: {_what(found)}, {size_text(placed.size)}, {_checked(placed)}")


def _target(output: str, found: Found) -> Path:
    target = Path(output or found.name)
    # As `cp` and `dvc get` take a folder that is there.
    return target / found.name if output and target.is_dir() else target


def _what(found: Found) -> str:
    version = found.version if found.version.startswith("v") else found.commit[:7]
    return f"{found.artifact}@{version}"


def _checked(placed: Placed) -> str:
    files = "" if placed.files == 1 else f" of {placed.files} files"
    if placed.checked == placed.files:
        return f"hash{files} checked" if placed.files else "an empty folder"
    return f"no hash{files} is recorded, so that nothing was checked"


def size_text(size: int) -> str:
    """Bytes for people: `12.3 kB`."""
    if size < 1000:
        return f"{size} bytes"
    shown, units = float(size), iter(("kB", "MB", "GB", "TB", "PB"))
    unit = ""
    while shown >= 999.5 and (following := next(units, "")):
        shown, unit = shown / 1000, following
    return f"{shown:.3g} {unit}" if shown < 999.5 else f"{shown:.0f} {unit}"


@contextmanager
def bar(found: Found) -> Iterator[Progress]:
    """A bar of bytes on stderr where it is a terminal, silence elsewhere."""
    if not common.is_terminal(sys.stderr):
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    )  # fmt: skip
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(escape(common.clean(_what(found))), total=found.size)

        def progress(done: int, total: int | None) -> None:
            bars.update(task, completed=done, total=total if total is not None else found.size)

        yield progress
