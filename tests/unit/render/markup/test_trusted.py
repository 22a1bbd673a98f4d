"""The author's Markdown: links lead somewhere from whatever page the text stands on."""

from __future__ import annotations

from sitegen.render.markup import asset, author, author_card
from sitegen.site import urls
from sitegen.site.cards import ROOT


def test_links_of_the_author_lead_to_pages_and_files_from_the_page_they_stand_on() -> None:
    html = author(
        "[a](../b.md#part) [c](c.md) [f](My%20File.png) ![p](img/p.png)\n"
        "[w](https://x/y.md) [h](#h) [m](mailto:a@b.c) [top](/x.md) [out](../../../y.md)",
        "guide/index.md",
    )
    for link in (
        'href="../b.html#part"', 'href="c.html"', 'href="My%20File.png"', 'src="img/p.png"',
        'href="https://x/y.md"', 'href="#h"', 'href="mailto:a@b.c"', 'href="/x.md"',
        'href="../../../y.md"',
    ):  # fmt: skip
        assert link in html


def test_a_file_of_content_is_found_even_from_a_page_whose_folder_has_another_name() -> None:
    assert asset("a.png") == "docs/a.png"
    assert 'src="a.png"' in author("![x](a.png)", "guide/x.md")
    assert "~" in urls.content("Höhe/x.md")
    assert 'src="../H%C3%B6he/a.png"' in author("![x](a.png)", "Höhe/x.md")


def test_the_author_has_tables_code_admonitions_and_headings_with_ids_without_inline_styles() -> (
    None
):
    html = author(
        "# Title\n\n!!! note\n    text\n\n| a |\n|--:|\n| 1 |\n\n"
        "```python\nx\n```\n\n<div>raw</div>",
        "a.md",
    )
    for part in ('<h1 id="title">', 'class="admonition note"', '<td align="right">',
                 'class="language-python"', "<div>raw</div>"):  # fmt: skip
        assert part in html
    assert "style" not in html


def test_a_link_to_a_model_card_leads_to_the_page_that_shows_it() -> None:
    cards = {"models/churn.md": "models/demo/churn.html"}
    assert 'href="../models/demo/churn.html#use"' in author(
        "[x](models/churn.md#use)", "a.md", cards
    )
    assert f'href="{ROOT}models/demo/churn.html"' in author_card(
        "[x](churn.md)", "models/b.md", cards
    )


def test_a_card_of_the_author_is_made_for_any_page_and_stands_below_its_headings() -> None:
    html = author_card(
        "# Churn\n\n## Use\n\n#### Deep\n\n## More\n\n[g](../guide/x.md) [u](#use) "
        "![p](churn/p.png) [w](https://x/)",
        "models/churn.md",
    )
    for part in (
        '<h3 id="card-churn">', '<h4 id="card-use">', '<h5 id="card-deep">', '<h4 id="card-more">',
        f'href="{ROOT}docs/guide/x.html"', 'href="#card-use"',
        f'src="{ROOT}docs/models/churn/p.png"', 'href="https://x/"',
    ):  # fmt: skip
        assert part in html
