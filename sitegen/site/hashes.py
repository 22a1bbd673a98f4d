"""Which version of which model of the portal a hash is: lineage leads from one to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.state import Registry
from sitegen.site.details import Details

Known = Mapping[str, tuple["Holder", ...]]
"""Hash -> the versions whose file has it."""


class Holder(msgspec.Struct, frozen=True):
    """A version of an artifact. registered: and not deregistered since."""

    repo: str
    artifact: str
    version: str
    registered: bool


def holders(
    repositories: Iterable[tuple[RepositoryFacts, Registry, Details]],
) -> Known:
    """Every hash that a version's file has in DVC or Git LFS, and whose it is.

    The repositories come with the details of their versions. A blob's id in Git is left out: it is
    no hash of the content alone, so no two tools agree on it.
    """
    found: dict[str, dict[Holder, None]] = {}
    for facts, registry, details in repositories:
        for artifact in registry.artifacts.values():
            for version in artifact.versions:
                data = details[artifact.name, version.commit].data
                if data is None or not data.hash or data.algorithm == "git":
                    continue
                registered = version.registered and version.active
                holder = Holder(facts.name, artifact.name, version.name, registered)
                found.setdefault(data.hash, {})[holder] = None
    return {digest: tuple(row) for digest, row in found.items()}


def holder_of(known: Known, digest: str, repo: str) -> Holder | None:
    """The version that has a hash: one of the same repository first, and a registered one."""
    return min(
        known.get(digest, ()),
        key=lambda holder: (holder.repo != repo, not holder.registered),
        default=None,
    )
