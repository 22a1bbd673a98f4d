"""Hostile repositories in a browser: nothing of them runs, nothing leaves the origin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import built_once, static_host
from tests.hazards import Portal, publish, repository
from tests.unit.readers.test_pictures import png

TEXTS = (
    '"><img/src=x/onerror=alert(1)>',
    "</script><img src=x onerror=\"alert(2);document.title='pwned'\">",
    "<!--<script>alert(3)</script>",
    "'-alert(4)-'\u2028alert(5)\u2029",
    "[x](javascript:alert(6)) ![](//evil.example/t.gif) <svg onload=alert(7)>",
    "</title></textarea></style><script>alert(8)</script>",
    "<a id=main name=search href=javascript:alert(9)>{{constructor.constructor('alert(10)')()}}",
)


CARD = """---
license: "<img src=x onerror=alert(21)>"
model-index: [{results: [{metrics: [{type: "<script>alert(22)</script>", value: "<b>"}]}]}]
---
# search

<b id=main name=search>x</b> [x](javascript:alert(23)) <img src=x onerror=alert(24)>
<script>alert(25)</script> <svg onload=alert(26)><a xlink:href="javascript:alert(27)">t</a></svg>
![](//evil.example/t.gif) ![t](https://evil.example/u.gif) ![s](plot.svg) ![h](page.png) ![e](none)
[![x](shown.png "' onerror=alert(28)")](https://evil.example/)

</div></section></main><iframe srcdoc="<script>alert(29)</script>"></iframe>
<form action=//evil.example/><button formaction=javascript:alert(30)>x</button></form>
<style>body{display:none}</style><base href=//evil.example/>
<video src=//evil.example/v poster=//evil.example/p></video><link rel=stylesheet href=//e/>
"""
ACTIVE = (
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(31)'><script>alert(32)</script></svg>"
)


def build(folder: Path) -> None:
    """A portal whose every text is an attack."""
    repo = repository(folder / "repo")
    for number, text in enumerate(TEXTS):
        said = json.dumps(text)
        repo.commit(
            {
                "artifacts.yaml": f"good: {{type: {said}, description: {said}, labels: [{said}], "
                f"path: {said}, custom: {{card: docs/card.md, {said}: {said}}}}}\n"
                f"{said}: {{type: model}}\n",
                "docs/card.md": CARD + text,
                "docs/plot.svg": ACTIVE,
                "docs/page.png": "<!doctype html><script>alert(33)</script>",
                "docs/none": "<script>alert(34)</script>",
                "docs/shown.png": png(),
                "dvc.yaml": "metrics: [metrics.json]\nparams: [params.yaml]\n",
                "metrics.json": f'{{"f1": {number}, {said}: {said}, "n": NaN}}',
                "params.yaml": f"{said}: {said}\n",
                f"sub/{number}<img src=x onerror=alert(11)>/dvc.yaml": "artifacts: {m: {}}\n",
            },
            text,
            author=("Eve " + text.translate(dict.fromkeys(map(ord, "<>\n\0"))), "eve@example.com"),
        )
        repo.tag(f"good@v2.0.{number}", message=text)
        repo.tag(f"good#prod#{number + 2}", message=text)
    repo.tag('"><img/src=x/onerror=alert(1)>@v1.0.0')
    repo.tag("$(touch${IFS}pwn)@v1.0.0")
    repo.git("remote", "add", "origin", "javascript://%0aalert(12)//x/y")
    publish(repo, output="site")
    assert not list(folder.rglob("pwn"))


@pytest.fixture(scope="session")
def hostile(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """The portal whose every text is an attack; its problems are of no matter here."""
    return Portal(built_once(tmp_path_factory, "hostile", build) / "site", ())


@pytest.fixture(scope="session")
def origin(hostile: Portal) -> Iterator[str]:
    with static_host(hostile.folder) as address:
        yield address


def settle(page: Page) -> None:
    """Wait for what scripts do once the page and all its files are loaded."""
    page.wait_for_load_state("load")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective));
"""


def of_each_kind(portal: Portal) -> list[str]:
    """A page of every kind that is opened from disk, and the ones of a model that say most."""
    found: dict[str, str] = {}
    for path, html in sorted(portal.pages().items(), key=lambda page: len(page[1])):
        kind = re.search(r'<body class="page-(\w+)"', html)
        assert kind, path
        found[kind[1]] = path
    return sorted(path for kind, path in found.items() if kind != "missing")


@pytest.mark.parametrize("way", ["http", "file"])
def test_nothing_of_a_repository_runs_on_any_page(
    page: Page, hostile: Portal, origin: str, way: str
) -> None:
    trouble: list[str] = []
    requests: list[str] = []
    page.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: trouble.append(f"error {error}"))
    page.on(
        "console",
        lambda said: trouble.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(VIOLATIONS)
    root = origin if way == "http" else hostile.folder.as_uri() + "/"
    paths = sorted(hostile.pages()) if way == "http" else of_each_kind(hostile)
    for path in paths:
        page.goto(root + path)
        settle(page)
        assert page.evaluate("violations") == [], path
        assert "pwned" not in page.title().removeprefix("</script>")[:6], path
        # Nothing came in as markup: no handler, no image of theirs, no link that runs.
        assert page.locator("[onerror], [onload], main script, img[src='x']").count() == 0, path
        assert page.locator("a[href^='javascript' i], base, iframe, object").count() == 0, path
        assert page.locator("#main").count() == 1, path
        assert page.evaluate("document.getElementById('main').localName") == "main", path
        # The card of every version is shown, and the one image that may be.
        if path.startswith("models/repo/good") and "compare" not in path and "v1." not in path:
            assert page.locator(".card-text h3").inner_text() == "search"
            images = page.locator(".card-text img")
            assert images.count() == 2, path
            for source in images.evaluate_all("all => all.map(each => each.getAttribute('src'))"):
                assert "/data/pictures/" in source, path
    assert trouble == []
    assert [url for url in requests if not url.startswith((root, "data:"))] == []


def test_filters_show_hostile_text_as_text(page: Page, hostile: Portal, origin: str) -> None:
    trouble: list[str] = []
    page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.add_init_script(VIOLATIONS)
    texts = (TEXTS[1], TEXTS[3], "foo:bar", "^", "abcdefghijk~9", "((((", "\\")
    for path in ("index.html", "problems.html", "activity.html"):
        page.goto(origin + path)
        field = page.locator("input[type=search]:visible").first
        # The lists of the two others filter by the same script.
        for text in texts if path == "index.html" else texts[:3]:
            page.goto(f"{origin}{path}#q={quote(text)}&stage={quote(text)}&sort={quote(text)}")
            page.reload()
            if field.count():
                field.fill(text)
            settle(page)
            assert page.evaluate("violations") == []
            assert page.locator("[onerror], [onload], img[src='x']").count() == 0
    assert trouble == []


def test_pages_opened_from_disk_complain_of_nothing(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("from disk, 100% & ünïcode #1")
    portal = publish(repository(folder / "repo"))
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    # What a page still asks for when the test goes on to another is given up, and no fault.
    page.on(
        "requestfailed",
        lambda request: (
            trouble.append(request.url) if "ERR_ABORTED" not in (request.failure or "") else None
        ),
    )
    page.goto((portal.folder / "index.html").as_uri())
    for link in ("good", "v1.0.0", "Projects", "Activity", "Models"):
        with page.expect_navigation():
            page.get_by_role("link", name=link, exact=True).first.click()
        settle(page)
        assert page.locator("h1").inner_text() != ""
        assert page.locator("html[data-js]").count() == 1
    assert trouble == []
