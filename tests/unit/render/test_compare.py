"""The data of the pages on which versions stand side by side."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from sitegen.render import compare
from sitegen.site.parts import PlotView
from tests.unit.render.views import EVIL, model, site


def plot(name: str, digest: str) -> PlotView:
    return PlotView(
        name=name, title=name, kind="data", template="linear", digest=digest, data="",
        specification="", image="", width=0, height=0, note="", source="dvc.yaml",
        source_href="", files=(),
    )  # fmt: skip


def published(*models: Any) -> dict[str, dict[str, Any]]:
    """Path -> what the page's script hands over, read as JavaScript reads it."""
    found = {}
    whole = msgspec.structs.replace(site(), models=models)
    for path, data in compare.data_files(whole):
        text = data.decode()
        start, end = "window.sitegen.compare=JSON.parse(", ");\n"
        assert text.startswith(start)
        assert text.endswith(end)
        found[path] = json.loads(json.loads(text[len(start) : -len(end)]))
    return found


def compared(title: str = "f1") -> Any:
    made = model("churn", versions=2)
    new, old = made.versions
    new = msgspec.structs.replace(new, labels=(title,), plots=(plot("loss.csv", "a"),))
    old = msgspec.structs.replace(old, labels=(title,))
    page = "models/demo/churn/compare.html"
    return msgspec.structs.replace(made, versions=(new, old), compare=page)


def test_only_models_with_a_page_of_their_own_have_data() -> None:
    assert list(published(compared(), model("alone"))) == ["data/compare/demo/churn.js"]


def test_each_fact_stands_once_and_versions_name_it_by_number() -> None:
    [data] = published(compared()).values()
    new, old = data["versions"]
    group, key, goal = data["keys"][new["facts"][0][0]]
    assert (data["groups"][group], key, goal) == ("Labels", "f1", "")
    assert data["facts"][new["facts"][0][1]] == ["yes", 0, None]
    assert new["facts"] == old["facts"]
    assert [version["name"] for version in (new, old)] == ["v2.0.0", "v1.0.0"]


def test_plots_are_named_by_what_they_hold() -> None:
    [data] = published(compared()).values()
    assert data["versions"][0]["plots"] == [
        {"name": "loss.csv", "title": "loss.csv", "kind": "data", "digest": "a"}
    ]
    assert data["versions"][1]["plots"] == []


def test_what_a_repository_says_survives_and_ends_no_script() -> None:
    whole = msgspec.structs.replace(site(), models=(compared(EVIL),))
    [(_, data)] = compare.data_files(whole)
    assert b"</script" not in data
    [read] = published(compared(EVIL)).values()
    assert read["keys"][0][1] == EVIL
