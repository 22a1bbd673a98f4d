"""`sitegen`: build, serve and check the portal; read repositories; begin."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen import __version__
from sitegen.cli import common, project, reports
from sitegen.errors import OutputError, Problem, SitegenError

if TYPE_CHECKING:
    from sitegen.config import Config
    from sitegen.pipeline import Built

PORT = 8000

_Command = Callable[..., Any]


def _repositories(command: _Command) -> _Command:
    """The arguments and options that say what to read."""
    for decorate in (
        click.option("-v", "--verbose", is_flag=True, help="Say more."),
        click.option("-q", "--quiet", is_flag=True, help="Print errors and problems only."),
        click.option("-c", "--config", "file", type=click.Path(path_type=Path),
                     help="The configuration. Default: sitegen.yaml, here or above."),
        click.argument("repositories", nargs=-1, metavar="[REPOSITORY]..."),
    ):  # fmt: skip
        command = decorate(command)
    return command


def _looks(command: _Command) -> _Command:
    """Options that replace settings of the configuration."""
    for decorate in (
        click.option("--title", default="", help="The portal's title."),
        click.option("--theme", default="", help="A folder that replaces parts of the theme."),
        click.option("--base-url", default="", help="The address it will be served from."),
        click.option("-o", "--output", default="", help="Where to publish. Default: _site."),
    ):
        command = decorate(command)
    return command


_shallow = click.option(
    "--allow-shallow", is_flag=True, help="Read clones that lack their history."
)
_empty = click.option(
    "--allow-empty",
    is_flag=True,
    help="Publish repositories without registry tags, even over a site that shows models of them.",
)


@click.group(
    cls=common.Application, context_settings={"help_option_names": ["-h", "--help"]}
)  # fmt: skip
@click.version_option(__version__, prog_name="sitegen", message="%(prog)s %(version)s")
def main() -> None:
    """A model registry that a Git repository already has, as a portal of static files.

    In a clone, `sitegen build` needs nothing else.
    """


@main.command()
@_repositories
@_looks
@click.option(
    "--from-snapshot",
    "snapshots",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Show what `sitegen scan` wrote, in place of its repository. Repeatable.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 when there are problems.")
@_empty
@_shallow
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON.")
def build(
    repositories: tuple[str, ...], file: Path | None, snapshots: tuple[Path, ...], strict: bool,
    allow_empty: bool, allow_shallow: bool, as_json: bool, quiet: bool, verbose: bool,
    **looks: Any,
) -> int:  # fmt: skip
    """Build the portal.

    REPOSITORY is a folder, an address, or a name of the configuration; several are shown in one
    portal. Default: those of the configuration, else the repository around the working folder.
    """
    from sitegen import pipeline

    started = time.monotonic()
    found = project.find(file, (*repositories, *snapshots), quiet)
    settings = project.settings(found, repositories, bool(snapshots), **looks)
    with common.progress(quiet) as bars:
        built = pipeline.build(
            settings,
            progress=bars,
            allow_empty=allow_empty,
            allow_shallow=allow_shallow,
            snapshots=snapshots,
        )
    seconds = time.monotonic() - started
    secrets = project.secrets()
    common.print_problems(built.problems, err=True, secrets=secrets)
    if as_json:
        common.print_json(reports.report(built, seconds, secrets))
    elif not quiet:
        reports.summary(built, seconds, verbose)
    if not (strict and built.problems):
        return 0
    click.echo("error: there are problems, and --strict; the site is published all the same",
               err=True)  # fmt: skip
    return common.KNOWN


@main.command()
@_repositories
@_empty
@_shallow
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(
    repositories: tuple[str, ...], file: Path | None, allow_empty: bool, allow_shallow: bool,
    as_json: bool, quiet: bool, verbose: bool,
) -> int:  # fmt: skip
    """Print what is wrong; exit with 1 when something is.

    That is all that `build --strict` fails on. Nothing is written.
    """
    settings = project.settings(project.find(file, repositories, quiet), repositories)
    found, lines = _findings(settings, quiet, allow_empty, allow_shallow)
    names = [repository.name for repository in settings.repositories]
    secrets = project.secrets()
    if as_json:
        problems = [common.as_dict(problem, secrets) for problem in found]
        common.print_json({"repositories": names, "problems": problems})
    else:
        common.print_problems(found, secrets=secrets)
        if verbose and not quiet:
            for line in lines:
                click.echo(common.clean(f"  {line}"))
        if not quiet:
            where = reports.count(len(names), "repository")
            click.echo(f"{reports.count(len(found), 'problem')} in {where}.")
    return common.KNOWN if found else 0


@main.command()
@click.argument("repository")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write, - for the standard output.",
)
@click.option(
    "-c",
    "--config",
    "file",
    type=click.Path(path_type=Path),
    help="The configuration that names REPOSITORY.",
)
@_shallow
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def scan(
    repository: str, output: Path, file: Path | None, allow_shallow: bool, quiet: bool
) -> None:
    """Write one repository's facts to a file.

    `sitegen build --from-snapshot FILE` shows them, without the repository.
    """
    from sitegen import pipeline, snapshot

    settings = project.settings(project.find(file, (repository,), quiet), (repository,))
    with common.progress(quiet) as bars:
        facts = pipeline.scan(settings, progress=bars, allow_shallow=allow_shallow)
    data = snapshot.dump(facts)
    if output == Path("-"):
        sys.stdout.buffer.write(data)
        return
    common.write_file(output, data)
    if not quiet:
        tags = reports.count(len(facts.tags), "tag")
        click.echo(common.clean(f"{output}: {tags} of {facts.name}, {len(data):,} bytes."))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def init(folder: Path, force: bool) -> None:
    """Write a commented sitegen.yaml.

    It is filled with what is found in FOLDER, by default the working folder.
    """
    from sitegen import config
    from sitegen.cli.starter import starter

    target = folder / config.FILE
    if target.exists() and not force:
        raise OutputError(
            "is there already", path=str(target), remedy="edit it, or replace it with --force"
        )
    if not folder.is_dir():
        raise OutputError("there is no such folder", path=str(folder), remedy="make it first")
    children = sorted(child.name for child in folder.iterdir() if (child / ".git").exists())
    folders = [] if (folder / ".git").exists() else children
    found = config.default(folders, folder=folder)
    common.write_file(target, starter(found.title, folders or ["."], _stages(found)).encode())
    click.echo(common.clean(f"{target} is written; `sitegen build` reads it."))


@main.command()
@_repositories
@_looks
@_empty
@_shallow
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000, or the next free one.")
@click.option("--open", "browse", is_flag=True, help="Open it in a browser.")
def serve(
    repositories: tuple[str, ...], file: Path | None, host: str, port: int | None, browse: bool,
    allow_empty: bool, allow_shallow: bool, quiet: bool, verbose: bool, **looks: Any,
) -> None:  # fmt: skip
    """Serve the portal; rebuild it on every change.

    To this machine alone. What is open in a browser reloads by itself.
    """
    found = project.find(file, repositories, quiet)
    _serve(
        lambda: project.settings(found, repositories, **looks), host, port, browse, quiet, verbose,
        allow_empty=allow_empty, allow_shallow=allow_shallow,
    )  # fmt: skip


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("sitegen-demo"))
@click.option("-o", "--output", default="", help="Where to publish. Default: FOLDER/_site.")
@click.option("--serve/--no-serve", "serving", help="Serve it, too.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000, or the next free one.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def demo(folder: Path, output: str, serving: bool, port: int | None, quiet: bool) -> None:
    """Make demo registries in FOLDER, and build their portal."""
    from sitegen import pipeline
    from sitegen.demo import make_demo

    started = time.monotonic()
    made = [str(path) for path in make_demo(folder)]

    def settings() -> Config:
        return project.settings(
            project.Project(), made, title="Demo registry", output=output or str(folder / "_site")
        )

    if not quiet:
        click.echo(common.clean(f"{reports.count(len(made), 'repository')} in {folder}."))
    if serving:
        _serve(settings, "127.0.0.1", port, False, quiet)
        return
    with common.progress(quiet) as bars:
        built = pipeline.build(settings(), progress=bars)
    if not quiet:
        reports.summary(built, time.monotonic() - started, False)
        click.echo("To look at it, add --serve.")


def _findings(
    settings: Config, quiet: bool, allow_empty: bool, allow_shallow: bool
) -> tuple[tuple[Problem, ...], list[str]]:
    """Every problem, and a line about each repository that could be read."""
    from sitegen import pipeline
    from sitegen.site.build import build_site

    try:
        with common.progress(quiet) as bars:
            found = pipeline.gather(
                settings, progress=bars, allow_empty=allow_empty, allow_shallow=allow_shallow
            )
    except SitegenError as error:
        return error.problems, []
    return found.problems, list(reports.repositories(build_site(found.sources, found.settings)))


def _stages(settings: Config) -> tuple[str, ...]:
    """The stages in use, in their usual order; () where nothing can be read yet."""
    from sitegen import pipeline
    from sitegen.config import read_token
    from sitegen.site.build import Settings, stage_views

    try:
        with common.progress() as bars:
            reading = pipeline.read(
                settings, progress=bars, environ_token=read_token, allow_shallow=True
            )
    except SitegenError:
        return ()
    return tuple(stage_views(reading.sources, Settings()))


def _serve(
    load: Callable[[], Config], host: str, port: int | None, browse: bool, quiet: bool,
    verbose: bool = False, **allowed: bool,
) -> None:  # fmt: skip
    from sitegen import serve as server

    secrets = project.secrets()

    def told(line: str) -> None:
        if not quiet:
            click.echo(common.clean(line, secrets))

    def built(done: Built) -> None:
        if verbose:
            for line in reports.repositories(done.site):
                told(f"  {line}")

    def started(address: str) -> None:
        click.echo(f"Serving {address} (Ctrl-C stops)")
        if browse:
            click.launch(address)

    ports = range(PORT, PORT + 20) if port is None else range(port, port + 1)
    server.run(load, host=host, ports=ports, started=started, told=told, built=built, **allowed)
