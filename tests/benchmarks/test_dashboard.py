"""The dashboard of 10,000 models, in a browser and when it is written: how its figures grow."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sitegen.render import dashboard
from tests.benchmarks.tables import load, opened, scroll, writer
from tests.portfolios import publish, site_of

pytestmark = pytest.mark.bench

FEW, MANY = 500, 10_000


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return opened(browser)


MODEL = """turns => Math.min(...turns.map(values => {
  const { view, table } = window.sitegen.dashboard;
  const start = performance.now();
  Object.assign(view, values);
  table.update();
  return performance.now() - start;
}))"""


def measure(page: Page, folder: Path) -> dict[str, Any]:
    """Milliseconds, the best of several where it can be done again."""
    write = writer(page, "dashboard")
    loaded = load(page, (folder / "index.html").as_uri())
    page.wait_for_timeout(1000)
    found = {
        **loaded,
        "sorting alone": page.evaluate(
            MODEL, [{"sort": [{"id": "name", "desc": desc}]} for desc in (True, False) * 3]
        ),
        "filtering alone": page.evaluate(MODEL, [{"q": text} for text in ("ch", "fr", "sp", "")]),
        "sort": write(*({"sort": f"{name}:descending"} for name in ("latest", "event", "repo"))),
        "filter": write(*({"stage": stage} for stage in ("prod", "dev", "staging"))),
        "search": write(*({"stage": "", "q": text} for text in ("ch", "fr", "sp"))),
        "scroll": write({"q": "", "sort": ""}) and scroll(page),
        "board": write({"view": "board"}, {"view": ""}, {"view": "board"}),
    }
    write({"view": ""})
    print("  tasks over 50 ms:", page.evaluate("window.long"))
    return found


def test_a_dashboard_of_ten_thousand_models_answers_as_one_of_five_hundred(
    page: Page, tmp_path: Path
) -> None:
    found = {}
    for count in (FEW, MANY):
        site = site_of(count)
        started = time.perf_counter()
        files = dict(dashboard.data_files(site))
        written = time.perf_counter() - started
        folder = publish(site, tmp_path / str(count))
        print(f"\n{count} models: data of {sum(map(len, files.values())) / 1e6:.2f} MB written in")
        print(f"  {written:.2f} s; index.html of {(folder / 'index.html').stat().st_size} bytes")
        found[count] = measure(page, folder)
        print(f"  ms: {json.dumps({key: round(value, 1) for key, value in found[count].items()})}")
    few, many = found[FEW], found[MANY]
    # What is drawn does not grow with the models, and neither do the first of them.
    for step in ("scroll", "first rows", "sort", "filter", "search"):
        assert many[step] < few[step] * 4, step
    # The page itself says no more of ten thousand than of five hundred.
    sizes = [(tmp_path / str(count) / "index.html").stat().st_size for count in (FEW, MANY)]
    assert sizes[1] < sizes[0] * 1.2
