"""Searching in a browser: the box of every page and the page of results, both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import both_ways, way
from tests.browser.test_pages import TAGS, check_axe, overflow, violations

BOX = "[data-search-box] input"
OPTIONS = "[data-search-box] [role=option]"
HOSTILE = (
    "abcdefghijk~9",
    "foo:bar",
    "^",
    "\\",
    "((((",
    '"',
    "</script><img src=x onerror=alert(1)>",
)


@pytest.fixture
def root(request: pytest.FixtureRequest, portal: Path, served: str) -> str:
    """The address of the portal."""
    return served if way(request) == "http" else portal.as_uri() + "/"


def look(page: Page, text: str) -> None:
    """Type into the box and wait for what it shows."""
    page.locator(BOX).fill(text)
    expect(page.locator("[data-search-panel]")).to_be_visible()


def result_page(page: Page, root: str, query: str) -> None:
    page.goto("about:blank")
    page.goto(f"{root}search.html#q={query}")
    page.wait_for_selector("[data-ready]")


@both_ways("root")
@pytest.mark.usefixtures("trouble")
def test_results_come_as_one_types_models_first_and_are_opened_by_keyboard(
    page: Page, root: str
) -> None:
    page.goto(f"{root}index.html")
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("chur")
    # What fits the first letters may be there already, and give way a moment later.
    expect(page.locator(f"{OPTIONS}.search-all")).to_have_attribute("href", re.compile("q=chur$"))
    expect(page.locator(OPTIONS).first).to_contain_text("churn")
    groups = page.locator("[data-search-box] [role=group]")
    assert [group.get_attribute("aria-label") for group in groups.all()][:2] == [
        "Models", "Versions"
    ]  # fmt: skip
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"{OPTIONS}[aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert chosen.get_attribute("id") == page.locator(BOX).get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("Show all")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("churn")
    assert "/models/churn/churn.html" in page.evaluate("location.href")


def test_escape_closes_then_clears_then_leaves(page: Page, served: str) -> None:
    page.goto(f"{served}index.html")
    page.locator(BOX).focus()
    look(page, "churn")
    page.keyboard.press("Escape")
    expect(page.locator("[data-search-panel]")).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("churn")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).not_to_be_focused()


@both_ways("root")
def test_enter_leads_to_the_page_of_results_and_the_search_is_remembered(
    page: Page, root: str
) -> None:
    page.goto(f"{root}projects/index.html")
    page.locator(BOX).focus()
    look(page, "label:classification")
    page.keyboard.press("Enter")
    page.wait_for_selector(".result")
    assert page.evaluate("location.href") == f"{root}search.html#q=label%3Aclassification"
    expect(page.locator("[data-search-query]")).to_have_value("label:classification")
    page.goto(f"{root}index.html")
    page.locator(BOX).focus()
    expect(page.locator(OPTIONS).first).to_have_text("label:classification")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(OPTIONS)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('sitegen.searches')") == ""


def test_a_misspelt_name_is_suggested_rightly(page: Page, root: str) -> None:
    page.goto(f"{root}index.html")
    look(page, "lihtgbm stage:prod")
    expect(page.locator(OPTIONS)).to_have_text("Did you mean lightgbm stage:prod?")
    page.locator(OPTIONS).click()
    page.wait_for_selector(".result")
    expect(page.locator("[data-search-query]")).to_have_value("lightgbm stage:prod")


@pytest.mark.usefixtures("trouble")
def test_the_page_marks_what_was_found_and_says_what_is_looked_for(page: Page, root: str) -> None:
    result_page(page, root, "model+stage:prod+metric.f1%3E0.1")
    first = page.locator(".result").first
    expect(first.locator(".stage mark")).to_have_text("prod")
    expect(first.locator(".result-text mark").first).to_have_text("model")
    chips = page.locator("[data-search-parts] button")
    expect(chips).to_have_text(["model: remove", "stage: prod: remove", "f1 > 0.1: remove"])
    before = page.locator(".result").count()
    chips.nth(1).click()
    expect(page.locator("[data-search-query]")).to_have_value("model metric.f1>0.1")
    expect(page.locator(".result")).not_to_have_count(before)
    assert page.evaluate("location.href").endswith("#q=model+metric.f1%3E0.1")


def test_what_is_not_understood_is_said_with_what_there_is(page: Page, served: str) -> None:
    result_page(page, served, "foo:bar+is:prod+metric.f1%3Eabc+churn")
    remarks = page.locator(".search-remark")
    expect(remarks).to_have_count(3)
    expect(remarks.nth(0)).to_contain_text("“foo” is no field")
    expect(remarks.nth(0)).to_contain_text("Fields: name, label")
    expect(remarks.nth(1)).to_contain_text("“prod” is no state")
    expect(remarks.nth(1)).to_contain_text("registered, unregistered, deprecated")
    expect(remarks.nth(2)).to_contain_text("has no number")
    for query in ("churn+stage:prod+metric.f1%3E0.1", "ocr:price"):
        result_page(page, served, query)
        expect(page.locator(".result").first).to_be_visible()
        expect(remarks).to_have_count(0)


def test_one_group_can_be_shown_alone_and_more_of_it(page: Page, served: str) -> None:
    result_page(page, served, "is:registered")
    versions = page.locator("section[aria-label=Versions]")
    expect(versions.locator(".result")).to_have_count(10)
    versions.locator("button", has_text="more").click()
    expect(versions.locator(".result").nth(10).locator("a")).to_be_focused()
    page.locator("[data-search-groups] button", has_text="Versions").click()
    expect(page.locator(".results")).to_have_count(1)
    assert "in=versions" in page.evaluate("location.href")
    page.reload()
    expect(page.locator(".results")).to_have_count(1)


def test_the_page_is_used_by_keyboard_alone(page: Page, served: str) -> None:
    page.goto(f"{served}search.html")
    expect(page.locator("[data-search-query]")).to_be_focused()
    expect(page.locator("[data-search-help]")).to_be_visible()
    page.keyboard.type("churn")
    expect(page.locator("[data-search-page]")).to_have_attribute("data-ready", "churn")
    expect(page.locator(".result").first).to_be_visible()
    expect(page.locator("[data-search-help]")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".result a").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".result a").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("[data-search-query]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-search-help]")).to_be_visible()


def test_without_javascript_the_page_says_so_and_leads_to_all_models(
    browser: Browser, served: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}search.html")
    expect(page.locator("main a[href='index.html']")).to_be_visible()
    expect(page.locator(".search-form")).to_be_hidden()
    context.close()


def test_a_missing_page_can_be_searched_from(page: Page, served: str) -> None:
    page.goto(f"{served}models/nobody/is-not-there")
    look(page, "churn")
    page.locator(OPTIONS).first.click()
    page.wait_for_url(f"{served}models/churn/churn.html")


@pytest.mark.parametrize("where", ["box", "page"])
def test_axe_finds_nothing_where_results_are_shown(
    where: str, page: Page, served: str, axe: str
) -> None:
    if where == "page":
        check_axe(page, f"{served}search.html#q=stage:prod+churn+-x", axe, ready=".result")
        return
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{served}index.html")
    look(page, "churn")
    page.keyboard.press("ArrowDown")
    page.evaluate(axe)
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert violations(page, runOnly=TAGS) == []


def test_nothing_scrolls_sideways_on_a_phone(page: Page, served: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served}index.html")
    look(page, "churn")
    assert overflow(page) <= 0
    result_page(page, served, "churn+label:" + "x" * 200)
    assert overflow(page) <= 0


@pytest.mark.usefixtures("trouble")
def test_hostile_queries_are_answered_calmly(page: Page, root: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"{root}search.html")
    for text in HOSTILE:
        page.locator("[data-search-query]").fill(text)
        expect(page.locator("[data-search-page]")).to_have_attribute("data-ready", text)
        assert page.locator("main img").count() == 0
