"""The fields that are searched, and what a document is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Field(msgspec.Struct, frozen=True):
    """A field. boost: how many times as much as in a plain text a term counts in it.

    long: whether it holds whole texts, whose places are kept apart from those of short ones.
    """

    name: str
    boost: int
    long: bool = False


FIELDS = (
    Field("name", 10),
    Field("label", 5),
    Field("framework", 4),
    Field("stage", 4),
    Field("version", 4),
    Field("repo", 3),
    Field("description", 3),
    Field("author", 2),
    Field("type", 2),
    Field("column", 2),
    Field("package", 2),
    Field("message", 2),
    Field("text", 1, long=True),
)
"""In the order in which they are looked through. `text` is a model card, or what a page says."""


class Document(msgspec.Struct, frozen=True):
    """One thing that can be found.

    texts: field -> its text, lines that no phrase goes across. numbers: dotted names of metrics ->
    finite values. state: "registered", "unregistered", "deprecated", or "" where it has none.
    card: what a result shows, as `search-results.js` reads it. passage: the whole of `text`.
    """

    texts: Mapping[str, str]
    card: tuple[Any, ...]
    passage: str = ""
    numbers: Mapping[str, float] = {}
    state: str = ""
