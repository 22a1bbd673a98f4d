"""The author's own model cards, of `content/models/`: whose each is, and its HTML.

NAME.md is the card of every model of that name, REPOSITORY/NAME.md that of one repository's. A
name's `:` is written `~` and its `/` is written `~~`, as in the addresses of pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sitegen.errors import Problem
from sitegen.pipeline.content import CARDS
from sitegen.readers.card import read_card
from sitegen.render.markup import author_card
from sitegen.site import urls
from sitegen.site.build import Source
from sitegen.site.cards import OwnCard

Key = tuple[str, str]


def read_own_cards(
    cards: Mapping[str, bytes], sources: Sequence[Source]
) -> tuple[dict[Key, OwnCard], tuple[Problem, ...]]:
    """The cards of the models there are: (repository, artifact) -> card; and what is wrong.

    cards: path below the content folder -> bytes.
    """
    whose = _whose(cards, sources)
    pages: dict[str, str] = {}
    for (repo, artifact), path in whose.items():
        pages.setdefault(path, urls.model(repo, artifact))
    problems: list[Problem] = []
    made: dict[str, OwnCard] = {}
    for path, data in cards.items():
        if path not in pages:
            problems.append(
                Problem(
                    "", "", path, "it is the model card of no model: there is none of this name",
                    "call it NAME.md or REPOSITORY/NAME.md, with ~ for : and ~~ for / in names",
                    "card.unused",
                )
            )  # fmt: skip
            continue
        found = read_card(path, hashlib.sha256(data).hexdigest(), data)
        problems += found.problems
        made[path] = OwnCard(found.card, found.text, author_card(found.text, path, pages))
    return {key: made[path] for key, path in whose.items()}, tuple(problems)


def spelled(name: str) -> str:
    """A name of a repository or an artifact as that of a file."""
    return name.replace("/", "~~").replace(":", "~")


def _whose(cards: Mapping[str, bytes], sources: Sequence[Source]) -> dict[Key, str]:
    """(repository, artifact) -> the path of its card, the repository's own before that of all."""
    found: dict[Key, str] = {}
    for source in sources:
        repo = source.facts.name
        for artifact in source.registry.artifacts:
            file = f"{spelled(artifact)}.md"
            for path in (f"{CARDS}{spelled(repo)}/{file}", f"{CARDS}{file}"):
                if path in cards:
                    found[repo, artifact] = path
                    break
    return found
