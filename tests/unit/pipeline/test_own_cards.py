"""The author's own cards: whose they are, and what they lead to."""

from __future__ import annotations

import pytest

from sitegen.pipeline.own_cards import read_own_cards, spelled
from sitegen.site.cards import ROOT
from tests.facts import source, tag

SOURCES = [
    source(tag("m@v1.0.0"), tag("cv=nn@v1.0.0"), tag("a/b@v1.0.0"), name="one"),
    source(tag("m@v1.0.0"), name="two"),
]


def read(**files: str):  # type: ignore[no-untyped-def]
    cards = {f"models/{name.replace('__', '/')}.md": text.encode() for name, text in files.items()}
    return read_own_cards(cards, SOURCES)


def test_a_card_is_that_of_every_model_of_its_name() -> None:
    found, problems = read(m="---\nlicense: mit\n---\n# M")
    assert sorted(found) == [("one", "m"), ("two", "m")]
    assert found["one", "m"] is found["two", "m"]
    assert found["one", "m"].card.facts == (("license", ("mit",)),)
    assert found["one", "m"].html == '<h3 id="card-m">M</h3>'
    assert problems == ()


def test_a_folder_names_the_repository_and_counts_more() -> None:
    found, _ = read(m="all", two__m="two")
    assert {key: card.text for key, card in found.items()} == {
        ("one", "m"): "all", ("two", "m"): "two",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "file"), [("cv:nn", "cv~nn"), ("a/b", "a~~b"), ("m", "m"), ("Größe", "Größe")]
)
def test_names_are_spelled_as_in_the_addresses_of_pages(name: str, file: str) -> None:
    assert spelled(name) == file


def test_models_of_a_monorepo_have_cards_too() -> None:
    found, problems = read_own_cards({"models/cv~nn.md": b"x", "models/one/a~~b.md": b"y"}, SOURCES)
    assert {key: card.text for key, card in found.items()} == {
        ("one", "cv:nn"): "x", ("one", "a/b"): "y",
    }  # fmt: skip
    assert problems == ()


def test_a_card_of_no_model_is_told_and_so_is_what_is_wrong_in_one() -> None:
    found, problems = read(gone="x", two__gone="x", m="---\nlicense: [\n---\nText")
    assert [(p.kind, p.path, p.repo) for p in problems] == [
        ("card.unused", "models/gone.md", ""),
        ("card.unused", "models/two/gone.md", ""),
        ("card.yaml", "models/m.md", ""),
    ]
    assert found["two", "m"].text == "Text"


def test_cards_lead_to_each_other_and_to_pages_and_files() -> None:
    found, _ = read_own_cards(
        {"models/m.md": b"[n](cv~nn.md) [g](../guide.md) ![p](img/p.png)", "models/cv~nn.md": b""},
        SOURCES,
    )
    html = found["one", "m"].html
    assert f'href="{ROOT}models/one/cv~nn.html"' in html
    assert f'href="{ROOT}docs/guide.html"' in html
    assert f'src="{ROOT}docs/models/img/p.png"' in html
