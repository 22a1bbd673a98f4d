"""The CI runs that a commit's message names, in trailers such as `CI-Run: https://...`.

Trailers are the lines `Key: value` in the message's last paragraph, as git reads them
(`git interpret-trailers`).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from sitegen import redact

KEYS = (
    "Build",
    "Build-Id",
    "Build-Url",
    "CI-Job",
    "CI-Pipeline",
    "CI-Run",
    "CI-Url",
    "GitHub-Run",
    "GitLab-Pipeline",
    "Jenkins-Build",
    "Job-Url",
    "Pipeline",
    "Pipeline-Id",
    "Pipeline-Url",
    "Run-Id",
    "Run-Url",
    "Workflow-Run",
)
"""The trailers that name a run; upper and lower case are the same."""

_MOST = 10
_LONGEST = 2_000
_SPELLED = {key.lower(): key for key in KEYS}
_TRAILER = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)")
# What git itself writes; with one of them a paragraph may hold other lines too.
_GIT = re.compile(r"Signed-off-by: |\(cherry picked from commit ")
_ID = re.compile(r"[A-Za-z0-9#][A-Za-z0-9#._/-]{0,99}")
# Some hosts tell runs apart by a query alone; a credential is no short number.
_NUMBERS = re.compile(r"(?:[A-Za-z]{1,20}=[0-9]{1,12})(?:&[A-Za-z]{1,20}=[0-9]{1,12})*")


class CiRun(msgspec.Struct, frozen=True):
    """A run of a CI system. key: the trailer's name. url: with http or https and without
    credentials, "" where the trailer has only an id. id: as written, "" where it has an address."""

    key: str
    url: str = ""
    id: str = ""


def ci_runs(message: str) -> tuple[CiRun, ...]:
    """The runs that a commit's message names, in its order, each once, at most ten.

    A value that is neither an address with http or https nor a plain id is passed over.
    """
    found: dict[tuple[str, str], CiRun] = {}
    for key, value in trailers(message):
        run = _run(_SPELLED.get(key.lower(), ""), value)
        if run is not None:
            found.setdefault((run.url, run.id), run)
    return tuple(found.values())[:_MOST]


def trailers(message: str) -> tuple[tuple[str, str], ...]:
    """(key, value) of every trailer, a value of several lines on one."""
    paragraphs = re.split(r"\n[ \t]*\n", message.replace("\r\n", "\n").strip())
    if len(paragraphs) < 2:
        return ()
    found: list[tuple[str, str]] = []
    other = 0
    by_git = False
    continued = False
    for line in paragraphs[-1].split("\n"):
        by_git = by_git or bool(_GIT.match(line))
        match = _TRAILER.fullmatch(line)
        if match:
            found.append((match[1], match[2].strip()))
            continued = True
        elif continued and line[:1] in (" ", "\t"):
            key, value = found[-1]
            found[-1] = key, f"{value} {line.strip()}".strip()
        else:
            # Lines of git's own that are no trailers count for the paragraph, not against it.
            other += not _GIT.match(line)
            continued = False
    if other and not (by_git and 3 * len(found) >= other):
        return ()
    return tuple(found)


def _run(key: str, value: str) -> CiRun | None:
    value = value.removeprefix("<").removesuffix(">")
    if not key or not value or len(value) > _LONGEST or not value.isprintable():
        return None
    if value.lower().startswith(("https://", "http://")):
        url = _address(value)
        return CiRun(key, url) if url else None
    return CiRun(key, id=value) if _ID.fullmatch(value) else None


def _address(text: str) -> str:
    """The address without credentials; of its query short numbers alone are kept."""
    try:
        parts = urlsplit(text)
        if not parts.hostname or any(letter.isspace() for letter in text):
            return ""
    except ValueError:
        return ""
    bare = redact.address(text)
    return f"{bare}?{parts.query}" if _NUMBERS.fullmatch(parts.query) else bare
