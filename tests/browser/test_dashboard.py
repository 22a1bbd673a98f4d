"""The dashboard in a browser: its filters, columns, views and exports, over HTTP and from disk."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sitegen.registry.versions import sort_key
from sitegen.site.build import model_state
from sitegen.site.model import ModelView, Site
from tests.browser.conftest import both_ways, static_host, way
from tests.browser.tables import again, heading, headings, menu, saved, visit
from tests.browser.test_pages import check_axe, violations
from tests.portfolios import multiplied, publish, site_of
from tests.unit.render.views import EVIL

NAMES = "[data-grid] tr[data-place] .name > a"
NAME = "Model-registry-models"


@pytest.fixture(scope="module")
def site() -> Site:
    """Sixty models of three repositories; one has a name and labels that attack, one a formula."""
    made = site_of(60, 3)
    models = list(made.models)
    first, second = [i for i, model in enumerate(models) if not model.deprecated][:2]
    models[first] = msgspec.structs.replace(models[first], labels=(EVIL, "cv"))
    models[second] = msgspec.structs.replace(models[second], description="=1+1")
    return msgspec.structs.replace(made, models=tuple(models))


@pytest.fixture(scope="module")
def built(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(site, tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="module")
def hosted(built: Path) -> Iterator[str]:
    with static_host(built) as address:
        yield f"{address}index.html"


@pytest.fixture
def address(request: pytest.FixtureRequest, built: Path, hosted: str) -> str:
    return hosted if way(request) == "http" else (built / "index.html").as_uri()


@pytest.fixture
def table(page: Page, trouble: list[str], address: str) -> Page:
    return visit(page, address)


def every(page: Page) -> list[str]:
    """The names of all models that fit, in order, whether they are drawn or not."""
    found = page.evaluate("window.sitegen.dashboard.table.all().map(row => row.name)")
    assert isinstance(found, list)
    drawn = page.locator(NAMES).all_inner_texts()
    assert drawn == found[: len(drawn)]
    assert len(drawn) == len(found) or len(drawn) > 15
    return found


def facet(page: Page, field: str) -> Locator:
    found = page.locator(f"[data-facet={field}]")
    if found.get_attribute("open") is None:
        # It is filled a moment after it opens: what it held the last time is none of its values.
        found.locator("[data-values]").evaluate("list => list.replaceChildren()")
        found.locator("summary").click()
        expect(found.locator(".check").first).to_be_visible()
    return found


def choice(menu: Locator, value: str) -> Locator:
    """The box of a value of an open filter."""
    text = menu.page.get_by_text(value, exact=True)
    return menu.locator("label.check", has=text).locator("input")


def counts(menu: Locator) -> dict[str, int]:
    """The values of an open filter: how many models each would show."""
    return {
        line.locator(".check-text").inner_text(): int(
            line.locator(".count").inner_text().replace(",", "")
        )
        for line in menu.locator("label.check").all()
    }


def cut(page: Page, selector: str, way: str = "Width") -> list[str]:
    """The texts of elements that have more to show than there is room for."""
    found = page.locator(selector).evaluate_all(
        f"all => all.filter(one => one.scroll{way} > one.client{way} + 1 && one.clientWidth > 1)"
        ".map(one => one.textContent)"
    )
    assert isinstance(found, list)
    return found


def living(site: Site) -> list[ModelView]:
    return [model for model in site.models if not model.deprecated]


def test_what_is_in_production_shows_above_the_fold_and_leads_there(
    table: Page, site: Site
) -> None:
    assert every(table) == [model.name for model in living(site)]
    held = next(model for model in living(site) if "prod" in model.held)
    chip = held.held["prod"]
    line = table.locator("tr[data-place]", has=table.locator(f'a:text-is("{held.name}")'))
    link = line.locator(".chip", has_text="prod")
    day = datetime.fromtimestamp(chip.when.seconds, UTC)
    expect(link).to_have_text(
        f"prod {chip.version} {day.day} {day:%b %Y} by {chip.author}", use_inner_text=False
    )
    assert (link.get_attribute("title") or "").endswith(chip.when.full)
    assert cut(table, ".chip > :not(.hidden)") == []
    assert (link.get_attribute("href") or "") == chip.url
    assert (line.locator(".name > a").get_attribute("href") or "") == held.url
    expect(table.locator("[data-count]")).to_have_text(f"{len(living(site))} of 60 shown")


@both_ways("address")
def test_a_sign_for_nothing_stands_where_the_values_of_its_column_do(table: Page) -> None:
    sides = table.locator("tr[data-place] td.none").evaluate_all(
        "cells => cells.map(cell => [cell.matches('.number'), getComputedStyle(cell).textAlign])"
    )
    assert {(number, side) for number, side in sides} == {(True, "right"), (False, "left")}


def test_the_box_filters_and_the_hash_keeps_it(table: Page, site: Site) -> None:
    table.keyboard.press("f")
    table.keyboard.type("churn 01")
    expected = [m.name for m in living(site) if "churn" in m.name and "01" in m.name]
    assert every(table) == expected
    assert expected
    assert every(again(table)) == expected
    expect(table.locator("[data-quick]")).to_have_value("churn 01")
    table.locator("[data-quick]").fill("nothing is called so")
    expect(table.locator("[data-none]")).to_be_visible()
    table.locator("[data-none] [data-clear]").click()
    assert len(every(table)) == len(living(site))
    assert "#" not in table.evaluate("location.href")


def test_values_of_one_filter_add_up_and_filters_narrow_each_other(table: Page, site: Site) -> None:
    stages = facet(table, "stage")
    choice(stages, "prod").check()
    choice(stages, "dev").check()
    table.keyboard.press("Escape")
    expect(stages).not_to_have_attribute("open", "")
    choice(facet(table, "label"), "nlp").check()
    expected = [
        model.name
        for model in living(site)
        if {"prod", "dev"} & model.held.keys() and "nlp" in model.labels
    ]
    assert every(table) == expected
    assert expected
    assert "stage=prod&stage=dev&label=nlp" in table.evaluate("location.href")
    assert every(again(table)) == expected
    expect(table.locator("[data-facet=stage] [data-chosen]")).to_have_text("2")
    table.get_by_role("button", name="Without the filter Stage prod").click()
    table.get_by_role("button", name="Without the filter Stage dev").click()
    assert every(table) == [model.name for model in living(site) if "nlp" in model.labels]


def test_the_counts_of_a_filter_follow_the_others(table: Page, site: Site) -> None:
    visit(table, table.url + "#framework=PyTorch&stage=prod")
    prod = [m for m in living(site) if "prod" in m.held]
    torch = [m for m in living(site) if m.framework == "PyTorch"]
    # Of the filter itself the counts tell what another choice would bring.
    assert counts(facet(table, "framework")) == dict(
        Counter(model.framework or "(none)" for model in prod)
    )
    found = counts(facet(table, "stage"))
    expected = Counter(stage for model in torch for stage in model.held or {"(none)": 0})
    assert found == {stage: expected[stage] for stage in ("dev", "staging", "prod", "(none)")}
    labels = counts(facet(table, "label"))
    shown = [model for model in prod if model.framework == "PyTorch"]
    cv = sum("cv" in model.labels for model in shown)
    assert labels["cv"] == cv
    states = counts(facet(table, "state"))
    everything = [m for m in site.models if "prod" in m.held and m.framework == "PyTorch"]
    assert states == {
        state: Counter(map(model_state, everything))[state]
        for state in ("registered", "unregistered", "deprecated")
    }


def test_every_filter_filters(table: Page, site: Site) -> None:
    said = {
        "repo": lambda model: model.repo == "team-01",
        "type": lambda model: model.type == "dataset",
        "state": lambda model: model_state(model) == "unregistered",
        "framework": lambda model: model.framework == "XGBoost",
        "label": lambda model: "cv" in model.labels,
        "stage": lambda model: not model.held,
    }
    values = {
        "repo": "team-01", "type": "dataset", "state": "unregistered", "framework": "XGBoost",
        "label": "cv", "stage": "(none)",
    }  # fmt: skip
    for field, fits in said.items():
        choice(facet(table, field), values[field]).check()
        assert every(table) == [model.name for model in living(site) if fits(model)], field
        table.keyboard.press("Escape")
        table.locator(".filters [data-clear]").click()


def test_deprecated_models_show_only_when_asked_for(table: Page, site: Site) -> None:
    gone = [model.name for model in site.models if model.deprecated]
    expect(table.locator("[data-kept-count]")).to_have_text(str(len(gone)))
    assert gone
    choice(facet(table, "state"), "deprecated").check()
    assert every(table) == gone
    table.keyboard.press("Escape")
    table.locator(".filters [data-clear]").click()
    table.locator("[data-kept-show]").click()
    assert every(table) == [model.name for model in site.models]


def test_headings_sort_by_any_column_and_the_hash_keeps_it(table: Page, site: Site) -> None:
    heading(table, "latest").get_by_role("button", name="Latest", exact=True).click()
    names = every(table)
    latest = {model.name: model.latest.name if model.latest else "" for model in site.models}
    registered = [latest[name] for name in names if latest[name]]
    assert registered == sorted(registered, key=sort_key)
    # What has none comes last, whichever way.
    assert not any(latest[name] for name in names[len(registered) :])
    heading(table, "latest").get_by_role("button", name="Latest", exact=True).press("Enter")
    expect(heading(table, "latest")).to_have_attribute("aria-sort", "descending")
    turned = [latest[name] for name in every(again(table)) if latest[name]]
    assert turned == sorted(registered, key=sort_key, reverse=True)
    # A third time gives it up.
    heading(table, "latest").get_by_role("button", name="Latest", exact=True).click()
    assert "sort" not in table.evaluate("location.href")

    heading(table, "stage:prod").locator(".sort").click()
    dates = [
        model.held["prod"].when.seconds
        for name in every(table)
        for model in site.models
        if model.name == name and "prod" in model.held
    ]
    assert dates == sorted(dates, reverse=True)
    heading(table, "name").locator(".sort").click()
    found = every(table)
    natural = [[int(x) if x.isdigit() else x for x in re.split(r"(\d+)", n)] for n in found]
    assert natural == sorted(natural)


def test_a_column_filters_by_words_numbers_and_dates(table: Page, site: Site) -> None:
    menu(table, "metric:auc").locator("[data-filter]").fill("> 0.5")
    high = [
        model.name
        for model in living(site)
        for value in model.headline
        if value.key == "auc" and value.number is not None and value.number > 0.5
    ]
    assert every(table) == high
    table.keyboard.press("Escape")
    assert every(again(table)) == high
    table.get_by_role("button", name=re.compile("Without the filter auc")).click()
    menu(table, "stage:prod").locator("[data-filter]").fill(">= 2022")
    since = datetime(2022, 1, 1, tzinfo=UTC).timestamp()
    assert every(table) == [
        model.name
        for model in living(site)
        if "prod" in model.held and model.held["prod"].when.seconds >= since
    ]


def test_columns_are_chosen_moved_and_kept_in_sight(table: Page) -> None:
    before = headings(table)
    assert before[:6] == ["Model", "Repository", "Latest", "dev", "staging", "prod"]
    table.locator("[data-columns] summary").click()
    choose = table.locator("[data-column-list]")
    choose.get_by_label("Description", exact=True).check()
    choose.get_by_label("Repository", exact=True).uncheck()
    choose.get_by_role("button", name="Move prod to the left").click()
    table.keyboard.press("Escape")
    wanted = ["Model", "Latest", "dev", "prod", "staging"]
    assert headings(table)[:5] == wanted
    menu(table, "framework").get_by_role("button", name="Keep in sight").click()
    table.keyboard.press("Escape")
    assert headings(again(table))[:3] == ["Model", "Framework", "Latest"]
    menu(table, "framework").get_by_role("button", name="Hide this column").click()
    assert headings(table)[:5] == wanted
    heading(table, "stage:staging").drag_to(heading(table, "stage:dev"))
    names = table.locator("th[data-column] .heading-name")
    expect(names.nth(2)).to_have_text("staging")
    assert headings(table)[1:4] == ["Latest", "staging", "dev"]
    table.locator("[data-columns] summary").click()
    table.locator("[data-reset-columns]").click()
    table.keyboard.press("Escape")
    assert headings(table) == before


@both_ways("address")
def test_the_csv_holds_what_is_seen_and_no_formula(table: Page, site: Site) -> None:
    visit(table, table.url + "#show=description&sort=name:descending")
    rows = list(csv.DictReader(io.StringIO(saved(table, "csv", NAME).removeprefix("\ufeff"))))
    assert [row["Model"] for row in rows] == every(table)
    models = {model.name: model for model in site.models}
    formula = next(m for m in site.models if m.description.startswith("="))
    for row in rows:
        model = models[row["Model"]]
        assert row["Latest"] == (model.latest.label if model.latest else "")
        assert row["Labels"] == ", ".join(model.labels)
        chip = model.held.get("prod")
        assert row["prod"] == (chip.version if chip else "")
        assert row["prod since"] == (chip.when.iso if chip else "")
        assert row["prod by"] == (chip.author if chip else "")
        values = {value.key: value.full for value in model.headline}
        assert row["auc"] == values.get("auc", "")
    assert [row["Description"] for row in rows if row["Model"] == formula.name] == ["'=1+1"]


def test_the_json_holds_what_is_seen(table: Page, site: Site) -> None:
    visit(table, table.url + "#stage=prod")
    found = json.loads(saved(table, "json", NAME))
    assert found["title"] == site.title
    expected = [model for model in living(site) if "prod" in model.held]
    assert [model["name"] for model in found["models"]] == [model.name for model in expected]
    for said, model in zip(found["models"], expected, strict=True):
        assert (said["repo"], said["url"], said["labels"]) == (
            model.repo, model.url, list(model.labels),
        )  # fmt: skip
        assert said["stages"] == {
            stage: {"version": chip.version, "since": chip.when.iso, "author": chip.author}
            for stage, chip in model.held.items()
        }
        assert said["metrics"] == {value.key: value.number for value in model.headline}
        assert model.last_event
        assert said["event"]["at"] == model.last_event.when.iso


def test_the_board_has_a_lane_for_each_stage_and_one_for_none(table: Page, site: Site) -> None:
    table.locator("[data-open=board]").click()
    lanes = table.locator(".lane")
    titles = ["dev", "staging", "prod", "No stage"]
    expect(lanes.locator("h2")).to_have_text(titles)
    for lane, title in zip(lanes.all(), titles, strict=True):
        held = [m for m in living(site) if title in m.held or (not m.held and title == "No stage")]
        expect(lane.locator(".count")).to_have_text(str(len(held)))
        drawn = lane.locator("[data-act=open]").all_inner_texts()
        if title != "No stage":
            # What came last stands first.
            held.sort(key=lambda m: -m.held[title].when.seconds)
        assert drawn == [model.name for model in held][: len(drawn)]
        assert len(drawn) > 5
    # The filters count for both views, and the hash keeps which one it is.
    choice(facet(table, "repo"), "team-02").check()
    table.keyboard.press("Escape")
    again(table)
    expect(lanes.nth(2).locator(".count")).to_have_text(
        str(sum("prod" in m.held and m.repo == "team-02" for m in living(site)))
    )
    table.get_by_label("Sort").select_option(label="Model")
    drawn = lanes.nth(2).locator("[data-act=open]").all_inner_texts()
    assert drawn == sorted(drawn, key=lambda name: (name.split("-")[0], int(name.split("-")[2])))


@both_ways("address")
def test_the_browsers_button_leads_back_to_the_other_view(table: Page) -> None:
    table.locator("[data-quick]").fill("churn")
    table.locator("[data-open=board]").click()
    table.locator("[data-quick]").fill("")
    expect(table.locator(".board")).to_be_visible()
    table.go_back()
    expect(table.locator("[data-grid]")).to_be_visible()
    expect(table.locator("[data-quick]")).to_have_value("churn")
    expect(table.locator(".board")).to_be_hidden()
    table.go_forward()
    expect(table.locator(".board")).to_be_visible()
    expect(table.locator("[data-quick]")).to_have_value("")


def test_unknown_values_in_the_hash_hide_nothing_or_say_so(table: Page) -> None:
    url = table.url
    visit(table, f"{url}#sort=gone:descending&f.gone=1&show=gone&pin={quote('a b')}&view=gone")
    assert len(every(table)) > 50
    visit(table, f"{url}#stage=gone")
    expect(table.locator("[data-none]")).to_be_visible()
    table.get_by_role("button", name="Without the filter Stage gone").click()
    assert len(every(table)) > 50


def test_before_the_first_day_there_is_nothing_and_no_filter_to_clear(
    page: Page, trouble: list[str], portal: Path
) -> None:
    visit(page, (portal / "index.html").as_uri() + "#at=2001-01-01")
    expect(page.locator("[data-none]")).to_contain_text("No model was there on that day.")
    expect(page.locator("[data-none] [data-clear]")).to_be_hidden()


def test_hostile_labels_are_text(table: Page) -> None:
    table.on("dialog", lambda dialog: pytest.fail(dialog.message))
    labels = facet(table, "label")
    texts = labels.locator(".check-text").evaluate_all("all => all.map(each => each.textContent)")
    assert EVIL in texts
    labels.locator(".check input").nth(texts.index(EVIL)).check()
    assert len(every(table)) == 1
    labels_of_row = table.locator("tr[data-place] .labels li").first
    assert labels_of_row.evaluate("item => item.textContent") == EVIL
    assert table.locator("[onerror]").count() == 0


def test_the_dashboard_is_used_by_keyboard_alone(table: Page, site: Site) -> None:
    press = table.keyboard.press
    names = [model.name for model in living(site)]
    press("f")
    press("Tab")
    expect(table.locator("[data-facet=stage] summary")).to_be_focused()
    press("Enter")
    expect(table.locator("[data-facet=stage] input[value=dev]")).to_be_visible()
    press("Tab")
    press("Space")
    assert "stage=dev" in table.evaluate("location.href")
    # The box that was pressed keeps the focus, so that it can be given up again.
    expect(table.locator("[data-facet=stage] input[value=dev]")).to_be_focused()
    press("Space")
    press("Escape")
    expect(table.locator("[data-facet=stage] summary")).to_be_focused()
    assert "#" not in table.evaluate("location.href")
    table.locator("[data-scroll]").focus()
    press("Tab")
    expect(heading(table, "name").locator(".sort")).to_be_focused()
    press("Enter")
    expect(heading(table, "name").locator(".sort")).to_be_focused()
    press("Enter")
    press("Enter")
    press("Tab")
    press("Tab")
    expect(heading(table, "repo").locator("[data-act=menu]")).to_be_focused()
    press("Enter")
    expect(table.locator("[data-filter]")).to_be_focused()
    press("Escape")
    expect(heading(table, "repo").locator("[data-act=menu]")).to_be_focused()
    table.locator(NAMES).first.focus()
    press("ArrowDown")
    expect(table.locator(NAMES).nth(1)).to_be_focused()
    press("End")
    expect(table.get_by_role("link", name=names[-1], exact=True)).to_be_focused()
    press("Home")
    press("k")
    expect(table.get_by_role("link", name=names[0], exact=True)).to_be_focused()
    table.locator("[data-open=board]").focus()
    press("Enter")
    lanes = table.locator(".lane")
    lanes.nth(0).locator("[data-act=open]").first.focus()
    press("ArrowDown")
    expect(lanes.nth(0).locator("[data-act=open]").nth(1)).to_be_focused()
    press("ArrowRight")
    expect(lanes.nth(1).locator("[data-act=open]").first).to_be_focused()
    press("End")
    place = int(lanes.nth(1).locator(".count").inner_text()) - 1
    expect(lanes.nth(1).locator(f"[data-place='{place}'] [data-act=open]")).to_be_focused()


def test_what_has_the_focus_keeps_it_where_the_window_or_the_rows_change_size(table: Page) -> None:
    # That something was drawn anew shows in a mark that is gone.
    mark = "link => { link.dataset.old = ''; link.focus(); }"
    old = table.locator("[data-old]")
    row = table.locator(NAMES).nth(2)
    row.evaluate(mark)
    table.set_viewport_size({"width": 1200, "height": 800})
    expect(old).to_have_count(0)
    expect(row).to_be_focused()
    row.evaluate(mark)
    table.keyboard.press("d")
    expect(old).to_have_count(0)
    expect(row).to_be_focused()
    version = table.locator("[data-grid] tr[data-place='1'] .latest a")
    version.evaluate(mark)
    table.set_viewport_size({"width": 1400, "height": 800})
    expect(old).to_have_count(0)
    expect(version).to_be_focused()
    table.locator("[data-open=board]").click()
    card = table.locator(".lane").nth(1).locator("[data-act=open]").nth(1)
    card.evaluate(mark)
    table.set_viewport_size({"width": 1200, "height": 800})
    expect(old).to_have_count(0)
    expect(card).to_be_focused()


@pytest.mark.parametrize("view", ["", "#stage=prod&f.metric:auc=x", "#view=board", "#q=nothing"])
def test_axe_finds_nothing_in_any_view(view: str, page: Page, axe: str, built: Path) -> None:
    url = (built / "index.html").as_uri() + view
    check_axe(page, url, axe)


def test_axe_finds_nothing_in_a_menu(page: Page, axe: str, built: Path) -> None:
    visit(page, (built / "index.html").as_uri())
    page.evaluate(axe)
    page.locator("[data-columns] summary").click()
    expect(page.locator("[data-column-list] [data-column]").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    facet(page, "label")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(menu(page, "latest")).to_be_visible()
    assert violations(page) == []


@pytest.fixture(scope="module")
def long(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with a prerelease in production and a long name beside a tag."""
    models = list(site.models)
    place = next(i for i, m in enumerate(models) if "prod" in m.held and not m.deprecated)
    model = models[place]
    models[place] = msgspec.structs.replace(
        model,
        name="transaction-" * 6,
        type="dataset",
        chips=tuple(
            msgspec.structs.replace(chip, version="v10.20.30-release-candidate.1")
            for chip in model.chips
        ),
    )
    changed = msgspec.structs.replace(site, models=tuple(models))
    return publish(changed, tmp_path_factory.mktemp("long"))


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440, 1920])
def test_at_every_width_menus_stay_in_the_window_and_nothing_jumps(
    page: Page, trouble: list[str], long: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 760})
    visit(page, (long / "index.html").as_uri())
    for opened in page.locator(".bar .menu").all():
        opened.locator("summary").click()
        panel = opened.locator(".panel")
        expect(panel).to_be_in_viewport(ratio=1)
        for step in opened.locator(".step:not(:disabled)").all()[:2]:
            expect(step).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
    assert cut(page, ".chip-version") == []
    if width == 390:
        return
    # The heading says the stage; a chip does so to those who listen.
    chip = page.locator("tr[data-place] .held .chip").first
    assert chip.locator(".chip-stage").evaluate("name => name.clientWidth") == 1
    expect(chip).to_have_accessible_name(re.compile("^dev v"))
    name = page.locator(NAMES, has_text="transaction-").first
    assert name.evaluate("name => name.clientWidth") > 150

    def places() -> object:
        return page.evaluate(
            """() => Array.from(document.querySelectorAll(
                ".bar summary, .bar .button, .filters, [data-view]:not([hidden])"
            )).filter(one => one.checkVisibility({ visibilityProperty: true })
                && !one.closest("[data-columns]"))
              .map(one => { const box = one.getBoundingClientRect(); return [box.x, box.y]; })"""
        )

    before = places()
    choice(facet(page, "stage"), "prod").check()
    page.keyboard.press("Escape")
    assert places() == before
    page.locator("[data-open=board]").click()
    expect(page.get_by_label("Sort")).to_be_visible()
    assert places() == before
    # What is at the right ends where the frame does.
    end = (
        "part => part.getBoundingClientRect().right"
        " - parseFloat(getComputedStyle(part).paddingRight)"
    )
    ends = {page.locator(part).evaluate(end) for part in ("main", ".top", ".foot")}
    assert ends == {width - 24}


def test_the_demo_fits_small_screens(page: Page, portal: Path) -> None:
    for width in (1024, 1280):
        page.set_viewport_size({"width": width, "height": 760})
        page.goto((portal / "projects/index.html").as_uri())
        box = page.locator(".scroll")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        expect(box.get_by_role("link", name="JSON").first).to_be_in_viewport(ratio=1)
        visit(page, (portal / "index.html").as_uri())
        page.locator("[data-scroll]").evaluate("box => { box.scrollLeft = box.scrollWidth; }")
        expect(page.locator(".metric-pairs").first).to_be_visible()
        assert cut(page, ".pair-value, .chip-version") == []
        heights = page.locator("tr[data-place]").evaluate_all(
            "all => all.map(row => row.getBoundingClientRect().height)"
        )
        assert set(heights) == {36}


def test_on_a_phone_a_row_is_a_card(page: Page, built: Path, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, (built / "index.html").as_uri())
    model = next(m for m in living(site) if len(m.held) > 1)
    page.locator("[data-quick]").fill(model.name)
    card = page.locator("tr[data-place]").first
    for stage in model.held:
        expect(card.locator(".chip", has_text=stage)).to_be_in_viewport()
    page.locator("[data-quick]").fill("")
    # All tools are in sight, a number is never cut, and each card is as high as what it says.
    for tool in page.locator(".bar summary, .bar .button, .filters select").all():
        if tool.is_visible():
            expect(tool).to_be_in_viewport(ratio=1)
    assert cut(page, ".pair-value") == []
    assert cut(page, "tr[data-place]", "Height") == []
    # The page scrolls, not a box in it, and all cards are reached.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = page.get_by_role("link", name=living(site)[-1].name, exact=True)
    expect(last).to_be_in_viewport()
    assert page.locator("[data-scroll]").evaluate("box => box.scrollTop") == 0
    assert page.locator("tr[data-place]").count() < 45
    last.focus()
    page.keyboard.press("Home")
    expect(page.locator(NAMES).first).to_be_in_viewport()
    expect(page.get_by_role("link", name=living(site)[0].name, exact=True)).to_be_focused()
    page.get_by_label("Sort").select_option(label="Last event")
    expect(page).to_have_url(re.compile("sort=event%3Adescending"))


def test_on_paper_there_is_every_row(page: Page, built: Path, site: Site) -> None:
    visit(page, (built / "index.html").as_uri())
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(NAMES).all_inner_texts() == [model.name for model in living(site)]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(every(page)) == len(living(site))


# Ten thousand models.


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(multiplied(site_of(500), 20), tmp_path_factory.mktemp("large"))


def test_of_ten_thousand_models_only_those_in_sight_are_drawn(
    page: Page, trouble: list[str], large: Path
) -> None:
    visit(page, (large / "index.html").as_uri())
    assert len(every(page)) > 9_000
    rows = page.locator("[data-grid] tr[data-place]")
    assert rows.count() < 60
    page.locator("[data-scroll]").evaluate("box => { box.scrollTop = box.scrollHeight; }")
    last = page.evaluate("window.sitegen.dashboard.table.all().slice(-1)[0].name")
    link = page.get_by_role("link", name=last, exact=True)
    link.scroll_into_view_if_needed()
    expect(link).to_be_in_viewport()
    assert rows.count() < 60
    page.locator("[data-open=board]").click()
    assert page.locator(".card").count() < 4 * 40
    page.locator(".lane-box").nth(3).evaluate("box => { box.scrollTop = box.scrollHeight; }")
    count = page.locator(".lane .count").nth(3).inner_text()
    assert int(count.replace(",", "")) > 1000
    expect(page.locator(".lane").nth(3).locator(".card").last).to_have_attribute(
        "aria-posinset", count.replace(",", "")
    )


def test_axe_finds_nothing_in_the_plain_list(page: Page, axe: str, large: Path) -> None:
    check_axe(page, (large / "list/2.html").as_uri(), axe)


def test_without_javascript_the_newest_are_there_and_links_lead_to_all(
    browser: Browser, large: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((large / "index.html").as_uri())
    expect(page.locator("table.models tbody tr")).to_have_count(200)
    page.get_by_role("link", name="list of all models").click()
    for number in (1, 2):
        expect(page).to_have_url(re.compile(rf"list/{number}\.html$"))
        expect(page.locator("table.listed tbody tr")).to_have_count(1_000)
        page.get_by_role("link", name="Models after").click()
    pages = sorted(large.glob("list/*.html"))
    links = [
        re.findall(r'<th scope="row"[^>]*><a href="([^"]*)', file.read_text()) for file in pages
    ]
    assert len({link for one in links for link in one}) == 10_000
    page.goto((large / "list/10.html").as_uri())
    expect(page.get_by_role("link", name="Models before")).to_be_visible()
    expect(page.get_by_role("link", name="Models after")).to_have_count(0)
    context.close()
