"""What is known of one version beyond its annotation, put together from the repository's facts."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sitegen.registry.facts import Annotation, RepositoryFacts
from sitegen.registry.lineage import Data, Pipeline, find_data
from sitegen.registry.schemas import ModelMetadata
from sitegen.registry.storage import Storage


class VersionDetails(msgspec.Struct, frozen=True):
    """What is known of one version.

    said: its annotation at its own commit. metadata: what the model is. data: its file, as Git or
    DVC records it; DVC may record the folder alone that it lies in, as `data.path` tells.
    pipeline, storages: all that DVC's files say at its commit. in_git: the paths of facts.tracked.
    """

    said: Annotation | None = None
    metadata: ModelMetadata | None = None
    data: Data | None = None
    pipeline: Pipeline = Pipeline()
    storages: tuple[Storage, ...] = ()
    in_git: frozenset[str] = frozenset()


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
    pipeline = facts.pipelines.get(commit, Pipeline())
    data = None
    if here and here.path:
        data = facts.files.get(commit, {}).get(here.path) or find_data(pipeline, here.path)
    return VersionDetails(
        here,
        facts.models.get(commit, {}).get(artifact),
        data,
        pipeline,
        facts.storages.get(commit, ()),
        facts.tracked.get(commit, frozenset()),
    )
