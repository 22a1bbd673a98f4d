"""Plots as they are shown, and what their files are named by."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from sitegen.registry.facts import Picture, RepositoryFacts
from sitegen.registry.plots import Plot, PlotFile, Table
from sitegen.site.links import repository_links
from sitegen.site.plots import image_url, plot_records, plot_text, plot_views, shown_plots

LINKS = repository_links("https://github.com/team/churn", "")


def data(id: str, table: str = "t", **definition: Any) -> Plot:
    return Plot(id, id, "dvc.yaml", definition, (PlotFile(id, table),))


IMAGE = Plot("p/cm.png", "p/cm.png", "dvc.yaml", {}, (PlotFile("p/cm.png"),), True, "blob")
KEPT = Plot(
    "p/kept.csv", "p/kept.csv", "dvc.yaml", {},
    (PlotFile("p/kept.csv", "", "cached by DVC, not in Git", "ab12", 2048),),
    note="cached by DVC, not in Git",
)  # fmt: skip
OWN = msgspec.structs.replace(data("p/own.csv", template="mine"), template="tb")


def facts(*plots: Plot, **more: Any) -> RepositoryFacts:
    return RepositoryFacts(
        "churn", "", "main", "c1", (), {}, {}, {},
        plots={"c1": plots, **more},
        tables={"t": Table(("a",), 1, "a", '["1"]'), "u": Table(("a",), 1, "a", '["2"]')},
        templates={"tb": '{"mark":"bar"}'},
        pictures={"blob": Picture("p/cm.png", "blob", "image/png", b"png", 4, 3)},
    )  # fmt: skip


def test_equal_plots_of_two_commits_have_one_name_and_others_another() -> None:
    same, other = data("l.csv"), data("l.csv", "u")
    shown = shown_plots(facts(same, IMAGE, c2=(same,), c3=(other,), c4=(data("l.csv", x="a"),)))
    digests = [shown[commit][0].digest for commit in ("c1", "c2", "c3", "c4")]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert all(len(digest) == 20 for digest in digests)


def test_what_is_not_to_be_seen_has_no_files() -> None:
    [shown] = shown_plots(facts(KEPT))["c1"]
    assert shown.digest == ""
    [view] = plot_views([shown], facts(KEPT), LINKS, "c1")
    assert (view.data, view.specification, view.image) == ("", "", "")
    assert view.note == "cached by DVC, not in Git"
    assert (view.files[0].hash, view.files[0].size, view.files[0].href) == ("ab12", "2.05 kB", "")


def test_the_browser_gets_all_that_it_draws_from() -> None:
    assert json.loads(plot_text(OWN, facts())) == {
        "id": "p/own.csv",
        "name": "p/own.csv",
        "definition": {"template": "mine"},
        "template": {"mark": "bar"},
        "files": {
            "p/own.csv": {
                "columns": ["a"], "rows": 1, "drawn": "a", "absent": [], "cells": ["1"],
            }
        },
    }  # fmt: skip
    assert json.loads(plot_text(data("l.csv"), facts()))["template"] == "linear"


def test_views_say_what_is_drawn_before_images_and_those_before_what_is_missing() -> None:
    found = facts(KEPT, IMAGE, data("p/deep/l.csv"), data("p/r.csv", title="ROC"))
    views = plot_views(shown_plots(found)["c1"], found, LINKS, "c1")
    assert [view.title for view in views] == ["deep/l.csv", "ROC", "cm.png", "kept.csv"]
    assert [view.kind for view in views] == ["data", "data", "image", "data"]
    drawn, image = views[0], views[2]
    assert drawn.data == f"data/plots/{drawn.digest}.js"
    assert drawn.specification == f"api/v1/plots/{drawn.digest}.json"
    assert drawn.files[0].href == "https://github.com/team/churn/blob/c1/p/deep/l.csv"
    assert (image.digest, image.width, image.height) == ("", 4, 3)
    assert image.image.endswith(".png")


def test_records_are_as_declared() -> None:
    found = facts(data("l.csv", x="n", y=["a"], title="T"), IMAGE, KEPT)
    drawn, image, kept = plot_records(shown_plots(found)["c1"], found)
    assert (drawn.x, drawn.y, drawn.title, drawn.template) == ("n", ["a"], "T", "linear")
    assert (image.template, image.specification, image.kind) == (None, None, "image")
    assert image.image == image_url(shown_plots(found)["c1"][1], found)
    assert (kept.note, kept.files[0].size) == ("cached by DVC, not in Git", 2048)
