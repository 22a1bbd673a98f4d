"""Artifact, stage and folder names: what is legal, and their two spellings.

A name stands in tags as `DIR=NAME` and is shown to people as `DIR:NAME`.
Source of the grammar: GTO 1.10 (`gto/constants.py`), with one restriction of
ours: a folder starts with no hyphen and no slash, so that no ref of a registry
can be taken for a command-line option.
"""

from __future__ import annotations

import re

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
