"""`modelreg annotate` and `remove`: they change what metadata files say of an artifact."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sitegen.cli.common import write_file
from sitegen.cli.modelreg.applying import (
    by_whom,
    git_words,
    print_line,
    push_target,
    to_where,
    told_option,
)
from sitegen.cli.modelreg.group import repo_option, together
from sitegen.cli.modelreg.worktree import inside

if TYPE_CHECKING:
    from sitegen.cli.modelreg.opening import Place
    from sitegen.pipeline.opened import Opened
    from sitegen.readers.annotate import Form

FILES = ("artifacts.yaml", "dvc.yaml")

# Path and form of the file, its bytes (None for a new one) -> its bytes afterwards.
Change = Callable[[str, "Form", bytes | None], bytes]

_options = together(
    repo_option,
    click.option("--to", type=click.Choice(FILES), default=None,
                 help="The file. Default: the one that speaks of the artifact already."),
    click.option("--commit", is_flag=True, help="Commit the change of the file, and only that."),
    click.option("-m", "--message", default="", help="The commit's message."),
    click.option("--branch", default="", help="The branch to commit to. Default: HEAD's."),
    to_where,
    by_whom,
    told_option,
)  # fmt: skip


@click.command()
@click.argument("name")
@click.option("--path", help="Its path from the repository's root, or an address.")
@click.option("--type", "kind", help="Its type, such as model or dataset.")
@click.option("--label", "labels", multiple=True, help="A label; repeatable. They replace all.")
@click.option("--desc", help="Its description.")
@_options
def annotate(
    name: str, path: str | None, kind: str | None, labels: tuple[str, ...], desc: str | None,
    **how: Any,
) -> int:  # fmt: skip
    """Say what an artifact is, in artifacts.yaml or dvc.yaml.

    The rest of the file stays as it is. An empty text takes a field away.
    """
    given = {"path": path, "type": kind, "description": desc}
    fields: dict[str, Any] = {key: text or None for key, text in given.items() if text is not None}
    if labels:
        fields["labels"] = [label for label in labels if label] or None
    if not fields:
        raise click.UsageError("give one of --path, --type, --label, --desc")

    def change(file: str, form: Form, data: bytes | None) -> bytes:
        from sitegen.readers import annotate

        return annotate.annotate(data, name, fields, form=form, folder=posixpath.dirname(file))

    return _carry_out(name, change, f"Annotate {name}", how, kind or "")


@click.command()
@click.argument("name")
@_options
def remove(name: str, **how: Any) -> int:
    """Take an artifact out of artifacts.yaml or dvc.yaml; its tags stay."""

    def change(file: str, form: Form, data: bytes | None) -> bytes:
        from sitegen.readers import annotate

        return annotate.remove(data or b"", name, form=form)

    return _carry_out(name, change, f"Remove the annotation of {name}", how)


def _carry_out(name: str, change: Change, message: str, how: dict[str, Any], kind: str = "") -> int:
    """Change the file, or show how. kind: the type that the artifact gets, "" for none."""
    from sitegen.cli.modelreg import opening
    from sitegen.errors import RefusedError
    from sitegen.readers import annotate
    from sitegen.registry.refusals import check_type

    place = opening.find_place(how["repo"])
    opened = opening.open_place(place)
    if kind:
        check_type(opened.sources.types, kind)
    committing = how["commit"] or place.address is not None
    if not committing and any(how[key] for key in ("push", "branch", "message")):
        raise click.UsageError("--push, --branch and -m need --commit")
    if not committing and opened.repo.worktree is None:
        raise RefusedError(
            "there is no worktree whose file could be changed",
            path=str(opened.repo.top),
            remedy="commit the change with --commit",
        )
    files = _files(opened, name, how["branch"], committing)
    path, form = annotate.choose_file(files, name, how["to"] or "")
    before = files.get(path)
    after = change(path, form, before)
    diff = _diff(path, before, after)
    say = _say_nothing if how["as_json"] else print_line
    done: dict[str, Any] = {}
    if how["dry_run"]:
        for line in diff:
            say(line)
        if after != before and (how["push"] or place.address is not None):
            done = {"remote": push_target(place, opened, how["remote"], how["branch"])}
            say(f"would push to {done['remote']}")
    elif after == before:
        say(f"{path} says so already; nothing is done.")
    elif committing:
        done = _commit(place, opened, path, after, message, how, say)
    else:
        assert opened.repo.worktree is not None
        write_file(inside(opened.repo.worktree, path), after, folders=True)
        say(f"{path} is changed")
        say(f"  look at it: {git_words(place, 'diff', '--', path)}")
    if how["as_json"]:
        from sitegen.cli.common import print_json
        from sitegen.cli.modelreg.written import change_record

        print_json(change_record(how["dry_run"], path, after != before, diff, done))
    return 0


def _say_nothing(text: str) -> None:
    """In place of `print_line`, where the standard output is JSON."""


def _files(opened: Opened, name: str, branch: str, committed: bool) -> dict[str, bytes]:
    """The files that may speak of the artifact: as committed, or as in the worktree."""
    from sitegen.gitio.revisions import resolve
    from sitegen.pipeline.evidence import files_at
    from sitegen.registry import names

    folder, _ = names.split(name)
    paths = [FILES[0], posixpath.join(folder, FILES[1])]
    if committed:
        commit = resolve(opened.repo, f"refs/heads/{branch}") if branch else opened.refs.head
        return files_at(opened, commit, paths) if commit else {}
    assert opened.repo.worktree is not None
    found = {}
    for path in paths:
        place = inside(opened.repo.worktree, path)
        if place.is_file():
            found[path] = place.read_bytes()
    return found


def _commit(
    place: Place, opened: Opened, path: str, data: bytes, message: str, how: dict[str, Any],
    say: Callable[[str], None],
) -> dict[str, Any]:  # fmt: skip
    """Commit the file, and say so. Returns what `change_record` tells of a commit."""
    from sitegen.gitio.commits import commit_files
    from sitegen.gitio.identity import identity

    pushing = how["push"] or place.address is not None
    commit = commit_files(
        opened.repo,
        {path: data},
        how["message"] or message,
        branch=how["branch"],
        author=identity(opened.repo, how["author"]),
        when=how["when"],
        push_to=(place.address or how["remote"]) if pushing else None,
    )
    branch = how["branch"] or opened.refs.branch
    done: dict[str, Any] = {"commit": commit, "branch": branch, "pushed": pushing}
    say(f"{path} is changed by the commit {commit[:7]} on {branch}")
    if pushing:
        say("  pushed")
        done["remote"] = push_target(place, opened, how["remote"], branch)
    if place.address is None:
        done["undo"] = [git_words(place, "revert", commit[:12])]
        say(f"  undo: {done['undo'][0]}")
        if not pushing:
            done["push"] = git_words(place, "push", how["remote"] or "origin", branch)
            say(f"  push: {done['push']}")
    return done


def _diff(path: str, before: bytes | None, after: bytes) -> list[str]:
    """The change as a unified diff, by lines without their ends."""
    import difflib

    old, new = (
        (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
        for data in (before, after)
    )
    found = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}")
    return [line.rstrip("\n") for line in found]
