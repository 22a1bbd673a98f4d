"""A version's file or folder: what a name means, and its content fetched from where it is kept."""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import RefusedError, StorageError
from sitegen.gitio.address import Address
from sitegen.pipeline.evidence import annotation_at
from sitegen.pipeline.kept import Finder, Found
from sitegen.pipeline.opened import Opened
from sitegen.registry.refusals import unknown
from sitegen.registry.shortcuts import parse_shortcut
from sitegen.registry.state import Version
from sitegen.storage.placing import Placed, place_file, place_folder
from sitegen.storage.transfer import Progress


def find_content(opened: Opened, name: str, address: Address | None = None) -> Found:
    """What NAME, NAME@VERSION, NAME@latest or NAME#STAGE is, and where.

    address: where `opened` is a mirror of; its records then name no folder of this machine.
    Raises RefusedError for a name that means nothing, StorageError where nobody keeps it.
    """
    artifact, version, commit = resolve(opened, name)
    said = annotation_at(opened, commit, artifact)
    if said is None or not said.path:
        raise StorageError(
            f"nothing says at {commit[:7]} where {artifact} is",
            repo=opened.name,
            ref=version,
            remedy=_no_path(artifact, version),
        )
    return Finder(opened, address, artifact, version, commit, said.path).find()


def _no_path(artifact: str, version: str) -> str:
    """What helps: a version keeps what was said at its own commit, so saying it now is late."""
    say = f"`modelreg annotate {artifact} --path PATH --commit`"
    if not version.startswith("v"):
        return f"say it: {say}"
    return (
        f"{version} keeps what was said at its own commit: use {say}, then register a new version"
    )


def fetch(found: Found, target: Path, force: bool, progress: Progress) -> Placed:
    """Write it to `target`, checked; raises as `storage.placing.place_file`."""
    if found.folder:
        key = found.hash or f"{found.commit}:{found.path}"
        return place_folder(found.pieces, key, target, force, progress)
    (piece,) = found.pieces()
    return place_file(piece.source, piece.expected, target, force, progress)


def resolve(opened: Opened, name: str) -> tuple[str, str, str]:
    """(artifact, version, commit) that a name means: the latest version where it says none, and
    what HEAD has where there is no version. Raises RefusedError."""
    known = opened.registry.artifacts
    shortcut = parse_shortcut(name)
    wanted = shortcut.version
    if not shortcut and name not in known and "@" in name:
        # An unregistered version is named by its commit.
        artifact_name, _, wanted = name.rpartition("@")
        artifact_name = artifact_name if wanted else name
    else:
        artifact_name = shortcut.artifact
    artifact = known.get(artifact_name)
    if artifact is None:
        raise unknown(opened.registry, artifact_name)
    chosen: Version | None = None
    if wanted:
        same = [v for v in artifact.versions if v.name == wanted]
        some_of = [v for v in artifact.versions if len(wanted) > 6 and v.name.startswith(wanted)]
        chosen = next(iter([v for v in same if v.active] or same or some_of), None)
    elif shortcut.stage:
        chosen = next((v for v in artifact.versions if shortcut.stage in v.stages), None)
    else:
        chosen = next((v for v in artifact.versions if v.name == artifact.latest), None)
        if chosen is None and not shortcut.latest:
            chosen = next((v for v in artifact.versions if v.active), None)
            if chosen is None and not artifact.versions and opened.refs.head:
                return artifact.name, "", opened.refs.head
    if chosen is None:
        what = wanted or (f"#{shortcut.stage}" if shortcut.stage else "registered version")
        raise RefusedError(
            f"{artifact.name} has no {what}", remedy=f"see `modelreg show {artifact.name}`"
        )
    return artifact.name, "" if chosen.discovered else chosen.name, chosen.commit
