"""How people get a version: where its file is kept, a link that hands it out, and commands."""

from __future__ import annotations

import shlex

from sitegen.registry import versions
from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.lineage import find_data
from sitegen.registry.state import Version
from sitegen.registry.storage import address_of, direct_link, fetch_commands
from sitegen.site.details import VersionDetails
from sitegen.site.links import RepositoryLinks
from sitegen.site.metadata import file_view
from sitegen.site.parts import CommandView, FileView
from sitegen.site.text import visible

HERE = "."
"""What a command names where the repository has no address: it works in a clone of it."""

IN_A_CLONE = "The repository has no public address: run this in a clone of it."
NO_PATH = "Nothing says at this commit which file the version is; this brings the whole repository."

_COMMIT = 12
"""Digits of an unregistered version's commit in a command."""


def place_of(found: VersionDetails, links: RepositoryLinks, commit: str) -> tuple[str, str]:
    """Where a version's file is in its storage, and a link to it that needs no tool; "" each.

    A file in Git has no storage, but on a known Git host a link.
    """
    data = found.data
    if data is None:
        path = found.said.path if found.said else ""
        return "", path if path.startswith(("https://", "http://")) else ""
    if data.algorithm == "git":
        # A folder has no size, and is not handed out as a whole.
        return "", links.raw(commit, data.path) if data.size is not None else ""
    return address_of(found.storages, data), direct_link(found.storages, data)


def kept_by_dvc(found: VersionDetails, path: str) -> FileView | None:
    """What DVC records of a path that is not in Git; None where it records nothing."""
    data = find_data(found.pipeline, path)
    if data is None or not data.cached:
        return None
    return file_view(data, address_of(found.storages, data), direct_link(found.storages, data))


def commands_of(
    facts: RepositoryFacts, version: Version, found: VersionDetails
) -> tuple[tuple[str, str], ...]:
    """The commands that fetch a version, the best first: (title, command).

    The last one brings the whole repository as it was, and is the only one where nothing says which
    file the version is.
    """
    url = facts.url or HERE
    tag = version.registration.tag if version.registration else ""
    said = found.said
    rows: tuple[tuple[str, str], ...] = ()
    if said is not None and said.path:
        sources = said.sources or (said.source,)
        registered = versions.is_version(version.name)
        rows = fetch_commands(
            url,
            version.artifact,
            version.name if registered else version.name[:_COMMIT],
            "",
            tag or version.commit,
            said.path,
            known=found.data is not None,
            in_dvc_yaml=version.active
            and any(source.rpartition("/")[2] == "dvc.yaml" for source in sources),
        )
    return (*rows, ("The whole repository", _repository(url, tag, version.commit)))


def stage_command(facts: RepositoryFacts, artifact: str, stage: str) -> str:
    """The command that gets whatever is in a stage when it is run."""
    return fetch_commands(facts.url or HERE, artifact, "", stage, "", "", known=False)[0][1]


def command_views(
    facts: RepositoryFacts, version: Version, found: VersionDetails
) -> tuple[CommandView, ...]:
    """The commands as shown."""
    rows = commands_of(facts, version, found)
    notes = {} if facts.url else dict.fromkeys((row[0] for row in rows), IN_A_CLONE)
    if len(rows) == 1:
        notes = {rows[0][0]: NO_PATH}
    return tuple(CommandView(title, visible(text), notes.get(title, "")) for title, text in rows)


def _repository(url: str, tag: str, commit: str) -> str:
    """The repository at a version: cloned, or where there is no address, in the clone at hand."""
    if url == HERE:
        return f"git switch --detach {shlex.quote(tag or commit)}"
    where = f"-- {shlex.quote(url)}" if url.startswith("-") else shlex.quote(url)
    if tag:
        return f"git clone --branch {shlex.quote(tag)} {where}"
    folder = url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
    return f"git clone {where}\ngit -C {shlex.quote(folder)} switch --detach {commit}"
