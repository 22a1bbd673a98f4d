"""Plans of registry actions: which tags to make or delete, or a refusal. Pure; nothing is written.

Source of the rules: GTO 1.10 (`gto/registry.py`): what it refuses is refused here. Beyond it: two
versions at one commit with `force`, prereleases, and the promotion rules of `rules`.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from sitegen.errors import RefusedError
from sitegen.registry import names, tags, versions
from sitegen.registry.facts import Moment, Rules
from sitegen.registry.refusals import (
    check_artifact,
    check_not_in_stage,
    check_prerelease,
    check_stage,
    check_version,
    unknown,
)
from sitegen.registry.rules import Evidence, check_promotion
from sitegen.registry.state import Artifact, Registry, Version
from sitegen.registry.tags import Kind, TagName
from sitegen.registry.versions import Bump

SECONDS_AHEAD = 60
"""How far a tag's date may run ahead of the clock, when many are made within a second."""


class TagPlan(msgspec.Struct, frozen=True):
    """One annotated tag to be made. name: short. version: what an (un)assignment means."""

    name: str
    commit: str
    message: str
    kind: Kind
    artifact: str
    version: str
    stage: str


class Plan(msgspec.Struct, frozen=True):
    """Tags to make, in order, and tags to delete. last: when the artifact's last event was.

    needs: tags that are there, without which the new ones say something else elsewhere.
    """

    create: tuple[TagPlan, ...] = ()
    delete: tuple[str, ...] = ()
    last: Moment | None = None
    needs: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """What a plan is made from. taken: every tag of the repository, by short name.

    stages: those that are allowed, () for all.
    """

    registry: Registry
    taken: Collection[str]
    stages: tuple[str, ...] = ()
    rules: Rules = Rules()


class Style(msgspec.Struct, frozen=True):
    """How a tag is written. simple: without a counter; None for the default of its kind."""

    message: str = ""
    simple: bool | None = None
    force: bool = False


def plan_register(
    known: Known,
    artifact: str,
    commit: str,
    version: str = "",
    bump: Bump | None = None,
    style: Style | None = None,
) -> Plan:
    """Register `commit` as a version: the given one, a bump of the latest, or the first."""
    bump, style = bump or Bump(), style or Style()
    check_artifact(artifact)
    if sum((bool(version), bump.major, bump.minor, bump.patch)) > 1:
        raise RefusedError("a version or one part to raise is to be given, not several of them")
    if version and bump.prerelease:
        raise RefusedError("a version or a prerelease is to be given, not both")
    check_prerelease(bump.prerelease)
    found = known.registry.artifacts.get(artifact)
    here = _at(found, commit)
    if any(v.registered and v.active for v in here) and not style.force:
        there = ", ".join(v.name for v in here)
        raise RefusedError(
            f"{artifact} has the version {there} at this commit already",
            remedy="register another commit; or, for a second version here, use --force",
        )
    if version:
        check_version(version)
        if not style.force and here and version not in {v.name for v in here}:
            raise RefusedError(
                f"this commit is {here[0].name} of {artifact}; only that can be registered here",
                remedy="register another commit; or, for a second version here, use --force",
            )
    elif here and not (bump and style.force):
        version = here[-1].name  # withdrawn before: a bump would make a second version here
    else:
        version = _next(artifact, found, bump)
    for other in found.versions if found else ():
        if other.name == version and other.commit != commit:
            raise RefusedError(
                f"{version} of {artifact} is registered already, at {other.commit[:7]}",
                remedy="choose another version with --version",
            )
    said = TagName(artifact, "registration", version)
    message = style.message or f"Registering artifact {artifact} version {version}"
    return _made(known, _tag(known, said, commit, message, version, _simple(style, True)))


def plan_deregister(
    known: Known,
    artifact: str,
    version: str = "",
    commit: str = "",
    style: Style | None = None,
    delete: bool = False,
) -> Plan:
    """Withdraw a version; with `delete`, delete every tag of it instead."""
    style = style or Style()
    target = _one(known, artifact, version, commit)
    if not style.force:
        if not target.registered:
            raise RefusedError(f"{target.name[:7]} of {artifact} is not registered")
        if not target.active:
            raise RefusedError(f"{target.name} of {artifact} was deregistered already")
    if delete:
        return Plan((), tuple(event.tag for event in target.events))
    said = TagName(artifact, "deregistration", target.name)
    check_version(target.name)
    message = style.message or f"Deregistering artifact {artifact} version {target.name}"
    tag = _tag(known, said, target.commit, message, target.name, _simple(style, True))
    return _made(known, tag)


def plan_assign(
    known: Known,
    artifact: str,
    stage: str,
    version: str = "",
    commit: str = "",
    name_version: str = "",
    style: Style | None = None,
    skip_registration: bool = False,
    evidence: Evidence | None = None,
) -> Plan:
    """Put a version into a stage: one by name, or the one at `commit`, registered if need be.

    name_version: what to register an unregistered commit as. evidence: of the version's commit,
    for the promotion rules.
    """
    style = style or Style()
    check_artifact(artifact)
    check_stage(known.stages, stage)
    _one_of(version, commit)
    for given in filter(None, (version, name_version)):
        check_version(given)
    if name_version and skip_registration:
        raise RefusedError("a version to register and --skip-registration exclude each other")
    found = known.registry.artifacts.get(artifact)
    register = Plan()
    if version:
        rows = [v for v in found.versions if v.name == version and _explicit(v)] if found else []
        if not rows:
            raise RefusedError(
                f"{artifact} has no version {version}",
                remedy=f"see `modelreg show {artifact}`, or register it first",
            )
    else:
        rows = _at(found, commit)
        if rows and name_version:
            raise RefusedError(f"this commit is {rows[0].name} of {artifact} already")
    target = rows[-1] if rows else None
    if target is not None:
        commit, version = target.commit, target.name
    elif skip_registration:
        version = commit
    else:
        register = plan_register(known, artifact, commit, name_version, style=Style(simple=True))
        version = register.create[0].version
    if found and target and not style.force:
        check_not_in_stage(found, target, stage)
    if not (style.force and style.message):
        check_promotion(known.rules, stage, target, evidence or Evidence(), version, artifact)
    message = style.message or f"Assigning stage {stage} to artifact {artifact} version {version}"
    if len(_at(found, commit)) > 1:
        message = f"{message}\n\nVersion: {version}"
    known = msgspec.structs.replace(
        known, taken={*known.taken, *(tag.name for tag in register.create)}
    )
    said = TagName(artifact, "assignment", "", stage)
    tag = _tag(known, said, commit, message, version, _simple(style, False))
    needs = (target.registration.tag,) if target and target.registration else ()
    return msgspec.structs.replace(_made(known, *register.create, tag), needs=needs)


def plan_unassign(
    known: Known,
    artifact: str,
    stage: str,
    version: str = "",
    commit: str = "",
    style: Style | None = None,
    delete: bool = False,
) -> Plan:
    """Take a version out of a stage; with `delete`, delete its tags of that stage instead."""
    style = style or Style()
    check_artifact(artifact)
    check_stage(known.stages, stage)
    target = _one(known, artifact, version, commit)
    if not style.force and all(event.stage != stage for event in target.events):
        raise RefusedError(
            f"{target.name} of {artifact} was never in stage {stage}",
            remedy=f"see `modelreg show {artifact}`",
        )
    if delete:
        return Plan((), tuple(event.tag for event in target.events if event.stage == stage))
    shown = target.name
    message = style.message or (
        f"Unassigning stage '{stage}' to artifact '{artifact}' version '{shown}'"
    )
    if len(_at(known.registry.artifacts.get(artifact), target.commit)) > 1:
        message = f"{message}\n\nVersion: {shown}"
    said = TagName(artifact, "unassignment", "", stage)
    return _made(known, _tag(known, said, target.commit, message, shown, _simple(style, False)))


def plan_deprecate(
    known: Known,
    artifact: str,
    commit: str = "",
    head: str = "",
    style: Style | None = None,
    delete: bool = False,
) -> Plan:
    """Deprecate an artifact; with `delete`, delete every tag of it instead.

    commit: where to put the tag; default: where its last event is, else `head`.
    """
    style = style or Style()
    check_artifact(artifact)
    if style.force and style.simple:
        raise RefusedError("--force writes a counter, so it excludes --simple true")
    found = known.registry.artifacts.get(artifact)
    if not style.force:
        if found is None:
            raise unknown(known.registry, artifact)
        if found.deprecated:
            raise RefusedError(f"{artifact} was deprecated already")
    if delete:
        return Plan((), tuple(event.tag for event in found.events) if found else ())
    where = commit or (found.events[-1].commit if found and found.events else head)
    said = TagName(artifact, "deprecation")
    simple = not style.force and _simple(style, True)
    message = style.message or f"Deprecating artifact '{artifact}'"
    return _made(known, _tag(known, said, where, message, "", simple))


def moment_after(last: Moment | None, moment: Moment) -> Moment:
    """`moment`, or the second after the artifact's `last` event where that is not over yet.

    Git knows whole seconds, and within one the kind decides, not the sequence: a deprecation right
    after an unassignment would come before it. A last event that lies far ahead, by somebody's
    wrong clock, is not followed.
    """
    if last is None or not 0 <= last.seconds - moment.seconds < SECONDS_AHEAD:
        return moment
    return Moment(last.seconds + 1, moment.offset)


def _made(known: Known, *made: TagPlan) -> Plan:
    found = known.registry.artifacts.get(made[0].artifact)
    moments = [event.when for event in found.events if event.when] if found else []
    return Plan(made, (), max(moments, default=None))


def next_counter(artifact: str, taken: Collection[str]) -> int:
    """One more than the artifact's highest counter of any kind (GTO's rule)."""
    start = names.to_tag(artifact)
    said = (tags.parse(name) for name in taken if name.startswith(start))
    counters = (tag.counter or 0 for tag in said if tag and tag.artifact == artifact)
    return max(counters, default=0) + 1


def _tag(
    known: Known, said: TagName, commit: str, message: str, version: str, simple: bool
) -> TagPlan:
    if not simple:
        counter = next_counter(said.artifact, known.taken)
        said = msgspec.structs.replace(said, counter=counter)
    name = tags.format(said)
    if name in known.taken:
        raise RefusedError(
            f"the tag {name} is there already",
            ref=name,
            remedy="use --simple false to write it with a counter",
        )
    if not commit:
        raise RefusedError(
            "there is no commit to put the tag on", remedy="commit something, or name a ref"
        )
    return TagPlan(name, commit, message, said.kind, said.artifact, version, said.stage)


def _simple(style: Style, default: bool) -> bool:
    return default if style.simple is None else style.simple


def _one_of(version: str, commit: str) -> None:
    if bool(version) == bool(commit):
        raise RefusedError("a version or a ref is to be given, and not both")


def _explicit(version: Version) -> bool:
    """Whether a registration or deregistration names it, as GTO finds versions."""
    return any(not event.stage for event in version.events)


def _at(artifact: Artifact | None, commit: str) -> list[Version]:
    """The explicit versions at a commit, lowest first."""
    if artifact is None:
        return []
    return [v for v in reversed(artifact.versions) if v.commit == commit and _explicit(v)]


def _one(known: Known, artifact: str, version: str, commit: str) -> Version:
    """The version that is named, or stands at a commit."""
    check_artifact(artifact)
    _one_of(version, commit)
    found = known.registry.artifacts.get(artifact)
    if found is None:
        raise unknown(known.registry, artifact)
    rows = _at(found, commit) or [
        v for v in found.versions if (v.name == version if version else v.commit == commit)
    ]
    if not rows or rows[-1].discovered:
        raise RefusedError(
            f"{artifact} has no version {version or f'at {commit[:7]}'}",
            remedy=f"see `modelreg show {artifact}`",
        )
    return next((row for row in rows if row.active), rows[-1])


def _next(artifact: str, found: Artifact | None, bump: Bump) -> str:
    if (found is None or not found.latest) and (bump.major or bump.minor or bump.patch):
        raise RefusedError(
            f"{artifact} has no version yet that could be raised",
            remedy="leave the bump out, or name the first one with --version",
        )
    taken = {version.name for version in found.versions} if found else set()
    return versions.following(found.latest if found else "", bump, taken)
