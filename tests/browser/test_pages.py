"""The portal in a browser: over HTTP and from disk, in light and dark, wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import awkward
from tests.browser.conftest import copied
from tests.browser.tables import visit

KINDS = (
    "dashboard", "model", "version", "compare", "projects", "experiments", "activity", "problems",
    "search", "content", "missing",
)  # fmt: skip
SHOWN = "[data-grid] tr[data-place]"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def paths(portal: Path) -> dict[str, str]:
    """A page of every kind: kind -> path. Of models and versions the one that says most."""
    found: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for file in sorted(portal.rglob("*.html")):
        html = file.read_text("utf-8")
        kind = re.search(r'<body class="page-(\w+)"', html)
        assert kind, file
        if len(html) > sizes.get(kind[1], 0):
            sizes[kind[1]] = len(html)
            found[kind[1]] = file.relative_to(portal).as_posix()
    return found


def address(kind: str, way: str, portal: Path, served: str, paths: dict[str, str]) -> str:
    """Where a page of a kind is: `way` http or file."""
    if kind == "missing":
        return f"{served}is-not-there"
    return f"{served}{paths[kind]}" if way == "http" else (portal / paths[kind]).as_uri()


def overflow(page: Page) -> int:
    """By how many pixels the page, not a region of it, scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert isinstance(width, int)
    return width


def violations(page: Page, **options: Any) -> list[Any]:
    """What axe, which is in the page already, finds wrong: rule and elements."""
    # Of what is right nothing is worked out further, nor sent here: that takes the most time.
    found = page.evaluate(
        "async options => (await axe.run(document, options)).violations",
        {**options, "resultTypes": ["violations"]},
    )
    return [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found]


def check_axe(
    page: Page, url: str, axe: str, widths: tuple[int, ...] = (1440, 360), ready: str = "h1"
) -> None:
    """Fail where axe finds anything or the page scrolls sideways: on a phone, then wide in light
    and dark.

    ready: what the page shows once all is there.
    """

    def settled(**options: Any) -> list[Any]:
        # Right after its size or scheme changed a page still settles: what counts is what stays.
        for _ in range(5):
            found = violations(page, **options)
            if not found:
                break
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        return found

    # Without motion, since a colour half way from one to the other says nothing.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": min(widths), "height": 900})
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector(ready)
    if page.locator("[data-dashboard], [data-experiments]").count():
        page.wait_for_selector("[data-complete]", state="attached")
    assert overflow(page) <= 0
    # Of hundreds of rows that are made alike the first will do: axe takes its time over each.
    page.evaluate(
        "document.querySelectorAll(':is(tr, .events li, .versions li):nth-child(n + 12)')"
        ".forEach(row => row.remove())"
    )
    page.evaluate(axe)
    # What changes with the width is the layout, and with the scheme the colours.
    for width in sorted(widths):
        page.set_viewport_size({"width": width, "height": 900})
        assert settled(runOnly=TAGS) == []
    if 1440 not in widths:
        return
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert settled(runOnly=["color-contrast", "link-in-text-block"]) == []


@contextmanager
def asking_nobody_else(page: Page, origin: str) -> Iterator[None]:
    """All that the page asks for meanwhile is below `origin`."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    yield
    expect(page.locator("h1")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith((origin, "data:", "about:"))] == []
    assert page.locator("html[data-js]").count() == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "missing"])
def test_every_page_kind_loads_from_disk_without_a_complaint(
    kind: str, page: Page, trouble: list[str], portal: Path, served: str, paths: dict[str, str]
) -> None:
    with asking_nobody_else(page, "file:///"):
        page.goto(address(kind, "file", portal, served, paths))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_kind_fits_a_phone_and_neither_axe_nor_the_browser_complains(
    kind: str, page: Page, trouble: list[str], axe: str, portal: Path, served: str,
    paths: dict[str, str],
) -> None:  # fmt: skip
    with asking_nobody_else(page, served):
        check_axe(page, address(kind, "http", portal, served, paths), axe)


@pytest.fixture
def dashboard(page: Page, trouble: list[str], portal: Path) -> Page:
    """The dashboard, from disk."""
    return visit(page, (portal / "index.html").as_uri())


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_scheme_switch_is_remembered(
    way: str, page: Page, trouble: list[str], portal: Path, served: str, paths: dict[str, str]
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address("dashboard", way, portal, served, paths))
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    switch = page.locator("[data-scheme-switch]")
    switch.click()
    expect(switch).to_contain_text("light")
    assert page.evaluate(background) == light
    switch.click()
    expect(switch).to_contain_text("dark")
    dark = page.evaluate(background)
    assert dark != light
    page.goto(address("activity", way, portal, served, paths))
    assert page.evaluate(background) == dark
    expect(switch).to_contain_text("dark")
    switch.click()
    expect(switch).to_contain_text("system")
    assert page.evaluate(background) == light


def test_dense_rows_are_28_pixels_high_and_remembered(dashboard: Page) -> None:
    def height() -> float:
        box = dashboard.locator(SHOWN).first.bounding_box()
        assert box
        return box["height"]

    comfortable = height()
    dashboard.locator("button[data-dense]").click()
    assert height() < comfortable
    dashboard.reload()
    assert (comfortable, height()) == (36, 28)
    expect(dashboard.locator("button[data-dense]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("kind", "way"), [("model", "file"), ("activity", "http")])
def test_history_filters_by_kind_and_the_hash_keeps_it(
    kind: str, way: str, page: Page, trouble: list[str], portal: Path, served: str,
    paths: dict[str, str],
) -> None:  # fmt: skip
    page.goto(address(kind, way, portal, served, paths))
    events = page.locator("[data-events] :is(li, tr)[data-kind]:not([hidden])")
    total = events.count()
    button = page.locator("button[data-kind=assignment]")
    count = int(button.locator(".count").inner_text())
    button.click()
    assert events.count() == count < total
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert events.count() == count
    button.click()
    assert events.count() == total
    assert "#" not in page.evaluate("location.href")


def test_copy_puts_the_tag_on_the_clipboard(
    clipboard: Page, served: str, paths: dict[str, str]
) -> None:
    clipboard.goto(served + paths["model"])
    button = clipboard.locator(".facts [data-copy]").first
    assert copied(button, button.click) == button.get_attribute("data-copy")


def test_keys_are_listed_and_can_be_switched_off(dashboard: Page) -> None:
    dashboard.keyboard.press("?")
    dialog = dashboard.locator("dialog#keys")
    expect(dialog).to_be_visible()
    dialog.locator("[data-keys-enabled]").uncheck()
    dashboard.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    dashboard.keyboard.press("f")
    expect(dashboard.locator("[data-quick]")).not_to_be_focused()
    dashboard.keyboard.press("/")
    expect(dashboard.locator("[data-search-focus]")).not_to_be_focused()
    dashboard.locator("[data-keys-open]").click()
    dialog.locator("[data-keys-enabled]").check()
    dialog.locator("[data-keys-close]").click()
    dashboard.keyboard.press("j")
    expect(dashboard.locator(f"{SHOWN} .name a").first).to_be_focused()


def test_the_skip_link_keeps_the_view(dashboard: Page) -> None:
    dashboard.locator("[data-quick]").fill("e")
    shown = dashboard.locator(SHOWN).count()
    dashboard.locator(".skip").focus()
    dashboard.keyboard.press("Enter")
    expect(dashboard.locator("main")).to_be_focused()
    assert dashboard.locator(SHOWN).count() == shown


def test_everything_is_said_without_javascript(
    browser: Browser, portal: Path, served: str, paths: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for kind in KINDS:
        page.goto(address(kind, "http", portal, served, paths))
        expect(page.locator("h1")).to_be_visible()
        for control in page.locator(".js-only").all():
            expect(control).to_be_hidden()
        if kind == "dashboard":
            rows = page.locator("table.models tbody tr")
            assert rows.count() > 1
            for row in rows.all():
                expect(row).to_be_visible()
        if kind in ("model", "activity"):
            assert page.locator("[data-events] :is(li, tr)[data-kind]").count() > 1
    context.close()


def test_dates_show_in_the_readers_zone_with_the_sources_on_hover(
    browser: Browser, served: str, paths: dict[str, str]
) -> None:
    context = browser.new_context(timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    page.goto(served + paths["activity"])
    time = page.locator("td.date time").first
    title = time.get_attribute("title")
    assert title
    assert re.search(r"[+-]\d\d:?\d\d$", title)
    shown = page.evaluate(
        """iso => {
            const date = new Date(iso), month = date.toLocaleString("en", {month: "short"});
            return `${date.getDate()} ${month} ${date.getFullYear()}`;
        }""",
        time.get_attribute("datetime"),
    )
    assert time.inner_text() == shown
    context.close()


def test_a_table_shows_that_it_goes_on(dashboard: Page) -> None:
    dashboard.set_viewport_size({"width": 1000, "height": 800})
    table = dashboard.locator("[data-scroll]")
    expect(table).to_have_attribute("data-after", "")
    expect(table).not_to_have_attribute("data-before", "")
    table.evaluate("region => { region.scrollLeft = region.scrollWidth; }")
    expect(table).not_to_have_attribute("data-after", "")
    expect(table).to_have_attribute("data-before", "")


@pytest.mark.parametrize("state", awkward.STATES)
def test_awkward_portals_fit_a_phone_and_axe_finds_nothing(
    state: str, page: Page, axe: str, awkward_portals: Path
) -> None:
    check_axe(page, awkward.page(awkward_portals, state).as_uri(), axe, widths=(360,))
    page.set_viewport_size({"width": 1440, "height": 740})
    page.reload()
    assert overflow(page) <= 0


def test_on_a_phone_the_heading_that_has_the_focus_is_seen(
    page: Page, trouble: list[str], portal: Path
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto((portal / "projects/index.html").as_uri())
    heading = page.get_by_role("button", name="Models", exact=True)
    covered = """button => {
        const edge = button.getBoundingClientRect();
        const there = document.elementFromPoint(edge.x + edge.width / 2, edge.y + edge.height / 2);
        return !button.contains(there);
    }"""
    assert heading.evaluate(covered)
    heading.focus()
    assert not heading.evaluate(covered)
    page.keyboard.press("Enter")
    expect(page.locator("th[data-key=models]")).to_have_attribute("aria-sort", "ascending")


def test_a_version_page_holds_its_neighbours_and_its_own_events_alone(
    page: Page, trouble: list[str], awkward_portals: Path
) -> None:
    file = awkward.page(awkward_portals, "many versions: one of them")
    assert file.stat().st_size < 40_000
    page.goto(file.as_uri())
    assert page.locator(".versions li").count() == 13
    expect(page.locator(".versions [aria-current=page]")).to_contain_text("v1.100.0")
    assert page.locator("[data-events] li").count() == 1
    page.get_by_role("link", name="all 250 versions").click()
    expect(page.locator(".versions li")).to_have_count(250)
    page.go_back()
    page.get_by_role("link", name="all 257 events of the model").click()
    expect(page.locator("[data-events] li")).to_have_count(257)


def test_a_long_history_can_be_filtered(
    page: Page, trouble: list[str], awkward_portals: Path
) -> None:
    page.goto(awkward.page(awkward_portals, "many versions: the model").as_uri())
    page.get_by_label("Filter events").fill("v1.249.0")
    expect(page.locator("[data-events] li:not([hidden])")).to_have_count(1)


def test_the_pages_of_the_activity_are_reached_by_keyboard(
    page: Page, trouble: list[str], awkward_portals: Path
) -> None:
    page.goto(awkward.page(awkward_portals, "many events: the newest").as_uri())
    page.locator(".pager [rel=next]").press("Enter")
    expect(page).to_have_url(re.compile(r"activity/1\.html$"))
    expect(page.locator(".log tbody tr[data-kind]")).to_have_count(500)
    page.locator(".pager [rel=prev]").press("Enter")
    expect(page).to_have_url(re.compile(r"activity\.html$"))


def identifiers(file: Path) -> list[str]:
    """The ids of a page's elements."""
    return re.findall(r' id="([^"]*)"', file.read_text("utf-8"))


def test_every_link_within_the_portal_leads_somewhere(portal: Path) -> None:
    dead = []
    known = {file.resolve(): set(identifiers(file)) for file in portal.rglob("*.html")}
    for file in sorted(portal.rglob("*.html")):
        if file.name == "404.html":
            continue  # its links are absolute
        for link in re.findall(r'(?:href|src)="([^"]*)"', file.read_text("utf-8")):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (file.parent / parts.path if parts.path else file).resolve()
            # A hash with "=" is the state of a view, and no anchor.
            anchor = "" if "=" in parts.fragment else parts.fragment
            if not target.is_file() or (anchor and anchor not in known[target]):
                dead.append((file.relative_to(portal).as_posix(), link))
    assert dead == []


def test_no_page_says_an_id_twice(portal: Path, awkward_portals: Path) -> None:
    for file in (*portal.rglob("*.html"), *awkward_portals.rglob("*.html")):
        found = identifiers(file)
        assert len(found) == len(set(found)), file
