"""The shape of `modelreg`: its commands under headings, and second names for some of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sitegen.cli.common import Application

READING, WRITING, METADATA, OTHER = "Reading", "Writing", "Metadata", "Other"


class Grouped(Application):
    """Commands in the order of their definition, under the headings that they name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings: dict[str, str] = {}
        self.aliases: dict[str, str] = {}

    def add(self, heading: str, command: click.Command, *aliases: str) -> None:
        """Add a command under a heading, with other names that it answers to."""
        self.add_command(command)
        assert command.name
        self.headings[command.name] = heading
        self.aliases.update(dict.fromkeys(aliases, command.name))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        limit = formatter.width - 6 - max(map(len, self.commands), default=0)
        for heading in dict.fromkeys(self.headings.values()):
            rows = [
                (self._spellings(name), command.get_short_help_str(limit))
                for name, command in self.commands.items()
                if self.headings[name] == heading and not command.hidden
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def _spellings(self, name: str) -> str:
        others = [alias for alias, meant in self.aliases.items() if meant == name]
        return f"{name} ({', '.join(others)})" if others else name


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*decorators: Decorator) -> Decorator:
    """Several options as one decorator, shown in help in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for one in reversed(decorators):
            command = one(command)
        return command

    return decorate


repo_option = click.option(
    "-r", "--repo", default=".", show_default=True, metavar="FOLDER|URL",
    help="The repository; one at an address needs no checkout.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as gto does.")
plain_option = click.option(
    "--plain", is_flag=True, help="Print rows with tabs between the columns, for grep."
)


def one_of(**given: Any) -> None:
    """Raise click.UsageError where several of these flags are set."""
    names = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} exclude each other")
