"""Keeps an empty registry from being published over a full one, and says what emptied it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sitegen.errors import OutputError, Problem, RepositoryError, SitegenError
from sitegen.pipeline.projects import NO_PROJECT
from sitegen.registry.facts import RepositoryFacts
from sitegen.site import urls
from sitegen.site.build import Source

_ALLOW = "to publish the site without them, pass --allow-empty"


class Verdict(msgspec.Struct, frozen=True):
    """Whether what was read may be published.

    refused: why not; () where it may. kind: of the error to raise then. instead_of: the problems
    that `refused` says at more length. remarks: what stops nothing.
    """

    refused: tuple[Problem, ...] = ()
    kind: type[SitegenError] = RepositoryError
    instead_of: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def judge(target: Path, sources: Sequence[Source], unread: Sequence[Problem]) -> Verdict:
    """Whether what was read may be published at `target`.

    unread: the problems of what could not be read; one without `repo` is of a snapshot, whose
    repository nobody knows. A repository without any tag is refused where there is nothing else,
    and remarked beside others. One that lost all the models which the published site has of it is
    always refused.
    """
    lost = _lost(target, sources, unread)
    if lost:
        return Verdict(tuple(lost), OutputError, tuple(filter(None, lost.values())))
    untagged = [source.facts for source in sources if not source.facts.tags]
    if untagged and len(untagged) == len(sources):
        return Verdict(tuple(_no_registry(facts) for facts in untagged))
    # Those without a folder to show have that problem, and no other.
    return Verdict(remarks=tuple(_no_tags(facts) for facts in untagged if not _unmatched(facts)))


def published(target: Path) -> dict[str, int]:
    """Repository -> how many registered models the site at `target` shows; {} without a site."""
    found: dict[str, int] = {}
    try:
        registry = json.loads((target / urls.API_REGISTRY).read_bytes())
        for model in registry["models"]:
            found[str(model["repo"])] = found.get(str(model["repo"]), 0) + bool(model["registered"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: number for name, number in found.items() if number}


def _lost(
    target: Path, sources: Sequence[Source], unread: Sequence[Problem]
) -> dict[Problem, Problem | None]:
    """Why the published site is kept -> the problem that this comes from, if there is one."""
    left = {
        source.facts.name: sum(a.registered for a in source.registry.artifacts.values())
        for source in sources
    }
    facts = {source.facts.name: source.facts for source in sources}
    errors = {problem.repo: problem for problem in unread}
    found: dict[Problem, Problem | None] = {}
    for name, had in published(target).items():
        if left.get(name):
            continue
        # A snapshot that cannot be read may be that of any repository which is not there now.
        error = errors.get(name) or (None if name in facts else errors.get(""))
        if error is not None:
            found[_kept(error, name, had)] = error
        elif name in facts and _unmatched(facts[name]):
            found |= {_kept(problem, name, had): problem for problem in _unmatched(facts[name])}
        elif name in facts:
            found[_gone(name, target, had)] = None
    return found


def _gone(name: str, target: Path, had: int) -> Problem:
    return Problem(
        name,
        "",
        str(target),
        f"the published site shows {had} registered models of it, of which none is left, "
        "and is kept",
        f"fetch its tags with `git fetch --tags --force`; {_ALLOW}",
        "output",
    )


def _kept(problem: Problem, name: str, had: int) -> Problem:
    """The repository's own problem, and what came of it."""
    of_it = "" if problem.repo else f" of {name}"
    return msgspec.structs.replace(
        problem,
        reason=f"{problem.reason}; the published site, which shows {had} registered models{of_it}, "
        "is kept",
        remedy="; ".join(filter(None, (problem.remedy, _ALLOW))),
    )


def _unmatched(facts: RepositoryFacts) -> list[Problem]:
    return [problem for problem in facts.problems if problem.kind == NO_PROJECT]


def _no_registry(facts: RepositoryFacts) -> Problem:
    for problem in _unmatched(facts):
        return problem
    return Problem(
        facts.name,
        "",
        "",
        "no tag registers anything, so there is no registry to show",
        "fetch the tags with `git fetch --tags --force`, register a first version with "
        "`modelreg register NAME --version v1.0.0`, or pass --allow-empty",
        "repository",
    )


def _no_tags(facts: RepositoryFacts) -> Problem:
    return Problem(
        facts.name,
        "",
        "",
        "no tag of this repository registers anything",
        "fetch its tags with `git fetch --tags --force`, or register a first version",
        "repository.empty",
    )
