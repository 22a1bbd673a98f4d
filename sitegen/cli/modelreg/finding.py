"""Finding what a command was asked for, or saying what was looked for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sitegen.pipeline.opened import Opened
    from sitegen.registry.shortcuts import Shortcut
    from sitegen.registry.state import Artifact


def find_artifact(opened: Opened, name: str) -> Artifact:
    """One artifact. Raises RefusedError where there is none of that name."""
    from sitegen.errors import RefusedError
    from sitegen.registry.refusals import unknown
    from sitegen.registry.versions import is_version

    found = opened.registry.artifacts.get(name)
    if found is None and any(said.artifact == name for said in opened.said.values()):
        raise RefusedError(
            f"there was no artifact {name!r} yet", remedy=f"see `modelreg history {name}`"
        )
    if found is None:
        before, at, version = name.rpartition("@")
        if at and is_version(f"v{version}"):
            raise RefusedError(
                f"there is no artifact {name!r}: a version starts with v",
                remedy=f"write {before}@v{version}",
            )
        raise unknown(opened.registry, name)
    return found


def say_missing(reason: str) -> None:
    """Say on stderr what was looked for in vain."""
    from sitegen.cli.common import clean

    click.echo(clean(reason), err=True)


def why_missing(artifact: Artifact, shortcut: Shortcut) -> str:
    """Why a narrower name means no version, with the name that may have been meant."""
    from sitegen.registry.names import did_you_mean

    if shortcut.stage:
        near = did_you_mean(shortcut.stage, artifact.stages) if artifact.stages else ""
        return f"no version of {artifact.name} is in stage {shortcut.stage}{near}"
    if shortcut.version:
        near = did_you_mean(shortcut.version, [version.name for version in artifact.versions])
        return f"{artifact.name} has no version {shortcut.version}{near}"
    return f"{artifact.name} has no version yet"
