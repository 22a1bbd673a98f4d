"""The texts of model cards: each converted once, within a budget, by one process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from sitegen.registry.facts import Card, Picture
from sitegen.render.cards import CardTexts, convert_cards
from sitegen.render.markup import Around, Rendered, Untrusted
from sitegen.site.build import Source
from sitegen.site.cards import AS_TEXT, COMMIT, ROOT, OwnCard
from tests.facts import oid, source, tag
from tests.unit.readers.test_pictures import png

BLOB = "a" * 40


def registry(texts: Mapping[str, str], name: str = "repo", **more: object) -> Source:
    """A version of `m` for each text, by the text's blob; the first text is the oldest's."""
    numbers = range(1, len(texts) + 1)
    made = zip(numbers, texts, strict=True)
    return source(
        *(tag(f"m@v{n}.0.0", f"c{n}", n) for n in numbers),
        name=name,
        cards={oid(f"c{n}"): {"m": Card("models/README.md", blob, **more)} for n, blob in made},
        texts=dict(texts),
        pictures={BLOB: Picture("models/p.png", BLOB, "image/png", png(), 3, 2)},
    )


class Clocked(Untrusted):
    """A converter that converts nothing and takes the seconds that a text asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.asked: list[str] = []

    def start(self) -> None:
        self.now += 0.5

    def render(
        self, source: str, around: Around | None = None, *, limit_bytes: int = 0
    ) -> Rendered:
        self.asked.append(source)
        self.now += float(source)
        slow = float(source) >= 4
        return Rendered(f"<p>{source}</p>", "it takes too long" if slow else "")


def clocked(*sources: Source, spare: float = 8.0) -> tuple[CardTexts, Clocked]:
    converter = Clocked()
    found = convert_cards(
        sources, {}, spare=spare, converter=converter, clock=lambda: converter.now
    )
    return found, converter


def kinds(found: CardTexts) -> list[tuple[str, str, str]]:
    return [(each.repo, each.ref, each.kind) for each in found.problems]


def test_a_card_of_many_versions_is_converted_once() -> None:
    one = registry({"b" * 40: "0.01"})
    many = source(
        *(tag(f"m@v{n}.0.0", f"c{n}", n) for n in range(1, 301)),
        cards={oid(f"c{n}"): {"m": Card("README.md", "b" * 40)} for n in range(1, 301)},
        texts={"b" * 40: "0.02"},
        name="many",
    )
    found, converter = clocked(one, many)
    assert converter.asked == ["0.01", "0.02"]
    assert {repo: list(html.values()) for repo, html in found.cards.html.items()} == {
        "repo": ["<p>0.01</p>"], "many": ["<p>0.02</p>"],
    }  # fmt: skip
    assert found.problems == ()


def test_what_cannot_be_converted_is_a_problem_of_the_version() -> None:
    found, _ = clocked(registry({"b" * 40: "4", "d" * 40: "0.1"}))
    assert kinds(found) == [("repo", oid("c1"), "card.text")]
    assert "it takes too long" in found.problems[0].reason


def test_cards_that_take_too_long_together_are_shown_as_text_and_others_are_not() -> None:
    slow = {f"{n:040x}": "4" for n in range(1, 31)}
    found, converter = clocked(registry(slow, "slow"), registry({"b" * 40: "0.1"}, "quick"))
    # Each takes nearly four seconds more than is fair: three are enough.
    assert converter.asked == ["4", "4", "4", "0.1"]
    assert [kind for repo, _, kind in kinds(found) if repo == "slow"].count("card.limit") == 1
    assert sorted(kind for repo, _, kind in kinds(found) if repo == "slow") == (
        ["card.limit"] + ["card.text"] * 3
    )
    assert list(found.cards.html["slow"].values()).count(f"{AS_TEXT}4</pre>") == 27
    assert list(found.cards.html["quick"].values()) == ["<p>0.1</p>"]


def test_many_honest_cards_never_use_up_the_budget() -> None:
    texts = {f"{n:040x}": "0.2" for n in range(1, 500)}
    found, converter = clocked(registry(texts))
    assert len(converter.asked) == 499
    assert found.problems == ()


def test_the_authors_own_card_spares_the_others() -> None:
    own = OwnCard(Card("models/m.md", "c" * 64), "Ours", "<p>Ours</p>")
    converter = Clocked()
    found = convert_cards([registry({"b" * 40: "1"})], {("repo", "m"): own}, converter=converter)
    assert converter.asked == []
    assert found.cards.own == {("repo", "m"): own}


def test_a_card_without_a_text_is_not_converted() -> None:
    _, converter = clocked(registry({"b" * 40: "1"}, note="is in Git LFS and not fetched"))
    assert converter.asked == []


@pytest.fixture(scope="module")
def converted() -> Iterator[CardTexts]:
    text = "# Card\n![p](p.png) ![s](s.svg) [l](../LICENSE)\n" + "[" * 40_000
    ok = "# Card\n![p](p.png) ![s](s.svg) [l](../LICENSE)"
    pictures = (("models/p.png", BLOB),)
    yield convert_cards(
        [registry({"b" * 40: text, "d" * 40: ok}, pictures=pictures)],
        {},
        converter=Untrusted(seconds=3),
    )


def test_images_are_published_under_a_name_made_of_their_bytes(converted: CardTexts) -> None:
    [(path, data)] = converted.pictures.items()
    assert path.startswith("data/pictures/")
    assert path.endswith(".png")
    assert data == png()
    [html] = [each for each in converted.cards.html["repo"].values() if not each.startswith("<pre")]
    assert f'<img src="{ROOT}{path}" alt="p" width="3" height="2" loading="lazy">' in html
    assert f'href="https://github.com/example/repo/blob/{COMMIT}/models/s.svg"' in html
    assert f'href="https://github.com/example/repo/blob/{COMMIT}/LICENSE"' in html


def test_a_hostile_card_is_its_source_and_a_problem(converted: CardTexts) -> None:
    assert [(p.kind, p.path, p.ref) for p in converted.problems] == [
        ("card.text", "models/README.md", oid("c1"))
    ]
    assert (
        sum(html.startswith(f"{AS_TEXT}# Card") for html in converted.cards.html["repo"].values())
        == 1
    )


def test_a_drawing_is_published_as_one() -> None:
    found = registry({"b" * 40: "![p](p.png)"}, pictures=(("models/p.png", BLOB),))
    found.facts.pictures[BLOB] = Picture("models/p.svg", BLOB, "image/svg+xml", b"<svg/>", 3, 2)
    [path] = convert_cards([found], {}).pictures
    assert path.endswith(".svg")
