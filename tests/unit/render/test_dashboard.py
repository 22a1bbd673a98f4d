"""The data of the dashboard, and what the page says without JavaScript."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from sitegen.registry.facts import Annotation, Tag
from sitegen.render import dashboard
from sitegen.site import urls
from sitegen.site.build import Settings, build_site
from sitegen.site.model import Site
from tests.facts import metrics, source, tag
from tests.portfolios import site_of
from tests.unit.render.views import EVIL


def scripts(site: Site) -> dict[str, Any]:
    """Path -> what the script hands over."""
    found = {}
    for path, script in dashboard.data_files(site):
        text = script.decode()
        found[path] = json.loads(json.loads(text[text.index("(") + 1 : text.rindex(")")]))
    return found


def spread(column: list[Any]) -> list[Any]:
    return [column[0][i] for i in column[1]] if len(column) == 2 else column[0]


def site(*tags: Tag, **more: Any) -> Site:
    return build_site([source(*tags, **more)], Settings())


def test_one_script_opens_the_table_and_others_bring_its_models() -> None:
    said = Annotation("odd/Name", "artifacts.yaml", labels=("cv",), description="What\n it  is.")
    found = scripts(
        site(
            tag("churn@v1.0.0", at=100),
            tag("churn#prod#1", at=200),
            annotations={"c1": [said]},
            values={"c1": [metrics(auc=0.5)]},
        )
    )
    assert list(found) == ["data/models.js", "data/models/0.js"]
    head, chunk = found.values()
    assert (head["rows"], head["chunks"]) == (2, 1)
    assert head["stages"] == [["prod", 2, ""]]
    assert head["repos"] == [["repo", "projects/index.html#repo-repo", "models/repo/"]]
    assert head["metrics"] == ["auc"]
    assert head["facets"] == [["stage", "Stage"], ["state", "State"], ["label", "Label"]]
    assert chunk["name"] == ["churn", "odd/Name"]
    assert spread(chunk["state"]) == [0, 1]
    # Only a page that is not called as its model is has its address said.
    assert chunk["url"] == {"1": urls.model("repo", "odd/Name")}
    assert spread(chunk["labels"]) == [[], ["cv"]]
    assert spread(chunk["description"]) == ["", "What it is."]
    latest = chunk["latest"]
    assert (latest["at"], spread(latest["version"]), latest["url"]) == ([0], ["v1.0.0"], {})
    assert (latest["when"][0], spread(latest["when"][1])) == ([100], ["+00:00"])
    held = chunk["held"]
    assert (held["at"], held["stage"], spread(held["author"])) == ([0], [0], ["Ada"])
    assert spread(chunk["event"]["verb"]) == ["assigned"]
    assert chunk["metrics"] == {"at": [0], "metric": [0], "value": [0.5]}


def test_no_model_has_no_script() -> None:
    assert scripts(site()) == {}


def test_an_invalid_date_is_none() -> None:
    chunk = scripts(site(tag("churn@v1.0.0", at=None)))["data/models/0.js"]
    assert chunk["latest"]["when"][0] == [-1]
    assert spread(chunk["latest"]["when"][1]) == [""]


def test_models_come_in_chunks_and_each_once() -> None:
    many = site_of(2100)
    found = scripts(many)
    assert list(found) == dashboard.data_paths(many)
    chunks = [chunk for path, chunk in found.items() if path != dashboard.DATA]
    assert [(chunk["number"], chunk["start"]) for chunk in chunks] == [(0, 0), (1, 1000), (2, 2000)]
    assert [name for chunk in chunks for name in chunk["name"]] == [m.name for m in many.models]
    held = sum(len(model.chips) for model in many.models)
    assert sum(len(chunk["held"]["at"]) for chunk in chunks) == held


def test_hostile_text_comes_through_as_text() -> None:
    plain = site(tag("churn@v1.0.0"))
    evil = msgspec.structs.replace(plain.models[0], description=EVIL, labels=(EVIL,))
    found = scripts(msgspec.structs.replace(plain, models=(evil,)))["data/models/0.js"]
    assert spread(found["labels"]) == [[EVIL]]
    assert spread(found["description"]) == [" ".join(EVIL.split())]


def test_a_long_description_is_cut() -> None:
    plain = site(tag("churn@v1.0.0"))
    long = msgspec.structs.replace(plain.models[0], description="word " * 800)
    found = scripts(msgspec.structs.replace(plain, models=(long,)))["data/models/0.js"]
    (text,) = spread(found["description"])
    assert len(text) <= dashboard.DESCRIPTION
    assert text.endswith("word…")


def test_metrics_that_most_models_have_come_first_and_there_is_an_end_of_them() -> None:
    tags = [tag(f"m{i:02}@v1.0.0", f"c{i}") for i in range(80)]
    values = {
        f"c{i}": [metrics(**({"auc": 0.5} if i % 2 else {}), **{f"k{i:02}": 1})] for i in range(80)
    }
    keys = dashboard.metric_keys(site(*tags, values=values).models)
    assert keys[0] == "auc"
    assert len(keys) == dashboard.METRICS


def test_without_javascript_there_are_all_models_or_the_newest_and_a_list() -> None:
    few = site_of(30)
    assert dashboard.plain_models(few) == few.models
    assert dashboard.plain_lists(few) == []
    many = site_of(1200)
    shown = dashboard.plain_models(many)
    assert len(shown) == dashboard.PLAIN
    dates = [model.last_event.when.seconds for model in shown if model.last_event]
    assert dates == sorted(dates, reverse=True)
    lists = dashboard.plain_lists(many)
    assert [path for path, _ in lists] == ["list/1.html", "list/2.html"]
    assert tuple(model for _, models in lists for model in models) == many.models
