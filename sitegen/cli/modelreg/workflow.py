"""`modelreg workflow`: sets up the Git host's job through which people without a terminal act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sitegen import __version__
from sitegen.cli.common import write_file
from sitegen.cli.modelreg.applying import git_words, print_line
from sitegen.cli.modelreg.group import repo_option
from sitegen.cli.modelreg.worktree import inside

if TYPE_CHECKING:
    from sitegen.gitio.repository import Repository

HOSTS = ("github", "gitlab")


@click.command()
@click.argument("host", required=False, type=click.Choice(HOSTS))
@repo_option
@click.option(
    "--install",
    default=f"pip install sitegen=={__version__}",
    show_default=True,
    metavar="COMMAND",
    help="How the job gets modelreg.",
)
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def workflow(host: str | None, repo: str, install: str, force: bool) -> int:
    """Write the job that lets people act on the Git host's own pages.

    HOST is github or gitlab; default: the one that the Git remote is on.
    """
    from sitegen.cli.modelreg import jobs, opening
    from sitegen.errors import OutputError, RefusedError
    from sitegen.gitio.repository import open_repository

    if not install.isprintable() or not install.strip():
        raise click.UsageError("--install is one line, a command of the job")
    place = opening.find_place(repo)
    found = open_repository(place.path, "")
    if place.address is not None or found.worktree is None:
        raise RefusedError(
            "there is no worktree to write the file to",
            path=repo,
            remedy="run it in a clone, and commit and push the file",
        )
    path, name = _path(host or _host_of(found))
    target = inside(found.worktree, path)
    if target.exists() and not force:
        raise OutputError(
            "is there already", path=path, remedy="edit it, or replace it with --force"
        )
    text = jobs.github(install) if name == "GitHub" else jobs.gitlab(install, path)
    write_file(target, text.encode(), folders=True)
    print_line(f"{path} is written")
    if name == "GitLab":
        print_line(f"  include it in .gitlab-ci.yml:  include: [{{local: {path}}}]")
    print_line(f"  next: {git_words(place, 'add', path)}, commit, and push to the default branch")
    return 0


def _path(host: str) -> tuple[str, str]:
    """Where the file of a host's job belongs, and the host's name."""
    from sitegen.site.links import HOSTS as KNOWN

    job = KNOWN[host].workflow
    assert job is not None
    return job.path, job.host


def _host_of(repo: Repository) -> str:
    """The host of the repository's Git remote. Raises RefusedError where it is none of HOSTS."""
    from urllib.parse import urlsplit

    from sitegen.errors import RefusedError
    from sitegen.gitio.repository import remote_address
    from sitegen.site.links import web_address

    host = urlsplit(web_address(remote_address(repo))).hostname or ""
    for name in HOSTS:
        if name in host:
            return name
    raise RefusedError(
        f"the Git remote is on {host or 'no known host'}, for which no job is shipped",
        remedy=f"name the host: one of {', '.join(HOSTS)}",
    )
