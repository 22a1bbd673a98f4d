"""The table of experiments in a browser: over HTTP and from disk, with keys, and shared by URL."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sitegen import config, pipeline
from sitegen.site import urls
from tests.browser import lab
from tests.browser.conftest import both_ways, copied, static_host, way
from tests.browser.tables import again, heading, headings, menu, saved, visit
from tests.browser.test_pages import check_axe, violations
from tests.gitrepo import GitRepo

F1 = "metrics:metrics.json:f1"
LOSS = "metrics:metrics.json:loss.train"
NAMES = "tr[data-place] .row-name"
AS_AT_FIRST = ["Best so far", "tidy-wren", "Learn slower", "Start", "Try sgd"]


@pytest.fixture(scope="module")
def built(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lab.build(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def hosted(built: Path) -> Iterator[str]:
    with static_host(built) as address:
        yield address


@pytest.fixture
def address(request: pytest.FixtureRequest, built: Path, hosted: str) -> str:
    """The page of the experiments."""
    return hosted + lab.PAGE if way(request) == "http" else (built / lab.PAGE).as_uri()


@pytest.fixture
def table(page: Page, trouble: list[str], address: str) -> Page:
    return visit(page, address)


def shown(page: Page) -> list[str]:
    return page.locator(NAMES).all_inner_texts()


def cell(page: Page, row: str, column: str) -> Locator:
    """A value of a row; the table's columns are all in sight at this width."""
    place = page.locator("th[data-column]").evaluate_all(
        "(all, id) => all.findIndex(th => th.dataset.column === id)", column
    )
    line = page.locator("tr[data-place]", has=page.locator(f'.row-name:text-is("{row}")'))
    return line.locator("> *").nth(place)


def choose(page: Page, *rows: str) -> None:
    for row in rows:
        line = page.locator("tr[data-place]", has=page.locator(f'.row-name:text-is("{row}")'))
        line.locator("[data-act=choose]").check()


@both_ways("address")
def test_what_is_best_and_what_changed_stand_above_the_table(table: Page) -> None:
    best = table.locator("[data-best] dd")
    assert [" ".join(text.split()[:-1]) for text in best.all_inner_texts()] == [
        "0.9 tidy-wren", "0.3 Try sgd", "0.425 Try sgd",
    ]  # fmt: skip
    newest = table.locator(".newest")
    expect(newest).to_contain_text("Best so far")
    expect(newest.locator("li").first).to_contain_text("f1")
    for part in (table.locator("[data-best]"), newest, table.locator("tr[data-place]").first):
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] < 900
    newest.get_by_role("link", name="Side by side").click()
    expect(table.locator("[data-compare-grid] thead .row-name")).to_have_text(
        ["This one too [skip studio]", "Best so far"]
    )
    # That was a step of its own: the browser's button leads back.
    table.go_back()
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)


def test_rows_are_nested_as_the_branches_are(table: Page) -> None:
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)
    expect(table.locator(".branch .branch-name")).to_have_text(["main", "topic"])
    expect(table.locator(".branch").nth(1)).to_contain_text("from main")
    table.get_by_role("button", name="Branch main").click()
    expect(table.locator(NAMES)).to_have_text(["Try sgd"])
    expect(again(table).locator(NAMES)).to_have_text(["Try sgd"])
    table.get_by_role("button", name="Branch main").press("Enter")
    table.get_by_role("button", name="DVC experiments from Best so far").click()
    expect(table.locator(NAMES)).to_have_text([n for n in AS_AT_FIRST if n != "tidy-wren"])
    table.locator("[data-flat]").click()
    expect(table.locator(".branch")).to_have_count(0)
    assert shown(table) == ["tidy-wren", "Best so far", "Try sgd", "Learn slower", "Start"]
    expect(cell(table, "Try sgd", "branch")).to_have_text("topic")


def test_hidden_rows_are_counted_and_can_be_shown(table: Page) -> None:
    expect(table.locator("#shown")).to_have_text("5 shown, 3 hidden: show")
    table.locator("[data-hidden-toggle]").click()
    assert len(shown(table)) == 8
    expect(table.locator(".is-hidden .row-name")).to_have_text(
        ["This one too [skip studio]", "Throw it away [skip sitegen]", "Write a readme"]
    )
    assert "hidden=1" in table.evaluate("location.href")
    assert len(shown(again(table))) == 8
    table.locator("[data-hidden-toggle]").click()
    assert len(shown(table)) == 5


FILTERS = (
    (F1, "> 0.7", ["Best so far", "tidy-wren", "Try sgd"]),
    (F1, "0.7..0.8", ["Best so far", "Learn slower", "Try sgd"]),
    (F1, ">= 0.7 < 0.8", ["Learn slower", "Try sgd"]),
    (F1, "= 0.9", ["tidy-wren"]),
    ("params:params.yaml:optimizer", "sg", ["Try sgd"]),
    ("params:params.yaml:optimizer", "!sgd", AS_AT_FIRST[:4]),
    ("params:params.yaml:lr", "= 0.01", ["Best so far", "Learn slower"]),
    ("model:finder", "*", ["Best so far", "Start"]),
    ("model:finder", "!*", ["tidy-wren", "Learn slower", "Try sgd"]),
    ("date", "< 2024-01-04", ["Learn slower", "Start"]),
    ("date", "2024-01", AS_AT_FIRST),
)


def test_columns_filter_and_the_hash_keeps_it(table: Page) -> None:
    chip = table.locator("[data-unfilter]")
    for column, text, expected in FILTERS:
        menu(table, column).locator("[data-filter]").fill(text)
        table.keyboard.press("Enter")
        # A commit stays above a DVC experiment that fits.
        above = {"Best so far"} if "tidy-wren" in expected else set()
        assert [n for n in shown(table) if n in expected or n not in above] == expected, text
        expect(chip).to_contain_text(text)
        kept = shown(table)
        if text == "0.7..0.8":
            assert shown(again(table)) == kept
        chip.click()
        expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)
    assert "#" not in table.evaluate("location.href")


def test_a_filter_that_makes_no_sense_says_so_and_hides_nothing(table: Page) -> None:
    panel = menu(table, F1)
    panel.locator("[data-filter]").fill("> much")
    expect(panel.locator("[data-wrong]")).to_be_visible()
    expect(table.locator(".filters .note")).to_contain_text("not understood: try > 0.8")
    assert shown(table) == AS_AT_FIRST


def test_the_box_searches_messages_authors_ids_tags_and_params(table: Page) -> None:
    box = table.locator("[data-quick]")
    for words, expected in (
        ("ada said", ["Try sgd"]),
        ("SLOWER", ["Learn slower"]),
        ("finder v0.1", ["Start"]),
        ("sgd topic", ["Try sgd"]),
        ("tidy", ["Best so far", "tidy-wren"]),
    ):
        box.fill(words)
        expect(table.locator(NAMES)).to_have_text(expected)
    expect(again(table).locator("[data-quick]")).to_have_value("tidy")
    box.fill("nothing is called so")
    expect(table.locator("[data-none]")).to_be_visible()
    table.locator("[data-none] [data-clear]").click()
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)
    box.fill("readme")
    table.get_by_role("button", name="Look through 3 hidden ones too").click()
    expect(table.locator(NAMES)).to_have_text(["Write a readme"])


def test_headers_sort_within_branches_and_the_hash_keeps_it(table: Page) -> None:
    f1 = heading(table, F1).locator(".sort")
    f1.click()
    # What is better comes first: of f1 the highest, of a loss the lowest.
    expect(heading(table, F1)).to_have_attribute("aria-sort", "descending")
    main = ["Best so far", "tidy-wren", "Learn slower", "Start"]
    assert shown(table) == [*main, "Try sgd"]
    f1.click()
    assert shown(table) == ["Start", "Learn slower", "Best so far", "tidy-wren", "Try sgd"]
    expect(heading(again(table), F1)).to_have_attribute("aria-sort", "ascending")
    f1.click()
    assert "sort" not in table.evaluate("location.href")
    heading(table, LOSS).locator(".sort").click()
    expect(heading(table, LOSS)).to_have_attribute("aria-sort", "ascending")
    table.locator("[data-flat]").click()
    assert shown(table) == ["Try sgd", "Best so far", "tidy-wren", "Learn slower", "Start"]
    heading(table, "model:finder").locator(".sort").click(modifiers=["Shift"])
    assert table.evaluate("location.href").count("sort=") == 2


def test_columns_are_chosen_moved_and_kept_in_sight(table: Page) -> None:
    table.locator("[data-columns] summary").click()
    lines = table.locator("[data-column-list] [data-column]")
    lines.filter(has_text="Author").get_by_role("checkbox").uncheck()
    lines.filter(has_text="Parents").get_by_role("checkbox").check()
    table.locator("[data-find]").fill("loss test")
    expect(lines).to_have_count(1)
    lines.get_by_role("button", name="Move loss.test to the left").click()
    table.keyboard.press("Escape")
    found = headings(table)
    assert "Author" not in found
    assert "Parents" in found
    assert found.index("loss.test") == found.index("loss.train") - 1
    menu(table, "params:params.yaml:lr").get_by_role("button", name="Keep in sight").click()
    table.keyboard.press("Escape")
    assert headings(table)[:2] == ["Experiment", "lr"]
    table.locator("[data-scroll]").evaluate("box => { box.scrollLeft = 400; }")
    stays = cell(table, "Start", "params:params.yaml:lr").bounding_box()
    first = table.locator("tr[data-place] .first").first.bounding_box()
    assert stays
    assert first
    assert stays["x"] == pytest.approx(first["x"] + first["width"], abs=1)
    wanted = headings(table)
    assert headings(again(table)) == wanted
    menu(table, F1).get_by_role("button", name="Hide this column").click()
    assert "f1" not in headings(table)
    table.locator("[data-columns] summary").click()
    table.locator("[data-reset-columns]").click()
    assert "#" not in table.evaluate("location.href")


def test_columns_that_never_change_can_be_hidden(table: Page) -> None:
    assert {"formula", "seed"} <= set(headings(table))
    table.locator("[data-columns] summary").click()
    table.locator("[data-changing]").click()
    assert not {"formula", "seed"} & set(headings(table))
    assert {"f1", "lr", "optimizer", "data.csv"} <= set(headings(table))


def test_a_heading_can_be_dragged(table: Page) -> None:
    before = headings(table)
    heading(table, LOSS).drag_to(heading(table, F1), target_position={"x": 5, "y": 10})
    place = before.index("f1")
    names = table.locator("th[data-column] .heading-name")
    expect(names.nth(place)).to_have_text("loss.train")
    expect(names.nth(place + 1)).to_have_text("f1")


def test_goal_and_baseline_decide_what_is_better(table: Page) -> None:
    better, worse = re.compile(r"\bbetter\b"), re.compile(r"\bworse\b")
    expect(table.locator(".is-base .row-name")).to_have_text("Best so far")
    expect(cell(table, "tidy-wren", F1)).to_have_class(better)
    expect(cell(table, "tidy-wren", LOSS)).to_have_class(worse)
    expect(cell(table, "Start", F1)).to_have_class(worse)
    expect(cell(table, "tidy-wren", F1)).to_have_class(re.compile("best-value"))
    panel = menu(table, F1)
    panel.get_by_role("button", name="Lower").click()
    expect(cell(table, "tidy-wren", F1)).to_have_class(worse)
    expect(cell(table, "Start", F1)).to_have_class(re.compile("best-value"))
    expect(table.locator("[data-best] dd").first).to_contain_text("Start")
    table.keyboard.press("Escape")
    expect(cell(again(table), "tidy-wren", F1)).to_have_class(worse)
    table.locator(NAMES, has_text="Start").click()
    table.locator("[data-details] [data-do=base]").click()
    table.keyboard.press("Escape")
    expect(table.locator(".is-base .row-name")).to_have_text("Start")
    expect(cell(table, "Best so far", LOSS)).to_have_class(better)
    expect(again(table).locator(".is-base .row-name")).to_have_text("Start")


def test_delta_mode_shows_differences_from_the_baseline(table: Page) -> None:
    expect(cell(table, "tidy-wren", F1)).to_have_text("0.9")
    table.locator("[data-delta]").click()
    expect(cell(table, "tidy-wren", F1)).to_have_text("+0.1")
    expect(cell(table, "Learn slower", F1)).to_have_text("−0.1")
    expect(cell(table, "Best so far", F1)).to_have_text("0.8")
    expect(cell(table, "Learn slower", "params:params.yaml:seed")).to_have_text("±0")
    expect(cell(table, "Try sgd", "params:params.yaml:optimizer")).to_have_text("sgd")
    expect(cell(again(table), "tidy-wren", F1)).to_have_text("+0.1")


def test_at_most_seven_rows_are_chosen_and_shared(table: Page) -> None:
    table.locator("[data-hidden-toggle]").click()
    compare = table.locator("[data-table-tools] [data-open=compare]")
    expect(compare).to_be_disabled()
    boxes = table.locator("[data-act=choose]")
    expect(boxes).to_have_count(8)
    for number in range(7):
        boxes.nth(number).check()
    expect(compare).to_contain_text("7")
    boxes.nth(7).click()
    expect(boxes.nth(7)).not_to_be_checked()
    expect(table.locator("[data-announce]")).to_have_text("Seven are chosen already")
    expect(compare).to_contain_text("7 of 7")
    expect(boxes.nth(7)).to_have_css("opacity", "0.35")
    assert table.evaluate("location.href").count("sel=") == 7
    expect(again(table).locator("[data-act=choose]:checked")).to_have_count(7)
    table.get_by_role("button", name="Choose none").click()
    expect(table.locator("[data-act=choose]:checked")).to_have_count(0)
    expect(table.get_by_role("button", name="Choose none")).to_be_hidden()
    assert "sel=" not in table.evaluate("location.href")


@both_ways("address")
def test_rows_stand_side_by_side_with_direction_and_hashes(table: Page) -> None:
    choose(table, "Learn slower", "Start")
    table.locator("[data-table-tools] [data-open=compare]").click()
    grid = table.locator("[data-compare-grid]")
    expect(grid.locator("thead .row-name")).to_have_text(["Learn slower", "Start"])

    def row(name: str) -> Locator:
        return grid.locator("tr", has=table.locator(f'th.key[title="{name}"]'))

    expect(row("f1").locator("td").nth(1)).to_contain_text("0.5 −0.2 worse")
    expect(row("lr").locator("td").nth(1)).to_contain_text("0.1 +0.09")
    expect(row("data.csv").locator("td").nth(1)).to_contain_text("changed")
    expect(row("finder").locator("td").nth(1)).to_have_text("v0.1.0")
    expect(row("Message").locator("td")).to_have_text(["Learn slower", "Start"])
    expect(row("optimizer")).to_be_visible()
    git = table.locator("[data-view=compare] [data-git]")
    assert re.fullmatch(
        rf"{lab.URL}/compare/[0-9a-f]{{40}}\.\.\.[0-9a-f]{{40}}", git.get_attribute("href") or ""
    )
    table.locator("[data-only]").click()
    expect(row("optimizer")).to_have_count(0)
    expect(row("f1")).to_be_visible()
    grid.get_by_role("button", name="as baseline").click()
    expect(row("f1").locator("td").nth(1)).to_contain_text("0.7 +0.2 better")
    again(table)
    expect(grid.locator("thead .row-name")).to_have_text(["Start", "Learn slower"])
    expect(row("optimizer")).to_have_count(0)
    grid.get_by_role("button", name="Remove Learn slower").click()
    expect(table.locator("[data-few]")).to_be_visible()
    table.locator("[data-few] button").click()
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)


def test_trends_are_read_by_pointer_and_keys(table: Page) -> None:
    table.get_by_role("button", name="Trends").click()
    chart = table.get_by_role("slider")
    expect(table.locator(".chart-point")).to_have_count(5)
    expect(table.locator(".chart-legend li")).to_have_text(["main", "topic"])
    chart.focus()
    expect(chart).to_have_attribute("aria-valuetext", re.compile("^main: 0.9, DVC experiment tidy"))
    chart.press("ArrowLeft")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("^main: 0.8, Best so far"))
    chart.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("^main: 0.5, Start"))
    expect(table.locator(".chart-tip")).to_contain_text("Start")
    table.locator("[data-metric]").select_option(label="loss.train")
    table.locator(".chart-point").last.hover(force=True)
    expect(table.locator(".chart-tip")).to_contain_text("Try sgd")
    table.locator("[data-by=date]").click()
    again(table)
    expect(table.locator("[data-metric] option:checked")).to_have_text("loss.train")
    expect(table.locator("[data-by=date]")).to_have_attribute("aria-pressed", "true")
    table.get_by_role("slider").press("End")
    table.get_by_role("slider").press("Enter")
    expect(table.locator("[data-details]")).to_contain_text("tidy-wren")


def test_the_chosen_point_stays_where_the_window_changes_its_size(table: Page) -> None:
    table.get_by_role("button", name="Trends").click()
    chart = table.get_by_role("slider")
    chart.press("Home")
    chart.press("ArrowRight")
    said = chart.get_attribute("aria-valuetext") or ""
    chart.evaluate("chart => { chart.dataset.old = ''; }")
    table.set_viewport_size({"width": 1000, "height": 800})
    expect(table.locator("[data-old]")).to_have_count(0)
    expect(chart).to_be_focused()
    expect(chart).to_have_attribute("aria-valuetext", said)
    expect(table.locator(".chart-tip")).to_be_visible()


@both_ways("address")
def test_the_browsers_button_leads_back_to_the_former_view(table: Page) -> None:
    choose(table, "Best so far", "Try sgd")
    table.locator("[data-open=trends]").click()
    expect(table.locator("#trends")).to_be_visible()
    table.go_back()
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)
    expect(table.locator("[data-selected]")).to_have_text("2")
    table.locator("[data-table-tools] [data-open=compare]").click()
    table.locator("[data-view=compare] [data-open=table]").first.click()
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)
    table.go_back()
    expect(table.locator("#compare")).to_be_visible()


def test_a_models_page_draws_a_metric_across_its_versions(
    page: Page, trouble: list[str], built: Path
) -> None:
    page.goto((built / "models/lab/finder.html").as_uri())
    chart = page.get_by_role("slider")
    expect(page.locator(".chart-point")).to_have_count(2)
    chart.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", "0.5, v0.1.0")
    page.locator("[data-across] select").select_option(label="loss.test")
    chart.press("End")
    expect(chart).to_have_attribute("aria-valuetext", "0.525, v1.0.0")
    assert "metric=" in page.evaluate("location.href")
    page.reload()
    expect(page.locator("[data-across] option:checked")).to_have_text("loss.test")
    chart.press("Home")
    chart.press("Enter")
    expect(page).to_have_url(re.compile(r"finder/v0\.1\.0\.html$"))


def test_versions_are_compared_as_on_the_newer_ones_page(
    page: Page, trouble: list[str], built: Path
) -> None:
    page.goto((built / urls.compare("lab", "finder")).as_uri())
    links = page.locator("[data-table] thead a")
    expect(links).to_have_text(["v0.1.0", "v1.0.0"])

    def change(key: str) -> str:
        line = page.locator("[data-table] tr", has=page.locator(f"th.key[title='{key}']"))
        return " ".join(line.locator("td").nth(1).all_inner_texts()[0].split())

    assert change("f1") == "0.8 +0.3 better"
    assert change("loss.train") == "0.4 −0.5 better"
    assert change("lr") == "0.01 −0.09"
    git = page.locator("[data-git]").get_attribute("href") or ""
    one, other = git.rpartition("/")[2].split("...")
    facts = page.evaluate("sitegen.compare.versions.map(one => [one.name, one.commit])")
    assert dict(facts) == {"v0.1.0": one, "v1.0.0": other}
    page.locator("[data-versions] summary").click()
    expect(page.locator("[data-versions] input").first).to_be_disabled()
    expect(page.locator("[data-limit]")).to_contain_text("choose another one")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="v1.0.0 as baseline").click()
    expect(links).to_have_text(["v1.0.0", "v0.1.0"])
    assert change("f1") == "0.5 −0.3 worse"


@both_ways("address")
def test_the_csv_holds_what_is_seen_and_no_formula(table: Page) -> None:
    menu(table, F1).locator("[data-filter]").fill("> 0.6")
    table.keyboard.press("Enter")
    menu(table, "author").get_by_role("button", name="Hide this column").click()
    text = saved(table, "csv", "lab-experiments")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["name"] or row["message"] for row in rows] == [
        "Best so far", "tidy-wren", "Learn slower", "Try sgd",
    ]  # fmt: skip
    assert "Author" not in rows[0]
    assert rows[0]["metrics.json:f1"] == "0.8"
    # The source's own digits; numbers stay numbers, and a text is no formula.
    assert rows[2]["params.yaml:lr"] == "0.010"
    assert rows[0]["params.yaml:seed"] == "-1"
    assert rows[0]["params.yaml:formula"] == "'=1+1"
    assert rows[0]["version of finder"] == "v1.0.0"
    assert rows[0]["data.csv"] == "2" * 32
    assert rows[3]["branch"] == "topic"


def test_the_json_holds_what_is_seen(table: Page) -> None:
    table.locator("[data-delta]").click()
    found = json.loads(saved(table, "json", "lab-experiments"))
    assert found["repo"] == "lab"
    best, wren, *_ = found["experiments"]
    assert found["deltas_from"] == best["commit"]
    assert best["metrics"]["metrics.json"]["f1"] == 0.8
    assert wren["metrics"]["metrics.json"]["f1"] == pytest.approx(0.1)
    assert wren["params"]["params.yaml"]["formula"] == "=1+1"
    assert (wren["name"], wren["branch"]) == ("tidy-wren", "main")
    assert best["versions"] == {"finder": "v1.0.0"}
    assert best["data"] == {"data.csv": "2" * 32}
    assert len(found["experiments"]) == 5


def test_a_rows_menu_has_the_command_that_registers_it(clipboard: Page, hosted: str) -> None:
    page = visit(clipboard, hosted + lab.PAGE)
    line = page.locator("tr[data-place]", has_text="Try sgd")
    line.hover()
    line.locator("[data-act=details]").click()
    dialog = page.locator("[data-details]")
    expect(dialog).to_contain_text("As Ada said.")
    button = dialog.locator(".register [data-copy]")
    command = copied(button, button.click)
    commit = dialog.locator("dd .mono").first.inner_text()
    assert len(commit) == 40
    assert command == f"modelreg register finder {commit} -r {lab.URL}"
    expect(dialog.get_by_role("link", name="On the Git host")).to_have_attribute(
        "href", f"{lab.URL}/commit/{commit}"
    )


@both_ways("address")
def test_versions_and_rows_lead_to_each_other(table: Page) -> None:
    cell(table, "Start", "model:finder").get_by_role("link").click()
    expect(table).to_have_url(re.compile(r"models/lab/finder/v0\.1\.0\.html$"))
    table.get_by_role("link", name="as an experiment").click()
    expect(table.locator("[data-details] h2")).to_have_text("Start")
    expect(table.locator(".is-target .row-name")).to_have_text("Start")
    table.keyboard.press("Escape")
    expect(table.locator(".is-target")).to_have_count(0)
    expect(table.locator(NAMES, has_text="Start")).to_be_focused()


def test_a_link_to_a_hidden_row_shows_it(table: Page, address: str) -> None:
    table.locator("[data-hidden-toggle]").click()
    table.locator(NAMES, has_text="Write a readme").click()
    link = table.locator("[data-details] [data-copy*='#row=']").get_attribute("data-copy")
    assert link
    visit(table, link)
    expect(table.locator("[data-details] h2")).to_have_text("Write a readme")
    expect(table.locator(".is-target .row-name")).to_have_text("Write a readme")


def test_a_link_to_a_folded_row_unfolds_what_hides_it(table: Page) -> None:
    table.get_by_role("button", name="DVC experiments from Best so far").click()
    table.get_by_role("button", name="Branch main").click()
    assert table.evaluate("location.href").count("fold=") == 2
    table.get_by_role("link", name="tidy-wren").click()
    table.keyboard.press("Escape")
    expect(table.locator(NAMES, has_text="tidy-wren")).to_be_focused()
    assert "fold=" not in table.evaluate("location.href")


def test_unknown_rows_and_columns_in_the_hash_are_passed_over(table: Page, address: str) -> None:
    strange = (
        f"sort=gone:descending&f.gone=1&sel=ffffffffff&base=eeeeeeee&row=0123456&pin={quote('a b')}"
    )
    visit(table, f"{address}#{strange}&view=compare")
    expect(table.locator("[data-few]")).to_be_visible()
    visit(table, f"{address}#{strange}&fold=nobody")
    expect(table.locator(NAMES)).to_have_text(AS_AT_FIRST)


def test_everything_is_reached_by_keyboard(table: Page) -> None:
    press = table.keyboard.press
    press("f")
    expect(table.locator("[data-quick]")).to_be_focused()
    press("Escape")
    table.locator("[data-scroll]").focus()
    press("Tab")
    expect(heading(table, "name").locator(".sort")).to_be_focused()
    press("Tab")
    press("Tab")
    expect(heading(table, "author").locator("[data-act=menu]")).to_be_focused()
    press("Enter")
    expect(table.locator("[data-filter]")).to_be_focused()
    press("Escape")
    expect(heading(table, "author").locator("[data-act=menu]")).to_be_focused()
    table.locator(NAMES).first.focus()
    press("ArrowDown")
    expect(table.locator(NAMES).nth(1)).to_be_focused()
    press("Space")
    expect(table.locator("[data-act=choose]").nth(1)).to_be_checked()
    expect(table.locator(NAMES).nth(1)).to_be_focused()
    press("End")
    expect(table.locator(NAMES).last).to_be_focused()
    press("Space")
    press("Home")
    expect(table.get_by_role("button", name="Branch main")).to_be_focused()
    press("j")
    press("Enter")
    expect(table.locator("[data-details]")).to_be_visible()
    press("Escape")
    # Once its dialog is closed, the row has the focus again and the address names it no more.
    expect(table).not_to_have_url(re.compile("row="))
    table.locator("[data-table-tools] [data-open=compare]").focus()
    press("Enter")
    expect(table.locator("h2#compare")).to_be_focused()
    press("Tab")
    press("Enter")
    expect(table.locator("[data-scroll]")).to_be_focused()


@pytest.mark.parametrize("view", ["#delta=1", "#view=compare&all", "#view=trends", "#row"])
def test_axe_finds_nothing_in_any_view(view: str, page: Page, axe: str, built: Path) -> None:
    url = (built / lab.PAGE).as_uri()
    visit(page, url)
    rows = page.evaluate("window.sitegen.experiments.rows.map(row => row.oid)")
    view = view.replace("&all", "".join(f"&sel={oid}" for oid in rows[:3]))
    view = view.replace("#row", f"#row={rows[0]}")
    check_axe(page, url + view, axe)


def test_axe_finds_nothing_in_a_menu(page: Page, axe: str, built: Path) -> None:
    visit(page, (built / lab.PAGE).as_uri())
    page.evaluate(axe)
    page.locator("[data-columns] summary").click()
    expect(page.locator("[data-column-list] [data-column]").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(menu(page, F1)).to_be_visible()
    assert violations(page) == []


def test_without_javascript_the_newest_rows_stand_in_a_plain_table(
    browser: Browser, hosted: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(hosted + lab.PAGE)
    rows = page.locator("table.experiments tbody tr:not(.branch)")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("Best so far")
    expect(rows.first.get_by_role("link", name="finder v1.0.0")).to_be_visible()
    expect(page.locator("[data-experiments]")).to_be_hidden()
    context.close()


def paper(page: Page) -> Locator:
    """The tables that are printed, with a page as wide as a sheet of Letter that lies."""
    page.set_viewport_size({"width": 964, "height": 700})
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-grid]")).to_be_hidden()
    return page.locator(".paper table")


def texts(rows: Locator) -> list[list[str]]:
    """The cells of rows, as they read."""
    return rows.evaluate_all(  # type: ignore[no-any-return]
        "rows => rows.map(row => Array.from(row.cells, cell => cell.innerText.trim()))"
    )


def test_on_paper_there_is_every_row(table: Page) -> None:
    columns = table.locator("[data-grid] .heading-name").all_inner_texts()
    tables = paper(table)
    for one in tables.all():
        assert one.locator(".row-name").all_inner_texts() == AS_AT_FIRST
    heads = [head for one in tables.all() for head in texts(one.locator("thead tr:last-child"))[0]]
    assert [re.sub(" [↑↓]$", "", head) for head in dict.fromkeys(heads)] == columns
    table.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(table.locator(".paper")).to_have_count(0)
    table.emulate_media(media="screen")
    assert shown(table) == AS_AT_FIRST


@pytest.fixture(scope="module")
def wide(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a table with sixty columns of values, of three commits."""
    folder = tmp_path_factory.mktemp("wide")
    repo = GitRepo(folder / "lab")
    for commit in range(3):
        metrics = {f"a.metric_{i}": commit + i / 1000 for i in range(30)}
        params = {f"a_param_of_a_long_name_{i}": f"text {commit} of {i}" * 3 for i in range(30)}
        said = {"metrics.json": json.dumps(metrics), "params.yaml": json.dumps(params)}
        repo.commit({"dvc.yaml": "metrics: [metrics.json]\nparams: [params.yaml]\n", **said})
    settings = config.default([str(repo.path)], folder=folder, environ={})
    pipeline.build(config.override(settings, output="site", folder=folder), allow_empty=True)
    return (folder / "site" / lab.PAGE).as_uri()


def test_on_paper_sixty_columns_stand_in_tables_below_each_other(
    page: Page, trouble: list[str], wide: str
) -> None:
    page.goto(wide)
    page.wait_for_selector("[data-experiments][data-complete]")
    tables = paper(page)
    assert 3 < tables.count() < 12
    heads: list[str] = []
    for one in tables.all():
        box = one.bounding_box()
        assert box and box["x"] + box["width"] <= 964
        names, *rows = texts(one.locator("thead tr:last-child, tbody tr:not(.branch)"))
        assert names[0] == "Experiment"
        assert all("Change something" in row[0] and len(row) == len(names) for row in rows)
        assert len(rows) == 3
        heads += names[1:]
        # Nothing of a number is on a second line, or beyond its cell.
        assert one.locator("td.number").evaluate_all(
            "cells => cells.every(c => c.scrollWidth <= c.clientWidth && c.offsetHeight < 60)"
        )
    seen = "window.sitegen.experiments.table.columns.map(column => column.title)"
    assert [re.sub(" [↑↓]$", "", head) for head in heads] == page.evaluate(seen)[1:]
    assert {f"a.metric_{i}" for i in range(30)} <= {head.split(" ")[0] for head in heads}
    count = len(heads) + 1
    note = page.locator(".paper thead td").first
    expect(note).to_have_text(re.compile(rf"^Columns 1 to \d+ of {count}$"))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    # A sheet that lies, whatever the printer says.
    assert b"/MediaBox [0 0 792 612]" in page.pdf(prefer_css_page_size=True)
