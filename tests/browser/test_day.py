"""The registry on a given day in a browser: the control, a model's page, the stages' timeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen import config, pipeline
from tests.browser import awkward
from tests.browser.conftest import built_once, static_host
from tests.browser.test_pages import check_axe
from tests.gitrepo import GitRepo

DAY = 86_400
START = 1_740_787_200  # 2025-03-01T00:00:00Z
# Another day in the hash; done once the page, which listens longer, has followed it.
AT = """at => new Promise(done => {
    addEventListener("hashchange", () => done(), { once: true });
    location.hash = "at=" + encodeURIComponent(at);
})"""


def build(folder: Path) -> None:
    """A portal of one repository that promotes, replaces, withdraws and deprecates."""
    repo = GitRepo(folder / "team")
    commits = [repo.commit({"n": str(number)}) for number in range(4)]

    def tag(name: str, commit: int, day: int) -> None:
        repo.tag(name, commits[commit], when=START + day * DAY + 3600)

    tag("churn@v1.0.0", 0, 0)
    tag("churn#dev#1", 0, 1)
    tag("churn#prod#2", 0, 10)
    tag("churn@v1.1.0", 1, 20)
    tag("churn#dev#3", 2, 25)
    tag("churn#prod#4", 1, 30)
    tag("churn@v2.0.0", 2, 40)
    tag("churn@v1.1.0!", 1, 50)
    tag("other@v0.1.0", 3, 15)
    tag("other#prod#1", 3, 35)
    tag("other@deprecated", 3, 45)
    repo.now = START + 60 * DAY
    repo.commit({"artifacts.yaml": "idea: {type: model}\n"})
    settings = config.default([str(repo.path)], folder=folder, environ={})
    pipeline.build(config.override(settings, output="site", folder=folder))


@pytest.fixture(scope="session")
def site(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portal; only to be read."""
    return built_once(tmp_path_factory, "days", build) / "site"


@pytest.fixture
def model(page: Page, trouble: list[str], site: Path) -> Page:
    """The page of churn, from disk."""
    page.goto((site / "models/team/churn.html").as_uri())
    return page


def stages(page: Page) -> list[str]:
    """What the stages' panel says, by stage and version."""
    shown = page.locator(".standing .chip:visible")
    return [" ".join(text.split()[:2]) for text in shown.all_inner_texts()]


def versions(page: Page) -> list[str]:
    return [" ".join(t.split()) for t in page.locator("#versions > li:visible a").all_inner_texts()]


def events(page: Page) -> int:
    return page.locator(".aside .events > li:visible").count()


def test_the_model_is_shown_as_it_was(model: Page) -> None:
    assert stages(model) == ["dev v2.0.0", "prod v1.0.0"]
    model.locator("#day").fill("2025-03-24")
    assert model.evaluate("location.href").endswith("#at=2025-03-24")
    expect(model.locator("[data-day-banner]")).to_contain_text("As of 24 Mar 2025")
    expect(model.locator("[data-day-says]")).to_contain_text("latest v1.1.0")
    expect(model.locator("[data-announce]")).to_have_text("As of 24 Mar 2025")
    assert stages(model) == ["dev v1.0.0", "prod v1.0.0"]
    assert versions(model) == ["v1.1.0 latest 21 Mar 2025", "v1.0.0 dev prod 1 Mar 2025"]
    assert events(model) == 4
    expect(model.locator(".chosen-head")).to_contain_text("not there yet")
    facts = model.locator(".model-head .facts-line")
    expect(facts).not_to_contain_text("latest", use_inner_text=True)
    model.locator("#day").fill("2025-04-01")
    assert stages(model)[-1] == "prod v1.1.0"
    assert events(model) == 6


def test_above_a_version_that_was_not_there_are_those_that_were(model: Page) -> None:
    told = model.locator("[data-then=chosen]")
    expect(told).to_be_hidden()
    model.locator("#day").fill("2025-03-24")
    expect(told).to_contain_text("v2.0.0 was not there on 24 Mar 2025:latest v1.1.0")
    assert told.locator(".chip-version").all_inner_texts() == ["v1.0.0", "v1.0.0"]
    # In the banner, too, and there only once the version is registered.
    expect(model.locator("[data-day-says] .chip-version")).to_have_count(2)
    model.locator("#day").fill("2025-04-11")
    expect(told).to_be_hidden()
    model.locator("#day").fill("2025-03-24")
    told.get_by_role("link", name="v1.1.0").click()
    expect(model.locator("h1")).to_contain_text("v1.1.0")


def test_a_commit_without_a_version_leads_to_what_it_became(model: Page) -> None:
    model.locator("#day").fill("2025-03-26")
    chip = model.locator(".standing .chip:visible").first
    assert re.match(r"dev [0-9a-f]{7} 26 Mar 2025", " ".join(chip.inner_text().split()))
    assert (chip.get_attribute("href") or "").endswith("/churn/v2.0.0.html")
    expect(model.locator(".standing")).to_contain_text("registered later as v2.0.0")


def test_back_to_now_everything_is_as_before(model: Page) -> None:
    before = (stages(model), versions(model), events(model), model.locator("main").inner_text())
    model.locator("#day").fill("2025-03-24")
    model.locator("[data-day-banner] [data-day-now]").click()
    expect(model.locator("[data-day-banner]")).to_be_hidden()
    expect(model.locator("#day")).to_be_focused()
    expect(model.locator("#day")).to_have_value("")
    assert "#" not in model.evaluate("location.href")
    after = (stages(model), versions(model), events(model), model.locator("main").inner_text())
    assert after == before


def test_a_link_leads_to_a_day_or_a_moment(model: Page) -> None:
    for at, text, prod in (
        ("2025-03-30", "30 Mar 2025", "v1.0.0"),
        ("2025-03-31T00:59:59Z", "31 Mar 2025, 00:59", "v1.0.0"),
        ("2025-03-31T02:00:00+01:00", "31 Mar 2025, 01:00", "v1.1.0"),
        (str(START + 30 * DAY + 3599), "31 Mar 2025, 00:59", "v1.0.0"),
    ):
        model.evaluate(AT, at)
        expect(model.locator("[data-day-text]")).to_have_text(text)
        assert stages(model)[-1] == f"prod {prod}"


def test_what_is_no_date_shows_now(model: Page) -> None:
    for at in ("2025-03-24", "never", "2025-02-30", "0202-03-03", "<b>", "-5", ""):
        model.evaluate(AT, at)
        shown = expect(model.locator("[data-day-banner]"))
        shown.to_be_visible() if at == "2025-03-24" else shown.to_be_hidden()
    assert stages(model) == ["dev v2.0.0", "prod v1.0.0"]


def test_a_day_ends_at_midnight_where_the_reader_is(browser: Browser, site: Path) -> None:
    # The event is of 31 March, 01:00 UTC: in New York that is still the 30th.
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.goto(f"{(site / 'models/team/churn.html').as_uri()}#at=2025-03-30")
    assert stages(page)[-1] == "prod v1.1.0"
    context.close()


def test_before_the_first_event_there_was_nothing(model: Page) -> None:
    model.goto(model.url + "#at=2025-01-01")
    expect(model.locator("[data-day-says]")).to_have_text("Nothing had happened yet.")
    assert (stages(model), versions(model), events(model)) == ([], [], 0)


def test_history_filters_within_the_day(model: Page) -> None:
    model.locator("#day").fill("2025-03-24")
    model.locator("button[data-kind=assignment]").click()
    assert events(model) == 2
    expect(model.locator(".aside [data-count]")).to_have_text("2 of 8")
    chips = model.locator(".aside button[data-kind]")
    expect(chips).to_have_text(["registered 2", "assigned 2", "deregistered 0"])
    model.locator("[data-day-banner] [data-day-now]").click()
    assert events(model) == 4
    assert model.evaluate("location.href").endswith("#history=assignment")
    expect(chips).to_have_text(["registered 3", "assigned 4", "deregistered 1"])


def test_the_timeline_says_which_version_was_where_when(model: Page) -> None:
    model.locator(".timeline-table summary").click()
    rows = [
        " ".join(row.split()) for row in model.locator(".timeline-table tbody tr").all_inner_texts()
    ]
    assert rows == [
        "dev v2.0.0 26 Mar 2025 now 34 days Ada Example",
        "dev v1.0.0 2 Mar 2025 26 Mar 2025 24 days Ada Example",
        "prod v1.0.0 20 Apr 2025 now 9 days Ada Example",
        "prod v1.1.0 31 Mar 2025 20 Apr 2025 20 days Ada Example",
        "prod v1.0.0 11 Mar 2025 31 Mar 2025 20 days Ada Example",
    ]
    bar = model.locator("a.stay").last
    bar.hover()
    expect(model.locator("[data-timeline-says]")).to_have_text(
        "v1.0.0 in prod from 20 Apr 2025 until now, 9 days, by Ada Example"
    )
    bar.click()
    expect(model.locator("h1")).to_contain_text("v1.0.0")


def test_the_keyboard_alone_reaches_every_bar_and_any_day(model: Page) -> None:
    says = model.locator("[data-timeline-says]")
    model.locator(".timeline-table summary").focus()
    model.keyboard.press("Shift+Tab")
    expect(says).to_contain_text("v2.0.0 in dev")
    model.keyboard.press("ArrowDown")
    expect(says).to_contain_text("v1.0.0 in prod from 11 Mar 2025")
    model.keyboard.press("End")
    expect(says).to_contain_text("until now")
    model.keyboard.press("ArrowLeft")
    expect(says).to_contain_text("v1.1.0 in prod")
    # One stop of the Tab key for all bars.
    model.keyboard.press("Tab")
    expect(model.locator(".timeline-table summary")).to_be_focused()
    model.locator("#day").focus()
    model.keyboard.type("03242025")
    assert model.evaluate("location.href").endswith("#at=2025-03-24")
    for _ in range(9):
        if model.evaluate("document.activeElement.matches('.day-banner [data-day-now]')"):
            break
        model.keyboard.press("Tab")
    model.keyboard.press("Enter")
    expect(model.locator("[data-day-banner]")).to_be_hidden()


def test_a_click_on_the_dates_shows_that_day(model: Page) -> None:
    axis = model.locator(".axis .timeline-track")
    box = axis.bounding_box()
    assert box
    # Of the 60 days from 1 March on these are 18 and a half.
    axis.click(position={"x": box["width"] * 0.31, "y": box["height"] / 2})
    assert model.evaluate("location.href").endswith("#at=2025-03-19")
    expect(model.locator("[data-mark]")).to_be_visible()
    told = model.locator("[data-then=timeline]")
    expect(told).to_contain_text("As of 19 Mar 2025latest v1.0.0")
    assert told.locator(".chip-version").all_inner_texts() == ["v1.0.0", "v1.0.0"]
    model.locator("[data-day-banner] [data-day-now]").click()
    expect(told).to_be_hidden()


def test_without_javascript_the_timeline_is_there_and_the_control_is_not(
    browser: Browser, site: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "models/team/churn.html").as_uri())
    assert page.locator("a.stay").count() == 5
    expect(page.locator("#day")).to_be_hidden()
    page.locator("a.stay").first.click()
    expect(page.locator("h1")).to_contain_text("v1.0.0")
    context.close()


VERSION = "models/team/churn/{}.html#at={}"


@pytest.fixture
def version(page: Page, trouble: list[str], site: Path) -> Callable[[str, str], str]:
    """Opens a version's page on a day, and says what the banner says."""

    def look(name: str, at: str) -> str:
        # Not from one hash to the next, which a page follows a moment later.
        page.goto("about:blank")
        page.goto(f"{site.as_uri()}/{VERSION.format(name, at)}")
        says = page.locator("[data-day-says]")
        expect(says.locator("b, .chip")).not_to_have_count(0)
        return " ".join(says.inner_text().split())

    return look


def test_a_versions_page_says_what_it_was_on_a_day(
    page: Page, version: Callable[[str, str], str]
) -> None:
    dev, prod = "dev v1.0.0 2 Mar 2025", "prod v1.0.0 11 Mar 2025"
    head = page.locator(".chosen-head")
    told = version("v1.1.0", "2025-03-05")
    assert told == f"v1.1.0 was not registered yet latest v1.0.0 {dev}"
    expect(head).to_contain_text("not there yet")
    assert (stages(page), events(page)) == (["dev v1.0.0"], 0)
    told = version("v1.1.0", "2025-03-24")
    assert told == f"v1.1.0 was registered, in no stage latest v1.1.0 {dev} {prod}"
    assert (versions(page)[0], events(page)) == ("v1.1.0 latest 21 Mar 2025", 1)
    told = version("v1.0.0", "2025-03-24")
    assert told.startswith("v1.0.0 was registered, in dev, prod latest v1.1.0")
    # What it is today does not stand beside it.
    assert version("v1.1.0", "2025-04-01").startswith("v1.1.0 was registered, in prod")
    expect(page.get_by_text("This version was deregistered")).to_be_hidden()
    assert version("v1.1.0", "2025-04-21").startswith("v1.1.0 was deregistered latest v2.0.0")
    assert re.match(
        r"v2\.0\.0 was not registered yet, but its commit [0-9a-f]{7} was in dev latest v1\.1\.0",
        version("v2.0.0", "2025-04-01"),
    )
    page.locator("[data-day-banner] [data-day-now]").click()
    expect(page.locator("[data-day-banner]")).to_be_hidden()
    assert head.locator(".stage:visible, .tag:visible").all_inner_texts() == ["dev", "latest"]
    assert page.evaluate("location.hash") == ""


def test_a_versions_page_of_a_deprecated_model_says_so_from_that_day_on(
    page: Page, trouble: list[str], served_days: str
) -> None:
    page.goto(f"{served_days}models/team/other/v0.1.0.html#at=2025-04-14")
    says = page.locator("[data-day-says]")
    expect(says).to_contain_text("v0.1.0 was registered, in prod")
    expect(says).not_to_contain_text("deprecated")
    deprecated = page.locator(".model-head .banner[data-today]")
    expect(deprecated).to_be_hidden()
    page.locator("#day").fill("2025-04-15")
    expect(says).to_contain_text("It was deprecated.")
    page.locator("[data-day-banner] [data-day-now]").click()
    expect(deprecated).to_be_visible()


def test_the_day_goes_along_from_page_to_page_and_is_left_for_now(
    page: Page, trouble: list[str], site: Path
) -> None:
    page.goto(f"{site.as_uri()}/index.html#at=2025-04-01")
    page.locator("[data-grid] tr[data-place] a.chip").last.click()
    expect(page.locator("h1")).to_have_text("churn v1.1.0")
    says = page.locator("[data-day-says]")
    expect(says).to_contain_text("v1.1.0 was registered, in prod")
    page.locator(".picker a", has_text="v1.0.0").click()
    expect(says).to_contain_text("v1.0.0 was registered, in no stage")
    page.get_by_role("link", name="all 8 events").click()
    expect(page).to_have_url(re.compile(r"churn\.html#at=2025-04-01$"))
    # A bar of the timeline, and an event.
    page.locator("a.stay").last.click()
    expect(says).to_contain_text("v1.0.0 was registered")
    with page.expect_navigation():
        page.locator(".aside .events a").first.click()
    page.locator(".crumbs a").first.click()
    expect(says).to_contain_text("2 registered")
    page.go_back()
    page.locator("[data-day-banner] [data-day-now]").click()
    page.get_by_role("link", name="all 8 events").click()
    expect(page).to_have_url(re.compile("#history$"))


def test_where_a_versions_events_cannot_be_loaded_now_is_shown(page: Page, site: Path) -> None:
    page.route("**/data/events/0.js", lambda route: route.abort())
    page.goto(f"{site.as_uri()}/{VERSION.format('v2.0.0', '2025-04-01')}")
    says = page.locator("[data-day-says]")
    expect(says).to_have_text("The events could not be loaded: this is how it is now.")
    assert stages(page) == ["dev v2.0.0", "prod v1.0.0"]


def test_axe_finds_nothing_on_a_versions_page_of_a_day(page: Page, axe: str, site: Path) -> None:
    check_axe(page, f"{site.as_uri()}/{VERSION.format('v2.0.0', '2025-04-01')}", axe)


def test_axe_finds_nothing_on_a_models_page(page: Page, axe: str, site: Path) -> None:
    check_axe(page, (site / "models/team/churn.html").as_uri() + "#at=2025-03-26", axe)


CHANGES = "[data-between]"


@pytest.fixture
def activity(page: Page, trouble: list[str], served_days: str) -> Page:
    """The page of activity, over HTTP; the other pages' tests lead to it from disk."""
    page.goto(f"{served_days}activity.html")
    return page


@pytest.fixture(scope="session")
def served_days(site: Path) -> Iterator[str]:
    """The portal's address on a static host of this machine, ending in "/"."""
    with static_host(site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def dashboard(
    request: pytest.FixtureRequest, page: Page, trouble: list[str], site: Path, served_days: str
) -> Page:
    """The dashboard, both ways."""
    page.goto(f"{served_days if request.param == 'http' else site.as_uri() + '/'}index.html")
    page.wait_for_selector("[data-dashboard][data-complete]", state="attached")
    return page


def models(page: Page) -> list[str]:
    """What the table says of each model: name, latest, dev, prod, last event."""
    shown = page.locator("[data-grid] tr[data-place]")
    expect(shown.first).to_be_visible()
    # Cell by cell: where a row is not drawn yet, its text has nothing between them.
    rows = shown.evaluate_all("all => all.map(row => Array.from(row.cells, c => c.innerText))")
    return [" ".join(" ".join(row).replace("by Ada Example", "").split()) for row in rows]


def changes(page: Page) -> list[str]:
    rows = page.locator(f"{CHANGES} tbody tr").all_inner_texts()
    return [" ".join(row.split()) for row in rows]


def test_what_changed_between_two_days_is_listed_by_model(activity: Page) -> None:
    activity.locator("[data-between-from]").fill("2025-03-25")
    activity.locator("#day").fill("2025-04-15")
    count = activity.locator("[data-between-count]")
    expect(count).to_have_text(
        "2 models changed from the start of 25 Mar 2025 to the end of 15 Apr 2025."
    )
    assert changes(activity) == [
        "churn team latest v1.1.0 v2.0.0 10 Apr 2025 Ada Example",
        "registered none v2.0.0 10 Apr 2025 Ada Example",
        "dev v1.0.0 v2.0.0 26 Mar 2025 Ada Example",
        "prod v1.0.0 v1.1.0 31 Mar 2025 Ada Example",
        "other team deprecated 15 Apr 2025 Ada Example",
        "prod none v0.1.0 5 Apr 2025 Ada Example",
    ]
    assert activity.evaluate("location.href").endswith("#from=2025-03-25&at=2025-04-15")
    activity.reload()
    expect(count).to_contain_text("2 models changed")
    activity.locator(f"{CHANGES} th a").first.click()
    expect(activity.locator("[data-day-text]")).to_have_text("15 Apr 2025")


def test_of_two_days_chosen_at_once_the_last_count_alone(activity: Page) -> None:
    activity.locator("[data-between-from]").fill("2025-03-25")
    count = activity.locator("[data-between-count]")
    expect(count).to_contain_text("models changed")
    for turns in range(4):
        activity.evaluate(
            """async turns => {
                const type = (selector, value) => {
                    const box = document.querySelector(selector);
                    box.value = value;
                    box.dispatchEvent(new Event("input", { bubbles: true }));
                };
                type("#day", "");
                type("[data-between-from]", "2025-03-24");
                for (let i = 0; i < turns; i += 1) await new Promise(done => setTimeout(done, 0));
                type("#day", "2025-04-15");
            }""",
            turns,
        )
        expect(count).to_have_text(
            "2 models changed from the start of 24 Mar 2025 to the end of 15 Apr 2025."
        )


def test_changes_are_until_now_narrowed_by_words_and_cleared(activity: Page) -> None:
    activity.locator("[data-between-from]").fill("2025-04-21")
    count = activity.locator("[data-between-count]")
    expect(count).to_have_text("No models changed from the start of 21 Apr 2025 to now.")
    activity.locator("[data-between-from]").fill("2025-04-20")
    expect(count).to_have_text("1 model changed from the start of 20 Apr 2025 to now.")
    assert changes(activity) == [
        "churn team deregistered v1.1.0 none 20 Apr 2025 Ada Example",
        "prod v1.1.0 v1.0.0 20 Apr 2025 Ada Example",
    ]
    activity.locator("[data-quick]").fill("other")
    expect(count).to_have_text("0 of 1 models changed from the start of 20 Apr 2025 to now.")
    activity.locator("#day").fill("2025-04-19")
    expect(count).to_have_text("The first day is later than the second: exchange them.")
    activity.locator("[data-between-clear]").click()
    expect(activity.locator("[data-between-from]")).to_be_focused()
    expect(activity.locator("[data-between-found]")).to_be_hidden()
    assert activity.evaluate("location.href").endswith("#q=other")


def test_the_list_of_events_is_narrowed_to_the_two_days(activity: Page) -> None:
    rows = activity.locator("tr[data-kind]:visible")
    whole = rows.count()
    activity.locator("[data-between-from]").fill("2025-03-26")
    expect(rows).to_have_count(6)
    activity.locator("#day").fill("2025-04-10")
    expect(rows).to_have_count(4)
    expect(activity.locator(".shown[data-count]")).to_have_text(f"4 of {whole}")
    expect(activity.locator(".bar button[data-kind=registration]")).to_have_text("registered 1")
    activity.locator("[data-between-from]").fill("2025-04-06")
    activity.locator("#day").fill("2025-04-09")
    expect(activity.locator("[data-none]")).to_be_visible()
    # The filters hide nothing: there is none to clear.
    expect(activity.locator("[data-clear]")).to_be_hidden()
    activity.locator("[data-between-clear]").click()
    expect(rows).to_have_count(whole)


def test_between_two_days_events_of_older_pages_are_listed_and_filtered_too(
    page: Page, trouble: list[str], awkward_portals: Path
) -> None:
    newest = awkward.page(awkward_portals, "many events: the newest").as_uri()
    rows = page.locator("tr[data-kind]:visible")

    def told(number: int) -> list[list[str]]:
        return rows.evaluate_all(  # type: ignore[no-any-return]
            """(rows, number) => rows.slice(-number).map(row => [
                ...Array.from(row.cells, cell => cell.innerText.trim().replace(/\\s+/g, ' ')),
                ...Array.from(row.querySelectorAll('a, time'), e => e.href || e.dateTime + e.title),
                row.querySelector('.why').title])""",
            number,
        )

    page.goto(awkward.page(awkward_portals, "many events: the oldest").as_uri())
    older = told(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/data/")[2]))
    page.goto(newest)
    own = rows.count()
    assert not [url for url in asked if url.startswith("activity")]
    page.goto(f"{newest}#from=2023-12-31")
    expect(rows).to_have_count(own + 500)
    assert told(500) == older
    count = page.locator(".shown[data-count]")
    expect(count).to_have_text(f"{own + 500} of {own + 500}")
    expect(page.locator(".pager")).to_be_hidden()
    page.locator("[data-events] [data-quick]").fill("model-0000 v1.20.0")
    expect(rows).to_have_count(1)
    page.locator("[data-events] [data-quick]").fill("")
    page.locator(".bar button[data-kind=assignment]").click()
    staged = sum("assigned" in row[2] for row in older)
    expect(count).to_have_text(re.compile(rf"^\d+ of {own + 500}$"))
    assert told(staged) == [row for row in older if "assigned" in row[2]]
    page.locator("[data-between-clear]").click()
    expect(page.locator(".pager")).to_be_visible()
    page.locator(".bar button[data-kind=assignment]").click()
    expect(rows).to_have_count(own)
    assert [url for url in asked if url.startswith("activity")] == ["activity/0.js"]


def test_older_events_that_cannot_be_loaded_are_said_to_be_missing(
    page: Page, awkward_portals: Path
) -> None:
    page.route("**/data/activity/0.js", lambda route: route.abort())
    newest = awkward.page(awkward_portals, "many events: the newest").as_uri()
    page.goto(f"{newest}#from=2023-12-31")
    expect(page.locator("[data-older-says]")).to_contain_text("could not be loaded")
    # Days that they do not reach into are complete.
    page.goto(f"{newest}#from=2024-01-01T04:26:00Z")
    expect(page.locator("[data-older-says]")).to_be_hidden()


def test_a_models_name_is_read_in_full_among_changes(activity: Page) -> None:
    activity.goto(activity.url + "#from=2025-03-01")
    link = activity.locator(f"{CHANGES} th a").first
    link.evaluate("link => { link.textContent = 'a-randomforest-model-of-a-long-name'.repeat(3); }")
    assert link.evaluate("link => link.scrollWidth <= link.clientWidth || !link.clientWidth")
    box, cell = link.bounding_box(), activity.locator(f"{CHANGES} th.of").first.bounding_box()
    assert box and cell and box["x"] + box["width"] <= cell["x"] + cell["width"]


def test_the_table_of_changes_ends_with_its_last_row(activity: Page) -> None:
    activity.goto(activity.url + "#from=2025-04-20")
    expect(activity.locator(f"{CHANGES} tbody tr")).to_have_count(2)
    region = activity.locator(f"{CHANGES} .scroll").bounding_box()
    table = activity.locator(f"{CHANGES} table").bounding_box()
    assert region and table
    assert region["height"] - table["height"] <= 2


def test_the_banner_of_a_model_leads_to_what_changed_since(model: Page) -> None:
    model.locator("#day").fill("2025-03-24")
    model.locator("[data-day-changes]").click()
    expect(model.locator("[data-between-count]")).to_contain_text("1 of 2 models changed")
    assert model.evaluate("location.href").endswith("activity.html#from=2025-03-25&q=churn")


def test_axe_finds_nothing_in_what_changed(page: Page, axe: str, site: Path) -> None:
    url = f"{site.as_uri()}/activity.html#from=2025-03-24&at=2025-04-15"
    check_axe(page, url, axe, ready=f"{CHANGES} tbody tr")


def test_the_dashboard_is_shown_as_it_was(dashboard: Page) -> None:
    now = models(dashboard)
    asked: list[str] = []
    dashboard.on("request", lambda request: asked.append(request.url.partition("/data/")[2]))
    dashboard.reload()
    dashboard.wait_for_selector("[data-dashboard][data-complete]", state="attached")
    # Events are loaded when somebody asks for a day, once.
    assert not [url for url in asked if url.startswith("events")]
    dashboard.locator("#day").fill("2025-04-01")
    says = dashboard.locator("[data-day-says]")
    expect(says).to_have_text("2 registered · 1 in dev · 1 in prod")
    expect(dashboard.locator("[data-announce]")).to_contain_text("As of 1 Apr 2025: 2 registered")
    churn, idea, other = models(dashboard)
    assert re.fullmatch(
        r"churn v1\.1\.0 dev [0-9a-f]{7} 26 Mar 2025 prod v1\.1\.0 31 Mar 2025 "
        r"assigned 31 Mar 2025", churn,
    ), churn  # fmt: skip
    assert idea.startswith("idea unregistered")
    assert other.startswith("other v0.1.0") and other.endswith("registered 16 Mar 2025")
    # What was not there yet is not shown, and what is deprecated only when asked for.
    dashboard.locator("#day").fill("2025-03-05")
    expect(says).to_have_text("1 registered · 1 in dev")
    assert [row.split()[0] for row in models(dashboard)] == ["churn", "idea"]
    dashboard.locator("#day").fill("2025-04-16")
    expect(says).to_have_text("2 registered · 1 in dev · 1 in prod")
    expect(dashboard.locator("[data-grid] tr[data-place]")).to_have_count(2)
    dashboard.locator("[data-day-banner] [data-day-now]").click()
    expect(says).to_be_hidden()
    assert models(dashboard) == now
    assert [url for url in asked if url.startswith("events")] == ["events.js", "events/0.js"]


def test_from_a_day_of_the_dashboard_to_the_model_on_that_day(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/index.html#at=2025-04-01&stage=prod")
    expect(page.locator("[data-day-says]")).to_contain_text("2 registered")
    # `other` came into prod later.
    expect(page.locator("[data-grid] tr[data-place]")).to_have_count(1)
    page.locator("[data-grid] tr[data-place] .name > a").click()
    expect(page.locator("[data-day-text]")).to_have_text("1 Apr 2025")
    assert stages(page)[-1] == "prod v1.1.0"
    page.go_back()
    expect(page.locator("[data-day-text]")).to_have_text("1 Apr 2025")
    page.locator("[data-open=board]").click()
    expect(page.get_by_role("region", name="prod")).to_contain_text("v1.1.0")
    assert "at=2025-04-01" in page.evaluate("location.href")


def test_a_model_over_http_and_back_to_the_dashboard_of_that_day(
    page: Page, trouble: list[str], served_days: str
) -> None:
    page.goto(f"{served_days}models/team/churn.html#at=2025-03-24")
    assert stages(page) == ["dev v1.0.0", "prod v1.0.0"]
    page.locator(".crumbs a").first.click()
    expect(page.locator("[data-day-says]")).to_have_text("2 registered · 1 in dev · 1 in prod")


def test_where_the_events_cannot_be_loaded_now_is_shown(page: Page, site: Path) -> None:
    page.route("**/data/events.js", lambda route: route.abort())
    page.goto(f"{site.as_uri()}/index.html#at=2025-04-01")
    says = page.locator("[data-day-says]")
    expect(says).to_have_text("The events could not be loaded: this is how it is now.")
    expect(page.locator("[data-grid] tr[data-place]").first).to_contain_text("v2.0.0")


def test_axe_finds_nothing_on_the_dashboard_of_a_day(page: Page, axe: str, site: Path) -> None:
    check_axe(page, f"{site.as_uri()}/index.html#at=2025-04-01", axe)
