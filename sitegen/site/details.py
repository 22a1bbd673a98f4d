"""What is known of one version beyond its annotation, put together from the repository's facts."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sitegen.registry.facts import Annotation, RepositoryFacts
from sitegen.registry.lineage import Data
from sitegen.registry.schemas import ModelMetadata


class VersionDetails(msgspec.Struct, frozen=True):
    """What is known of one version.

    said: its annotation at its own commit. metadata: what the model is. data: its file, as Git or
    DVC records it.
    """

    said: Annotation | None = None
    metadata: ModelMetadata | None = None
    data: Data | None = None


def version_details(
    facts: RepositoryFacts,
    said: Mapping[str, Mapping[str, Annotation]],
    artifact: str,
    commit: str,
) -> VersionDetails:
    """The details of the version of `artifact` at `commit`.

    said: commit -> artifact -> its annotation there.
    """
    here = said.get(commit, {}).get(artifact)
    return VersionDetails(
        here,
        facts.models.get(commit, {}).get(artifact),
        facts.files.get(commit, {}).get(here.path) if here else None,
    )
