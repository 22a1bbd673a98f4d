"""What `sitegen build` says when it is done: a report for programs, a summary for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli import common

if TYPE_CHECKING:
    from sitegen.pipeline import Built
    from sitegen.site.model import Site


def report(built: Built, seconds: float, secrets: Sequence[str] = ()) -> dict[str, Any]:
    """The report as `--json` prints it, without credentials."""
    site = built.site
    return {
        "output": str(built.output),
        "models": sum(one.models for one in site.repositories),
        "versions": sum(one.versions for one in site.repositories),
        "events": len(site.events),
        "repositories": [
            {
                "name": one.name,
                "url": one.address,
                "head": one.head.oid if one.head else None,
                "models": one.models,
                "artifacts": one.artifacts,
                "versions": one.versions,
                "problems": one.problems,
            }
            for one in site.repositories
        ],
        "files": built.report.files,
        "written": built.report.written,
        "problems": [common.as_dict(problem, secrets) for problem in built.problems],
        "seconds": round(seconds, 3),
    }


def summary(built: Built, seconds: float, verbose: bool = False) -> None:
    """How much was built, where, and how long it took; verbose: of which repository."""
    site = built.site
    models = count(sum(one.models for one in site.repositories), "model")
    versions = count(sum(one.versions for one in site.repositories), "version")
    events = count(len(site.events), "event")
    where = count(len(site.repositories), "repository")
    click.echo(f"{models}, {versions} and {events} of {where}.")
    if verbose:
        for line in repositories(site):
            click.echo(common.clean(f"  {line}"))
        click.echo(f"  {built.report.written} of {built.report.files} files are new or changed")
    if built.problems:
        click.echo(f"{count(len(built.problems), 'problem')}; also on the problems page.")
    click.echo(common.clean(f"{near(built.output)} is built, in {seconds:.1f} s."))


def repositories(site: Site) -> Iterator[str]:
    """What was found in each repository, one line for each."""
    for one in site.repositories:
        counts = f"{count(one.models, 'model')}, {count(one.versions, 'version')}"
        yield f"{one.name}: {counts}, {count(one.problems, 'problem')}"


def near(path: Path) -> str:
    """`path` from here, where it is below."""
    try:
        return f"{path.relative_to(Path.cwd())}/"
    except ValueError:
        return str(path)


def count(number: int, what: str) -> str:
    """`1 model`, `2 models`, `3 repositories`."""
    many = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number:,} {what if number == 1 else many}"
