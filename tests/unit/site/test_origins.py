"""Which model of the portal an import came from."""

from __future__ import annotations

import pytest

from sitegen.registry.facts import Annotation
from sitegen.site.build import Source
from sitegen.site.origins import Origin, Origins, same_repository
from tests.facts import oid, source, tag

ONE = "github.com/ada/models"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://github.com/ada/models", ONE),
        ("https://github.com/Ada/Models.git", ONE),
        ("https://github.com/ada/models.git/", ONE),
        ("https://github.com:443/ada/models", ONE),
        ("http://github.com:80/ada/models", ONE),
        ("https://ada:SECRET@github.com/ada/models?x=y", ONE),
        ("ssh://git@github.com:22/ada/models.git", ONE),
        ("ssh://git@ssh.github.com:443/ada/models.git", ONE),
        ("git@github.com:ada/models.git", ONE),
        ("git@github.com:/ada/models", ONE),
        ("github.com:ada/models", ONE),
        ("git://github.com/ada/models.git", ONE),
        ("https://git.example:8443/ada/models", "git.example:8443/ada/models"),
        ("git@ssh.dev.azure.com:v3/org/project/repo", "dev.azure.com/org/project/_git/repo"),
        ("https://dev.azure.com/org/project/_git/repo", "dev.azure.com/org/project/_git/repo"),
        ("/srv/git/Models.git", "/srv/git/Models"),
        ("/srv/git/Models/.git", "/srv/git/Models"),
        ("file:///srv/git/Models%20a/", "/srv/git/Models a"),
        ("../models", ""),
        ("https://github.com/", ""),
        ("ext::sh -c x", ""),
        ("https://[x/y", ""),
        ("", ""),
    ],
)
def test_all_spellings_of_an_address_are_one(url: str, known: str) -> None:
    assert same_repository(url) == known


def said(artifact: str, path: str) -> Annotation:
    return Annotation(artifact, "artifacts.yaml", path)


@pytest.fixture
def models() -> Source:
    return source(
        tag("churn@v1.0.0", "c1"),
        tag("churn@v1.1.0", "c2", 1),
        tag("churn@v1.2.0", "c2", 2),
        tag("churn@v1.2.0!", "c2", 3),
        tag("cv=nn@v2.0.0", "c2", 4),
        name="models",
        url="https://github.com/ada/models",
        head="c3",
        annotations={
            "c1": [said("churn", "old/churn.pkl")],
            "c2": [said("churn", "models/churn.pkl"), said("cv:nn", "cv/nn")],
            "c3": [
                said("churn", "models/churn.pkl"),
                said("cv:nn", "cv/nn"),
                said("inner", "cv/nn/deep"),
                said("far", "s3://bucket/far"),
            ],
        },
    )


@pytest.fixture
def origins(models: Source) -> Origins:
    other = source(tag("other@v1.0.0"), name="other", url="", web="https://git.example/o/r")
    again = source(tag("churn@v9.0.0"), name="again", url="git@github.com:ada/models.git")
    sources = (models, other, again)
    return Origins((each.facts, each.registry) for each in sources)


@pytest.mark.parametrize(
    ("path", "rev", "commit", "expected"),
    [
        ("old/churn.pkl", "churn@v1.0.0", "c1", ("churn", "v1.0.0")),
        # Of several versions at a commit: the one asked for, else the greatest active one.
        ("models/churn.pkl", "", "c2", ("churn", "v1.1.0")),
        ("models/churn.pkl", "churn@v1.2.0", "c2", ("churn", "v1.2.0")),
        ("models/churn.pkl", "cv=nn@v2.0.0", "c2", ("churn", "v1.1.0")),
        ("cv/nn", "cv=nn@v2.0.0", "c2", ("cv:nn", "v2.0.0")),
        ("cv/nn/weights.bin", "main", "c2", ("cv:nn", "v2.0.0")),
        ("cv/nn/deep/x", "", "c3", ("inner", oid("c3"))),
        # A commit that is no version's is looked up at HEAD.
        ("models/churn.pkl", "main", "c9", ("churn", "")),
        ("models/churn.pkl", "", "", ("churn", "")),
        ("models", "", "c2", None),
        ("old/churn.pkl", "", "c9", None),
        (".", "", "c2", None),
    ],
)
def test_an_import_is_traced_to_a_model(
    origins: Origins, path: str, rev: str, commit: str, expected: tuple[str, str] | None
) -> None:
    lock = oid(commit) if commit else ""
    found = origins.find("git@github.com:ada/models.git", path, rev, lock)
    assert found == (Origin("models", *expected) if expected else None)


def test_a_repository_without_an_address_is_known_by_its_page(models: Source) -> None:
    here = source(
        tag("a@v1.0.0"), url="", web="https://git.example/o/r", annotations={"c1": [said("a", "a")]}
    )
    origins = Origins([(here.facts, here.registry)])
    assert origins.find("ssh://git@git.example/o/r.git", "a") == Origin("repo", "a")
    assert origins.find("https://git.example/o/other", "a") is None
    assert origins.find("", "a") is None


def test_data_of_an_address_is_traced_to_the_model_that_is_there(origins: Origins) -> None:
    assert origins.find("s3://bucket/far", "") == Origin("models", "far")
    assert origins.find("s3://bucket/other", "") is None
    assert Origins(()).find("s3://bucket/far", "") is None


def test_an_address_leads_to_the_latest_version_that_has_it() -> None:
    row = [said("far", "s3://bucket/far")]
    here = source(
        tag("far@v1.0.0", "c1"), tag("far@v2.0.0", "c2", 1), head="c3",
        annotations={"c1": row, "c2": row, "c3": row},
    )  # fmt: skip
    found = Origins([(here.facts, here.registry)]).find("s3://bucket/far", "")
    assert found == Origin("repo", "far", "v2.0.0")
