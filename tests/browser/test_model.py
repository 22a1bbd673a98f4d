"""The controls of a model's page, each by keyboard and by link."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import awkward
from tests.browser.conftest import copied, says_copied

MANY = "many versions: the model"
SHOWN = ".versions li:not([hidden])"
EVENTS = "[data-events] li[data-kind]:not([hidden])"


@pytest.fixture
def many(page: Page, trouble: list[str], awkward_portals: Path) -> Page:
    """The page of a model with 250 versions."""
    page.goto(awkward.page(awkward_portals, MANY).as_uri())
    return page


def test_a_version_among_250_is_found_and_opened_by_keyboard(many: Page) -> None:
    many.keyboard.press("f")
    box = many.get_by_label("Filter versions")
    expect(box).to_be_focused()
    many.keyboard.type("v1.24")
    expect(many.locator(SHOWN)).to_have_count(11)
    many.keyboard.press("ArrowDown")
    first, second = many.locator(f"{SHOWN} a").first, many.locator(f"{SHOWN} a").nth(1)
    expect(first).to_be_focused()
    many.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    many.keyboard.press("End")
    expect(many.locator(f"{SHOWN} a").last).to_be_focused()
    many.keyboard.press("Home")
    many.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    many.keyboard.press("ArrowDown")
    many.keyboard.press("ArrowDown")
    name = second.locator(".version-name").inner_text()
    many.keyboard.press("Enter")
    expect(many.locator("h2#chosen")).to_have_text(name)


def test_enter_in_the_box_opens_the_first_version_that_fits(many: Page) -> None:
    many.get_by_label("Filter versions").fill("v1.7.0")
    many.get_by_label("Filter versions").press("Enter")
    expect(many).to_have_url(re.compile(r"/v1\.7\.0\.html$"))


def test_the_filter_of_versions_is_in_the_address(many: Page) -> None:
    many.get_by_label("Filter versions").fill("v1.24")
    assert many.evaluate("location.href").endswith("#versions=v1.24")
    many.reload()
    expect(many.get_by_label("Filter versions")).to_have_value("v1.24")
    expect(many.locator(SHOWN)).to_have_count(11)
    many.get_by_label("Filter versions").fill("none is called so")
    expect(many.locator("[data-list-none]")).to_be_visible()
    many.get_by_label("Filter versions").press("Escape")
    expect(many.locator(SHOWN)).to_have_count(250)
    expect(many).not_to_have_url(re.compile("#"))


def test_the_chosen_version_is_in_sight_and_the_page_stands_at_its_top(
    page: Page, trouble: list[str], awkward_portals: Path
) -> None:
    page.goto(awkward.page(awkward_portals, "many versions: one of them").as_uri())
    expect(page.locator(".versions [aria-current]")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


@pytest.fixture
def model(page: Page, trouble: list[str], portal: Path) -> Page:
    """The page of a model with a past, from disk."""
    page.goto((portal / "models/churn/churn.html").as_uri())
    return page


def test_history_is_filtered_by_kind_and_by_words_together(model: Page) -> None:
    total = model.locator(EVENTS).count()
    button = model.locator("button[data-kind=assignment]")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    some = model.locator(EVENTS).count()
    assert 0 < some < total
    expect(model.locator("[data-events] [data-count]")).to_have_text(f"{some} of {total}")
    model.get_by_label("Filter events").fill("prod")
    fewer = model.locator(EVENTS).count()
    assert 0 < fewer < some
    for each in model.locator(EVENTS).all():
        expect(each).to_contain_text("prod")
    address = model.evaluate("location.href")
    assert "history=assignment" in address
    assert "q=prod" in address
    model.reload()
    expect(model.locator(EVENTS)).to_have_count(fewer)
    expect(model.get_by_label("Filter events")).to_have_value("prod")
    model.get_by_label("Filter events").press("Escape")
    button.press("Space")
    expect(model.locator(EVENTS)).to_have_count(total)


def test_a_metric_across_versions_is_chosen_by_keyboard_and_kept_in_the_address(
    model: Page,
) -> None:
    select = model.locator("[data-across] select")
    points = model.locator("[data-across]").get_by_role("slider")
    first = str(points.get_attribute("aria-label"))
    select.focus()
    model.keyboard.press("ArrowDown")
    expect(points).not_to_have_attribute("aria-label", first)
    chosen = select.input_value()
    assert "metric=" in model.evaluate("location.href")
    model.reload()
    expect(select).to_have_value(chosen)
    points.press("Home")
    oldest = points.get_attribute("aria-valuetext") or ""
    points.press("End")
    newest = points.get_attribute("aria-valuetext") or ""
    assert "v1.3.0" in newest
    assert newest != oldest
    points.press("Enter")
    expect(model).to_have_url(re.compile(r"/churn/v1\.3\.0\.html$"))


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [
        (0.7621, 0.8307, ["0.750", "0.775", "0.800", "0.825", "0.850"]),
        # Two doubles beside each other, such as times in nanoseconds: no step lies between.
        (1.7e18, 1.7e18 + 256, ["1700000000000000000", "1700000000000000256"]),
        (-1.7e308, 1.7e308, ["-1.7e+308", "1.7e+308"]),
    ],
)
def test_a_chart_of_any_numbers_is_drawn(
    low: float, high: float, axis: list[str], model: Page
) -> None:
    drawn = model.evaluate(
        """ys => {
            const place = document.querySelector("[data-chart]");
            const points = ys.map((y, x) => ({ x, y, text: String(y), label: String(x) }));
            window.sitegen.chart.draw(place, {
                label: "odd", height: 180, series: [{ name: "", points }], ticks: String,
            });
            const edge = place.querySelector("svg").getBoundingClientRect();
            return {
                axis: [...place.querySelectorAll(".chart-line + .chart-text")].map(
                    text => text.textContent),
                inside: [...place.querySelectorAll(".chart-point")].map(point => {
                    const y = point.getBoundingClientRect().top;
                    return y > edge.top && y < edge.bottom;
                }),
            };
        }""",
        [low, high],
    )
    assert drawn == {"axis": axis, "inside": [True, True]}


def test_a_tap_shows_a_point_of_a_chart_and_another_one_follows_it(
    browser: Browser, portal: Path
) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((portal / "models/churn/churn.html").as_uri())
    point = page.locator("[data-across] .chart-point").first
    point.scroll_into_view_if_needed()
    edge = point.bounding_box()
    assert edge
    page.touchscreen.tap(edge["x"] + 2, edge["y"] + 2)
    expect(page.locator(".chart-tip")).to_contain_text("v0.1.0")
    expect(page).to_have_url(re.compile(r"/churn/churn\.html$"))
    page.touchscreen.tap(edge["x"] + 2, edge["y"] + 2)
    expect(page).to_have_url(re.compile(r"/churn/v0\.1\.0\.html$"))
    context.close()


def test_what_a_compared_version_alone_has_or_lacks_is_marked(
    page: Page, trouble: list[str], portal: Path
) -> None:
    page.goto((portal / "models/churn/churn/compare.html").as_uri())
    new = page.locator("[data-table] tr", has_text="train.min_data_in_leaf").locator("td")
    expect(new).to_have_text(["none", "200"])
    expect(new.nth(0)).not_to_have_class(re.compile("differs"))
    expect(new.nth(1)).to_have_class(re.compile("differs"))
    page.get_by_role("button", name="v1.3.0 as baseline").click()
    expect(new).to_have_text(["200", "none"])
    expect(new.nth(0)).not_to_have_class(re.compile("differs"))
    expect(new.nth(1)).to_have_class(re.compile("differs"))


def test_every_copy_button_says_what_it_copies_and_copies_it(clipboard: Page, served: str) -> None:
    clipboard.goto(f"{served}models/churn/churn.html")
    clipboard.evaluate(
        "document.querySelectorAll('details').forEach(each => { each.open = true; })"
    )
    names = set()
    buttons = clipboard.locator("[data-copy]:visible").all()
    assert len(buttons) > 8
    for button in buttons:
        names.add(button.inner_text())
        assert button.inner_text().startswith("Copy ")
        found = copied(button, partial(button.press, "Enter"))
        assert found == button.get_attribute("data-copy")
    assert len(names) > 8


@pytest.mark.parametrize("where", [".facts", "dialog .code"])
def test_copy_works_where_there_is_no_clipboard_object(where: str, model: Page) -> None:
    """As on a page that is served without TLS."""
    model.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    model.evaluate("location.hash = 'do=deprecate'")
    dialog = model.locator("dialog[open]")
    expect(dialog).to_be_visible()
    if not where.startswith("dialog"):
        model.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    # What the page hands over is in a field, which the selection as such does not tell.
    model.evaluate(
        "document.addEventListener('copy', event => { window.copied = event.target.value; })"
    )
    button = model.locator(f"{where} [data-copy]").first
    says_copied(button, lambda: button.press("Enter"))
    expect(button).to_be_focused()
    assert model.evaluate("window.copied") == button.get_attribute("data-copy")
