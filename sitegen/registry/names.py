"""Artifact, stage and folder names: what is legal, and their two spellings.

A name stands in tags as `DIR=NAME` and is shown to people as `DIR:NAME`.
Source of the grammar: GTO 1.10 (`gto/constants.py`), with one restriction of
ours: a folder starts with no hyphen and no slash, so that no ref of a registry
can be taken for a command-line option.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_/-]*[A-Za-z0-9])?"
DIR = r"[A-Za-z0-9._][A-Za-z0-9._/-]*"

_NAME = re.compile(NAME)
_ARTIFACT = re.compile(rf"(?:{DIR}:)?{NAME}")


def is_name(text: str) -> bool:
    """Whether `text` may name a stage, or an artifact without its folder."""
    return _NAME.fullmatch(text) is not None


def is_artifact(text: str) -> bool:
    """Whether `text` may name an artifact as people write it: NAME or DIR:NAME."""
    return _ARTIFACT.fullmatch(text) is not None


def to_tag(artifact: str) -> str:
    """`cv:nn` as it stands in a tag: `cv=nn`."""
    return artifact.replace(":", "=", 1)


def from_tag(spelling: str) -> str:
    """`cv=nn` as it is shown to people: `cv:nn`."""
    return spelling.replace("=", ":", 1)


def split(artifact: str) -> tuple[str, str]:
    """The folder ("" for the root) and the name within it."""
    folder, colon, name = artifact.rpartition(":")
    return (folder, name) if colon else ("", artifact)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that may have been meant by `name`, "" where none is like it."""
    folded = {one.lower(): one for one in known}
    near = get_close_matches(name.lower(), sorted(folded), 1)
    return folded[near[0]] if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` (did you mean churn?)` to follow a name that is not known; "" where none is like it."""
    near = nearest(name, known)
    return f" (did you mean {near}?)" if near else ""
