"""What Chromium is tested for, in the other engine: hostile texts and queries, and every script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.firefox import Firefox
from tests.browser.install import find_firefox
from tests.browser.test_hazards import TEXTS, hostile, of_each_kind, origin  # noqa: F401
from tests.browser.test_search import HOSTILE
from tests.hazards import Portal

INERT = """
const bad = "[onerror], [onload], main script, img[src='x'], a[href^='javascript' i], base, iframe";
return document.querySelectorAll(bad).length + document.querySelectorAll("main#main").length * 1000;
"""


@pytest.fixture(scope="module")
def firefox(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for the module."""
    program = find_firefox()
    if program is None:
        pytest.skip("no Firefox found: on Debian, apt-get install firefox-esr")
    started = Firefox(program, tmp_path_factory.mktemp("firefox"))
    try:
        yield started
        assert started.complaints() == []
    finally:
        started.close()


def test_nothing_of_a_repository_runs_in_firefox(
    firefox: Firefox,
    hostile: Portal,  # noqa: F811
    origin: str,  # noqa: F811
) -> None:
    for path in of_each_kind(hostile):
        firefox.open(origin + path)
        assert firefox.run(INERT) == 1000, path


def test_hostile_texts_are_found_and_shown_as_they_are_in_firefox(
    firefox: Firefox,
    hostile: Portal,  # noqa: F811
    origin: str,  # noqa: F811
) -> None:
    firefox.open(f"{origin}search.html#q=good")
    firefox.wait("document.querySelector('.result')")
    assert firefox.run(INERT) == 1000
    messages = firefox.run(
        "const found = await window.sitegen.search.run('good', {all: 50});"
        "return found.groups.flatMap(group => group.results.map(each => each.description))"
    )
    # What breaks out of nothing comes back whole; line separators are spelt out.
    for text in TEXTS[:4]:
        assert any(text.split("\u2028")[0] in message for message in messages), text


def test_hostile_queries_are_answered_calmly_in_firefox(firefox: Firefox, served: str) -> None:
    firefox.open(f"{served}search.html")
    for text in HOSTILE:
        firefox.run(
            "const box = document.querySelector('[data-search-query]'); box.value = args[0];"
            "box.dispatchEvent(new Event('input'));",
            text,
        )
        firefox.wait("document.querySelector('[data-search-page]').dataset.ready === args[0]", text)
        assert firefox.run("return document.querySelectorAll('main img').length") == 0


def test_search_tables_plots_and_comparison_work_in_firefox(
    firefox: Firefox, served: str, portal: Path
) -> None:
    firefox.open(f"{served}index.html")
    firefox.run(
        "const box = document.querySelector('[data-search-box] input'); box.focus();"
        "box.value = 'lihtgbm'; box.dispatchEvent(new Event('input'));"
    )
    option = "document.querySelector('[data-search-box] [role=option]')"
    firefox.wait(f"{option} && {option}.textContent.includes('Did you mean lightgbm')")
    firefox.open(f"{served}search.html#q=churn+stage:prod+metric.f1%3E0.1")
    firefox.wait("document.querySelector('.result mark')")
    plotted = next(
        path.relative_to(portal).as_posix()
        for path in sorted(portal.glob("models/*/*/*.html"))
        if 'class="plot' in path.read_text("utf-8")
    )
    firefox.open(served + plotted)
    firefox.run("document.querySelector('.plot').scrollIntoView()")
    firefox.wait("document.querySelector('.plot-body[data-drawn=plot] svg, .plot-body canvas')")
    compared = next(portal.glob("models/*/*/compare.html")).relative_to(portal).as_posix()
    firefox.open(served + compared)
    firefox.wait("document.querySelectorAll('main table tbody tr').length > 1")
    firefox.open(f"{served}projects/churn.html")
    firefox.wait("document.querySelectorAll('main tbody tr').length > 3")


def test_another_day_and_what_changed_are_shown_in_firefox(firefox: Firefox, served: str) -> None:
    says = "document.querySelector('[data-day-says]').textContent"
    firefox.open(f"{served}models/churn/churn.html#at=2025-08-01")
    firefox.wait(f"{says}.includes('latest v1.1.0')")
    assert firefox.run("return document.querySelector('#day').value") == "2025-08-01"
    # Bars are placed by attributes of SVG: those of a lane share its width.
    share = (
        "const bars = Array.from(document.querySelectorAll('.stage-0 .stay-bar'));"
        "const width = element => element.getBoundingClientRect().width;"
        "return bars.reduce((sum, bar) => sum + width(bar), 0) /"
        "width(document.querySelector('.timeline-track'))"
    )
    assert 0.5 < firefox.run(share) <= 1.01
    # Another hash, since Firefox says too early that a page with the same one is there.
    firefox.open(f"{served}index.html#at=2025-08-02")
    firefox.wait(f"{says}.includes('registered')")
    firefox.open(f"{served}activity.html#from=2025-06-01&at=2025-08-01")
    firefox.wait("document.querySelectorAll('.between-grid tbody tr').length > 5")
