"""What tests do alike with the dashboard and with a table of experiments."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page


def visit(page: Page, url: str) -> Page:
    """Open a page with a table, as if from elsewhere, and wait until all its rows came."""
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("[data-complete]", state="attached")
    return page


def again(page: Page) -> Page:
    """The same address in a page that remembers nothing."""
    # What Playwright holds for the address may be a moment old.
    return visit(page, page.evaluate("location.href"))


def heading(page: Page, column: str) -> Locator:
    """The heading of a column, by the column's id."""
    return page.locator(f'th[data-column="{column}"]')


def headings(page: Page) -> list[str]:
    """The names of the columns that are shown, in order."""
    return page.locator("th[data-column] .heading-name").all_inner_texts()


def menu(page: Page, column: str) -> Locator:
    """The menu of a column, opened."""
    heading(page, column).hover()
    heading(page, column).locator("[data-act=menu]").click()
    return page.locator("[data-column-menu]")


def saved(page: Page, kind: str, name: str) -> str:
    """The text of the file that the page saves as `name` and its kind, csv or json."""
    page.locator("[data-export] summary").click()
    with page.expect_download() as download:
        page.locator(f"[data-save={kind}]").click()
    assert download.value.suggested_filename == f"{name}.{kind}"
    return Path(download.value.path()).read_text("utf-8")
