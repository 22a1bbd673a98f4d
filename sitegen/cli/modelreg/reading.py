"""`modelreg show`, `history`, `stages`, `check-ref`, `describe` and `doctor`: they only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.modelreg.finding import find_artifact, say_missing, why_missing
from sitegen.cli.modelreg.group import json_option, one_of, plain_option, repo_option, together
from sitegen.cli.modelreg.past import as_of, at_option, without_later

if TYPE_CHECKING:
    from sitegen.pipeline.opened import Opened
    from sitegen.registry.gto import Look
    from sitegen.registry.state import Artifact

_look = together(
    click.option("--ro", "--registered-only", "registered_only", is_flag=True,
                 help="Registered versions only."),
    click.option("-d", "--deprecated", is_flag=True, help="What is deprecated, too."),
    click.option("--av", "--assignments-per-version", "per_version", default=-1,
                 show_default=True, metavar="N", help="Last N stages of each version, -1: all."),
    click.option("--vs", "--versions-per-stage", "per_stage", default=1,
                 show_default=True, metavar="N", help="Last N versions of each stage, -1: all."),
    click.option("--sort", type=click.Choice(["timestamp", "semver"]), default="timestamp",
                 show_default=True, help="What makes a version the stage's first."),
)  # fmt: skip


@click.command()
@repo_option
@click.argument("name", required=False, default="")
@json_option
@plain_option
@click.option("--name", "show_name", is_flag=True, help="Print names only.")
@click.option("--version", "show_version", is_flag=True, help="Print versions only.")
@click.option("--stage", "show_stage", is_flag=True, help="Print stages only.")
@click.option("--ref", "show_ref", is_flag=True, help="Print tags only.")
@_look
@at_option
def show(
    repo: str, name: str, as_json: bool, plain: bool, show_name: bool, show_version: bool,
    show_stage: bool, show_ref: bool, registered_only: bool, deprecated: bool, per_version: int,
    per_stage: int, sort: str, at: int | None,
) -> int:  # fmt: skip
    """Show the registry, or the versions of an artifact.

    NAME is an artifact, or narrower: NAME@latest, NAME@v1.0.0, NAME#prod. Where that means nothing,
    --version and its like end with 1.
    """
    only = {"name": show_name, "version": show_version, "stage": show_stage, "ref": show_ref}
    one_of(json=as_json, plain=plain, **only)
    from sitegen.cli import common
    from sitegen.cli.modelreg import opening, tables
    from sitegen.registry import gto
    from sitegen.registry.shortcuts import parse_shortcut

    opened = as_of(opening.open_repo(repo), at)
    shortcut = parse_shortcut(name)
    look = gto.Look(registered_only, deprecated, per_version, per_stage, sort == "semver")
    found = _versions(opened, name, look) if name else None
    wanted = next((column for column, asked in only.items() if asked), "")
    if found == [] and shortcut:
        say_missing(why_missing(opened.registry.artifacts[shortcut.artifact], shortcut))
        if wanted:
            return common.KNOWN
    elif found == [] and opened.registry.artifacts[name].deprecated:
        say_missing(f"{name} is deprecated; --deprecated shows it")
    if as_json:
        shown = gto.show_registry(opened.registry, look, opened.sources)
        tables.print_gto_json(shown if found is None else found)
        return 0
    later = ""
    if found and at is not None and not (plain or wanted):
        found, later = without_later(opened, found, at)
    rows = (
        _registry_rows(opened, look) if found is None else _version_rows(opened, found, deprecated)
    )
    if wanted:
        column = "artifact" if wanted == "name" and name else wanted
        if rows and column not in rows[0]:
            raise click.UsageError(f"--{wanted} needs the NAME of an artifact")
        cells = [row[column] for row in rows]
        if shortcut.stage:
            # Who was assigned to a stage twice is in it once.
            cells = list(dict.fromkeys(cells))
        tables.print_lines(cells)
        return 0
    tables.print_rows(rows, plain)
    if later:
        say_missing(f"left out: {tables.short(later)}, unregistered, whose commit was made later")
    opening.hint_problems(opened)
    return 0


def _versions(opened: Opened, name: str, look: Look) -> list[dict[str, Any]]:
    from sitegen.pipeline.opened import sources_at
    from sitegen.registry import gto
    from sitegen.registry.shortcuts import narrow, parse_shortcut

    shortcut = parse_shortcut(name)
    artifact = find_artifact(opened, shortcut.artifact)
    sources = sources_at(opened, (version.commit for version in artifact.versions))
    return narrow(gto.show_versions(artifact, look, sources), shortcut)


def _registry_rows(opened: Opened, look: Look) -> list[dict[str, Any]]:
    from sitegen.cli.modelreg.tables import short
    from sitegen.registry import gto

    def several(held: str | None) -> str | None:
        return ", ".join(str(short(one)) for one in held.split(", ")) if held else None

    shown = gto.show_registry(opened.registry, look, opened.sources)
    return [
        {
            "name": name if row["registered"] else f"*{name}",
            "latest": short(row["version"]),
            **{f"#{stage}": several(held) for stage, held in row["stage"].items()},
            **({"state": "" if row["active"] else "deprecated"} if look.deprecated else {}),
        }
        for name, row in sorted(shown.items())
    ]


def _version_rows(
    opened: Opened, found: list[dict[str, Any]], marked: bool
) -> list[dict[str, Any]]:
    """marked: whether a column says what is deprecated or deregistered."""
    from sitegen.cli.modelreg.tables import short

    signed = _signatures(opened)
    return [
        {
            "artifact": ("" if opened.registry.artifacts[row["artifact"]].registered else "*")
            + row["artifact"],
            "version": short(row["version"]),
            "stage": ", ".join(dict.fromkeys(held["stage"] for held in row["stages"])),
            "created_at": time_of(row["created_at"]),
            "ref": short(row["ref"]),
            **(
                {"state": _state(opened.registry.artifacts[row["artifact"]], row)} if marked else {}
            ),
            **({"signature": signed.get(row["ref"], "")} if signed else {}),
        }
        for row in found
    ]


def _state(artifact: Artifact, row: dict[str, Any]) -> str:
    """`deregistered`, `deprecated` (the whole artifact), both, or nothing."""
    of_version = "" if row["is_active"] else "deregistered"
    return ", ".join(filter(None, (of_version, "deprecated" if artifact.deprecated else "")))


def _signatures(opened: Opened) -> dict[str, str]:
    """Tag -> its signature and whether that holds; empty where no tag is signed."""
    return {tag.name: tag.signature for tag in opened.tags if tag.signature}


def time_of(stamp: str | None) -> str:
    """A timestamp as tables show it."""
    return stamp.replace("T", " ", 1) if stamp else "invalid date"


@click.command()
@repo_option
@click.argument("name", required=False, default="")
@json_option
@plain_option
@click.option("--asc", "--ascending", "ascending", is_flag=True, help="Oldest first.")
@at_option
def history(
    repo: str, name: str, as_json: bool, plain: bool, ascending: bool, at: int | None
) -> None:
    """Show what happened, newest first, of all artifacts or of one."""
    one_of(json=as_json, plain=plain)
    from sitegen.cli.modelreg import opening, tables
    from sitegen.registry import gto
    from sitegen.registry.names import did_you_mean

    opened = as_of(opening.open_repo(repo), at)
    events = gto.history(opened.registry, name, ascending)
    if name and not events:
        known = opened.registry.artifacts
        nothing = "nothing happened to" if name in known else "there is no artifact"
        say_missing(f"{nothing} {name}{'' if name in known else did_you_mean(name, known)}")
    if as_json:
        tables.print_gto_json(events)
        return
    signed = _signatures(opened)
    rows = [
        {
            "timestamp": time_of(event["timestamp"]),
            "artifact": event["artifact"],
            "event": event["event"],
            "version": tables.short(event["version"]),
            "stage": event["stage"],
            "commit": tables.short(event["commit"]),
            "ref": event["ref"],
            **({"signature": signed.get(event["ref"], "")} if signed else {}),
        }
        for event in events
    ]
    tables.print_rows(rows, plain)
    opening.hint_problems(opened)


@click.command()
@repo_option
@click.option("--allowed", is_flag=True, help="Those that .gto allows.")
@click.option("--used", is_flag=True, help="Those that tags use.")
@json_option
def stages(repo: str, allowed: bool, used: bool, as_json: bool) -> None:
    """List the stages: those of .gto, else those in use."""
    one_of(allowed=allowed, used=used)
    from sitegen.cli.modelreg import opening, tables
    from sitegen.registry import gto

    opened = opening.open_repo(repo)
    found = gto.list_stages(opened.registry, opened.sources, allowed, used)
    if as_json:
        tables.print_gto_json(found)
    else:
        tables.print_lines(found or ())


@click.command("check-ref")
@repo_option
@click.argument("ref")
@json_option
@click.option("--name", "show_name", is_flag=True, help="Print the artifact's name only.")
@click.option("--version", "show_version", is_flag=True, help="Print the version only.")
@click.option("--event", "show_event", is_flag=True, help="Print the event only.")
@click.option("--stage", "show_stage", is_flag=True, help="Print the stage only.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["github", "gitlab", "env"]),
    help="Hand all of it to CI: $GITHUB_OUTPUT, a dotenv report, or shell variables.",
)
@click.option(
    "--output",
    default="",
    metavar="FILE",
    help="The file for --format; for gitlab by default dotenv.env.",
)
def check_ref(
    repo: str, ref: str, as_json: bool, show_name: bool, show_version: bool, show_event: bool,
    show_stage: bool, form: str | None, output: str,
) -> None:  # fmt: skip
    """Tell what the tag REF did: which event, artifact, version and stage.

    Where REF is no registry tag, only stderr says so.
    """
    only = {"name": show_name, "version": show_version, "event": show_event, "stage": show_stage}
    one_of(json=as_json, format=form, **only)
    if output and not form:
        raise click.UsageError("--output needs --format")
    from sitegen.cli import common
    from sitegen.cli.modelreg import opening, outputs, tables
    from sitegen.pipeline.evidence import annotation_at
    from sitegen.registry import gto
    from sitegen.registry.names import did_you_mean

    opened = opening.open_repo(repo)
    tag = ref.removeprefix("refs/tags/")
    said = opened.said.get(tag)
    artifact = opened.registry.artifacts.get(said.artifact) if said else None
    event = next((e for e in artifact.events if e.tag == tag), None) if artifact else None
    if event is None:
        if problems := [p for p in opened.problems if p.ref == tag]:
            common.print_problems(problems, err=True)
        elif tag in opened.taken:
            say_missing(f"{tag} is no registry tag")
        else:
            say_missing(f"there is no tag {tag}{did_you_mean(tag, opened.said)}")
        if form:
            outputs.write_outputs(dict.fromkeys(outputs.KEYS, ""), form, output)
        return
    if form:
        about = annotation_at(opened, event.commit, event.artifact)
        values = (
            event.kind, event.artifact, event.version, event.stage,
            about.type if about else "", about.path if about else "",
            about.description if about else "", event.tag, event.commit,
        )  # fmt: skip
        outputs.write_outputs(dict(zip(outputs.KEYS, values, strict=True)), form, output)
    elif as_json:
        tables.print_gto_json(gto.check_ref(event))
    elif any(only.values()):
        fields = {"name": event.artifact, "version": event.version, "event": event.kind,
                  "stage": event.stage}  # fmt: skip
        wanted = next(fields[field] for field, asked in only.items() if asked)
        tables.print_lines([wanted] if wanted else [])
    else:
        what = " ".join(filter(None, (event.artifact, str(tables.short(event.version)))))
        stage = f", stage {event.stage}" if event.stage else ""
        tables.print_lines([f"{event.tag}: {event.kind} of {what}{stage} at {event.commit[:7]}"])


@click.command()
@repo_option
@click.argument("name")
@click.option("--rev", default="", metavar="REF", help="The commit to ask. Default: HEAD.")
@json_option
def describe(repo: str, name: str, rev: str, as_json: bool) -> None:
    """Show what metadata files say of an artifact.

    NAME may be narrower (NAME@latest, NAME@v1.0.0, NAME#prod): then its version's commit is asked.
    """
    from sitegen.cli.modelreg import opening, tables
    from sitegen.errors import RefusedError
    from sitegen.gitio.revisions import resolve
    from sitegen.pipeline.evidence import annotation_at
    from sitegen.pipeline.opened import sources_at
    from sitegen.registry import gto
    from sitegen.registry.shortcuts import parse_shortcut

    opened = opening.open_repo(repo)
    shortcut = parse_shortcut(name)
    if shortcut and rev:
        raise click.UsageError("--rev and a version or stage in NAME exclude each other")
    commit = resolve(opened.repo, rev) if rev else opened.refs.head
    if shortcut:
        found = _versions(opened, name, gto.Look())
        if len(found) > 1:
            raise RefusedError(
                f"{name} means several versions", remedy="name one of them: NAME@vX.Y.Z"
            )
        commit = found[0]["commit_hexsha"] if found else ""
    # GTO knows artifacts.yaml alone; what dvc.yaml says is told where that file is silent.
    said = sources_at(opened, [commit]).said.get(commit, {}) if commit else {}
    about = said.get(shortcut.artifact) if as_json else None
    if about is None and commit:
        about = annotation_at(opened, commit, shortcut.artifact)
    if as_json:
        tables.print_gto_json(gto.describe(about) if about else None)
        return
    if about is None:
        raise RefusedError(
            f"nothing describes {name}{f' at {commit[:7]}' if commit else ''}",
            remedy="see `modelreg annotate`",
        )
    rows = {**gto.describe(about), "source": ", ".join(about.sources or (about.source,))}
    for key, value in rows.items():
        shown = ", ".join(value) if key == "labels" else value
        if shown not in (None, "", {}):
            tables.print_lines([f"{key}: {shown}"])


@click.command()
@repo_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def doctor(repo: str, as_json: bool) -> int:
    """Check the registry; exit with 1 where there are problems.

    Near misses, lightweight and ambiguous tags, broken files, tags that GTO may order otherwise,
    and of the latest versions and those in stages the paths that nobody keeps.
    """
    from sitegen import __version__
    from sitegen.cli import common
    from sitegen.cli.modelreg import opening
    from sitegen.cli.reports import count
    from sitegen.pipeline.evidence import promotion_of_gto
    from sitegen.pipeline.unkept import find_unkept, shown_versions
    from sitegen.registry.ties import find_ties

    opened = opening.open_repo(repo)
    _, of_rules = promotion_of_gto(opened)
    every = (
        *opened.problems,
        *of_rules,
        *find_ties(opened.registry, opened.name),
        *find_unkept(opened, shown_versions(opened)),
    )
    problems = sorted(dict.fromkeys(every))
    if as_json:
        common.print_json({"problems": [common.as_dict(problem) for problem in problems]})
        return common.KNOWN if problems else 0
    click.echo(f"modelreg {__version__}")
    registered = sum(a.registered for a in opened.registry.artifacts.values())
    allowed = ", ".join(opened.sources.allowed) or "any"
    click.echo(
        common.clean(
            f"{opened.name}: {count(registered, 'registered artifact')}, "
            f"{count(len(opened.tags), 'registry tag')}, stages allowed: {allowed}"
        )
    )
    if opened.repo.shallow:
        click.echo("This is a shallow clone: `git fetch --unshallow --tags --force` completes it.")
    common.print_problems(problems)
    found = count(len(problems), "problem") if problems else "No problems"
    click.echo(f"{found} found.")
    return common.KNOWN if problems else 0
