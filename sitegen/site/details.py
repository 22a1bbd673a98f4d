"""What is known of one version beyond its annotation, put together from the repository's facts."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sitegen.registry.facts import Annotation, RepositoryFacts
from sitegen.registry.graphs import PipelineIndex, graph_of
from sitegen.registry.lineage import Data, Graph, Pipeline, find_data
from sitegen.registry.schemas import ModelMetadata
from sitegen.registry.state import Registry
from sitegen.registry.storage import Storage

MOST = 100
"""Nodes of a lineage that are shown: the nearest ones. A page stays readable and light."""

Said = Mapping[str, Mapping[str, Annotation]]
"""Commit -> artifact -> its annotation there."""


class VersionDetails(msgspec.Struct, frozen=True):
    """What is known of one version.

    said: its annotation at its own commit. metadata: what the model is. data: its file, as Git or
    DVC records it; DVC may record the folder alone that it lies in, as `data.path` tells.
    pipeline, storages: all that DVC's files say at its commit. in_git: the paths of facts.tracked.
    graph: where it comes from, empty where nothing says which file it is.
    """

    said: Annotation | None = None
    metadata: ModelMetadata | None = None
    data: Data | None = None
    pipeline: Pipeline = Pipeline()
    storages: tuple[Storage, ...] = ()
    in_git: frozenset[str] = frozenset()
    graph: Graph = Graph()


Details = Mapping[tuple[str, str], VersionDetails]
"""(artifact, commit) -> what is known of the version there."""


def details_of(facts: RepositoryFacts, said: Said, registry: Registry) -> Details:
    """The details of every version of a repository.

    Of a pipeline that several versions share an index is made once, and none is kept: in a
    repository of many projects it is large.
    """
    by_pipeline: dict[int, dict[tuple[str, str], Pipeline]] = {}
    for artifact in registry.artifacts.values():
        for version in artifact.versions:
            pipeline = facts.pipelines.get(version.commit, Pipeline())
            here = by_pipeline.setdefault(id(pipeline), {})
            here[artifact.name, version.commit] = pipeline
    found = {}
    for here in by_pipeline.values():
        index = PipelineIndex(next(iter(here.values())))
        for (name, commit), pipeline in here.items():
            found[name, commit] = _details(facts, said, name, commit, pipeline, index)
    return found


def _details(
    facts: RepositoryFacts,
    said: Said,
    artifact: str,
    commit: str,
    pipeline: Pipeline,
    index: PipelineIndex,
) -> VersionDetails:
    here = said.get(commit, {}).get(artifact)
    path = here.path if here else ""
    data = None
    if path:
        data = facts.files.get(commit, {}).get(path) or find_data(pipeline, path)
    in_git = facts.tracked.get(commit, frozenset())
    return VersionDetails(
        here,
        facts.models.get(commit, {}).get(artifact),
        data,
        pipeline,
        facts.storages.get(commit, ()),
        in_git,
        graph_of(index, path, data, in_git, MOST),
    )
