from __future__ import annotations

import msgspec

from sitegen.render.search.documents import SHOWN_DESCRIPTION, groups_of
from sitegen.site import urls
from sitegen.site.model import ModelView, RepositoryView, Site, ValueFileView, ValueView
from sitegen.site.parts import (
    CardFactView,
    CardView,
    ColumnView,
    CommitView,
    MetadataView,
    RequirementView,
    TableView,
)
from sitegen.site.tables import CellView, ExperimentsView, RowView, TableColumn
from tests.unit.render import views

METADATA = MetadataView(
    "scikit-learn", "sklearn", "1.2", "", "", "", "", "", (),
    (TableView(("data of predict",), (ColumnView("age", "int64", False),)),),
    (RequirementView("numpy", "1.26.4", "", ""),), (),
)  # fmt: skip
CARD = CardView(
    False, "README.md", "", "", (CardFactView("License", ("apache-2.0",), ""),), (), "", False,
    '<p>Trained on <a href="x">purchases</a>.</p>',
)  # fmt: skip


def value(key: str, number: float | None) -> ValueView:
    return ValueView(key, str(number), str(number), number, "", "", "")


def full() -> ModelView:
    """A model that says everything."""
    metrics = ValueFileView(
        "metrics.json", "", "", (value("f1", 0.5), value("nan", None), value("inf", float("inf")))
    )
    model = views.model("cv:nn", 2)
    versions = tuple(
        msgspec.structs.replace(
            each, metadata=METADATA, card=CARD, metrics=(metrics,), message=f"Why {each.name}"
        )
        for each in model.versions
    )
    return msgspec.structs.replace(
        model, versions=versions, latest=versions[0], labels=("risk", "tabular"),
        framework="scikit-learn",
    )  # fmt: skip


def test_a_model_is_found_by_all_that_it_says() -> None:
    (document,) = groups_of(views.site(full()))["models"]
    assert document.texts == {
        "name": "cv:nn", "label": "risk\ntabular", "framework": "scikit-learn\nsklearn",
        "stage": "prod", "version": "v2.0.0\nv1.0.0", "repo": "demo",
        "description": "What cv:nn is for", "author": "Ann", "type": "model", "column": "age",
        "package": "numpy 1.26.4",
        "text": "License: apache-2.0\nTrained on purchases.",
    }  # fmt: skip
    assert document.passage == document.texts["text"]
    assert document.numbers == {"f1": 0.5}
    assert document.state == "registered"
    assert document.card[:3] == ("cv:nn", "models/demo/cv~nn.html", "demo")


def test_a_version_is_found_by_what_is_its_own() -> None:
    found = groups_of(views.site(full()))["versions"]
    assert [document.card[5] for document in found] == ["v1.0.0", "v2.0.0"]
    assert found[1].texts == {
        "name": "cv:nn", "framework": "scikit-learn\nsklearn", "stage": "prod",
        "version": "v2.0.0", "repo": "demo", "author": "Ann",
        "message": "Why v2.0.0\nthe reason for cv:nn",
    }  # fmt: skip
    assert found[1].numbers == {"f1": 0.5}


def test_a_version_that_only_head_knows_is_found_as_its_model() -> None:
    model = full()
    versions = tuple(msgspec.structs.replace(v, discovered=True) for v in model.versions)
    model = msgspec.structs.replace(model, versions=versions)
    assert groups_of(views.site(model))["versions"] == []


def test_models_are_numbered_by_age_and_undated_ones_come_last() -> None:
    models = [views.model(name) for name in ("old", "new", "never")]
    days = {"old": 1, "new": 9}
    models = [
        msgspec.structs.replace(
            model,
            events=(views.event(days[model.name], model.name),) if model.name in days else (),
        )
        for model in models
    ]
    found = groups_of(views.site(*models[::-1]))["models"]
    assert [document.texts["name"] for document in found] == ["old", "new", "never"]


def test_a_page_is_found_by_its_sections() -> None:
    site = views.site()
    content = msgspec.structs.replace(
        site.contents[0], description="How to", source="# Guide\n\nHello\n\n## More *here*\n\nworld"
    )
    site = msgspec.structs.replace(site, contents=(content,))
    first, second = groups_of(site)["pages"]
    assert first.texts == {"name": "Guide", "description": "How to", "text": "Guide\nHello"}
    assert second.texts == {"name": "Guide: More here", "text": "world"}
    assert second.card[1] == "docs/guide.html#more-here"


def test_states_are_those_of_the_dashboard() -> None:
    def state(**changes: object) -> str:
        model = msgspec.structs.replace(views.model(), **changes)
        return groups_of(views.site(model))["models"][0].state

    assert state() == "registered"
    assert state(registered=False) == "unregistered"
    assert state(deprecated=True) == "deprecated"


def test_a_long_description_is_cut_in_a_result_and_whole_in_the_index() -> None:
    model = msgspec.structs.replace(views.model(), description="word " * 1_000)
    (document,) = groups_of(views.site(model))["models"]
    assert len(document.card[3]) <= SHOWN_DESCRIPTION + 1
    assert len(document.texts["description"]) == 5_000


def test_an_empty_portal_has_nothing_to_find() -> None:
    site: Site = msgspec.structs.replace(views.site(), models=(), contents=())
    assert groups_of(site) == {"models": [], "versions": [], "experiments": [], "pages": []}


def test_an_experiment_is_found_by_name_commit_message_and_metrics() -> None:
    def row(oid: str, name: str = "", hidden: str = "") -> RowView:
        commit = CommitView(oid * 40, oid * 7, "", "Ann", views.day(1), "Train longer")
        return RowView(
            oid * 40, commit, "Train longer\n\nMuch longer", (), name, "", 0, (), (), (), hidden,
            (), (),
        )  # fmt: skip

    cells = (CellView("0.5", "0.5", 0.5), CellView("nan", "nan"), None)
    table = ExperimentsView(
        repo="demo", repo_href="", branch="main", url="projects/demo.html", api="",
        rows=(row("a", "exp-tall"), row("b"), row("c", hidden="unchanged")),
        columns=(TableColumn("metrics:m.json:f1", "metrics", "m.json", "f1", "", True, cells),),
        branches=(), models=(), hidden=1, newest=0, baseline=0, best=(), changes=(), against="",
        last=None, commit_shape="", compare_shape="",
    )  # fmt: skip
    repository = RepositoryView(
        "demo", "", "", "main", None, 0, 0, 0, None, (), 0, 2, "", "", table
    )
    site = msgspec.structs.replace(views.site(), repositories=(repository,))
    first, second = groups_of(site)["experiments"]
    assert first.texts == {
        "name": "exp-tall\naaaaaaa", "repo": "demo", "author": "Ann",
        "message": "Train longer\n\nMuch longer",
    }  # fmt: skip
    assert first.numbers == {"f1": 0.5}
    assert first.card[:2] == ("exp-tall", urls.experiment("demo", "a" * 40))
    assert second.card[0] == "Train longer"
    assert second.numbers == {}
