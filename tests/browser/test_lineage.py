"""How to get a version, and where it comes from, in a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import copied
from tests.browser.test_pages import check_axe, overflow

# A short lineage, whose list is open, and a long one with an import, whose list is folded.
SHORT, LONG = "models/churn/churn.html", "models/recommender/ranker.html"
INSIDE = """box => {
    const rect = box.querySelector("rect").getBBox();
    return [...box.querySelectorAll("text")].every(text => {
        const line = text.getBBox();
        return line.x >= rect.x && line.x + line.width <= rect.x + rect.width
            && line.y >= rect.y && line.y + line.height <= rect.y + rect.height;
    });
}"""


@pytest.mark.parametrize("path", [SHORT, LONG])
def test_every_box_leads_to_its_part_of_the_list(path: str, page: Page, portal: Path) -> None:
    page.goto((portal / path).as_uri())
    boxes = page.locator(".graph a")
    parts = page.locator(".parts li[id]")
    assert boxes.count() == parts.count() > 8
    for number in (boxes.count() - 1, 0):
        box = boxes.nth(number)
        box.focus()
        page.keyboard.press("Enter")
        name = (box.locator("title").text_content() or "").partition(",")[0]
        part = page.locator(".parts li:target")
        expect(part).to_be_in_viewport()
        expect(part.locator(".part-name")).to_have_text(name.split(" ")[-1])


def test_a_folded_list_opens_for_whoever_comes_by_a_link(page: Page, portal: Path) -> None:
    page.goto(f"{(portal / LONG).as_uri()}#lineage-3")
    expect(page.locator("#lineage-3")).to_be_in_viewport()
    page.locator(".parts summary").click()
    expect(page.locator("#lineage-3")).to_be_hidden()
    # The address says it already, and still it opens.
    page.locator('.graph a[href="#lineage-3"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lineage-3")).to_be_in_viewport()


@pytest.mark.parametrize("path", [SHORT, LONG])
def test_all_text_of_a_box_stands_in_it(path: str, page: Page, served: str) -> None:
    page.goto(served + path)
    outside = [
        box.locator(".first").text_content()
        for box in page.locator(".graph a").all()
        if not box.evaluate(INSIDE)
    ]
    assert outside == []


def test_the_picture_scrolls_in_its_own_box(page: Page, served: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(served + LONG)
    assert overflow(page) <= 0
    region = page.locator(".graph-box")
    expect(region).to_have_attribute("data-after", "")
    last = page.locator(".graph .is-model")
    expect(last).not_to_be_in_viewport()
    last.focus()
    expect(last).to_be_in_viewport()
    assert overflow(page) <= 0


def test_what_changed_is_said_in_words_and_by_colour(page: Page, served: str) -> None:
    page.goto(served + SHORT)
    for box in page.locator(".graph a.is-new").all():
        assert re.search(
            r", (changed|new) since v1\.2\.0", box.locator("title").text_content() or ""
        )
        expect(box.locator(".mark-word")).to_have_text(re.compile("changed|new"))
    colours = page.evaluate(
        """['.graph a.is-new rect', '.graph .line.is-new', '.causes li']
            .map(each => document.querySelector(each))
            .map((each, at) => at < 2 ? getComputedStyle(each).stroke
                : getComputedStyle(each, '::before').backgroundColor)"""
    )
    assert len(set(colours)) == 1
    same = page.evaluate("getComputedStyle(document.body).getPropertyValue('--control')")
    assert same not in colours
    causes = page.locator(".causes li")
    expect(causes.filter(has_text="train.min_data_in_leaf added, 200")).to_have_count(1)


@pytest.mark.parametrize("path", [SHORT, LONG])
def test_axe_finds_nothing_in_the_picture_and_the_open_list(
    path: str, page: Page, axe: str, served: str
) -> None:
    # By way of a part, so that the list is open.
    check_axe(page, f"{served}{path}#lineage-2", axe)


def test_commands_are_copied_as_they_stand(clipboard: Page, served: str) -> None:
    clipboard.goto(served + LONG)
    get = clipboard.locator("section.get")
    get.locator("summary").click()
    blocks = get.locator(".code").all()
    assert len(blocks) == 5
    for block in blocks:
        button = block.locator("[data-copy]")
        assert copied(button, button.click) == block.locator("code").text_content()
    stage = clipboard.locator(".holders [data-copy]").first
    assert copied(stage, stage.click) == "modelreg get 'ranker#dev' -r ."


def test_how_to_get_a_version_is_in_sight_at_first(page: Page, served: str) -> None:
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(served + SHORT)
        expect(page.locator("section.get .code").first).to_be_in_viewport(ratio=1)
        expect(page.locator(".chip", has_text="prod").locator("visible=true")).to_be_in_viewport()


def test_the_list_is_there_without_scripts(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + SHORT)
    expect(page.locator(".parts li[id]").first).to_be_visible()
    expect(page.locator(".graph rect").first).to_be_visible()
    page.goto(served + LONG)
    page.locator(".parts summary").click()
    expect(page.locator("#lineage-3")).to_be_visible()
    context.close()
