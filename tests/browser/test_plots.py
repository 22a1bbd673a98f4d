"""Plots in a browser: drawn over HTTP and from disk, as DVC draws them, and harmless."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.pipeline.repository import Wanted, read_repository
from sitegen.registry.facts import RepositoryFacts
from sitegen.render.plots import dvc_templates
from sitegen.site import urls
from sitegen.site.colors import luminance
from sitegen.site.plots import plot_text
from tests.browser.conftest import static_host
from tests.browser.test_pages import TAGS
from tests.conftest import ROOT, Oracle
from tests.gitrepo import GitRepo
from tests.hazards import publish
from tests.integration import plotting

EVIL = "https://evil.example/"
LOSS = "plots/metrics/loss.csv"
# Whatever a template of Vega-Lite can say to load, lead or reach out of its place.
HOSTILE = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "usermeta": {"embedOptions": {"ast": False, "loader": {"baseURL": EVIL}}},
    "config": {"events": {"selector": True, "timer": True}},
    "params": [
        {"name": "away", "value": 1, "bind": {"input": "text", "element": "main"}},
    ],
    "layer": [
        {
            "data": {"values": "<DVC_METRIC_DATA>"},
            "mark": {"type": "point", "href": f"{EVIL}link", "tooltip": {"content": "data"}},
            "encoding": {"x": {"field": "step", "type": "quantitative"}},
        },
        {
            "data": {"url": f"{EVIL}data.json"},
            "mark": "point",
        },
        {
            "data": {"values": [{"a": f"{EVIL}image.png"}]},
            "mark": "image",
            "encoding": {"url": {"field": "a"}},
        },
    ],
}
CODE = {
    "data": {"values": "<DVC_METRIC_DATA>"},
    "transform": [{"calculate": "datum['constructor']['constructor']('alert(1)')()", "as": "a"}],
    "mark": "point",
}
MORE: dict[str, str | bytes] = {
    "dvc.yaml": plotting.DVC_YAML.replace(
        "stages:\n  train:",
        "- many.csv: {x: step, template: simple}\n- hostile.csv: {template: hostile}\n"
        "- code.csv: {template: code}\n- gone.csv\n- nan.json\n"
        "- weird.json: {template: simple}\nstages:\n  train:",
        1,
    ),
    ".dvc/plots/hostile.json": json.dumps(HOSTILE),
    ".dvc/plots/code.json": json.dumps(CODE),
    "code.csv": "step,loss\n0,1\n",
    "many.csv": "step,loss\n" + "".join(f"{n},{n % 7}\n" for n in range(4_000)),
    "hostile.csv": "step,loss\n0,1\n1,2\n",
    "nan.json": '[{"step": 0, "loss": 1}, {"step": 1, "loss": NaN}, {"step": 2, "loss": 3}]',
    "weird.json": json.dumps(
        [{"<img src=x onerror=alert(1)>": 1, "__proto__": 2, "</script>": n} for n in range(3)]
    ),
}


@pytest.fixture(scope="module")
def made(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """The repository with every form of plot, and at its last version what is hostile."""
    repo = plotting.make(tmp_path_factory.mktemp("plots") / "repo")
    repo.commit(MORE)
    repo.tag("m@v4.0.0")
    return repo


@pytest.fixture(scope="module")
def plotted(made: GitRepo) -> Path:
    return publish(made).folder


@pytest.fixture(scope="module")
def host(plotted: Path) -> Iterator[str]:
    with static_host(plotted) as address:
        yield address


def draw_all(page: Page) -> None:
    """Have every plot drawn, as for printing, and wait until all are."""
    page.wait_for_selector(".plot")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    # A page's own policy forbids the waiting that evaluates text.
    expect(page.locator(".plot-body:not([data-drawn])")).to_have_count(0, timeout=60_000)


def body(page: Page, name: str) -> Any:
    """The place where a plot is drawn, by its name."""
    return page.locator(".plot", has=page.locator(f".plot-title[title='{name}']")).locator(
        ".plot-body"
    )


def draw(page: Page, *names: str) -> None:
    """Have these plots drawn, as for who scrolls there, and wait until they are."""
    for name in names:
        body(page, name).scroll_into_view_if_needed()
        expect(body(page, name)).to_have_attribute("data-drawn", "plot", timeout=60_000)


@pytest.mark.parametrize("way", ["http", "file"])
def test_a_versions_plots_are_drawn(
    way: str, plotted: Path, host: str, page: Page, trouble: list[str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    path = urls.version("repo", "m", "v4.0.0")
    page.goto(f"{host}{path}" if way == "http" else (plotted / path).as_uri())
    draw_all(page)
    drawn = page.locator(".plot-body[data-drawn=plot]")
    assert drawn.count() == 25
    empty = drawn.evaluate_all(
        "all => all.filter(one => !one.querySelector('.mark-line path, .mark-symbol path, "
        ".mark-rect path, canvas')).map(one => one.textContent)"
    )
    assert empty == []
    expect(page.locator(".plot-body[data-drawn=nothing]")).to_contain_text("Not drawn")
    assert body(page, "many.csv").locator("canvas").count() == 1
    expect(body(page, "nan.json").locator("svg")).to_be_visible()
    expect(body(page, "weird.json").locator("svg")).to_be_visible()
    # Nothing came from elsewhere, and nothing stands out of its place.
    assert {url for url in asked if "evil" in url} == set()
    assert page.locator("main input:not(.plot-body input, .toggles input, .day input)").count() == 0
    assert page.locator("img[src*='images'], .plot img").count() == 2
    expect(page.locator(".plot", has_text="gone.csv")).to_contain_text("Not in Git")


def test_vega_comes_only_when_a_plot_is_near(plotted: Path, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1440, "height": 200})
    page.goto((plotted / urls.version("repo", "m", "v1.0.0")).as_uri())
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert [url for url in asked if "vega" in url or "data/plots" in url] == []
    page.locator(".plot").first.scroll_into_view_if_needed()
    expect(page.locator(".plot-body[data-drawn]").first).to_be_visible()
    assert [url for url in asked if url.endswith("/vega.js")]


def line_colors(page: Page) -> list[str]:
    """The colours of the lines of the plot of losses."""
    lines = body(page, LOSS).locator(".mark-line path")
    found: list[str] = lines.evaluate_all("all => all.map(one => one.getAttribute('stroke'))")
    return found


def test_plots_follow_colours_and_width_at_once(
    plotted: Path, page: Page, trouble: list[str]
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto((plotted / urls.version("repo", "m", "v1.0.0")).as_uri())
    draw(page, LOSS)
    light = line_colors(page)
    page.locator("[data-scheme-switch]").click()
    page.locator("[data-scheme-switch]").click()
    loss = body(page, LOSS)
    expect(loss.locator(".mark-line path").first).not_to_have_attribute("stroke", light[0])
    dark = line_colors(page)
    assert len(dark) == len(light) > 0
    assert not set(dark) & set(light)
    wide = loss.locator("svg").get_attribute("width") or ""
    page.set_viewport_size({"width": 390, "height": 844})
    expect(loss.locator("svg")).not_to_have_attribute("width", wide)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_inputs_of_templates_work(plotted: Path, page: Page, trouble: list[str]) -> None:
    page.goto((plotted / urls.version("repo", "m", "v1.0.0")).as_uri())
    draw(page, "classes.csv", LOSS)
    matrix = body(page, "classes.csv")
    values = matrix.locator(".mark-text.role-mark text")
    assert sum(int(text) for text in values.all_text_contents() if text) == 9
    matrix.get_by_label("Show values").uncheck()
    expect(values.filter(has_text=re.compile(r"\d"))).to_have_count(0)
    several = body(page, LOSS)
    before = several.locator(".mark-line path").first.get_attribute("d")
    several.get_by_role("slider").fill("0.9")
    path = several.locator(".mark-line path").first
    expect(path).not_to_have_attribute("d", before or "")


def test_what_is_under_the_pointer_is_told_as_text(
    plotted: Path, page: Page, trouble: list[str]
) -> None:
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.goto((plotted / urls.version("repo", "m", "v4.0.0")).as_uri())
    draw_all(page)
    body(page, "weird.json").scroll_into_view_if_needed()
    body(page, "weird.json").locator(".mark-line path").first.hover(force=True)
    tip = page.locator(".plot-tip")
    expect(tip).to_contain_text("</script>")
    expect(tip).to_be_visible()
    assert tip.locator("img").count() == 0


def test_versions_are_laid_over_each_other(plotted: Path, page: Page, trouble: list[str]) -> None:
    base = (plotted / urls.compare("repo", "m")).as_uri()
    page.goto(f"{base}#v=v1.0.0&v=v2.0.0&v=v3.0.0")
    draw(page, LOSS, "classes.csv")
    body(page, "plots/images/a.png").scroll_into_view_if_needed()
    loss = body(page, LOSS)
    assert loss.locator(".role-legend-label text").all_text_contents() == [
        "v1.0.0", "v2.0.0", "v3.0.0",
    ]  # fmt: skip
    assert len(set(line_colors(page))) == 3
    images = body(page, "plots/images/a.png").locator("figure")
    expect(images.locator("figcaption")).to_have_text(["v1.0.0", "v2.0.0", "v3.0.0"])
    assert body(page, "classes.csv").locator(".role-column-header text").all_text_contents() == [
        "v1.0.0", "v2.0.0", "v3.0.0",
    ]  # fmt: skip
    page.locator("[data-versions] summary").click()
    page.get_by_role("checkbox", name="v3.0.0").uncheck()
    expect(loss.locator(".role-legend-label text")).to_have_count(2)


def test_only_differences_leaves_out_what_is_equal(plotted: Path, page: Page) -> None:
    base = (plotted / urls.compare("repo", "m")).as_uri()
    page.goto(f"{base}#v=v3.0.0&v=v4.0.0")
    equal = page.locator(".plot", has_text="the same in all")
    expect(equal.first).to_be_visible()
    assert equal.count() > 10
    page.locator("[data-only]").click()
    expect(equal).to_have_count(0)
    titles = page.locator(".plot-title").all_text_contents()
    assert "many.csv" in titles
    assert all("loss.csv" not in title for title in titles)


def test_without_javascript_images_and_data_are_there(browser: Browser, plotted: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    path = plotted / urls.version("repo", "m", "v1.0.0")
    page.goto(path.as_uri())
    images = page.locator(".plot img")
    expect(images.first).to_be_visible()
    assert images.count() == 2
    links = page.locator(".plot-links a", has_text="Vega-Lite")
    assert links.count() == page.locator(".plot-body").count() == 21
    for link in links.all():
        target = (path.parent / str(link.get_attribute("href"))).resolve()
        assert json.loads(target.read_bytes())["data"]["values"]
    context.close()


def test_plots_of_experiments_are_laid_over_each_other(
    plotted: Path, page: Page, trouble: list[str]
) -> None:
    page.goto((plotted / urls.experiments("repo")).as_uri())
    page.wait_for_selector("[data-plots]", state="attached")
    page.evaluate(
        "async () => { const { view, rows } = window.sitegen.experiments;"
        " view.write({ sel: rows.slice(1, 3).map(view.reference), view: 'compare' }); }"
    )
    draw(page, LOSS)
    loss = page.locator(".plot", has=page.locator(".plot-title[title='plots/metrics/loss.csv']"))
    expect(loss.locator(".role-legend-label text")).to_have_text(["Train 3", "Train 2"])
    assert loss.locator(".mark-line path").count() >= 2


def test_a_revision_keeps_its_colour_where_others_lack_a_plot(
    plotted: Path, page: Page, trouble: list[str]
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto((plotted / urls.experiments("repo")).as_uri())
    page.wait_for_selector("[data-plots]", state="attached")
    page.evaluate(
        "async () => { const { view, rows } = window.sitegen.experiments;"
        " view.write({ sel: [3, 2, 0].map(at => view.reference(rows[at])), view: 'compare' }); }"
    )
    draw(page, LOSS, "nan.json")
    common = line_colors(page)
    bad = body(page, "nan.json")
    third = bad.locator(".mark-line path").first.get_attribute("stroke")
    assert third in common
    assert common.index(third) == 2
    expect(bad.locator(".note")).to_have_text("Train 1, Train 2: not declared there")
    equal = page.locator(".plot", has_text="the same in all")
    expect(equal).to_have_count(1)
    page.locator("[data-view=compare] [data-only]").click()
    expect(equal).to_have_count(0)
    expect(bad).to_be_visible()


@pytest.mark.parametrize("path", [urls.version("repo", "m", "v4.0.0"), urls.compare("repo", "m")])
def test_axe_finds_nothing(path: str, plotted: Path, page: Page, axe: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto((plotted / path).as_uri())
    page.wait_for_selector(".plot")
    # Axe takes its time: of plots that are made alike the first ones will do.
    page.evaluate(
        "document.querySelectorAll('.plot:nth-child(n + 8)').forEach(one => one.remove())"
    )
    draw_all(page)
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme }", scheme)
        draw_all(page)
        found = page.evaluate(
            "tags => axe.run('.plots', { runOnly: tags, resultTypes: ['violations'] })", TAGS
        )
        assert [
            (each["id"], [node["target"] for node in each["nodes"][:3]])
            for each in found["violations"]
        ] == []


# What people see who lack one kind of cone, as linear RGB (Machado, Oliveira and Fernandes, 2009).
SIGHTS = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
)
LMS = ((0.4122, 0.5363, 0.0514), (0.2119, 0.6807, 0.1074), (0.0883, 0.2817, 0.6300))
LAB = ((0.2105, 0.7936, -0.0041), (1.9780, -2.4286, 0.4506), (0.0259, 0.7828, -0.8087))


def times(matrix: Any, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(color: str, sight: Any) -> list[float]:
    """A colour in OKLab as somebody sees it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    shown = [min(max(c, 0.0), 1.0) for c in times(sight, linear)]
    return times(LAB, [c ** (1 / 3) for c in times(LMS, shown)])


@pytest.mark.parametrize(("place", "ground"), [(0, "#ffffff"), (1, "#0f1317")])
def test_revisions_are_told_apart_by_colour_whoever_looks(place: int, ground: str) -> None:
    css = (ROOT / "themes/default/static/css/plots.css").read_text("utf-8")
    pairs = re.findall(r"--plot-\d: light-dark\((#\w{6}), (#\w{6})\)", css)
    colors = [pair[place] for pair in pairs]
    assert len(colors) == 7
    for color in colors:
        low, high = sorted([luminance(color), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) >= 3
    for count, least in ((3, 0.15), (5, 0.08), (7, 0.07)):
        for sight in SIGHTS:
            for one, other in combinations(colors[:count], 2):
                assert dist(seen(one, sight), seen(other, sight)) >= least, (one, other)


def laid_over(page: Page, facts: RepositoryFacts, commits: dict[str, str]) -> dict[str, Any]:
    """What `plot-spec.js` makes of every plot of data of some commits."""
    jobs: dict[str, list[dict[str, Any]]] = {}
    for revision, commit in commits.items():
        for plot in facts.plots[commit]:
            if not plot.image:
                row = {"name": revision, "data": json.loads(plot_text(plot, facts))}
                jobs.setdefault(plot.name, []).append(row)
    page.goto("about:blank")
    page.evaluate("window.sitegen = {}")
    page.evaluate((ROOT / "themes/default/static/js/plot-spec.js").read_text("utf-8"))
    made: dict[str, Any] = page.evaluate(
        "([jobs, templates]) => Object.fromEntries(Object.entries(jobs).map(([name, revisions]) =>"
        " [name, window.sitegen.plots.specification(revisions, { templates })]))",
        [jobs, dvc_templates()],
    )
    return made


@pytest.mark.parametrize(
    "revisions",
    [["at1", "at2", "at3"], pytest.param(["at3", "at1"], marks=pytest.mark.slow)],
)
def test_several_revisions_are_laid_over_each_other_as_by_dvc(
    revisions: list[str], oracle: Oracle, made: GitRepo, page: Page, tmp_path: Path
) -> None:
    facts = read_repository(Wanted("repo", made.path))
    done = subprocess.run(
        [oracle.dvc, "plots", "diff", "--json", "-o", tmp_path, *revisions],
        cwd=made.path, check=True, capture_output=True, env=os.environ,
    )  # fmt: skip
    told = {
        name: row
        for name, rows in json.loads(done.stdout)["data"].items()
        for row in rows
        if row["type"] == "vega"
    }
    ours = laid_over(page, facts, {one: made.git("rev-parse", one) for one in revisions})
    assert set(ours) == set(told)
    for name, row in told.items():
        assert ours[name]["errors"] == []
        assert ours[name]["revisions"] == row["revisions"] == revisions
        assert ours[name]["content"] == row["content"], name


def test_a_revision_that_does_not_fit_spares_the_others(page: Page) -> None:
    def data(column: str, **definition: str) -> dict[str, Any]:
        table = {"columns": [column], "rows": 1, "drawn": column, "absent": [], "cells": [[1]]}
        return {
            "id": "a.csv", "name": "a.csv", "definition": definition, "template": "linear",
            "files": {"a.csv": table},
        }  # fmt: skip

    page.goto("about:blank")
    page.evaluate("window.sitegen = {}")
    page.evaluate((ROOT / "themes/default/static/js/plot-spec.js").read_text("utf-8"))
    rows = [{"name": "new", "data": data("f1", y="f1")}, {"name": "old", "data": data("acc")}]
    made = page.evaluate(
        "([rows, templates]) => window.sitegen.plots.specification(rows, { templates })",
        [rows, dvc_templates()],
    )
    assert made["revisions"] == ["new"]
    assert made["errors"] == [["old", "a.csv has no column “f1”"]]
