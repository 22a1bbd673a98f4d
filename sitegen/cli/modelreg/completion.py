"""`modelreg completion`: the script with which a shell completes its commands and options."""

from __future__ import annotations

import click

NAME = "modelreg"
VARIABLE = "_MODELREG_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes modelreg in bash, zsh or fish."""
    click.echo(script(ctx.find_root().command, shell))


def script(command: click.Command, shell: str) -> str:
    """Click's own script for a shell; nothing is run to make it."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    made = found(command, {}, NAME, VARIABLE)
    return str(made.source_template % made.source_vars())
