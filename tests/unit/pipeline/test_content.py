import os
from pathlib import Path

import pytest

from sitegen.config import Entry
from sitegen.errors import ConfigError
from sitegen.pipeline.content import Content, navigation, read_content
from sitegen.site.model import NavLink


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        place = path / name.replace("__", "/").replace("_md", ".md").replace("_png", ".png")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return path


def test_pages_come_in_their_order_and_then_by_path(tmp_path: Path) -> None:
    content = read_content(
        folder(tmp_path, b_md="# B", a_md="# A", z_md="---\norder: 1\n---\n# Z", sub__c_md="# C")
    )
    assert [page.title for page in content.pages] == ["Z", "A", "B", "C"]
    assert [page.url for page in content.pages][-1] == "docs/sub/c.html"


def test_other_files_keep_their_place_beside_the_pages(tmp_path: Path) -> None:
    content = read_content(folder(tmp_path, img__x_png="x", a_md="A"))
    assert [path for path, _ in content.files] == ["docs/img/x.png"]


def test_model_cards_and_hidden_files_are_no_pages(tmp_path: Path) -> None:
    (tmp_path / ".hidden.md").write_text("x")
    content = read_content(folder(tmp_path, models__churn_md="# Card", models__p_png="x"))
    assert content.pages == ()
    assert content.cards == {"models/churn.md": b"# Card"}
    assert [path for path, _ in content.files] == ["docs/models/p.png"]


def test_a_link_is_a_problem_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "passwd.md").write_text("root:x")
    pages = folder(tmp_path / "content", a_md="# A")
    (pages / "README.md").symlink_to(secret / "passwd.md")
    (pages / "deep").symlink_to(secret)
    content = read_content(pages)
    assert [page.path for page in content.pages] == ["a.md"]
    assert [problem.path for problem in content.problems] == ["README.md", "deep"]


def test_what_is_no_file_or_may_not_be_read_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = folder(tmp_path, a_md="# A", closed_md="# B", sub__c_md="# C")
    os.mkfifo(pages / "pipe.md")
    # Whoever runs the tests may be allowed to read everything.
    closed = {str(pages / "closed.md"), str(pages / "sub")}
    monkeypatch.setattr("os.access", lambda path, mode: os.fspath(path) not in closed)
    content = read_content(pages)
    assert [page.path for page in content.pages] == ["a.md"]
    assert [problem.path for problem in content.problems] == ["closed.md", "pipe.md", "sub"]


def test_without_a_folder_there_is_nothing() -> None:
    assert read_content(None) == Content()


def test_the_documentation_is_one_entry_with_its_pages_below(tmp_path: Path) -> None:
    content = read_content(folder(tmp_path, index_md="# Docs", a_md="# A"))
    below = (NavLink("A", "docs/a.html", "", "content"),)
    assert navigation((), content) == (NavLink("Docs", "docs/index.html", "", "content", below),)


def test_without_an_index_each_page_is_an_entry(tmp_path: Path) -> None:
    content = read_content(folder(tmp_path, b_md="# B", a_md="# A"))
    assert [link.title for link in navigation((), content)] == ["A", "B"]


def test_configured_entries_lead_to_pages_the_site_and_elsewhere(tmp_path: Path) -> None:
    content = read_content(folder(tmp_path, a_md="# A"))
    entries = (
        Entry(title="Read", page="a.md"),
        Entry(title="Models", page="index.html"),
        Entry(title="Out", url="https://example.com", children=(Entry(title="In", page="a.md"),)),
    )
    links = navigation(entries, content)
    assert [(link.title, link.url, link.href) for link in links] == [
        ("Read", "docs/a.html", ""),
        ("Models", "index.html", ""),
        ("Out", "", "https://example.com"),
    ]
    assert links[2].children[0].url == "docs/a.html"


def test_an_entry_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.md"):
        navigation((Entry(title="x", page="gone.md"),), Content())
