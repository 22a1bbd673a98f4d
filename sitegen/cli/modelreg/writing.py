"""`modelreg register`, `assign`, `unassign`, `deregister` and `deprecate`: they write tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.modelreg.applying import carry_out, delete_option, writing_options

if TYPE_CHECKING:
    from sitegen.pipeline.opened import Opened
    from sitegen.registry.commands import Known, Plan, Style
    from sitegen.registry.rules import Evidence


@click.command()
@click.argument("name")
@click.argument("ref", default="HEAD")
@click.option("--version", "--ver", default="", metavar="VERSION", help="The version: v1.0.0.")
@click.option("--bump-major", is_flag=True, help="Raise the latest version's major part.")
@click.option("--bump-minor", is_flag=True, help="Raise its minor part.")
@click.option("--bump-patch", is_flag=True, help="Raise its patch part, as without any of these.")
@click.option("--prerelease", default="", metavar="ID", help="Make it a prerelease: v1.1.0-ID.1.")
@writing_options
def register(
    name: str, ref: str, version: str, bump_major: bool, bump_minor: bool, bump_patch: bool,
    prerelease: str, **how: Any,
) -> int:  # fmt: skip
    """Register the commit REF (default: HEAD) as a version of an artifact.

    Without more said, it is the next patch of the latest version, or v0.0.1.
    """
    from sitegen.registry import commands
    from sitegen.registry.versions import Bump

    if bump_major + bump_minor + bump_patch + bool(version) > 1:
        raise click.UsageError("--version, --bump-major, --bump-minor, --bump-patch: give one")
    if version and prerelease:
        raise click.UsageError("--version and --prerelease exclude each other")
    bump = Bump(bump_major, bump_minor, bump_patch, prerelease)

    def make(opened: Opened, known: Known, style: Style) -> Plan:
        commit = _commit(opened, name, ref)
        return commands.plan_register(known, name, commit, version, bump, style)

    return carry_out(make, **how)


@click.command()
@click.argument("name")
@click.argument("ref", required=False, default="")
@click.option("--stage", required=True, help="The stage.")
@click.option(
    "--version",
    default="",
    metavar="VERSION",
    help="The version; with REF, what to register that commit as.",
)
@click.option(
    "--sr",
    "--skip-registration",
    "skip_registration",
    is_flag=True,
    help="Leave a commit without a version unregistered.",
)
@writing_options
def assign(
    name: str, ref: str, stage: str, version: str, skip_registration: bool, **how: Any
) -> int:  # fmt: skip
    """Put a version, or the one at the commit REF, into a stage.

    A commit without a version is registered first. Without REF and --version it is HEAD.
    """
    from sitegen.cli.modelreg.opening import promotion_rules
    from sitegen.registry import commands

    def make(opened: Opened, known: Known, style: Style) -> Plan:
        commit = _commit(opened, name, ref or "HEAD") if ref or not version else ""
        return commands.plan_assign(
            known,
            name,
            stage,
            version="" if commit else version,
            commit=commit,
            name_version=version if commit else "",
            style=style,
            skip_registration=skip_registration,
            evidence=_evidence(opened, known, name, stage, version, commit),
        )

    return carry_out(make, rules=promotion_rules, **how)


def _commit(opened: Opened, name: str, ref: str) -> str:
    """The commit that REF names; where it is a version's name, the error says how to give one."""
    from sitegen.errors import RefusedError
    from sitegen.gitio.revisions import resolve
    from sitegen.registry.versions import is_version

    try:
        return resolve(opened.repo, ref)
    except RefusedError as error:
        found = opened.registry.artifacts.get(name)
        known = [version.name for version in found.versions] if found else []
        version = f"v{ref}" if f"v{ref}" in known else ref if is_version(ref) else ""
        if not version:
            raise
        raise RefusedError(
            error.problem.reason,
            path=error.problem.path,
            remedy=f"if a version is meant, write --version {version}",
        ) from None


def _evidence(
    opened: Opened, known: Known, name: str, stage: str, version: str, commit: str
) -> Evidence | None:
    """What the commit shows, where a rule asks for it."""
    from sitegen.pipeline.evidence import evidence_at

    asked = known.rules.require.get(stage)
    if asked is None or not (asked.metrics or asked.card):
        return None
    found = opened.registry.artifacts.get(name)
    if not commit and found:
        commit = next((v.commit for v in found.versions if v.name == version), "")
    return evidence_at(opened, commit, name) if commit else None


@click.command()
@click.argument("name")
@click.argument("stage", required=False, default="")
@click.option("--stage", "named", default="", metavar="STAGE", help="The stage, as an option.")
@click.option(
    "--version",
    default="",
    metavar="VERSION|REF",
    help="The version, or its commit. Default: the one that is in the stage.",
)
@delete_option
@writing_options
def unassign(name: str, stage: str, named: str, version: str, delete: bool, **how: Any) -> int:
    """Take a version out of a stage."""
    if bool(stage) == bool(named):
        raise click.UsageError("give the stage once: NAME STAGE, or NAME --stage STAGE")
    return _unassign(name, stage or named, version, delete, how)


@click.command()
@click.argument("name")
@click.option(
    "--version",
    default="HEAD",
    show_default=True,
    metavar="VERSION|REF",
    help="The version, or its commit.",
)
@delete_option
@writing_options
def deregister(name: str, version: str, delete: bool, **how: Any) -> int:
    """Withdraw a version; it leaves its stages."""
    return _deregister(name, version, delete, how)


@click.command()
@click.argument("name")
@click.argument("version", required=False, default="")
@click.argument("stage", required=False, default="")
@click.option("--ref", default="", help="The commit to put an artifact's deprecation on.")
@delete_option
@writing_options
def deprecate(
    name: str, version: str, stage: str, ref: str, delete: bool, **how: Any
) -> int:  # fmt: skip
    """Deprecate an artifact; with VERSION deregister that, with STAGE unassign it."""
    from sitegen.gitio.revisions import resolve
    from sitegen.registry import commands

    if ref and version:
        raise click.UsageError("--ref is for artifacts, not for a VERSION")
    if stage:
        return _unassign(name, stage, version, delete, how)
    if version:
        return _deregister(name, version, delete, how)

    def make(opened: Opened, known: Known, style: Style) -> Plan:
        commit = resolve(opened.repo, ref) if ref else ""
        head = opened.refs.head
        return commands.plan_deprecate(known, name, commit, head, style, delete)

    return carry_out(make, **how)


def _unassign(name: str, stage: str, version: str, delete: bool, how: dict[str, Any]) -> int:
    from sitegen.errors import RefusedError
    from sitegen.registry import commands

    def make(opened: Opened, known: Known, style: Style) -> Plan:
        found = opened.registry.artifacts.get(name)
        if version:
            which, commit = _target(opened, name, version)
        elif found and stage in found.stages:
            holder = found.stages[stage][0]
            which, commit = holder.version, ""
        elif found:
            raise RefusedError(
                f"no version of {name} is in stage {stage}",
                remedy=f"see `modelreg show {name}`",
            )
        else:
            which, commit = "", opened.refs.head or "-"
        return commands.plan_unassign(known, name, stage, which, commit, style, delete)

    return carry_out(make, **how)


def _deregister(name: str, version: str, delete: bool, how: dict[str, Any]) -> int:
    from sitegen.registry import commands

    def make(opened: Opened, known: Known, style: Style) -> Plan:
        which, commit = _target(opened, name, version)
        return commands.plan_deregister(known, name, which, commit, style, delete)

    return carry_out(make, **how)


def _target(opened: Opened, name: str, text: str) -> tuple[str, str]:
    """What VERSION|REF means: a version's name, or a commit."""
    from sitegen.gitio.revisions import resolve
    from sitegen.registry.versions import is_version

    found = opened.registry.artifacts.get(name)
    if is_version(text) or (found and any(v.name == text for v in found.versions)):
        return text, ""
    return "", resolve(opened.repo, text)
