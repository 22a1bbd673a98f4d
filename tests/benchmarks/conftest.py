"""The browser for benchmarks too."""

from tests.browser.conftest import browser, page

__all__ = ["browser", "page"]
