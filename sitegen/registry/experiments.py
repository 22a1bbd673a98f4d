"""Experiments: every commit of a repository that counts as one, and which of them are hidden.

Source of the rules: Studio, which hides commits that change nothing or ask for it, and DVC
(`dvc exp show`), which lists DVC experiments under the commit that they were made from.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.registry.facts import Commit, RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data
from sitegen.registry.state import Registry

UNCHANGED = "unchanged"
"""Why a commit is hidden: its metrics, params and data are those of a parent."""
SKIPPED = "skipped"
"""Why a commit is hidden: its message asks for it."""

MOST_BRANCHES = 100
"""How many of the branches that contain a commit are named: all of them could be millions."""

MAIN_LINES = ("main", "master", "trunk", "develop", "development", "dev")
"""Among the branches beside the default one, these are the ones that others come from."""

_SKIP = re.compile(r"\[skip (?:studio|sitegen|registry)\]", re.IGNORECASE)


class Experiment(msgspec.Struct, frozen=True):
    """One revision with its metrics, params and data, which are the facts' `values` and `data`.

    branches: those that contain it, the default one first, at most MOST_BRANCHES. tags: Git's,
    sorted. name: of a DVC experiment, "" for other commits and for checkpoints. baseline: the
    commit that a DVC experiment was made from, "" for other commits. hidden: "" or why it is not
    shown unless asked for. same: whether it changes nothing; it shows all the same where a version
    is registered at it.
    """

    commit: str
    parents: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    name: str = ""
    baseline: str = ""
    hidden: str = ""
    same: bool = False


def experiments_of(
    facts: RepositoryFacts, registered: Container[str] = ()
) -> tuple[Experiment, ...]:
    """Every experiment, newest first; DVC experiments come right after their baseline.

    A commit that is in a branch and a DVC experiment too stands once for each name. registered:
    commits that have versions.
    """
    ordered = newest_first(facts.commits, facts.history.commits)
    inside = _containing(facts, ordered)
    tags: dict[str, list[str]] = {}
    for name, commit in sorted(facts.history.tags.items()):
        tags.setdefault(commit, []).append(name)

    known = frozenset(ordered)

    def make(oid: str, name: str = "", baseline: str = "") -> Experiment:
        commit = facts.commits[oid]
        # Somebody ran a DVC experiment on purpose, whatever came of it.
        hidden = "" if baseline else _hidden(facts, commit, known)
        same = hidden == UNCHANGED
        if same and oid in registered:
            hidden = ""
        branches, named = inside.get(oid, ()), tuple(tags.get(oid, ()))
        return Experiment(oid, commit.parents, branches, named, name, baseline, hidden, same)

    under: dict[str, list[Experiment]] = {}
    for one in sorted(facts.history.experiments, key=lambda one: _age(facts, one.commits[0])):
        for oid in one.commits:
            if oid in facts.commits:
                name = one.name if oid == one.commits[0] else ""
                under.setdefault(one.baseline, []).append(make(oid, name, one.baseline))
    found: list[Experiment] = []
    for oid in ordered:
        found.append(make(oid))
        found += under.pop(oid, ())
    for rest in under.values():
        found += rest
    return tuple(found)


def registered_at(registry: Registry) -> frozenset[str]:
    """The commits at which versions are registered."""
    return frozenset(
        version.commit
        for artifact in registry.artifacts.values()
        for version in artifact.versions
        if version.registered and version.active
    )


def experiment_count(facts: RepositoryFacts) -> int:
    """How many experiments `experiments_of` gives, without making them."""
    made = (oid for one in facts.history.experiments for oid in one.commits)
    return sum(oid in facts.commits for oid in (*facts.history.commits, *made))


def newest_first(commits: Mapping[str, Commit], among: Iterable[str]) -> list[str]:
    """The commits `among` these, children before parents and else by date, newest first."""
    chosen = {oid for oid in among if oid in commits}
    waiting = dict.fromkeys(chosen, 0)
    for oid in chosen:
        for parent in commits[oid].parents:
            if parent in waiting:
                waiting[parent] += 1
    ready = [(_seconds(commits[oid]), oid) for oid, children in waiting.items() if not children]
    heapq.heapify(ready)
    found: list[str] = []
    while ready:
        _, oid = heapq.heappop(ready)
        found.append(oid)
        for parent in commits[oid].parents:
            if parent in waiting:
                waiting[parent] -= 1
                if not waiting[parent]:
                    heapq.heappush(ready, (_seconds(commits[parent]), parent))
    return found


def ranked(facts: RepositoryFacts) -> list[str]:
    """Branches by how likely others come from them: the default one, main lines, newest ones."""

    def rank(name: str) -> tuple[bool, int, tuple[int, str], str]:
        line = MAIN_LINES.index(name) if name in MAIN_LINES else len(MAIN_LINES)
        return name != facts.branch, line, _age(facts, facts.history.branches[name]), name

    return sorted(facts.history.branches, key=rank)


def _seconds(commit: Commit) -> int:
    """For sorting, newest first; what has no date comes last."""
    return -commit.committed.seconds if commit.committed else 1


def _age(facts: RepositoryFacts, oid: str) -> tuple[int, str]:
    commit = facts.commits.get(oid)
    return (_seconds(commit) if commit else 1, oid)


def _containing(facts: RepositoryFacts, ordered: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Commit -> the branches that contain it. ordered: children before parents."""
    names = ranked(facts)
    # A set of branches is a number, bit by bit: most commits have the set of their child.
    sets = dict.fromkeys(ordered, 0)
    for bit, name in enumerate(names):
        if facts.history.branches[name] in sets:
            sets[facts.history.branches[name]] |= 1 << bit
    named: dict[int, tuple[str, ...]] = {}
    found = {}
    for oid in ordered:
        here = sets[oid]
        for parent in facts.commits[oid].parents:
            if parent in sets:
                sets[parent] |= here
        if here not in named:
            named[here] = tuple(_named(here, names))
        found[oid] = named[here]
    return found


def _named(bits: int, names: Sequence[str]) -> Iterator[str]:
    for _ in range(MOST_BRANCHES):
        if not bits:
            return
        lowest = bits & -bits
        yield names[lowest.bit_length() - 1]
        bits ^= lowest


def _hidden(facts: RepositoryFacts, commit: Commit, known: Container[str]) -> str:
    if _SKIP.search(commit.message):
        return SKIPPED
    values, data = facts.values.get(commit.oid, ()), facts.data.get(commit.oid, {})
    if not commit.parents:
        return "" if values or data else UNCHANGED
    for parent in commit.parents:
        if parent in known and _equal(facts, parent, values, data):
            return UNCHANGED
    return ""


def _equal(
    facts: RepositoryFacts, oid: str, values: Sequence[ValueFile], data: Mapping[str, Data]
) -> bool:
    old_values, old_data = facts.values.get(oid, ()), facts.data.get(oid, {})
    return (old_values is values or old_values == values) and (old_data is data or old_data == data)
