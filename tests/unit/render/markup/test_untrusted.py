"""Untrusted Markdown: it can do nothing, it is bounded, and one process converts many texts."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from sitegen.render.markup import LIMIT_SECONDS, Around, Untrusted
from sitegen.site.cards import AS_TEXT


class Parsed(HTMLParser):
    """Every start tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


HARMLESS = {"id", "href", "title", "rel", "class", "align", "start", "open"}


def assert_inert(html: str) -> Parsed:
    parsed = Parsed(html)
    for tag, attributes in parsed.tags:
        assert tag not in {"script", "style", "img", "svg", "iframe", "form", "input", "object"}
        assert set(attributes) <= HARMLESS, (tag, attributes)
        href = attributes.get("href") or "#"
        assert href.startswith(("#card-", "https://", "http://", "mailto:")) or href == "#", href
        identifier = attributes.get("id") or "card-"
        assert identifier.startswith("card-")
        assert all(
            c == "source" or c.startswith("language-")
            for c in (attributes.get("class") or "").split()
        )
    return parsed


@pytest.fixture(scope="module")
def converter() -> Iterator[Untrusted]:
    with Untrusted() as untrusted:
        yield untrusted


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:1)",
        "[x](JaVa\tScript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:1) [y](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)",
        "<svg onload=alert(1)><a xlink:href='javascript:1'>t</a></svg>",
        "<math><mi xlink:href='javascript:1'>t</mi></math>",
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=//evil><button formaction=javascript:1>x</button></form>",
        "<style>body{display:none}</style><p style='position:fixed' class='chip'>x</p>",
        "<b id=search name=search>x</b><a name=main></a>",
        "# search",
        "<meta http-equiv=refresh content='0;url=//evil'><base href=//evil>",
        "<link rel=stylesheet href=//evil><object data=//evil></object><embed src=//evil>",
        "<video src=//evil poster=//evil></video><audio src=//evil autoplay></audio>",
        "<details ontoggle=alert(1) open><summary>x</summary></details>",
        '<a href="https://x" target=_blank onclick=alert(1) title="&quot;><script>">x</a>',
        '<img alt="<img src=x onerror=alert(1)>" src="https://e/&quot;><script>">',
        '<a title="<img src=&quot;https://e/&quot; alt=&quot;">x</a>',
        "![a](https://e/x.gif) ![b](//e/t.gif) ![c](data:image/svg+xml,x) ![d](x.png)",
        "<picture><source srcset=//evil><img srcset=//evil src=//evil></picture>",
        "<input type=image src=//evil><table background=//evil><td background=//evil>x</table>",
        "```html onload=alert(1)\n<script>alert(1)</script>\n```",
        "``` {.chip #search style=color:red}\nx\n```",
        "[x]: javascript:1\n[x]",
        '<pre class="source">x</pre>',
        "a\u0002klzzwxh:0\u0003 \u0002amp\u0003",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
        "<!--<script>--><script>alert(1)</script>",
        "<p>\x00<script\x00>alert(1)</script>",
    ],
)
def test_untrusted_markdown_is_inert(converter: Untrusted, source: str) -> None:
    rendered = converter.render(source)
    assert rendered.reason == ""
    assert_inert(rendered.html)


def test_untrusted_markdown_keeps_what_a_model_card_needs(converter: Untrusted) -> None:
    html = converter.render(
        "# Card\n\nA **model** of [us](https://example.com/a?b=1&c=2), see [below](#use).\n\n"
        "| metric | value |\n|:--|--:|\n| f1 | 0.9 |\n\n## Use\n\n```python\nx < 1\n```\n",
    ).html
    tags = Parsed(html).tags
    assert ("h3", {"id": "card-card"}) in tags
    assert ("a", {"href": "#card-use", "rel": "nofollow noopener noreferrer"}) in tags
    assert ("h4", {"id": "card-use"}) in tags
    assert ("td", {"align": "right"}) in tags
    assert ("code", {"class": "language-python"}) in tags
    assert 'href="https://example.com/a?b=1&amp;c=2"' in html
    assert "x &lt; 1" in html


def test_images_become_plain_links_and_nothing_is_loaded(converter: Untrusted) -> None:
    html = converter.render(
        "![plot](https://e.example/t.gif) ![](//e.example/u.gif?x=1) ![local](plots/a.png) "
        "[![badge](https://e.example/b.svg)](https://ci.example/)",
    ).html
    parsed = assert_inert(html)
    links = [attributes["href"] for tag, attributes in parsed.tags if tag == "a"]
    assert links == [
        "https://e.example/t.gif",
        "https://e.example/u.gif?x=1",
        "https://ci.example/",
    ]
    assert parsed.text.split() == ["plot", "u.gif", "local", "badge"]


def test_relative_links_lead_nowhere(converter: Untrusted) -> None:
    tags = Parsed(converter.render("[a](LICENSE) [b](/x) [c](../y)").html).tags
    assert [attributes.get("href") for tag, attributes in tags if tag == "a"] == [None] * 3


def test_text_that_turns_around_is_spelt_out_and_emoji_stay(converter: Untrusted) -> None:
    html = converter.render("a\u202eb \u2066c \u2764\ufe0f \u0007").html
    assert html == "<p>a⟨U+202E⟩b ⟨U+2066⟩c \u2764\ufe0f ⟨U+0007⟩</p>"


@pytest.mark.parametrize(
    "source",
    [
        "[" * 50_000,
        "![[" * 30_000,
        "|".join("a" * 4000) + "\n" + "|".join("-" * 4000) + "\n" + "x|y\n" * 2000,
        "<div>" * 100_000,
        "- " * 20_000 + "x",
    ],
    ids=["brackets", "images", "a table of 2000 by 4000", "500 kB of div", "lists"],
)
def test_markdown_that_eats_time_or_memory_is_stopped_and_shown_as_text(source: str) -> None:
    assert LIMIT_SECONDS < 5
    with Untrusted(seconds=2) as converter:
        assert converter.render("warm").html == "<p>warm</p>"
        rendered = converter.render(source, limit_bytes=1_000_000)
        assert rendered.reason
        parsed = assert_inert(rendered.html)
        assert [tag for tag, _ in parsed.tags] == ["pre"]
        assert parsed.text == source
        # The next text is converted as if nothing had been.
        assert converter.render("*next*").html == "<p><em>next</em></p>"


def test_too_much_markdown_is_cut_and_shown_as_text(converter: Untrusted) -> None:
    rendered = converter.render("<b>ä" * 100, limit_bytes=101)
    assert "over the limit of 101" in rendered.reason
    assert_inert(rendered.html)
    assert rendered.html.startswith(AS_TEXT + "&lt;b&gt;ä")
    assert rendered.html.endswith("[…]</pre>")


def test_one_process_converts_many_texts() -> None:
    with Untrusted() as converter:
        converter.render("first", Around(prefix="a-"))
        process = converter._process
        results = {converter.render("# x", Around(prefix=f"m{i}-")).html for i in range(50)}
        assert converter._process is process
        assert results == {f'<h3 id="m{i}-x">x</h3>' for i in range(50)}
    assert process is not None
    assert process.poll() is not None


def test_text_that_is_no_unicode_is_converted(converter: Untrusted) -> None:
    assert converter.render("a \udcff b").html == "<p>a ? b</p>"
