"""Every experiment is a record of its repository's file in the API."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from sitegen.registry.facts import RepositoryFacts
from sitegen.registry.lineage import Data
from sitegen.registry.state import Annotated, Registry, fold
from sitegen.registry.tags import parse
from sitegen.site import api
from sitegen.site.api_experiments import api_experiments
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.records import ApiExperiment
from tests.facts import history, metrics, oid, tag


def folded(facts: RepositoryFacts, *tags: str) -> tuple[RepositoryFacts, Registry]:
    """The facts with these tags, each NAME@COMMIT, and what they fold to."""
    made = tuple(tag(*each.rsplit("@", 1), at) for at, each in enumerate(tags))  # type: ignore[misc]
    said = {each.name: name for each in made if (name := parse(each.name)) is not None}
    whole = msgspec.structs.replace(facts, tags=made)
    return whole, fold(made, said, Annotated(facts.head, (), ()), facts.name)


def records(facts: RepositoryFacts, *tags: str) -> list[ApiExperiment]:
    return api_experiments(*folded(facts, *tags))


def test_an_experiment_says_where_it_is_and_what_it_holds() -> None:
    facts = history(
        "a b:a",
        {"main": "b"},
        tags={"m@v1.0.0": "b"},
        values={"b": [metrics(f1=0.5), metrics("params.yaml", lr=1)]},
        data={"b": {"z.pkl": Data("z.pkl", "1f", "md5", 7), "a.csv": Data("a.csv")}},
        messages={"b": "Train it\n\nLonger.\n"},
    )
    newest, oldest = (json.loads(msgspec.json.encode(one)) for one in records(facts, "m@v1.0.0@b"))
    assert newest == {
        "commit": oid("b"),
        "parents": [oid("a")],
        "branches": ["main"],
        "tags": ["m@v1.0.0"],
        "name": None,
        "baseline": None,
        "author": "Ada",
        "date": "1970-01-01T00:00:01+00:00",
        "message": "Train it\n\nLonger.",
        "metrics": {"metrics.json": {"f1": 0.5}, "params.yaml": {"lr": 1}},
        "params": {},
        "files": {"a.csv": {"hash": None, "size": None}, "z.pkl": {"hash": "1f", "size": 7}},
        "models": {"m": "v1.0.0"},
        "hidden": False,
        "hidden_because": None,
    }
    assert (oldest["hidden"], oldest["hidden_because"]) == (True, "unchanged")
    assert (oldest["metrics"], oldest["files"], oldest["models"]) == ({}, {}, {})


def test_a_dvc_experiment_names_its_baseline_and_stands_after_it() -> None:
    facts = history("a x:a b:a", {"main": "b"}, made=[("fox", "x", "a")])
    found = [(one.name, one.baseline, one.commit, one.branches) for one in records(facts)]
    assert found == [
        (None, None, oid("b"), ["main"]),
        (None, None, oid("a"), ["main"]),
        ("fox", oid("a"), oid("x"), []),
    ]


def test_only_active_versions_are_models_of_a_commit() -> None:
    facts = history("a b:a", {"main": "b"})
    tags = ("m@v1.0.0@a", "m@v2.0.0@b", "m@v2.0.0!@b", "n@v3.0.0@b")
    assert [one.models for one in records(facts, *tags)] == [{"n": "v3.0.0"}, {"m": "v1.0.0"}]


def test_what_experiments_share_is_one_object() -> None:
    files, data = (metrics(f1=1),), {"a": Data("a", "1")}
    facts = history(
        "a b:a", {"main": "b"}, values={"a": files, "b": files}, data={"a": data, "b": data}
    )
    facts = msgspec.structs.replace(facts, values=dict.fromkeys(facts.values, files))
    first, second = records(facts)
    assert first.metrics is second.metrics
    assert first.files is second.files


def test_the_number_of_experiments_stands_in_the_registry_and_on_its_view() -> None:
    facts = history("a x:a b:a", {"main": "b"}, made=[("fox", "x", "a")])
    source = Source(*folded(facts))
    found: dict[str, Any] = api.documents([source], Settings())
    assert found["api/v1/registry.json"].repositories[0].experiments == 3
    assert build_site([source], Settings()).repositories[0].experiments == 3
