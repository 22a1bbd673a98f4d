"""Small facts for tests that need a registry and no repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sitegen.registry import events
from sitegen.registry.experiments import Experiment
from sitegen.registry.facts import (
    Annotation,
    Commit,
    DvcExperiment,
    History,
    Leaf,
    Moment,
    Person,
    Ref,
    RepositoryFacts,
    Tag,
    ValueFile,
)
from sitegen.registry.lineage import Data
from sitegen.registry.state import Annotated, fold
from sitegen.site.build import Source

ADA = Person("Ada", "ada@example.com")


def oid(name: str) -> str:
    """A commit's id that starts with `name` in hexadecimal."""
    return (name.encode().hex() + "0" * 40)[:40]


def tag(name: str, commit: str = "c1", at: int | None = 0, message: str = "") -> Tag:
    when = None if at is None else Moment(at)
    return Tag(name, oid("tag " + name), oid(commit), ADA, when, message)


def commit(name: str, at: int = 0, message: str = "Work\n") -> Commit:
    return Commit(oid(name), oid("tree"), (), ADA, Moment(at), ADA, Moment(at), message)


def metrics(path: str = "metrics.json", **values: Any) -> ValueFile:
    return ValueFile(path, "metrics", {key: Leaf(v, repr(v)) for key, v in values.items()})


def source(
    *tags: Tag,
    name: str = "repo",
    head: str = "c1",
    annotations: dict[str, Sequence[Annotation]] | None = None,
    values: dict[str, Sequence[ValueFile]] | None = None,
    **more: Any,
) -> Source:
    """A repository whose commits are named by the tags; annotations and values by commit name."""
    said, _, _ = events.select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    names = {head, *(annotations or {}), *(values or {})}
    commits = {oid(n): commit(n) for n in sorted(names)}
    for t in tags:
        commits.setdefault(t.commit, commit("x"))
    facts = RepositoryFacts(
        name=name,
        url=more.pop("url", "https://github.com/example/repo"),
        branch="main",
        head=oid(head),
        tags=tags,
        commits=commits,
        annotations={oid(n): tuple(row) for n, row in (annotations or {}).items()},
        values={oid(n): tuple(row) for n, row in (values or {}).items()},
        **more,
    )
    at_head = facts.annotations.get(facts.head, ())
    annotated = Annotated(
        facts.head,
        {a.artifact for a in at_head},
        {a.artifact for a in at_head if a.source == "artifacts.yaml"},
    )
    return Source(facts, fold(tags, said, annotated, name))


def history(
    graph: str,
    branches: Mapping[str, str],
    *,
    tags: Mapping[str, str] | None = None,
    made: Iterable[tuple[str, str, str]] = (),
    values: Mapping[str, Sequence[ValueFile]] | None = None,
    data: Mapping[str, dict[str, Data]] | None = None,
    messages: Mapping[str, str] | None = None,
    branch: str = "main",
) -> RepositoryFacts:
    """graph: "a b:a m:b,x": commits with their parents, each a second later than the one before.

    made: (name, commit, baseline) of DVC experiments, whose commits are no part of a branch.
    """
    commits: dict[str, Commit] = {}
    for at, item in enumerate(graph.split()):
        name, _, parents = item.partition(":")
        one = commit(name, at, (messages or {}).get(name, "Work\n"))
        ids = tuple(oid(parent) for parent in parents.split(",") if parent)
        commits[oid(name)] = msgspec.structs.replace(one, parents=ids)
    others = {oid(tip) for _, tip, _ in made}
    return RepositoryFacts(
        name="repo",
        url="",
        branch=branch,
        head="",
        tags=(),
        commits=commits,
        annotations={},
        # Unless said otherwise every commit changes something.
        values={one: (metrics(f1=at),) for at, one in enumerate(commits)}
        if values is None
        else {oid(name): tuple(row) for name, row in values.items()},
        history=History(
            tuple(sorted(commits.keys() - others)),
            {name: oid(tip) for name, tip in branches.items()},
            {name: oid(tip) for name, tip in (tags or {}).items()},
            tuple(DvcExperiment(name, (oid(tip),), oid(base)) for name, tip, base in made),
        ),
        data={oid(name): row for name, row in (data or {}).items()},
    )


def short(one: Experiment) -> str:
    """The name that an experiment's commit was given here."""
    return bytes.fromhex(one.commit).decode().strip("\0")
