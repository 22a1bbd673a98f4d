"""What is measured of a page with a table: how soon it has rows, what views and scrolling take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

# Keeps when the first rows were there, and how long each task took that held up the page.
STARTED = """
window.long = [];
new PerformanceObserver(list => {
  list.getEntries().forEach(entry => window.long.push(Math.round(entry.duration)));
}).observe({ type: "longtask", buffered: true });
addEventListener("DOMContentLoaded", () => {
  const wait = setInterval(() => {
    if (!document.querySelector("tr[data-place] [data-act=open]")) return;
    window.firstRows = performance.now();
    clearInterval(wait);
  }, 2);
});
"""
SCROLL = """async step => {
  const box = document.querySelector("[data-scroll]"), frames = [];
  box.scrollTop = 0;
  let last = performance.now();
  for (let i = 0; i < 40; i += 1) {
    box.scrollTop += step;
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames.sort((a, b) => a - b)[20];
}"""
WRITE = """([data, values]) => {
  const start = performance.now();
  window.sitegen[data].view.write(values);
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""


def opened(browser: Browser) -> Page:
    """A page that keeps when its first rows were there."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(STARTED)
    return page


def load(page: Page, url: str) -> dict[str, float]:
    """Milliseconds until the first rows were there, and until all were."""
    page.goto(url)
    page.wait_for_selector("[data-complete]", state="attached")
    return {
        "first rows": page.evaluate("window.firstRows"),
        "all rows": page.evaluate("performance.now()"),
    }


def writer(page: Page, data: str) -> Callable[..., float]:
    """Writes views into the hash of a table; milliseconds of the quickest.

    data: whose table, dashboard or experiments.
    """

    def write(*turns: dict[str, Any]) -> float:
        return float(min(page.evaluate(WRITE, [data, turn]) for turn in turns))

    return write


def scroll(page: Page) -> float:
    """Milliseconds of the frame in the middle of forty steps through the table."""
    return float(page.evaluate(SCROLL, 120))
