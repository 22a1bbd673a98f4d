"""How every writing command ends: the plan shown, or carried out and told with its way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.modelreg.group import repo_option, together

if TYPE_CHECKING:
    from sitegen.cli.modelreg.opening import Place
    from sitegen.gitio.write import Applied
    from sitegen.pipeline.opened import Opened
    from sitegen.registry.commands import Known, Plan, Style, TagPlan
    from sitegen.registry.facts import Moment, Rules
    from sitegen.registry.remarks import Holder

# Fewer than nine digits without the sign are a day or a year, as git has it too.
_UNIX = re.compile(r"(?:@([0-9]{1,11})|([0-9]{9,11}))(?: ([+-])([0-9]{2}):?([0-9]{2}))?")
_SAID = {
    "registration": "registers {version} of {artifact}",
    "deregistration": "deregisters {version} of {artifact}",
    "assignment": "assigns stage {stage} to {version} of {artifact}",
    "unassignment": "takes {version} of {artifact} out of stage {stage}",
    "deprecation": "deprecates {artifact}",
}


def _simple(ctx: click.Context, param: click.Parameter, value: str) -> bool | None:
    return {"auto": None, "true": True, "false": False}[value]


def _date(ctx: click.Context, param: click.Parameter, value: str) -> Moment | None:
    return parse_date(value) if value else None


def parse_date(text: str) -> Moment:
    """ISO 8601, or Unix seconds and an offset as Git writes them; without an offset it is UTC."""
    from datetime import UTC, datetime

    from sitegen.errors import RefusedError
    from sitegen.gitio.identity import stamp
    from sitegen.registry.facts import Moment

    if match := _UNIX.fullmatch(text.strip()):
        signed, bare, sign, hours, minutes = match.groups()
        offset = int(hours or 0) * 60 + int(minutes or 0)
        moment = Moment(int(signed or bare), -offset if sign == "-" else offset)
    else:
        try:
            found = datetime.fromisoformat(text.strip())
        except ValueError:
            raise click.BadParameter(
                f"{text!r} is no date; write 2026-01-31T12:00:00+01:00, or '1769857200 +0100'"
            ) from None
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        offset_of = found.utcoffset()
        moment = Moment(
            int(found.timestamp()), int(offset_of.total_seconds() // 60) if offset_of else 0
        )
    try:
        stamp(moment)
    except RefusedError as error:
        raise click.BadParameter(error.problem.reason) from None
    return moment


by_whom = together(
    click.option("--author", default="", metavar="'NAME <E-MAIL>'",
                 help="Who does it. Default: as git knows you."),
    click.option("--date", "when", default="", callback=_date, metavar="DATE",
                 help="When: ISO 8601, or Unix seconds with an offset. Default: now."),
)  # fmt: skip

to_where = together(
    click.option("--push", is_flag=True, help="Push; nothing stays here if that is refused."),
    click.option("--remote", default="", metavar="NAME|URL",
                 help="The Git remote to push to. Default: the one that the branch tracks."),
    click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing."),
)  # fmt: skip

told_option = click.option(
    "--json", "as_json", is_flag=True, help="Print what is done, or would be, as JSON."
)

writing_options = together(
    repo_option,
    click.option("-m", "--message", default="", help="The tag's message."),
    click.option("--simple", type=click.Choice(["auto", "true", "false"]), default="auto",
                 callback=_simple, show_default=True, help="Write the tag without its counter."),
    click.option("--force", is_flag=True, help="Write even what is in force already, or what "
                 "promotion rules forbid (these need -m as well)."),
    to_where,
    by_whom,
    click.option("--sign", is_flag=True, help="Sign the tag, as git is set up to."),
    told_option,
)  # fmt: skip

delete_option = click.option(
    "-d", "--delete", is_flag=True, help="Delete the tags that said so, in place of a new one."
)

MakePlan = Callable[["Opened", "Known", "Style"], "Plan"]


def carry_out(make: MakePlan, *, rules: Callable[[Opened], Rules] | None = None, **how: Any) -> int:
    """Plan with the registry as it is, and write; anew where somebody else was quicker.

    how: the values of `writing_options`. rules: where the promotion rules come from.
    """
    from sitegen.cli.modelreg import opening
    from sitegen.gitio.identity import identity
    from sitegen.gitio.write import Writer, retry_races
    from sitegen.registry.commands import Known, Style
    from sitegen.registry.facts import Rules
    from sitegen.registry.remarks import slips

    place = opening.find_place(how["repo"])
    style = Style(how["message"], how["simple"], how["force"])
    seen: list[tuple[Opened, Known, Plan]] = []

    def plan() -> Plan:
        opened = opening.open_place(place)
        known = Known(
            opened.registry,
            opened.taken,
            opened.sources.allowed,
            rules(opened) if rules else Rules(),
        )
        made = make(opened, known, style)
        seen[:] = [(opened, known, made)]
        return made

    first = plan()
    opened, known, _ = seen[0]
    warnings = [*slips(known, first), *_lost_paths(opened, first)]
    for warning in warnings:
        warn(warning)
    pushing = bool(how["push"] or place.address)
    if how["dry_run"]:
        _foresee(place, opened, first, pushing, warnings, how)
        return 0
    tagger = identity(opened.repo, how["author"])
    writer = Writer(opened.repo, tagger=tagger, when=how["when"], sign=how["sign"])
    applied = retry_races(plan, writer, push=pushing, remote=place.address or how["remote"])
    opened, _, made = seen[0]
    _tell(place, opened, made, applied, warnings, how)
    return 0


def describe(tag: TagPlan) -> str:
    """What a tag does, in words."""
    from sitegen.cli.modelreg.tables import short

    said = _SAID[tag.kind].format(
        artifact=tag.artifact, version=short(tag.version), stage=tag.stage
    )
    return f"{said} at {tag.commit[:7]}"


def print_line(text: str) -> None:
    from sitegen.cli.common import clean

    click.echo(clean(text))


def warn(text: str) -> None:
    """A warning on stderr: nothing is refused for it."""
    from sitegen.cli.common import clean

    click.echo(clean(f"warning: {text}"), err=True)


def _holders(opened: Opened, plan: Plan, when: Moment | None) -> list[Holder]:
    """Who holds the stages that a version leaves, once the plan is carried out."""
    from sitegen.gitio.identity import now
    from sitegen.registry.commands import moment_after
    from sitegen.registry.remarks import holders_after

    names = {tag.artifact for tag in plan.create}
    names |= {opened.said[tag].artifact for tag in plan.delete if tag in opened.said}
    when = when or moment_after(plan.last, now())
    return [
        held
        for name in sorted(names)
        for held in holders_after(
            opened.registry.artifacts.get(name), opened.tags, opened.said, plan, when
        )
    ]


def _tell_holders(place: Place, holders: Sequence[Holder]) -> None:
    from sitegen.cli.modelreg.tables import short

    own = ["-r", place.given] if place.given != "." else []
    for held in holders:
        if held.now is None:
            print_line(f"  no version of {held.artifact} is in {held.stage} then")
            continue
        which = short(held.now.version)
        since = held.now.event.when
        added = f", assigned on {since.local().date()}" if since else ""
        said = ["unassign", held.artifact, held.stage, "--version", held.now.version, *own]
        out = _words("modelreg", *said)
        kept = "still" if held.before == held.now.version else "then"
        more = "" if kept == "still" else f"; `{out}` takes it out too"
        print_line(f"  {held.stage} {kept} holds {which}{added}{more}")


def push_target(place: Place, opened: Opened, remote: str, branch: str = "") -> str:
    """Where it would be pushed to, without credentials. Raises as the push itself where that is
    not known."""
    from sitegen.gitio.push import find_target, push_remote

    branch = branch or opened.refs.branch
    where = place.address or push_remote(opened.repo, branch, remote)
    return find_target(opened.repo, where).shown


def _lost_paths(opened: Opened, plan: Plan) -> list[str]:
    """Warnings of versions to be registered whose file nobody will find."""
    new: dict[str, list[str]] = {}
    for tag in plan.create:
        if tag.kind == "registration":
            new.setdefault(tag.commit, []).append(tag.artifact)
    if not new:
        return []
    from sitegen.pipeline.unkept import find_unkept

    found = find_unkept(opened, new)
    return [f"{problem.path}: {problem.reason}; {problem.remedy}" for problem in found]


def _lonely_commits(place: Place, opened: Opened, plan: Plan, remote: str) -> list[str]:
    """Warnings of commits that came to the remote by their tags alone."""
    from sitegen.gitio.push import has_on_branch, push_remote

    if place.address is not None:
        return []
    where = push_remote(opened.repo, opened.refs.branch, remote)
    branch = opened.refs.branch or "BRANCH"
    return [
        f"the commit {commit[:7]} is on no known branch of {where}; "
        f"`{git_words(place, 'push', where, branch)}` brings it there"
        for commit in dict.fromkeys(tag.commit for tag in plan.create)
        if not has_on_branch(opened.repo, where, commit)
    ]


def _foresee(
    place: Place,
    opened: Opened,
    plan: Plan,
    pushing: bool,
    warnings: list[str],
    how: dict[str, Any],
) -> None:
    from sitegen.cli.common import print_json
    from sitegen.cli.modelreg import written

    holders = _holders(opened, plan, how["when"])
    if how["as_json"]:
        target = push_target(place, opened, how["remote"]) if pushing else ""
        told = written.record(
            plan, None, opened.registry, holders, remote=target, warnings=warnings
        )
        print_json(told)
        return
    for tag in plan.create:
        print_line(f"would make the tag {tag.name}, which {describe(tag)}")
        for line in tag.message.splitlines():
            print_line(f"  | {line}")
    for name in plan.delete:
        print_line(f"would delete the tag {name}")
    if not plan.create and not plan.delete:
        print_line("would do nothing: there is no such tag")
    _tell_holders(place, holders)
    if pushing:
        print_line(f"would push to {push_target(place, opened, how['remote'])}")


def _tell(
    place: Place, opened: Opened, plan: Plan, applied: Applied, warnings: list[str],
    how: dict[str, Any],
) -> None:  # fmt: skip
    from sitegen.cli.common import print_json
    from sitegen.cli.modelreg import written

    remote = how["remote"]
    done = bool(plan.create or applied.deleted)
    holders = _holders(opened, plan, how["when"]) if done else []
    lonely = _lonely_commits(place, opened, plan, remote) if applied.remote else []
    undo = _undo(place, opened, plan, applied, remote) if done else []
    push = _push(place, opened, plan, remote) if done and not applied.remote else ""
    if how["as_json"]:
        told = written.record(
            plan, applied, opened.registry, holders, remote=applied.remote, undo=undo, push=push,
            warnings=[*warnings, *lonely],
        )  # fmt: skip
        print_json(told)
    elif not done:
        print_line("There was no such tag; nothing is done.")
    else:
        _tell_people(place, plan, applied, holders, undo, push)
    for warning in lonely:
        warn(warning)


def _tell_people(
    place: Place, plan: Plan, applied: Applied, holders: list[Holder], undo: list[str], push: str
) -> None:
    for tag in plan.create:
        print_line(f"{tag.name}: {describe(tag)}")
    for name in applied.deleted:
        print_line(f"{name}: deleted")
    _tell_holders(place, holders)
    if applied.remote:
        along = f", with {', '.join(applied.along)}, which it did not have" if applied.along else ""
        print_line(f"  pushed to {applied.remote}{along}")
    for command in undo:
        print_line(f"  undo: {command}")
    if push:
        print_line(f"  push: {push}")


def _undo(place: Place, opened: Opened, plan: Plan, applied: Applied, remote: str) -> list[str]:
    """The commands that take it back: a tag's deletion while nobody has it, else a new tag."""
    from shlex import quote

    git = _git(place)
    if plan.delete:
        oids = {ref.name: ref.oid for ref in opened.refs.refs}
        full = [f"refs/tags/{name}" for name in plan.delete]
        if place.address is None:
            made = [f"{git} update-ref {quote(name)} {oids[name]}" for name in full]
            push = [_words(git, "push", applied.remote, *full)] if applied.remote else []
            return [*made, *push]
        return [_words("git", "push", place.given, *(f"{oids[n]}:{n}" for n in full))]
    names = [tag.name for tag in plan.create]
    if not applied.remote:
        return [_words(git, "tag", "-d", *names)]
    if any(tag.kind == "deprecation" for tag in plan.create):
        where = place.given if place.address else applied.remote
        gone = [_words(git, "push", where, "--delete", *(f"refs/tags/{name}" for name in names))]
        return gone + ([] if place.address else [_words(git, "tag", "-d", *names)])
    own = ["-r", place.given] if place.given != "." else []
    if place.address is None:
        own += ["--push", *(["--remote", remote] if remote else [])]
    return [_words("modelreg", *_opposite(tag), *own) for tag in reversed(plan.create)]


def _opposite(tag: TagPlan) -> list[str]:
    """The command that says the opposite of a tag."""
    from sitegen.registry.versions import is_version

    version = ["--version", tag.version]
    if tag.kind == "registration":
        return ["deregister", tag.artifact, *version]
    if tag.kind == "deregistration":
        return ["register", tag.artifact, tag.commit, *version, "--simple", "false"]
    if tag.kind == "assignment":
        return ["unassign", tag.artifact, tag.stage, *version]
    if is_version(tag.version):
        return ["assign", tag.artifact, *version, "--stage", tag.stage]
    return ["assign", tag.artifact, tag.commit, "--stage", tag.stage, "--skip-registration"]


def _push(place: Place, opened: Opened, plan: Plan, remote: str) -> str:
    from sitegen.errors import SitegenError
    from sitegen.gitio.push import push_remote

    try:
        where = push_remote(opened.repo, opened.refs.branch, remote)
    except SitegenError:
        return ""
    names = [f"refs/tags/{tag.name}" for tag in plan.create]
    gone = [f":refs/tags/{name}" for name in plan.delete]
    return _words(_git(place), "push", where, *names, *gone)


def git_words(place: Place, *arguments: str) -> str:
    """A git command for people, as they can paste it into a shell."""
    return _words(_git(place), *arguments)


def _git(place: Place) -> str:
    from shlex import quote

    return "git" if place.given == "." else f"git -C {quote(str(place.path))}"


def _words(command: str, *arguments: str) -> str:
    from shlex import join

    return f"{command} {join(arguments)}"
