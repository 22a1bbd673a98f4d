"""Experiments as rows, nested by branch.

Source of the rules: Studio. Each branch shows its commits, newest first; a commit that several
branches share shows in one of them alone, the default branch before others; a branch without
commits of its own folds into the one that has its tip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen.registry.experiments import MAIN_LINES, Experiment, ranked
from sitegen.registry.facts import RepositoryFacts


class Row(msgspec.Struct, frozen=True):
    """A commit, and the DVC experiments made from it, newest first."""

    experiment: Experiment
    experiments: tuple[Experiment, ...] = ()


class Branch(msgspec.Struct, frozen=True):
    """A branch with the commits that show under it, newest first.

    name: "" for the commits that no branch has: of tags, or that only DVC experiments name. tip:
    its newest commit, which another branch may show. parent: the branch that it grew from, or that
    shows all of its commits; "" for none.
    """

    name: str
    tip: str
    parent: str = ""
    rows: tuple[Row, ...] = ()


def nested(facts: RepositoryFacts, experiments: Sequence[Experiment]) -> tuple[Branch, ...]:
    """The experiments as rows of branches; each branch comes right after its parent's last child.

    experiments: what `experiments_of` gave. The default branch comes first, then the others by
    their newest commit, each followed by those that grew from it.
    """
    rows = _rows(experiments)
    owner, order = _owners(facts, rows)
    mine: dict[str, list[Row]] = {}
    for oid, row in rows.items():
        mine.setdefault(owner.get(oid, ""), []).append(row)
    branches: dict[str, Branch] = {}
    for name in order:
        tip = facts.history.branches[name]
        own = mine.get(name, ())
        parent = _grown_from(facts, own, owner) if own else owner.get(tip, "")
        branches[name] = Branch(name, tip, parent, tuple(own))
    children: dict[str, list[str]] = {}
    for name, branch in branches.items():
        # Two that merged each other's work can each seem to have grown from the other.
        parent = branch.parent if _leads_up(branches, name) else ""
        if parent != branch.parent:
            branches[name] = msgspec.structs.replace(branch, parent="")
        children.setdefault(parent, []).append(name)
    found: list[Branch] = []
    waiting = list(reversed(children.get("", ())))
    while waiting:
        name = waiting.pop()
        found.append(branches[name])
        waiting += reversed(children.get(name, ()))
    if "" in mine:
        found.append(Branch("", mine[""][0].experiment.commit, "", tuple(mine[""])))
    return tuple(found)


def _rows(experiments: Iterable[Experiment]) -> dict[str, Row]:
    """Commit -> its row, newest first."""
    commits: dict[str, Experiment] = {}
    under: dict[str, list[Experiment]] = {}
    for one in experiments:
        if one.baseline:
            under.setdefault(one.baseline, []).append(one)
        else:
            commits[one.commit] = one
    rows = {oid: Row(one, tuple(under.pop(oid, ()))) for oid, one in commits.items()}
    # Nothing is lost where a baseline is not at hand.
    return rows | {one.commit: Row(one) for rest in under.values() for one in rest}


def _owners(facts: RepositoryFacts, among: Mapping[str, Row]) -> tuple[dict[str, str], list[str]]:
    """Commit -> the branch that shows it, and the branches in their order.

    Branches take their commits one after the other. One that grew out of another, whose tip is on
    its own first line, lets that one take first; one that was merged into it comes later, and finds
    its commits taken.
    """
    order = ranked(facts)
    tips: dict[str, list[str]] = {}
    for name in order:
        tips.setdefault(facts.history.branches[name], []).append(name)
    owner: dict[str, str] = {}
    done: set[str] = set()
    for name in order:
        lines = [] if name == facts.branch or name in MAIN_LINES else list(
            _first_line(facts, facts.history.branches[name], owner, among)
        )  # fmt: skip
        grown = [other for oid in reversed(lines) for other in tips.get(oid, ())]
        for one in (*grown, name):
            if one not in done:
                done.add(one)
                _take(facts, one, owner, among)
    return owner, order


def _first_line(
    facts: RepositoryFacts, oid: str, owner: Mapping[str, str], among: Mapping[str, Row]
) -> Iterator[str]:
    """The first parents, until a commit that a branch has taken; the tip itself left out."""
    while oid in among and oid not in owner:
        parents = facts.commits[oid].parents
        oid = parents[0] if parents else ""
        if oid in among and oid not in owner:
            yield oid


def _take(
    facts: RepositoryFacts, name: str, owner: dict[str, str], among: Mapping[str, Row]
) -> None:
    waiting = [facts.history.branches[name]]
    while waiting:
        oid = waiting.pop()
        if oid in among and oid not in owner:
            owner[oid] = name
            waiting += facts.commits[oid].parents


def _grown_from(facts: RepositoryFacts, own: Sequence[Row], owner: Mapping[str, str]) -> str:
    """The branch that has the commit from which the first of its own commits was made."""
    name = owner[own[0].experiment.commit]
    for row in reversed(own):
        for parent in row.experiment.parents:
            if owner.get(parent, name) != name:
                return owner[parent]
    return ""


def _leads_up(branches: Mapping[str, Branch], name: str) -> bool:
    """Whether going from parent to parent ends."""
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        name = branches[name].parent
    return not name
