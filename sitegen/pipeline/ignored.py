"""Which of DVC's files a commit's `.dvcignore` hides, so that they do not count, as for DVC itself.

Other files stay, those too that a dvc.yaml names: DVC reads these whatever `.dvcignore` says.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.gitio.files import Files
from sitegen.readers import dvc_lock, dvc_yaml, dvcignore, pipelines

_NAMES = (dvc_yaml.NAME, dvc_lock.NAME)


def without_ignored(files: Files, found: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The files found at each commit (commit -> path -> blob) but for those that are hidden there.

    Whoever looked for them must have looked for `dvcignore.NAME` too.
    """
    rules = {commit: _rules(paths) for commit, paths in found.items()}
    blobs = files.read({commit: dict(row) for commit, row in rules.items() if row})
    patterns = {oid: dvcignore.read_patterns(data) for oid, data in blobs.items()}
    known: dict[tuple[object, ...], frozenset[str]] = {}
    left = {}
    for commit, paths in found.items():
        speaking = tuple(row for row in rules[commit] if patterns.get(row[1]))
        if not speaking:
            left[commit] = paths
            continue
        dvcs = tuple(path for path in paths if _is_dvcs(path))
        key = (speaking, dvcs)
        if key not in known:
            said = {path.rpartition("/")[0]: patterns[oid] for path, oid in speaking}
            known[key] = dvcignore.ignored(dvcs, said)
        hidden = known[key]
        left[commit] = {path: oid for path, oid in paths.items() if path not in hidden}
    return left


def _rules(paths: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (path, oid) for path, oid in paths.items() if path.rpartition("/")[2] == dvcignore.NAME
    )


def _is_dvcs(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in _NAMES or name.endswith(pipelines.SUFFIX)
