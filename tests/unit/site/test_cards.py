"""Whose card counts, what is shown of it, and where a long one stands."""

from __future__ import annotations

import msgspec

from sitegen.registry.facts import Card, Picture
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.cards import AS_TEXT, COMMIT, REPEATED, ROOT, Cards, OwnCard, card_html
from sitegen.site.model import VersionView
from tests.facts import oid, source, tag

CARD = Card("models/README.md", "b" * 40)
OWN = OwnCard(Card("models/m.md", "c" * 64), "Ours", "<p>Ours</p>")
KEY = ("repo", "m")


def registry(card: Card = CARD, versions: int = 2, text: str = "Theirs") -> Source:
    """Versions of `m` that all have one card."""
    return source(
        *(tag(f"m@v{n}.0.0", f"c{n}", n) for n in range(1, versions + 1)),
        cards={oid(f"c{n}"): {"m": card} for n in range(1, versions + 1)},
        texts={card.oid: text},
        pictures={"a" * 40: Picture("p.png", "a" * 40, "image/png", b"", 400, 900)},
    )


def versions(found: Source, cards: Cards | None = None) -> tuple[VersionView, ...]:
    [model] = build_site([found], Settings(), cards=cards).models
    return model.versions


def html(text: str, card: Card = CARD) -> Cards:
    return Cards({}, {"repo": {card: text}})


def test_a_card_is_shown_with_its_text_and_leads_to_its_file() -> None:
    view = versions(registry(), html("<p>x</p>"))[0].card
    assert view is not None
    assert (view.own, view.path, view.digest, view.html, view.long) == (
        False, "models/README.md", "bbbbbbb", "<p>x</p>", False,
    )  # fmt: skip
    assert view.href == f"https://github.com/example/repo/blob/{oid('c2')}/models/README.md"


def test_the_card_of_the_author_counts_before_what_lies_beside_the_model() -> None:
    view = versions(registry(), Cards({KEY: OWN}, {"repo": {CARD: "<p>x</p>"}}))[0].card
    assert view is not None
    assert (view.own, view.path, view.href, view.html) == (True, "models/m.md", "", "<p>Ours</p>")


def test_the_card_that_an_annotation_names_counts_before_all() -> None:
    named = msgspec.structs.replace(CARD, named=True)
    view = versions(registry(named), Cards({KEY: OWN}, {"repo": {named: "<p>x</p>"}}))[0].card
    assert view is not None
    assert (view.own, view.html) == (False, "<p>x</p>")


def test_without_any_card_there_is_none() -> None:
    found = source(tag("m@v1.0.0", "c1", 1))
    assert versions(found)[0].card is None
    assert card_html(None, "", "") == ""
    view = versions(found, Cards({KEY: OWN}))[0].card
    assert view is not None
    assert view.own


def test_the_front_matter_reads_as_facts_and_nothing_misleads() -> None:
    card = Card(
        "README.md", "b" * 40,
        (("license_link", ("LICENSE",)), ("base_model", ("a\u202eb",)), ("tags", ("x", "y"))),
        (("task", "data", "f1\u200b", "0.90"),),
    )  # fmt: skip
    view = versions(registry(card), html("", card))[0].card
    assert view is not None
    assert [(fact.title, fact.values) for fact in view.facts] == [
        ("License text", ("LICENSE",)), ("Base model", ("a⟨U+202E⟩b",)), ("Tags", ("x", "y")),
    ]  # fmt: skip
    assert view.facts[0].href.endswith(f"/blob/{oid('c2')}/LICENSE")
    assert (view.results[0].metric, view.results[0].value) == ("f1⟨U+200B⟩", "0.90")


def test_a_license_leads_to_an_address_only_where_it_is_one() -> None:
    for said, href in (
        ("https://x.example/l", "https://x.example/l"), ("javascript:alert(1)", ""),
        ("../../etc", ""), ("https://" + "x" * 200 + "…", ""),
    ):  # fmt: skip
        card = Card("README.md", "b" * 40, (("license_link", (said,)),))
        view = versions(registry(card))[0].card
        assert view is not None
        assert view.facts[0].href == href


def test_many_lines_or_high_images_are_better_folded() -> None:
    def long(text: str, card: Card = CARD) -> bool:
        view = versions(registry(card, text=text))[0].card
        assert view is not None
        return view.long

    assert not long("short\n" * 10)
    assert long("line\n" * 60)
    assert long("word " * 600)
    assert long("short", msgspec.structs.replace(CARD, pictures=(("p.png", "a" * 40),)))


def test_a_text_that_could_not_be_converted_is_known_as_one() -> None:
    for text, plain in ((f"{AS_TEXT}x</pre>", True), ("<pre>x</pre>", False)):
        view = versions(registry(), html(text))[0].card
        assert view is not None
        assert view.plain is plain


def test_the_html_is_for_one_page_and_commit() -> None:
    text = f'<img src="{ROOT}data/x.png"><a href="https://h/{COMMIT}/f">f</a>'
    view = versions(registry(), html(text))[0].card
    assert card_html(view, "../../", "c0ffee") == (
        '<img src="../../data/x.png"><a href="https://h/c0ffee/f">f</a>'
    )


def test_a_very_long_card_stands_on_the_latest_versions_page_alone() -> None:
    text = "x" * (REPEATED + 1)
    views = versions(registry(versions=3), html(text))
    assert [len(view.card.html) if view.card else None for view in views] == [len(text), 0, 0]
    assert [(view.card.elsewhere, view.card.elsewhere_url) for view in views if view.card] == [
        ("", ""), ("v3.0.0", views[0].url), ("v3.0.0", views[0].url),
    ]  # fmt: skip
    views = versions(registry(versions=3), html("x" * REPEATED))
    assert all(view.card and view.card.html for view in views)


def test_another_long_card_stands_on_a_page_of_its_own() -> None:
    found = registry(versions=3)
    other = Card("models/README.md", "d" * 40)
    found.facts.cards[oid("c1")] = {"m": other}
    long = "x" * REPEATED
    views = versions(found, Cards({}, {"repo": {CARD: long + "new", other: long + "old"}}))
    assert [view.card.elsewhere if view.card else "" for view in views] == ["", "v3.0.0", ""]


def test_what_changed_of_a_card_is_told_with_its_path() -> None:
    found = registry()
    found.facts.cards[oid("c1")] = {"m": Card("README.md", "d" * 40, (("license", ("mit",)),))}
    view = versions(found)[0]
    assert [(c.what, c.name, c.kind, c.old, c.new) for c in view.changes] == [
        ("Model card", "Text", "changed", "README.md (ddddddd)", "models/README.md (bbbbbbb)"),
        ("Model card", "License", "removed", "mit", ""),
    ]
