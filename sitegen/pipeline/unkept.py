"""Versions whose path nobody keeps: it is neither in Git nor recorded by DVC at their commit."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping

from sitegen.errors import Problem
from sitegen.gitio.files import Files
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_commits
from sitegen.pipeline.metadata import Metadata
from sitegen.pipeline.opened import Opened
from sitegen.pipeline.tracked import tracked_paths
from sitegen.registry.lineage import Pipeline, find_data


def find_unkept(opened: Opened, wanted: Mapping[str, Collection[str]]) -> tuple[Problem, ...]:
    """A problem for each annotated path that is not there. wanted: commit -> artifacts.

    Addresses are taken at their word, and so is what has no path.
    """
    with ObjectReader(opened.repo) as reader:
        commits, _ = read_commits(reader, list(wanted), opened.name)
        trees = {oid: commit.tree for oid, commit in commits.items()}
        files = Files(reader, opened.name)
        metadata = Metadata(files, trees, opened.name, versions=wanted)
        metadata.read()
        paths = {
            commit: {
                one.artifact: posixpath.normpath(one.path)
                for one in metadata.annotations.get(commit, ())
                if one.artifact in artifacts and one.path and "://" not in one.path
            }
            for commit, artifacts in wanted.items()
        }
        asked = {commit: tuple(here.values()) for commit, here in paths.items()}
        tracked = tracked_paths(files, trees, asked)
    return tuple(
        Problem(
            opened.name,
            commit,
            path,
            f"{artifact} has this path, which is neither in Git nor recorded by DVC at this commit",
            "commit it or `dvc add` it, or correct the path with `modelreg annotate`; then "
            "register a new version",
            "path.unkept",
        )
        for commit, here in paths.items()
        for artifact, path in here.items()
        if path not in tracked.get(commit, ())
        and find_data(metadata.details.pipelines.get(commit, Pipeline()), path) is None
    )


def shown_versions(opened: Opened) -> dict[str, list[str]]:
    """The latest version of every artifact and those that hold a stage: commit -> artifacts."""
    found: dict[str, list[str]] = {}
    for artifact in opened.registry.artifacts.values():
        for version in artifact.versions:
            if version.registered and (version.name == artifact.latest or version.stages):
                found.setdefault(version.commit, []).append(artifact.name)
    return found
