"""Where `-r` leads: a folder of this machine, or an address with a mirror in the cache."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sitegen.cli import common

if TYPE_CHECKING:
    from sitegen.gitio.address import Address
    from sitegen.gitio.signatures import Trust
    from sitegen.pipeline.opened import Opened
    from sitegen.registry.facts import Rules


class Place(NamedTuple):
    """A repository to work on. given: what the user called it. address: None for a folder."""

    given: str
    path: Path
    address: Address | None = None


def find_place(given: str) -> Place:
    """The folder that is meant, or an up-to-date mirror of the address that is.

    The working folder stands for the repository that it is in, as it does for git.
    """
    if Path(given).is_dir():
        around = common.repository_around(Path(given)) if given == "." else None
        return Place(given, around or Path(given))
    from sitegen import config

    if not config.is_url(given):
        return Place(given, Path(given))
    from sitegen.gitio.address import parse_address
    from sitegen.gitio.clone import mirror

    # The user names this very address: a folder of this machine is no surprise there.
    address = parse_address(given, allow_file=True)
    context = click.get_current_context(silent=True)
    if context and isinstance(context.obj, dict):
        context.obj[common.SECRETS].extend(address.secrets)
    cache = config.cache_folder()
    return Place(given, mirror(given, cache, allow_file=True), address)


def open_place(place: Place) -> Opened:
    """Read its registry."""
    from sitegen.pipeline.opened import open_local

    name = ""
    if place.address is not None:
        from sitegen import config

        name = config.name_of(place.address.shown)
    return open_local(place.path, name, trust)


def trust() -> Trust:
    """Whose signatures count: git's own allowed signers of the user, and GNUPGHOME's keyring."""
    from sitegen.gitio.signatures import Trust, users_allowed_signers

    keyring = os.environ.get("GNUPGHOME")
    return Trust(users_allowed_signers(), Path(keyring) if keyring else None)


def open_repo(given: str) -> Opened:
    """Read the registry that `-r` names."""
    return open_place(find_place(given))


def promotion_rules(opened: Opened) -> Rules:
    """The rules of sitegen.yaml in the working folder or the repository, else those of .gto.

    Raises ConfigError where they are wrong: a rule that cannot be read is not passed over.
    """
    from sitegen import config
    from sitegen.errors import ConfigError
    from sitegen.pipeline.evidence import promotion_of_gto
    from sitegen.registry.facts import Requirement, Rules

    folders = [Path(), *([opened.repo.worktree] if opened.repo.worktree else [])]
    for file in dict.fromkeys((folder / config.FILE).absolute() for folder in folders):
        if not file.is_file():
            continue
        found = config.load_promotion(file)
        if found != config.Promotion():
            require = {
                stage: Requirement(one.came_from, one.metrics, one.card)
                for stage, one in found.require.items()
            }
            return Rules(found.order, require)
    rules, problems = promotion_of_gto(opened)
    wrong = [problem for problem in problems if problem.kind == "gto.promotion"]
    if wrong:
        raise ConfigError.of(wrong)
    return rules


def hint_problems(opened: Opened) -> None:
    """Say on stderr that there are problems, and where to read them."""
    if opened.repo.shallow:
        click.echo(
            "warning: this is a shallow clone, which may lack tags and versions; "
            "`git fetch --unshallow --tags --force` brings them",
            err=True,
        )
    if opened.problems:
        count = len(opened.problems)
        what = "1 problem" if count == 1 else f"{count} problems"
        click.echo(f"{what}: see `modelreg doctor`", err=True)
