"""Chromium for the tests of this folder, which are skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.install import find_browser
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def browser(isolated: None) -> Iterator[Browser]:
    """One headless Chromium for the session."""
    executable = find_browser()
    if executable is None:
        pytest.skip("no Chromium found: `make test` gets one where it can")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a profile of its own, 1440 by 900, in UTC."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, timezone_id="UTC", locale="en-GB"
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be evaluated in a page before `axe.run()`."""
    source = ROOT / "themes/default/node_modules/axe-core/axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed: `make test` installs it")
    return source.read_text("utf-8")
