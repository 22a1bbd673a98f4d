"""The table of 10,000 experiments with 60 columns in a browser: figures, and how they grow."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sitegen.registry.facts import (
    Commit,
    History,
    Leaf,
    Moment,
    Person,
    RepositoryFacts,
    ValueFile,
)
from sitegen.registry.state import Annotated, fold
from sitegen.render.site import render_site
from sitegen.render.theme import load_theme
from sitegen.site.build import Settings, Source, build_site
from tests.benchmarks.tables import load, opened, scroll, writer

pytestmark = pytest.mark.bench

ROWS, COLUMNS, BRANCH = 10_000, 60, 1_000
FIRST = "metrics:metrics.json:m0"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """One page for all measures."""
    return opened(browser)


def facts_of(rows: int) -> RepositoryFacts:
    """A repository of branches of a thousand commits, in each of which everything changes."""
    chance = random.Random(1)
    ada = Person("Ada")
    commits: dict[str, Commit] = {}
    values = {}
    for row in range(rows):
        oid = f"{row:08x}" + "ab" * 16
        parents = (f"{row - 1:08x}" + "ab" * 16,) if row % BRANCH else ()
        when = Moment(1_600_000_000 + row * 600)
        commits[oid] = Commit(oid, oid, parents, ada, when, ada, when, f"Change number {row}\n")
        numbers = [chance.random() for _ in range(COLUMNS)]
        values[oid] = (
            ValueFile(
                "metrics.json",
                "metrics",
                {f"m{i}": Leaf(number, repr(number)) for i, number in enumerate(numbers)},
            ),
        )
    tips = list(commits)[BRANCH - 1 :: BRANCH] or [list(commits)[-1]]
    branches = {f"b{i}": tip for i, tip in enumerate(tips)}
    return RepositoryFacts(
        name="big", url="", branch="b0", head=tips[0], tags=(), commits=commits, annotations={},
        values=values, history=History(tuple(sorted(commits)), branches),
    )  # fmt: skip


def built(folder: Path, rows: int) -> str:
    """The address of the page of so many rows."""
    source = Source(facts_of(rows), fold((), (), Annotated(), "big"))
    for path, data in render_site(build_site([source], Settings()), load_theme(None), {}):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return (folder / "projects/big.html").as_uri()


def measure(page: Page, url: str) -> dict[str, Any]:
    """Milliseconds, the best of three where it can be done again."""
    write = writer(page, "experiments")
    loaded = load(page, url)
    names = [f"metrics:metrics.json:m{i}" for i in range(2, 5)]
    return {
        **loaded,
        "sort": write(*({"sort": f"{name}:descending"} for name in names)),
        "filter": write(*({f"f.{FIRST}": f"> 0.{digit}"} for digit in (5, 6, 7))),
        "search": write(*({f"f.{FIRST}": "", "q": f"number {digit}"} for digit in (5, 6, 7))),
        "scroll": write({"q": "", "sort": ""}) and scroll(page),
    }


def test_a_table_of_ten_thousand_rows_scrolls_as_one_of_five_hundred(
    page: Page, tmp_path: Path
) -> None:
    few = measure(page, built(tmp_path / "few", 500))
    many = measure(page, built(tmp_path / "many", ROWS))
    print(f"\nmilliseconds, {COLUMNS} columns")
    print(f"  500 rows: {json.dumps({key: round(value) for key, value in few.items()})}")
    print(f"  {ROWS} rows: {json.dumps({key: round(value) for key, value in many.items()})}")
    # What is drawn does not grow with the rows, and neither do the first of them.
    assert many["scroll"] < few["scroll"] * 3
    assert many["first rows"] < few["first rows"] * 4
    # Twenty times the rows are no more than sixty times the work.
    assert many["sort"] < few["sort"] * 60
    assert many["filter"] < few["filter"] * 60
