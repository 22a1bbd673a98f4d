"""Model cards in a browser: images, folding, and what is too wide for a phone."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.readers.pictures import read_picture
from sitegen.registry.facts import Picture
from tests.browser.test_pages import TAGS, overflow
from tests.hazards import publish, repository

YOLO = "models/vision/detection~yolo.html"
LONG = "models/repo/good.html"
FIRST = "models/repo/good/v1.1.0.html"
WORD = "unbreakable" * 12
CARD = (
    "---\nlicense: other\nlicense_link: LICENSE\ntags: [" + ", ".join(f"t{n}" for n in range(40))
    + f"]\nbase_model: {WORD}\n---\n#### Deep first\n\n# A card\n\n{WORD} `{WORD}`\n\n"
    + "|" + "column with words|" * 12 + "\n|" + "---|" * 12 + "\n|" + "0.123456789|" * 12
    + f"\n\n```\n{WORD} {WORD}\n```\n\n- a\n    - b\n\n> quoted\n\n[to the end](#the-end)\n\n"
    + "".join(f"Paragraph {n} of [a card](https://example.com/).\n\n" for n in range(60))
    + "## The end\n\nNothing more.\n"
)  # fmt: skip
CUT = """() => {
  const text = document.querySelector('.card-text');
  return text.scrollHeight > text.clientHeight + 1;
}"""


@pytest.fixture(scope="module")
def long(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal of one model with a long card at one version, and a very long one at two."""
    repo = repository(tmp_path_factory.mktemp("long") / "repo")
    said = "good: {type: model, path: m/good.pkl, description: A healthy model, labels: [fine]}\n"
    repo.commit({"artifacts.yaml": said, "m/README.md": CARD * 6})
    repo.tag("good@v1.1.0")
    repo.tag("good@v1.2.0")
    repo.commit({"m/README.md": CARD})
    repo.tag("good@v2.0.0")
    return publish(repo).folder


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_image_of_a_card_is_loaded_from_the_portal(
    way: str, page: Page, portal: Path, served: str
) -> None:
    page.goto(f"{served}{YOLO}" if way == "http" else (portal / YOLO).as_uri())
    image = page.locator(".card-text img")
    image.scroll_into_view_if_needed()
    image.evaluate("each => each.decode()")
    assert image.evaluate("each => [each.naturalWidth, each.naturalHeight]") == [160, 96]
    assert [image.get_attribute("width"), image.get_attribute("height")] == ["160", "96"]


def test_a_long_card_is_cut_until_it_is_opened(page: Page, long: Path) -> None:
    page.goto((long / LONG).as_uri())
    text, opener = page.locator(".card-text"), page.locator(".folding summary")
    assert page.evaluate(CUT)
    assert text.evaluate("each => each.clientHeight") <= 480
    expect(opener).to_have_text("Show the whole card", use_inner_text=True)
    opener.focus()
    page.keyboard.press("Enter")
    assert not page.evaluate(CUT)
    expect(opener).to_have_text("Show less of the card", use_inner_text=True)
    opener.click()
    assert page.evaluate(CUT)


def test_what_the_keyboard_or_a_link_leads_to_is_in_sight(page: Page, long: Path) -> None:
    page.goto((long / LONG).as_uri())
    page.locator(".card-text a").last.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert not page.evaluate(CUT)
    page.goto("about:blank")
    page.goto((long / LONG).as_uri() + "#card-the-end")
    assert not page.evaluate(CUT)


def test_without_scripts_a_card_opens_too_and_on_paper_it_is_whole(
    browser: Browser, long: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((long / LONG).as_uri())
    before = page.locator(".card-text").bounding_box()
    page.locator(".folding summary").click()
    after = page.locator(".card-text").bounding_box()
    assert before
    assert after
    assert before["height"] <= 480 < after["height"]
    page.locator(".folding summary").click()
    page.emulate_media(media="print")
    assert page.locator(".card-text").bounding_box()["height"] > 480  # type: ignore[index]
    assert not page.locator(".folding summary").is_visible()
    context.close()


def test_a_very_long_card_stands_once_and_the_other_version_leads_there(
    page: Page, long: Path
) -> None:
    page.goto((long / FIRST).as_uri())
    expect(page.locator(".card-text")).to_have_count(0)
    page.get_by_role("link", name="read it at v1.2.0").click()
    expect(page.locator(".card-text")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text("v1.2.0")


def test_what_is_wide_in_a_card_scrolls_by_itself(page: Page, long: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((long / LONG).as_uri())
    page.locator(".folding summary").click()
    assert overflow(page) <= 0
    for wide in (".card-text pre", ".card-text table"):
        part = page.locator(wide).first
        assert part.evaluate("each => each.scrollWidth > each.clientWidth")
        assert part.get_attribute("tabindex") == "0"


@pytest.mark.parametrize("which", ["demo", "long"])
def test_axe_finds_nothing_in_a_card(
    which: str, page: Page, axe: str, portal: Path, long: Path
) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto((portal / YOLO if which == "demo" else long / LONG).as_uri())
    page.evaluate(axe)
    for width, scheme in ((1440, "light"), (360, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found = page.evaluate(
            "tags => axe.run('.card', {runOnly: tags, resultTypes: ['violations']})", TAGS
        )
        assert [each["id"] for each in found["violations"]] == []


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_the_size_of_an_image_is_what_the_browser_made_it(page: Page, kind: str) -> None:
    made = page.evaluate(
        """kind => {
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [321, 123];
          canvas.getContext('2d').fillRect(9, 9, 99, 99);
          return canvas.toDataURL(kind);
        }""",
        kind,
    )
    assert made.startswith(f"data:{kind};base64,")
    found = read_picture("x", "oid", base64.b64decode(made.partition(",")[2]))
    assert isinstance(found, Picture)
    assert (found.media_type, found.width, found.height) == (kind, 321, 123)
