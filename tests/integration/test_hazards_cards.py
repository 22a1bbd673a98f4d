"""Hostile model cards, from Git to the published portal."""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sitegen.render import cards
from sitegen.render.markup import Untrusted
from tests.gitrepo import GitRepo
from tests.hazards import Portal, assert_diagnosed, assert_good, publish, repository
from tests.unit.readers.test_pictures import png

SAID = "good: {type: model, description: A healthy model, labels: [fine]}\n"
M = f"{SAID}m: {{type: model, path: m/m.pkl}}\n"
PAGE = "models/repo/m/v1.0.0.html"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "repo")


def with_card(repo: GitRepo, card: str | bytes, files: dict[str, str | bytes] | None = None) -> str:
    """Register a version of `m` with this card; returns its commit."""
    commit = repo.commit({"artifacts.yaml": M, "m/README.md": card, **(files or {})})
    repo.tag("m@v1.0.0")
    return commit


class Body(HTMLParser):
    """The tags of the section that holds a page's card, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        found = re.search(r'<section class="card".*?</section>', page, re.DOTALL)
        assert found
        self.feed(found[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def card_of(portal: Portal) -> Body:
    return Body(portal.text(PAGE))


ATTACKS = (
    "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>",
    "<b id=search>x</b><p id=main>", "<svg onload=alert(1)>", "<style>*{display:none}</style>",
    "</div></section></main><script>alert(1)</script>", "{{ 7 * 7 }}{% raw %}",
    "<form action=//evil><input name=q></form>", "<base href=//evil><meta http-equiv=refresh>",
)  # fmt: skip


def test_scripts_in_cards_are_inert(repo: GitRepo) -> None:
    names = [f"m{number}" for number in range(len(ATTACKS))]
    said = "".join(f"{name}: {{type: model, path: {name}/m.pkl}}\n" for name in names)
    cards = {
        f"{name}/README.md": f"# Card\n\n{attack}\n\nThe end of it\n"
        for name, attack in zip(names, ATTACKS, strict=True)
    }
    repo.commit({"artifacts.yaml": SAID + said, **cards})
    for name in names:
        repo.tag(f"{name}@v1.0.0")
    portal = publish(repo)
    assert portal.problems == ()
    assert_good(portal)
    for name in names:
        page = portal.text(f"models/repo/{name}/v1.0.0.html")
        assert page.count("<meta http-equiv") == 1
        assert page.index('<meta http-equiv="Content-Security-Policy"') < page.index("<title>")
        body = Body(page)
        ids = [str(said["id"]) for _, said in body.tags if said.get("id")]
        assert all(each == "card" or each.startswith("card-") for each in ids)
        for tag, attributes in body.tags:
            assert tag not in {"script", "style", "form", "input", "base", "meta", "img"}
            assert not {each for each in attributes if each.startswith("on") or each == "style"}
            assert not str(attributes.get("href", "")).lower().startswith("javascript")
        assert "49" not in body.text
        assert "The end of it" in body.text


@pytest.mark.parametrize(
    "card",
    [
        "[" * 50_000,
        "|".join("a" * 1000) + "\n" + "|".join("-" * 1000) + "\n" + "x|y\n" * 2000,
        "<div>" * 50_000,
    ],
    ids=["brackets", "a table of 2000 by 1000", "250 kB of div"],
)
def test_a_card_that_eats_time_or_memory_is_shown_as_text(
    repo: GitRepo, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit itself is held to where the converter is tested.
    monkeypatch.setattr(cards, "Untrusted", partial(Untrusted, seconds=0.5))
    commit = with_card(repo, f"# Card\n\n{card}")
    portal = publish(repo)
    problem = assert_diagnosed(portal, "card.text", path="m/README.md", ref=commit)
    assert problem.remedy
    assert_good(portal)
    assert problem.reason in portal.text("problems.html")
    body = card_of(portal)
    assert [tag for tag, _ in body.tags][-1] == "pre"
    assert card[:1000] in body.text


def test_a_card_that_is_too_large_to_convert_is_cut_and_shown_as_text(repo: GitRepo) -> None:
    with_card(repo, "<div>" * 100_000)
    portal = publish(repo)
    assert "over the limit" in assert_diagnosed(portal, "card.text").reason
    assert_good(portal)
    assert "[…]" in card_of(portal).text


def test_many_hostile_cards_do_not_add_up(repo: GitRepo) -> None:
    for number in range(30):
        repo.commit({"artifacts.yaml": M, "m/README.md": f"# {number}\n\n" + "[" * 50_000})
        repo.tag(f"m@v1.{number}.0")
    other = repository(repo.path.parent / "other")
    other.commit({"artifacts.yaml": M, "m/README.md": "# An honest *card*\n"})
    other.tag("m@v1.0.0")
    portal = publish(repo, other)
    kinds = [problem.kind for problem in portal.problems]
    assert kinds.count("card.limit") == 1
    assert kinds.count("card.text") <= 3
    assert "<em>card</em>" in portal.text("models/other/m.html")
    for number in range(30):
        assert "[[[[" in portal.text(f"models/repo/m/v1.{number}.0.html")


def test_nothing_active_is_published_as_an_image(repo: GitRepo) -> None:
    attack = "<script>alert(1)</script>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{attack}<rect width='9'/></svg>"
    with_card(
        repo,
        "![a](a.svg) ![b](b.png) ![c](c) ![d](d.html) ![e](e.gif) ![good](good.png)",
        {
            "m/a.svg": svg, "m/b.png": f"<!doctype html>{attack}", "m/c": attack,
            "m/d.html": attack, "m/e.gif": "GIF89", "m/good.png": png() + attack.encode(),
        },
    )  # fmt: skip
    portal = publish(repo)
    assert_good(portal)
    told = {p.path for p in portal.problems if p.kind == "card.picture"}
    assert told == {"m/b.png", "m/c", "m/d.html", "m/e.gif"}
    published = {path: data for path, data in portal.files().items() if path.startswith("data/pic")}
    drawn, shown = sorted(published, key=lambda path: path.endswith(".png"))
    assert drawn.endswith(".svg")
    assert b"script" not in published[drawn]
    assert b"<rect" in published[drawn]
    assert published[shown].startswith(b"\x89PNG")
    for name, content in portal.files().items():
        if not name.startswith("data/pic"):
            assert attack.encode() not in content, name
    images = [said for tag, said in card_of(portal).tags if tag == "img"]
    assert [said["src"] for said in images] == [f"../../../{path}" for path in (drawn, shown)]


def test_images_on_other_hosts_are_links(repo: GitRepo) -> None:
    with_card(repo, "![a](//evil.example/t.gif) ![b](https://evil.example/u.gif) <img src=//e/v>")
    portal = publish(repo)
    assert_good(portal)
    body = card_of(portal)
    assert [tag for tag, _ in body.tags if tag == "img"] == []
    assert [said["href"] for tag, said in body.tags if tag == "a"] == [
        "https://evil.example/t.gif", "https://evil.example/u.gif", "https://e/v",
    ]  # fmt: skip


def test_links_are_never_followed(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("TOPSECRET")
    content = tmp_path / "content" / "models"
    content.mkdir(parents=True)
    (content / "good.md").symlink_to(tmp_path / "secret")
    (content / "one").symlink_to(tmp_path)
    links = {"m/README.md": "/etc/passwd", "MODEL_CARD.md": str(tmp_path / "secret")}
    commit = repo.commit({"artifacts.yaml": M, **links}, modes=dict.fromkeys(links, "120000"))
    repo.tag("m@v1.0.0")
    portal = publish(repo)
    assert_good(portal)
    for path in links:
        assert_diagnosed(portal, "card.link", path=path, ref=commit)
    assert {p.path for p in portal.problems if p.kind == "content"} == {
        "models/good.md", "models/one",
    }  # fmt: skip
    for path, data in portal.files().items():
        assert b"TOPSECRET" not in data, path
        assert b"root:x" not in data, path
    assert 'class="card"' not in portal.text(PAGE)


def test_front_matter_cannot_bomb_or_mislead(repo: GitRepo) -> None:
    bomb = "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 10)}]" for n in range(10)
    )
    with_card(repo, f"---\nlicense: mit\n{bomb}\n---\n# Still *here*")
    portal = publish(repo)
    assert_diagnosed(portal, "card.yaml", path="m/README.md")
    assert_good(portal)
    assert "<em>here</em>" in portal.text(PAGE)


def test_the_same_cards_give_the_same_bytes(repo: GitRepo) -> None:
    with_card(repo, "# Card\n![p](p.png) [l](x.md)\n" * 3, {"m/p.png": png()})
    repo.git("remote", "add", "origin", "https://github.com/a/b")
    assert publish(repo).files() == publish(repo, output="_again").files()
