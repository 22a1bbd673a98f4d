"""`modelreg`: read and write a model registry, for whoever knows `gto`."""

from __future__ import annotations

import click

from sitegen import __version__
from sitegen.cli.modelreg import (
    completion,
    fetching,
    group,
    inspecting,
    metadata,
    past,
    reading,
    workflow,
    writing,
)

__all__ = ["main"]


@click.group(cls=group.Grouped, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="modelreg", message="%(prog)s %(version)s")
def _main() -> None:
    """A model registry in a Git repository: annotated tags, and files that describe artifacts."""


assert isinstance(_main, group.Grouped)
main: group.Grouped = _main
main.name = "modelreg"

main.add(group.READING, reading.show)
main.add(group.READING, reading.history)
main.add(group.READING, past.changes)
main.add(group.READING, reading.stages)
main.add(group.READING, reading.check_ref)
main.add(group.READING, reading.describe)
main.add(group.READING, fetching.get)
main.add(group.READING, reading.doctor)
main.add(group.WRITING, writing.register)
main.add(group.WRITING, writing.assign, "promote")
main.add(group.WRITING, writing.unassign)
main.add(group.WRITING, writing.deregister)
main.add(group.WRITING, writing.deprecate)
main.add(group.METADATA, inspecting.inspect)
main.add(group.METADATA, metadata.annotate)
main.add(group.METADATA, metadata.remove)
main.add(group.OTHER, workflow.workflow)
main.add(group.OTHER, completion.completion)
