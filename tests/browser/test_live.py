"""An open page follows the builds of `sitegen serve`, under the pages' own security policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitegen.config import Config
from sitegen.errors import Problem, RenderError
from sitegen.serve.preview import Preview

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy"
content="default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'">
<title>x</title></head><body><h1>{}</h1></body></html>"""


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    content = tmp_path / "content"
    content.mkdir()
    (content / "page.md").write_text("first")
    settings = Config(
        folder=tmp_path, output=tmp_path / "_site", cache=tmp_path / "cache", content=content
    )

    def build(settings: Config) -> tuple[Problem, ...]:
        text = (content / "page.md").read_text()
        if "bad" in text:
            raise RenderError("has <img src=x onerror=alert(1)>", path="page.md")
        settings.output.mkdir(exist_ok=True)
        (settings.output / "index.html").write_text(PAGE.format(text))
        return ()

    preview = Preview(lambda: settings, build, quiet=0.01)
    yield preview
    preview.stop()


def test_a_page_reloads_after_a_build_and_shows_the_error_of_one_that_failed(
    preview: Preview, page: Page, tmp_path: Path
) -> None:
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    source = tmp_path / "content" / "page.md"

    def save(text: str) -> None:
        # In one step, as editors do: an empty page would be built as well.
        aside = source.with_name(".page.md.aside")
        aside.write_text(text)
        aside.replace(source)

    page.goto(preview.start("127.0.0.1", [0]))
    heading, alert = page.get_by_role("heading"), page.get_by_role("alert")
    expect(heading).to_have_text("first")
    save("bad")
    expect(alert).to_contain_text("has <img src=x onerror=alert(1)>")
    expect(heading).to_have_text("first")
    assert alert.locator("img").count() == 0
    page.reload()
    expect(alert).to_contain_text("The build failed")
    save("second")
    expect(heading).to_have_text("second")
    expect(alert).to_have_count(0)
    assert wrong == []
