"""What happens to images, links and headings of untrusted Markdown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from sitegen.render.markup.inert import Around, converted
from sitegen.site.cards import AS_TEXT, COMMIT, ROOT

PICTURE = f"{ROOT}data/pictures/abc.png"
AROUND = Around(
    folder="models",
    files=f"https://git.example/r/blob/{COMMIT}/{{path}}",
    pictures={"models/plots/a b.png": (PICTURE, 800, 600)},
)

Tags = list[tuple[str, dict[str, str | None]]]


def tags(source: str, around: Around = AROUND) -> Tags:
    found: Tags = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Parser().feed(converted(source, around))
    return found


def only(source: str, name: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in tags(source) if tag == name]


SHOWN = {"src": PICTURE, "alt": "x", "width": "800", "height": "600", "loading": "lazy"}


@pytest.mark.parametrize(
    "source",
    [
        "![x](<plots/a b.png>)",
        "![x](plots/a%20b.png?raw=true)",
        "![x](./../models/plots/a%20b.png 'title')",
        "![x](/models/plots/a%20b.png)",
        "![x][p]\n\n[p]: plots/a%20b.png",
        "<img alt=x src='plots/a b.png' onerror=alert(1) style=color:red class=chip id=main>",
        "<img alt=x src='plots/a b.png' srcset='//evil/x.png 2x' width=100%>",
        "<img alt=x src='plots/a b.png' width=9000 height=1>",
    ],
)
def test_an_image_that_is_published_is_shown_in_its_own_size(source: str) -> None:
    [image] = only(source, "img")
    image.pop("id", None)
    assert image == SHOWN


def test_a_smaller_width_is_kept_with_the_height_that_goes_with_it() -> None:
    [image] = only("<img alt=x src='plots/a b.png' width=400 height=9>", "img")
    assert (image["width"], image["height"]) == ("400", "300")


@pytest.mark.parametrize(
    "source",
    [
        "![x](https://evil.example/t.gif)", "![x](//evil.example/t.gif)", "![x](plots/other.png)",
        "![x](plots/chart.svg)", "![x](data:image/svg+xml,x)", "![x](javascript:alert(1))",
        f"![x]({PICTURE}x)", "<img src=../../index.html>", "<img src=''>", "<img>",
        "<img src=~sitegen-root~/index.html>", "<input type=image src='plots/a b.png'>",
    ],
)  # fmt: skip
def test_any_other_image_is_not(source: str) -> None:
    assert only(source, "img") == []


def test_an_image_that_is_not_shown_leads_to_where_it_is() -> None:
    links = [
        each["href"] for each in only("![x](plots/chart.svg) ![y](https://e.example/y.gif)", "a")
    ]
    assert links == [
        f"https://git.example/r/blob/{COMMIT}/models/plots/chart.svg", "https://e.example/y.gif",
    ]  # fmt: skip


def test_a_published_image_in_a_link_stays_in_it() -> None:
    found = tags("[![x](<plots/a b.png>)](https://ci.example/)")
    assert [tag for tag, _ in found] == ["p", "a", "img"]


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("../LICENSE", f"https://git.example/r/blob/{COMMIT}/LICENSE"),
        ("data%20card.md#the-rows", f"https://git.example/r/blob/{COMMIT}/models/data%20card.md#the-rows"),
        ("/docs/?x=1", f"https://git.example/r/blob/{COMMIT}/docs"),
        ("a.md#\"><script>", None),
        ("../../../etc/passwd", None),
        ("..", None),
        ("javascript:alert(1)", None),
        ("//other.example/x", "https://other.example/x"),
        ("#use", "#card-use"),
        ("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2"),
    ],
)  # fmt: skip
def test_links_lead_to_the_git_host_elsewhere_or_nowhere(written: str, href: str | None) -> None:
    found = only(f"<a href='{written}'>x</a>", "a")
    if href is None:
        said = found[0].get("href")
        assert said is None or said.startswith(
            f"https://git.example/r/blob/{COMMIT}/models/a.md#%22"
        )
    else:
        assert found[0]["href"] == href


def test_without_a_git_host_a_relative_link_is_text() -> None:
    [link] = [each for tag, each in tags("[x](../LICENSE)", Around(folder="models")) if tag == "a"]
    assert "href" not in link


def test_headings_stand_below_the_pages_own_whoever_wrote_them() -> None:
    html = converted("# A\n\n### B\n\n<h1 align=center>C</h1>\n\n## D <h6>E</h6>", AROUND)
    assert '<h3 id="card-a">A</h3>' in html
    assert '<h4 id="card-b">B</h4>' in html
    assert "<h3>C</h3>" in html
    assert "<h1" not in html
    assert "<h2" not in html


def test_what_looks_like_a_tag_in_an_attribute_stays_in_it() -> None:
    source = (
        '<a title="<h1><img src=\'plots/a b.png\'></a><script>" href="https://x/">t</a>\n\n'
        '<img alt="\'&quot;><h2>" src="plots/a b.png">'
    )
    assert [tag for tag, _ in tags(source)] == ["p", "a", "p", "img"]
    assert only(source, "img")[0]["alt"] == "'\"><h2>"


def test_what_is_written_looks_like_no_text_that_could_not_be_converted() -> None:
    assert AS_TEXT not in converted(f"{AS_TEXT}x</pre>", AROUND)


def test_marks_in_the_text_make_no_address() -> None:
    html = converted(f"[x]({ROOT}index.html) <img src='{ROOT}x.png'> {ROOT}", AROUND)
    assert 'src="' not in html
    assert f'href="{ROOT}' not in html


def test_an_empty_head_of_a_column_is_no_head() -> None:
    html = converted("| | f1 |\n|:--|--:|\n| a | 0.9 |", AROUND)
    assert '<td align="left"></td>' in html
    assert '<th align="right">f1</th>' in html
