"""What a plan is refused for, in words: what was expected, and the remedy. Pure."""

from __future__ import annotations

from collections.abc import Collection

from sitegen.errors import RefusedError
from sitegen.registry import names, versions
from sitegen.registry.events import Event
from sitegen.registry.state import Artifact, Registry, Version

_LETTERS = "letters, digits, '-', '_' and '/', starting and ending with a letter or digit"


def check_artifact(artifact: str) -> None:
    """Raise RefusedError where `artifact` is no name."""
    if not names.is_artifact(artifact):
        raise RefusedError(
            f"{artifact!r} is no artifact's name",
            remedy=f"use {_LETTERS}, after an optional FOLDER:",
        )


def check_version(version: str) -> None:
    """Raise RefusedError where `version` is no vX.Y.Z."""
    if not versions.is_version(version):
        raise RefusedError(f"{version!r} is no version", remedy="write it like v1.0.0 (SemVer)")


def check_prerelease(identifier: str) -> None:
    """Raise RefusedError where no version can have the prerelease `identifier`; "" is none."""
    if identifier and ("+" in identifier or not versions.is_version(f"v0.0.0-{identifier}")):
        raise RefusedError(
            f"{identifier!r} is no identifier of a prerelease",
            remedy="use letters, digits and hyphens, such as rc (SemVer)",
        )


def check_stage(allowed: Collection[str], stage: str) -> None:
    """Raise RefusedError where `stage` is no name or not allowed. allowed: () for all."""
    if not names.is_name(stage):
        raise RefusedError(f"{stage!r} is no stage", remedy=f"use {_LETTERS}")
    if allowed and stage not in allowed:
        raise RefusedError(
            f"the stage {stage!r} is not allowed{names.did_you_mean(stage, allowed)}",
            path=".gto",
            remedy=f"use one of {', '.join(allowed)}, or add it to `stages` in .gto",
        )


def check_type(allowed: Collection[str], kind: str) -> None:
    """Raise RefusedError where an artifact's type is not allowed. allowed: () for all."""
    if allowed and kind not in allowed:
        raise RefusedError(
            f"the type {kind!r} is not allowed{names.did_you_mean(kind, allowed)}",
            path=".gto",
            remedy=f"use one of {', '.join(allowed)}, or add it to `types` in .gto",
        )


def check_not_in_stage(artifact: Artifact, version: Version, stage: str) -> None:
    """Raise RefusedError where `version` was assigned to `stage` and not taken out since (GTO's
    rule), whether or not a later assignment put another version there."""
    last = next((event for event in reversed(version.events) if event.stage == stage), None)
    if last is None or last.kind != "assignment":
        return
    held = artifact.stages.get(stage, ())
    what = f"{version.name} of {artifact.name}"
    if held and (held[0].version, held[0].commit) != (version.name, version.commit):
        raise RefusedError(
            f"{what} was assigned to {stage}{_on(last)} and never taken out; "
            f"{held[0].version} holds {stage}{_since(held[0].event)}",
            remedy="--force assigns it anew, so that it holds the stage",
        )
    if not held:
        raise RefusedError(
            f"{what} was assigned to {stage}{_on(last)}, and is deregistered since",
            remedy="register it again first: it is then in the stage as before",
        )
    raise RefusedError(
        f"{what} is in stage {stage} already{_since(last)}", remedy="use --force to say so again"
    )


def unknown(registry: Registry, artifact: str) -> RefusedError:
    """That there is no such artifact, and which there are."""
    some = ", ".join(sorted(registry.artifacts)[:5]) or "none yet"
    near = names.did_you_mean(artifact, registry.artifacts)
    return RefusedError(
        f"there is no artifact {artifact!r}{near}", remedy=f"see `modelreg show`; there are: {some}"
    )


def _on(event: Event) -> str:
    return f" on {event.when.local().date()}" if event.when else ""


def _since(event: Event) -> str:
    return f" since {event.when.local().date()}" if event.when else ""
