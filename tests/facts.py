"""Small facts for tests that need a registry and no repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sitegen.registry import events
from sitegen.registry.facts import (
    Annotation,
    Commit,
    Leaf,
    Moment,
    Person,
    Ref,
    RepositoryFacts,
    Tag,
    ValueFile,
)
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
