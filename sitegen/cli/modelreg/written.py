"""What a command that writes did, or would do, as the JSON that `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sitegen.gitio.write import Applied
    from sitegen.registry.commands import Plan
    from sitegen.registry.remarks import Holder
    from sitegen.registry.state import Registry


def record(
    plan: Plan,
    applied: Applied | None,
    registry: Registry,
    holders: Sequence[Holder],
    *,
    remote: str = "",
    undo: Sequence[str] = (),
    push: str = "",
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """The record of a plan. applied: None for a dry run. registry: as it was before.

    holders: of the stages that a version leaves. remote: where it was pushed, or would be. undo,
    push: the commands that take it back, and that push it, as people are told them.
    """
    from sitegen.redact import redact

    oids = dict(applied.tags) if applied else {}
    return {
        "dry_run": applied is None,
        "tags": [
            {
                "tag": tag.name,
                "oid": oids.get(tag.name),
                "event": tag.kind,
                "artifact": tag.artifact,
                "version": tag.version or None,
                "stage": tag.stage or None,
                "commit": tag.commit,
                "message": tag.message,
            }
            for tag in plan.create
        ],
        "deleted": list(plan.delete if applied is None else applied.deleted),
        "stages": _stages(plan, registry, holders),
        "pushed": bool(applied and applied.pushed),
        "remote": redact(remote) or None,
        "along": list(applied.along) if applied else [],
        "undo": [redact(command) for command in undo],
        "push": redact(push) or None,
        "warnings": [redact(warning) for warning in warnings],
    }


def change_record(
    dry_run: bool, path: str, changed: bool, diff: Sequence[str], done: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of a metadata file's change. diff: unified, by lines.

    done: of a commit, as the keys from "commit" on; what it lacks was not done.
    """
    from sitegen.redact import redact

    remote, push = done.get("remote"), done.get("push")
    return {
        "dry_run": dry_run,
        "path": path,
        "changed": changed,
        "diff": "".join(f"{line}\n" for line in diff),
        "commit": done.get("commit"),
        "branch": done.get("branch"),
        "pushed": done.get("pushed", False),
        "remote": redact(remote) if remote else None,
        "undo": [redact(command) for command in done.get("undo", ())],
        "push": redact(push) if push else None,
    }


def _stages(plan: Plan, registry: Registry, holders: Sequence[Holder]) -> list[dict[str, Any]]:
    """Who held each stage that the plan names, and who holds it afterwards; null for nobody."""
    found = []
    for tag in plan.create:
        if tag.kind != "assignment":
            continue
        artifact = registry.artifacts.get(tag.artifact)
        held = artifact.stages.get(tag.stage, ()) if artifact else ()
        found.append(_held(tag.artifact, tag.stage, held[0].version if held else None, tag.version))
    for one in holders:
        after = one.now.version if one.now else None
        found.append(_held(one.artifact, one.stage, one.before, after))
    return found


def _held(artifact: str, stage: str, before: str | None, now: str | None) -> dict[str, Any]:
    return {"artifact": artifact, "stage": stage, "before": before, "now": now}
