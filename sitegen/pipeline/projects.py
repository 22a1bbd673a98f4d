"""The folders of a monorepo that the settings name: whether each is there."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.errors import Problem
from sitegen.gitio.repository import open_repository, read_refs
from sitegen.pipeline.repository import Wanted
from sitegen.registry import events, names
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.tags import parse

NO_PROJECT = "repository.projects"
"""The kind of problem that names a folder which is not there."""

MOST = 10
"""Folders that are named to the reader."""


def missing_projects(wanted: Wanted, facts: RepositoryFacts) -> tuple[Problem, ...]:
    """A problem for each of `wanted.projects` that no tag and no metadata file is in.

    facts: what was read with `wanted`. Git is asked again only where there is such a folder.
    """
    tags = {name.artifact for tag in facts.tags if (name := parse(tag.name)) is not None}
    said = {one.artifact for rows in facts.annotations.values() for one in rows}
    folders_there = {names.split(artifact)[0] for artifact in tags | said} | set(facts.projects)
    missing = _not_in(wanted.projects, folders_there)
    if not missing:
        return ()
    # Tags that could not be read are there, too; the rest of the folders is asked for here alone.
    every, _, _ = events.select(read_refs(open_repository(wanted.path), wanted.name).refs)
    folders_there |= {names.split(tag.artifact)[0] for tag in every.values()}
    missing = _not_in(missing, folders_there)
    folders = sorted(folders_there - {""})
    more = ", ..." if len(folders) > MOST else ""
    known = ", ".join(folders[:MOST]) + more
    return tuple(
        Problem(
            wanted.name,
            "",
            project,
            "`projects` names this folder, but no registry tag and no metadata file is in it",
            f"name one of those there are: {known}"
            if folders
            else "take `projects` out: this repository is no monorepo",
            NO_PROJECT,
        )
        for project in missing
    )


def _not_in(projects: Iterable[str], folders: Iterable[str]) -> list[str]:
    there = [f"{folder}/" for folder in folders]
    return [
        project for project in projects if not any(one.startswith(f"{project}/") for one in there)
    ]
