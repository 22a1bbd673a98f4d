from __future__ import annotations

import pytest

from sitegen.render.search.plain import Section, plain, sections


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>one <b>bold</b>\nline</p><p>two &amp; &lt;three&gt;</p>",
            "one bold line\ntwo & <three>",
        ),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ('<a title="a > b" href="x">link</a><!-- no\n<b>comment</b> -->', "link"),
        ("<pre><code>x = 1\ny</code></pre>", "x = 1 y"),
        ("5 < 6", "5 < 6"),
        ("", ""),
    ],
)
def test_html_is_read_as_a_line_for_each_block(html: str, text: str) -> None:
    assert plain(html) == text


def test_a_page_has_a_section_for_each_second_level_heading() -> None:
    html = (
        '<h1>Page</h1><p>First.</p><h2 id="a&amp;b">A <code>b</code></h2><p>x</p><h3>Sub</h3>y'
        "<h2>No id</h2>"
    )
    assert sections(html) == [
        Section("", "", "Page\nFirst."),
        Section("a&b", "A b", "x\nSub\ny"),
        Section("", "No id", ""),
    ]


def test_a_page_that_says_nothing_has_no_section() -> None:
    assert sections(" ") == []


def test_spaces_of_any_kind_are_one() -> None:
    assert plain("<p>a  b\tc \t d\u00a0e \u00a0f</p> <p> g </p>") == "a b c d e f\ng"


def test_markup_that_never_ends_takes_no_time() -> None:
    # Backtracking would take longer than there is.
    assert plain("<p " + "a b " * 50_000).startswith("<p a b")
    assert plain("<p " + 'a="b" \'' * 20_001).startswith("<p a=")
