"""Experiments that are alike: keys of several files, tries of one commit, merged branches."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import twins
from tests.browser.tables import heading, menu, saved, visit
from tests.browser.test_experiments import NAMES, choose, shown

A, B = "metrics:a/metrics.json:acc", "metrics:b/metrics.json:acc"


@pytest.fixture(scope="module")
def built(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return twins.build(tmp_path_factory.mktemp("twins"))


@pytest.fixture
def table(page: Page, trouble: list[str], built: Path) -> Page:
    return visit(page, (built / twins.PAGE).as_uri())


def test_a_key_of_several_files_is_never_without_its_file(table: Page) -> None:
    best = table.locator("[data-best] dt")
    expect(best.nth(0)).to_contain_text("acc a/metrics.json")
    expect(best.nth(1)).to_contain_text("acc b/metrics.json")
    changed = table.locator(".changed li")
    expect(changed.nth(0)).to_contain_text("acc a/metrics.json 0.625")
    expect(changed.filter(has_text="rate")).not_to_contain_text("params.yaml")
    menu(table, B).locator("input").fill("> 0.3")
    expect(table.locator("[data-unfilter]")).to_have_text("acc (b/metrics.json) > 0.3 ×")
    table.keyboard.press("Enter")
    table.get_by_role("button", name="Trends").click()
    options = table.locator("[data-metric] option").all_inner_texts()
    assert options[:3] == ["acc (a/metrics.json)", "size", "acc (b/metrics.json)"]


def test_the_plain_table_says_which_file_a_column_is_of(browser: Browser, built: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built / twins.PAGE).as_uri())
    groups = page.locator(".plain-experiments .group")
    expect(groups).to_have_text(["a/metrics.json", "b/metrics.json", "params.yaml", "Data"])
    for group, key in ((0, "acc"), (1, "acc"), (2, "rate")):
        above = groups.nth(group).bounding_box()
        below = page.locator(".plain-experiments thead th", has_text=key).nth(group % 2)
        box = below.bounding_box()
        assert above
        assert box
        assert above["x"] == pytest.approx(box["x"], abs=1)
    # Numbers, their headings and what is missing end at one line; text begins at one.
    expect(page.locator("th", has_text="size")).to_have_class("number")
    assert page.locator("th", has_text="kind").get_attribute("class") is None
    context.close()


def test_tries_of_a_commit_stand_beside_the_line_of_its_branch(table: Page) -> None:
    table.get_by_role("button", name="Trends").click()
    expect(table.locator("[data-trend-count]")).to_have_text(
        "5 points, 2 of them DVC experiments beside the lines"
    )
    line = table.locator(".chart-series").get_attribute("points") or ""
    assert len(line.split()) == 3
    expect(table.locator(".chart-point")).to_have_count(5)
    expect(table.locator(".chart-apart")).to_have_count(2)
    expect(table.locator(".chart-legend")).to_have_count(0)
    table.get_by_role("slider").press("End")
    expect(table.get_by_role("slider")).to_have_attribute(
        "aria-valuetext", re.compile("DVC experiment other-try")
    )


def test_what_is_equal_in_all_rows_is_best_in_none(table: Page) -> None:
    size = "metrics:a/metrics.json:size"
    expect(table.locator("[data-best] dt")).to_have_count(2)
    expect(table.locator(".best-value")).to_have_count(4)
    # Two have 0.5 in the other file, one is best in this.
    menu(table, size).get_by_role("button", name="Higher").click()
    expect(table.locator(".best-value")).to_have_count(4)


def test_data_without_a_hash_is_not_said_to_have_changed(table: Page) -> None:
    choose(table, "Start", "Second")
    table.locator("[data-table-tools] [data-open=compare]").click()
    line = table.locator("[data-compare-grid] tr", has=table.locator("th[title='model.pkl']"))
    expect(line.locator("td")).to_have_text(["not recorded", "not recorded"])
    expect(line).to_have_class("same")


def test_a_branch_that_ends_at_a_hidden_commit_shows_at_the_one_before(table: Page) -> None:
    facts = table.locator(".facts-line").inner_text()
    assert "6 experiments on 2 branches" in " ".join(facts.split())

    def tip() -> str:
        return table.locator("tr[data-place]", has=table.locator(".tip")).inner_text()

    assert tip().startswith("Second")
    table.locator("[data-hidden-toggle]").click()
    assert tip().startswith("Describe it")
    # Its name gives way to the word that says why it was hidden.
    why = table.locator(".why")
    assert why.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_escape_leaves_the_menu_of_a_column_and_keeps_its_filter(table: Page) -> None:
    panel = menu(table, A)
    panel.locator("input").fill("> 0.7")
    wanted = ["Merge what was learned", "one-try"]
    assert shown(table) == wanted
    head, box = heading(table, A).bounding_box(), panel.bounding_box()
    assert head
    assert box
    # The line of filters has moved the table down, and the menu with it.
    assert box["y"] >= head["y"] + head["height"] - 8
    table.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(heading(table, A).locator("[data-act=menu]")).to_be_focused()
    assert shown(table) == wanted
    assert "f.metrics" in table.evaluate("location.href")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_keeps_all_digits_of_a_whole_number(kind: str, table: Page) -> None:
    text = saved(table, kind, "twins-experiments").removeprefix("\ufeff")
    if kind == "json":
        for one in json.loads(text)["experiments"]:
            assert one["params"]["params.yaml"]["seed"] == twins.SEED
    else:
        assert text.count(f",{twins.SEED}") == text.count("\n") - 1 == 5


def test_messages_have_the_room_that_other_columns_leave(table: Page) -> None:
    def width() -> float:
        box = table.locator("th[data-column=name]").bounding_box()
        assert box
        return box["width"]

    before = width()
    table.evaluate("sitegen.experiments.view.setShown([], sitegen.experiments.columns.all)")
    assert before < 500
    assert width() > 630


def test_a_commit_is_registered_once_for_a_model(table: Page) -> None:
    table.locator(NAMES, has_text="Start").click()
    expect(table.locator("[data-details]")).to_contain_text("v1.0.0")
    expect(table.locator("[data-details] .register")).to_have_count(0)
    table.keyboard.press("Escape")
    table.locator(NAMES, has_text="Second").click()
    expect(table.locator("[data-details] .register")).to_contain_text("modelreg register finder")
