"""Refs changed all at once or not at all, and what a ref may be called."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from sitegen.errors import GitError
from sitegen.gitio.process import run
from sitegen.gitio.repository import Repository, read_refs

_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|\Z)|\.\Z|/\Z|\A/|\A\."
)
_LOCK = re.compile(r"(?i)unable to create .*\.lock|cannot lock|file exists|another git process")


class RaceLost(GitError):
    """Somebody else was quicker. names: the refs that they wrote first, short for tags.

    Nothing was written: fetch, plan again, and try again.
    """

    kind = "race"

    def __init__(self, names: Sequence[str], words: str = "", remedy: str = "") -> None:
        self.names = tuple(names)
        super().__init__(
            f"somebody else wrote {', '.join(self.names)} first{words and f': {words}'}",
            ref=self.names[0] if self.names else "",
            remedy=remedy or "fetch the tags with `git fetch --tags`, and try again",
        )


class Change(msgspec.Struct, frozen=True):
    """What is to become of one ref. name: full. new: "" deletes it. old: "" when not there yet."""

    name: str
    new: str
    old: str = ""


def is_ref_name(full: str) -> bool:
    """Whether git takes `full` for a ref's name (the rules of git-check-ref-format)."""
    try:
        full.encode()
    except UnicodeEncodeError:
        return False
    return "/" in full and not _FORBIDDEN.search(full)


def short(full: str) -> str:
    """The name that people know a tag or branch by."""
    return full.removeprefix("refs/tags/").removeprefix("refs/heads/")


def change_refs(repo: Repository, changes: Sequence[Change], log: str = "") -> None:
    """Make all `changes`, in one transaction, or none; nothing is forced.

    log: the entry for the reflog of branches. Raises RaceLost where a ref is not, or no longer,
    what `old` says or is locked, and GitError for everything else.
    """
    commands = []
    for change in changes:
        if not change.new:
            commands.append(f"delete {change.name}\0{change.old}\0")
        elif change.old:
            commands.append(f"update {change.name}\0{change.new}\0{change.old}\0")
        else:
            commands.append(f"create {change.name}\0{change.new}\0")
    arguments = ["update-ref", *(["-m", log] if log else []), "--no-deref", "--stdin", "-z"]
    done = run(arguments, repo.place, data="".join(commands).encode(), check=False)
    if done.status == 0:
        return
    words = (done.error.splitlines() or ["no reason given"])[0].removeprefix("fatal: ")
    there = {ref.name: ref.oid for ref in read_refs(repo).refs}
    lost = [short(change.name) for change in changes if there.get(change.name, "") != change.old]
    if lost:
        raise RaceLost(lost, words)
    if _LOCK.search(words):
        raise RaceLost(
            [short(change.name) for change in changes],
            words,
            "try again; if no git is running, remove the lock file that is named",
        )
    raise GitError(f"the refs could not be written: {words}", path=str(repo.top))
