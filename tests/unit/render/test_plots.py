"""The published files of plots."""

from __future__ import annotations

import json
from typing import Any

from sitegen.registry.facts import Picture, RepositoryFacts
from sitegen.registry.plots import Plot, PlotFile, Table
from sitegen.render import plots

EVIL = "</script><img src=x onerror=alert(1)>\u2028"


def facts(name: str = "a", title: str = "T") -> RepositoryFacts:
    drawn = Plot("l.csv", "l.csv", "dvc.yaml", {"title": title}, (PlotFile("l.csv", "t"),))
    image = Plot("i.svg", "i.svg", "dvc.yaml", {}, (PlotFile("i.svg"),), True, "blob")
    none = Plot("n.csv", "n.csv", "dvc.yaml", {}, (PlotFile("n.csv"),), note="not in Git")
    return RepositoryFacts(
        name, "", "main", "c", (), {}, {}, {},
        plots={"c": (drawn, image, none), "d": (drawn,)},
        tables={"t": Table(("n", "loss"), 2, "loss", '[["0","1"],["NaN",0.5]]')},
        pictures={"blob": Picture("i.svg", "blob", "image/svg+xml", b"<svg/>", 4, 3)},
    )  # fmt: skip


def published(*found: RepositoryFacts) -> dict[str, bytes]:
    rows = list(plots.files(found))
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def argument(script: bytes, of: str) -> Any:
    """What a script hands over as its last argument, read as a string of JavaScript."""
    text = script.decode()
    assert text.startswith(f"window.sitegen.plots.{of}(")
    return json.loads("[" + text[text.index("(") + 1 : -3] + "]")[-1]


def test_equal_plots_of_commits_and_repositories_are_published_once() -> None:
    found = published(facts(), facts("b"))
    assert sorted(path.rpartition(".")[2] for path in found) == [*["js"] * 4, "json", "svg"]
    assert {"data/plots/templates.js", "data/plots/of/a.js", "data/plots/of/b.js"} < set(found)


def test_an_index_says_which_commit_has_which_plots() -> None:
    found = json.loads(argument(published(facts())["data/plots/of/a.js"], "index"))
    assert [plot["name"] for plot in found["plots"]] == ["l.csv", "i.svg", "n.csv"]
    assert found["commits"] == {"c": [0, 1, 2], "d": [0]}
    assert found["plots"][2] == {
        "name": "n.csv", "title": "n.csv", "kind": "data", "note": "not in Git",
    }  # fmt: skip


def test_a_portal_without_plots_has_no_such_files() -> None:
    assert published(RepositoryFacts("a", "", "main", "c", (), {}, {}, {})) == {}


def test_a_specification_is_vega_lite_with_its_data() -> None:
    [text] = [data for path, data in published(facts()).items() if path.endswith(".json")]
    content = json.loads(text)
    assert content["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert content["data"]["values"] == [
        {"n": "0", "loss": "NaN", "step": 0, "rev": "workspace"},
        {"n": "1", "loss": 0.5, "step": 1, "rev": "workspace"},
    ]
    assert content["title"]["text"] == "T"


def test_nothing_out_of_a_repository_ends_its_script() -> None:
    for path, data in published(facts(title=EVIL)).items():
        assert b"</script" not in data
        assert "\u2028".encode() not in data
        if path.endswith(".js") and "templates" not in path and "/of/" not in path:
            assert json.loads(argument(data, "take"))["definition"]["title"] == EVIL


def test_the_templates_are_handed_over_by_name() -> None:
    found = argument(published(facts())["data/plots/templates.js"], "templates")
    assert found == plots.dvc_templates()
    assert set(found) >= {"linear", "confusion"}
