"""Who writes, and when: the person and the moment that tags and commits carry."""

from __future__ import annotations

import os
import re
import time

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.parse import parse_moment
from sitegen.gitio.process import run
from sitegen.gitio.repository import Repository
from sitegen.registry.facts import Moment, Person

_IDENTITY = re.compile(r" *([^<>\r\n\0]*?) *<([^<>\s\0]*)> *")
_IDENT = re.compile(r"(.*) <([^<>]*)> \d+ [+-]\d{4}")
# What git takes away at both ends of a name or an address.
_CRUD = "".join(map(chr, range(33))) + ".,:;<>\"\\'"


def identity(repo: Repository, author: str = "") -> Person:
    """The person who writes: `author` ("Name <e-mail>"), else the one that git would take.

    Of the user's own configuration name and address are heard here, and nowhere else but in
    network commands and signing. Raises RefusedError for a malformed `author`, and GitError where
    git knows nobody.
    """
    if author:
        match = _IDENTITY.fullmatch(author)
        person = Person(match[1].strip(_CRUD), match[2].strip(_CRUD)) if match else Person("")
        if not person.name or not person.email or not _is_text(author):
            raise RefusedError(
                f"{author!r} names nobody", remedy="write the author as 'Name <name@example.com>'"
            )
        return person
    heard = ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    env = {name: os.environ[name] for name in heard if name in os.environ}
    # No protocol has this name; naming one is what opens the user's configuration.
    answer = run(["var", "GIT_COMMITTER_IDENT"], repo.place, protocol="none", env=env, check=False)
    match = _IDENT.fullmatch(answer.output.decode("utf-8", "replace").strip())
    if answer.status != 0 or match is None or not match[1]:
        raise GitError(
            "git does not know who you are, and a tag or commit says who made it",
            path=str(repo.top),
            remedy="git config --global user.name 'Your Name' && git config --global user.email "
            "you@example.com; or give --author 'Name <name@example.com>'",
        )
    return Person(match[1], match[2])


def now() -> Moment:
    """This moment, with this machine's offset: the one look at a clock while writing."""
    seconds = int(time.time())
    return Moment(seconds, time.localtime(seconds).tm_gmtoff // 60)


def stamp(when: Moment) -> str:
    """A moment as Git writes it: seconds and offset.

    Raises RefusedError for one that would be an invalid date to whoever reads it.
    """
    hours, minutes = divmod(abs(when.offset), 60)
    seconds, offset = str(when.seconds), f"{'-' if when.offset < 0 else '+'}{hours:02}{minutes:02}"
    _, fault = parse_moment(seconds.encode(), offset.encode())
    if fault:
        raise RefusedError(
            f"{fault}, so no tag or commit can carry that date", remedy="give another date"
        )
    return f"{seconds} {offset}"


def identity_env(role: str, person: Person, when: Moment) -> dict[str, str]:
    """The variables that tell one git process who and when. role: AUTHOR or COMMITTER."""
    return {
        f"GIT_{role}_NAME": person.name,
        f"GIT_{role}_EMAIL": person.email,
        # Without the sign a small number would be read as a date.
        f"GIT_{role}_DATE": f"@{stamp(when)}",
    }


def clean_message(text: str) -> str:
    """`text` as git stores a message: no space at ends of lines, no run of empty lines.

    It ends with a newline, or is empty. Lines that start with # stay. Raises RefusedError for
    what no message can hold: NUL, and what UTF-8 cannot write.
    """
    if "\0" in text or not _is_text(text):
        raise RefusedError(
            "the message holds a NUL or is no UTF-8", remedy="give a message of plain text"
        )
    lines: list[str] = []
    for line in text.split("\n"):
        kept = line.rstrip(" \t\r")
        if kept or (lines and lines[-1]):
            lines.append(kept)
    if lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
