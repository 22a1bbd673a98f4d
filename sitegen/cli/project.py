"""What a command of `sitegen` is about: which configuration or repository it takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sitegen.cli import common

if TYPE_CHECKING:
    from sitegen.config import Config


class Project(NamedTuple):
    """What a command is about. file: the configuration, None for that of the folder, if there is
    one. folder: which is shown where nothing else is said, None for the working folder."""

    file: Path | None = None
    folder: Path | None = None


def find(file: Path | None, given: Sequence[Any], quiet: bool) -> Project:
    """The project around the working folder: the nearest configuration up to the repository's top,
    else the repository itself where nothing is given to be shown. What is taken is said on stderr,
    where it is not the working folder's own."""
    from sitegen import config

    here = Path.cwd()
    if file is not None or (here / config.FILE).is_file():
        return Project(file)
    top = common.repository_around(here)
    if top is None or top == here:
        return Project()
    between = (here, *here.parents)
    folders = between[: between.index(top) + 1]
    found = next((path for folder in folders if (path := folder / config.FILE).is_file()), None)
    if found is None and given:
        return Project()
    if not quiet:
        what = f"the configuration {found}" if found else f"the repository {top}"
        click.echo(common.clean(f"taking {what}"), err=True)
    return Project(found, top)


def settings(
    project: Project, repositories: Sequence[str], only_snapshots: bool = False, **looks: Any
) -> Config:
    """The configuration with what the command line says instead."""
    import msgspec

    from sitegen import config

    file = project.file
    if file is None and Path(config.FILE).is_file():
        file = Path(config.FILE)
    if file is not None:
        found = config.override(config.load(file), repositories=repositories, **looks)
        _keep_secrets(found)
        return found
    found = config.default(repositories) if repositories else config.default(folder=project.folder)
    if only_snapshots and not repositories:
        # Snapshots stand in for the folder's own repository, which need not be one.
        found = msgspec.structs.replace(found, repositories=(), title="Model registry")
    return config.override(found, **looks)


def _keep_secrets(settings: Config) -> None:
    """Remember the tokens that git is given, for them never to be printed."""
    from sitegen.config import read_token

    named = [repository.token_env for repository in settings.repositories if repository.token_env]
    secrets().extend(token for name in named if (token := read_token(name)))


def secrets() -> list[str]:
    """The tokens that this run has read, and never prints."""
    context = click.get_current_context(silent=True)
    found: list[str] = context.obj[common.SECRETS] if context else []
    return found
