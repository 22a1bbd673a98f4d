"""`modelreg show --at` and `changes`: the registry as it was on a given day."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.modelreg.group import one_of, plain_option, repo_option, together

if TYPE_CHECKING:
    from datetime import date

    from sitegen.pipeline.opened import Opened
    from sitegen.registry.past import Change

_UNIX = re.compile(r"[0-9]{9,18}")  # eight digits are a day
_DAY = re.compile(r"(.+?)(Z|[+-][0-9]{2}:?[0-9]{2})?")
HOW = "write 2026-03-03 (all of that day), 2026-03-03T12:00:00+01:00, or Unix seconds"


class Instant(click.ParamType["int"]):
    """A moment of the past as Unix seconds: nothing later counts.

    A day counts to its end. Without an offset it is this machine's zone.
    """

    name = "date"
    begins = False

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = _seconds(str(value).strip(), self.begins)
        if found is None:
            self.fail(f"{value!r} is no date; {HOW}", param, ctx)
        return found


class Start(Instant):
    """The moment from which on something counts: a day counts from its beginning on.

    What happened in the day's first second is of that day, so that the state to compare with is
    that of the second before.
    """

    begins = True


def _seconds(text: str, begins: bool) -> int | None:
    from datetime import datetime, timedelta

    if _UNIX.fullmatch(text):
        return int(text)
    day = _DAY.fullmatch(text)
    try:
        if day and (found := _date_of(day[1])):
            midnight = f"{found if begins else found + timedelta(days=1)}T00:00:00{day[2] or ''}"
            return int(datetime.fromisoformat(midnight).timestamp()) - 1
        # Without an offset it is a time of this machine's zone, summer time and all.
        return math.floor(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _date_of(text: str) -> date | None:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


at_option = click.option(
    "--at", type=Instant(), metavar="DATE",
    help="As it was then: 2026-03-03 (at the end of that day), a time with its offset, or Unix "
    "seconds. Default: now.",
)  # fmt: skip


def as_of(opened: Opened, at: int | None) -> Opened:
    """The registry as it was; as it is for None."""
    from sitegen.pipeline.opened import opened_at

    return opened if at is None else opened_at(opened, at)


def without_later(
    opened: Opened, found: list[dict[str, Any]], at: int
) -> tuple[list[dict[str, Any]], str]:
    """The versions of `gto.show_versions` for people, and the commit left out, "" for none.

    GTO lists HEAD as an unregistered version whatever tags there are. Made later, it was not there.
    """
    head = opened.sources.head
    commit = opened.sources.commits.get(head)
    if commit is None or commit.committed is None or commit.committed.seconds <= at:
        return found, ""
    kept = [row for row in found if row["version"] != head or row["stages"]]
    return kept, head if len(kept) < len(found) else ""


@click.command()
@repo_option
@click.argument("name", required=False, default="")
@together(
    click.option("--from", "start", type=Start(), required=True, metavar="DATE",
                 help="Compare with how it was then: 2026-03-03 (as that day began), a time with "
                 "its offset, or Unix seconds."),
    click.option("--to", "end", type=Instant(), metavar="DATE",
                 help="How it was then; a day counts to its end. Default: now."),
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@plain_option
def changes(repo: str, name: str, start: int, end: int | None, as_json: bool, plain: bool) -> None:
    """Show what changed between two dates: versions, stages, what is the latest.

    NAME is an artifact; without it all of them. What was done and undone in between is not shown.
    """
    one_of(json=as_json, plain=plain)
    # As a day began the day before it ended: from the 4th to the 3rd there is nothing.
    if end is not None and end <= start:
        raise click.UsageError("--from is not earlier than --to; exchange them")
    from sitegen.cli import common
    from sitegen.cli.modelreg import finding, opening, reading, tables
    from sitegen.registry import past

    opened = opening.open_repo(repo)
    if name:
        finding.find_artifact(opened, name)
    found = past.changes(as_of(opened, start).registry, as_of(opened, end).registry)
    rows = [_row(change) for change in found if name in ("", change.artifact)]
    if as_json:
        common.print_json(rows)
        return
    shown = [
        {
            "artifact": row["artifact"],
            "change": row["change"],
            "stage": row["stage"],
            "from": tables.short(row["from"]),
            "to": tables.short(row["to"]),
            "timestamp": reading.time_of(row["timestamp"]) if row["ref"] else None,
            "author": row["author"],
            "ref": row["ref"],
        }
        for row in rows
    ]
    tables.print_rows(shown, plain)
    opening.hint_problems(opened)


def _row(change: Change) -> dict[str, Any]:
    from sitegen.registry.facts import timestamp

    event = change.event
    return {
        "artifact": change.artifact,
        "change": change.what,
        "stage": change.stage or None,
        "from": change.old or None,
        "to": change.new or None,
        "timestamp": timestamp(event.when) if event else None,
        "author": event.author.name if event and event.author else None,
        "ref": event.tag if event else None,
    }
