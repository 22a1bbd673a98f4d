"""What both commands share: the error boundary, files, progress bars and tables of problems.

Everything printed may come out of a repository: it is made visible (no control characters reach the
terminal) and credentials are taken out. What only some runs need is imported where they need it,
since help must be quick.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from sitegen.errors import Problem, SitegenError
    from sitegen.pipeline import Progress, Task

KNOWN, USAGE, UNEXPECTED, INTERRUPTED = 1, 2, 3, 130

SECRETS = "sitegen.secrets"  # where a command keeps the tokens it has read, in click's meta


# Errors


class Application(click.Group):
    """A command whose errors end as a message and an exit status.

    1: an error that is known, 2: wrong usage, 3: an unexpected one, with a log file named,
    130: interrupted. A command may return its exit status.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        secrets: list[str] = []

        def run() -> Any:
            given = {"obj": {SECRETS: secrets}, **extra}
            return super(Application, self).main(args, prog_name, complete_var, False, **given)

        if not standalone_mode:
            return run()
        sys.exit(guarded(run, secrets))


def guarded(run: Callable[[], Any], secrets: Sequence[str] = ()) -> int:
    """The exit status of `run`, after its error has been told. secrets: never printed."""
    try:
        status = run()
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Who read our output has enough. Python must not find out again when it flushes at its end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return KNOWN
    except Exception as error:
        from sitegen.errors import SitegenError

        if not isinstance(error, SitegenError):
            return _unexpected(error, secrets)
        print_error(error, secrets)
        return KNOWN
    return status if isinstance(status, int) else 0


def print_error(error: SitegenError, secrets: Sequence[str] = ()) -> None:
    """The error on stderr, its remedy on a line of its own."""
    for problem in error.problems:
        where = " ".join(part for part in (problem.repo, problem.ref, problem.path) if part)
        click.echo(clean(f"error: {where}{where and ': '}{problem.reason}", secrets), err=True)
        if problem.remedy:
            click.echo(clean(f"       {problem.remedy}", secrets), err=True)


def clean(text: str, secrets: Sequence[str] = ()) -> str:
    """`text` as it may be printed: nothing in it moves the cursor or tells a secret."""
    from sitegen.redact import redact
    from sitegen.site.text import visible

    return visible(redact(text, secrets))


def _unexpected(error: Exception, secrets: Sequence[str]) -> int:
    import platform
    import shlex
    import traceback

    from sitegen import __version__
    from sitegen.redact import redact

    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    versions = f"sitegen {__version__}, Python {platform.python_version()}, {platform.platform()}"
    details = "".join(traceback.format_exception(error))
    log = _write_log(redact(f"{versions}\n{command}\n\n{details}", secrets))
    what = str(error).partition("\n")[0] or type(error).__name__
    click.echo(clean(f"error: unexpected {type(error).__name__}: {what}", secrets), err=True)
    if log:
        click.echo(f"       this is a fault of sitegen; please report it with {log}", err=True)
    else:
        click.echo(redact(details, secrets), err=True)
    return UNEXPECTED


def _write_log(text: str) -> Path | None:
    """The log of the last unexpected error, readable to its user alone; None: nowhere to write."""
    import tempfile

    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111
    for folder in (Path(state, "sitegen"), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(".log", "sitegen-error-", folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            return Path(name)
    return None


# Files


def write_file(target: Path, data: bytes, *, folders: bool = False) -> None:
    """The file, made aside and moved into place, with the permissions that it had.

    folders: whether those that it lies in are made, too. Raises OutputError.
    """
    import tempfile

    from sitegen.errors import OutputError

    try:
        if folders:
            target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".sitegen-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.umask(mask := os.umask(0o077))
            usual = 0o666 & ~mask  # as if it had been opened in place
            Path(part).chmod(target.stat().st_mode & 0o777 if target.exists() else usual)
            Path(part).replace(target)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"cannot be written: {why}", path=str(target)) from None


# Progress


class Bars:
    """Progress as bars on a terminal; they vanish when the work is done."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars

    @contextlib.contextmanager
    def task(self, name: str, total: int | None = None) -> Iterator[Task]:
        number = self._bars.add_task(_markup_free(name), total=total)
        bars = self._bars

        class Bar:
            def advance(self, amount: int = 1) -> None:
                bars.advance(number, amount)

        try:
            yield Bar()
        finally:
            bars.remove_task(number)


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """Bars on stderr where it is a terminal, silence elsewhere."""
    if quiet or not is_terminal(sys.stderr):
        # Whoever tells of progress has the pipeline loaded anyway.
        from sitegen.pipeline import Silence

        yield Silence()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bars(bars)


def is_terminal(stream: TextIO) -> bool:
    """Whether people look at `stream`, on something that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _markup_free(text: str) -> str:
    from rich.markup import escape

    return escape(clean(text).replace("\n", " "))


# Places


def repository_around(folder: Path) -> Path | None:
    """The top of the repository that a folder is in, None for none.

    As for git, a repository of somebody else's is none: what lies in a folder above is only read
    where the user put it there.
    """
    here = folder.resolve()
    top = next((top for top in (here, *here.parents) if (top / ".git").exists()), None)
    if top is None or top == here or not hasattr(os, "geteuid"):
        return top
    return top if {top.stat().st_uid, (top / ".git").stat().st_uid} <= _own_ids() else None


def _own_ids() -> set[int]:
    """The user's id; of root by sudo that of whoever asked, too, as git has it."""
    own = os.geteuid()
    asked = os.environ.get("SUDO_UID", "") if own == 0 else ""
    return {own, int(asked)} if asked.isdecimal() else {own}


# Problems


def print_problems(
    problems: Sequence[Problem], *, err: bool = False, secrets: Sequence[str] = ()
) -> None:
    """Every problem, by repository: a table on a terminal, elsewhere one line for each.

    Problems that differ in their place alone stand together on a terminal; none is left out.
    """
    stream = sys.stderr if err else sys.stdout
    if not problems:
        return
    if not is_terminal(stream):
        for problem in problems:
            click.echo(clean(str(problem), secrets).replace("\n", " "), err=err)
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(stderr=err, highlight=False)

    def tell(text: str, indent: int, style: str = "") -> None:
        shown = Text(clean(text, secrets).replace("\n", " "), style)
        console.print(Padding(shown, (0, 0, 0, indent), expand=False))

    ordered = sorted(problems, key=lambda one: (one.repo, one.reason, one.remedy, one))
    for repo, of_repo in groupby(ordered, key=lambda one: one.repo):
        tell(repo or "configuration and content", 0, "bold")
        for (reason, remedy), same in groupby(of_repo, key=lambda one: (one.reason, one.remedy)):
            tell(f"{reason[:1].upper()}{reason[1:]}", 2, "red")
            for one in same:
                if where := " ".join(part for part in (one.ref, one.path) if part):
                    tell(where, 4)
            if remedy:
                tell(f"→ {remedy}", 2, "dim")


def as_dict(problem: Problem, secrets: Sequence[str] = ()) -> dict[str, str]:
    """A problem for the JSON report, without credentials."""
    from sitegen.redact import redact

    return {
        name: redact(getattr(problem, name), secrets)
        for name in ("repo", "ref", "path", "reason", "remedy", "kind")
    }


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    import msgspec

    try:
        text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    except UnicodeEncodeError:
        # The name of a folder need not be UTF-8: what is left of it can be said in escapes alone.
        import json

        text = json.dumps(msgspec.to_builtins(value), indent=2)
    click.echo(text)
