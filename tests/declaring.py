"""The metrics and params files of one commit, from its dvc.yaml files and paths."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sitegen.errors import Problem
from sitegen.readers import dvc_config
from sitegen.readers.declared import Declared, found_among, read_declarations
from sitegen.readers.memo import Memo


def declared_values(
    files: Mapping[str, bytes],
    paths: Collection[str] | None = None,
    repo: str = "",
    ref: str = "",
    memo: Memo | None = None,
) -> tuple[tuple[Declared, ...], tuple[Problem, ...]]:
    """What counts at the commit, and the problems. paths: all of its files, `files` for None."""
    declarations, problems = read_declarations(files, repo, ref, memo)
    in_cloud = dvc_config.is_in_cloud(files.get(dvc_config.NAME, b""))
    there = files if paths is None else paths
    return found_among(declarations, there, in_cloud=in_cloud), problems
