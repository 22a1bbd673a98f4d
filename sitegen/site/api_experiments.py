"""The experiments of a repository as records of `api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from sitegen.registry.columns import measured
from sitegen.registry.experiments import Experiment, experiments_of, registered_at
from sitegen.registry.facts import RepositoryFacts, ValueFile, timestamp
from sitegen.registry.lineage import Data
from sitegen.registry.projects import within_projects
from sitegen.registry.state import Registry
from sitegen.site.api_values import by_file
from sitegen.site.records import ApiData, ApiExperiment


def api_experiments(facts: RepositoryFacts, registry: Registry) -> list[ApiExperiment]:
    """Newest first, each DVC experiment right after its baseline.

    Experiments with the same values, or the same data, share one object, so that each is written
    out once.
    """
    facts = within_projects(facts)
    models: dict[str, dict[str, str]] = {}
    for artifact in registry.artifacts.values():
        for version in artifact.versions:
            if version.registered and version.active:
                models.setdefault(version.commit, {}).setdefault(artifact.name, version.name)
    shared: dict[tuple[str, int], Any] = {}

    def once(kind: str, holder: Any, make: Any) -> Any:
        key = (kind, id(holder))
        if key not in shared:
            shared[key] = make(holder)
        return shared[key]

    def record(one: Experiment) -> ApiExperiment:
        commit = facts.commits[one.commit]
        values = facts.values.get(one.commit, ())
        return ApiExperiment(
            commit=one.commit,
            parents=list(one.parents),
            branches=list(one.branches),
            tags=list(one.tags),
            name=one.name or None,
            baseline=one.baseline or None,
            author=commit.author.name,
            date=timestamp(commit.committed),
            message=commit.message.strip(),
            metrics=once("metrics", values, lambda files: _measured(files, "metrics")),
            params=once("params", values, lambda files: _measured(files, "params")),
            files=once("files", facts.data.get(one.commit, {}), _files),
            models=models.get(one.commit, {}),
            hidden=bool(one.hidden),
            hidden_because=one.hidden or None,
        )

    return [record(one) for one in experiments_of(facts, registered_at(registry))]


def _measured(files: Sequence[ValueFile], kind: str) -> dict[str, dict[str, Any]]:
    return by_file([replace(file, entries=measured(file)) for file in files], kind)


def _files(data: dict[str, Data]) -> dict[str, ApiData]:
    return {path: ApiData(one.hash or None, one.size) for path, one in sorted(data.items())}
