"""Themes: single files override, nothing is read from outside, and errors say where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from sitegen.errors import RenderError
from sitegen.render.theme import Templates, Theme, load_theme, own_files, static_files


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def theme(tmp_path: Path, own: dict[str, str], default: dict[str, str]) -> Theme:
    (tmp_path / "own").mkdir()
    return Theme(
        (write(tmp_path / "own", own), write(tmp_path / "default", {"templates/x": "", **default})),
    )


def test_the_default_theme_is_found_and_has_a_template_for_every_page() -> None:
    found = load_theme()
    assert (found.folders[-1] / "templates" / "dashboard.html").is_file()


def test_the_authors_folder_goes_before_the_default(tmp_path: Path) -> None:
    own = write(tmp_path / "own", {"static/a.css": ""})
    assert load_theme(own).folders == (own, load_theme().folders[0])


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_that_is_no_theme_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RenderError, match=name):
        load_theme(tmp_path / name)


def test_single_templates_override_and_may_extend_the_ones_they_override(tmp_path: Path) -> None:
    own = "{% extends 'default/page.html' %}{% block a %}own{% endblock %}"
    default = "[{% block a %}default{% endblock %}{% include 'part.html' %}]"
    templates = Templates(
        theme(
            tmp_path,
            {"templates/page.html": own},
            {"templates/page.html": default, "templates/part.html": "-part"},
        )
    )
    assert templates.render("page.html", {}) == "[own-part]"


def test_a_template_is_compiled_again_for_the_next_build_only_if_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str | None] = []

    def compiling(environment: Environment, source: str, name: str | None, *rest: object) -> object:
        compiled.append(name)
        return real(environment, source, name, *rest)

    real: Callable[..., object] = Environment.compile
    monkeypatch.setattr(Environment, "compile", compiling)
    found = theme(tmp_path, {"templates/a": "a {% include 'b' %}", "templates/b": "b"}, {})
    assert Templates(found).render("a", {}) == Templates(found).render("a", {}) == "a b"
    write(tmp_path / "own", {"templates/b": "c"})
    assert Templates(found).render("a", {}) == "a c"
    assert compiled == ["a", "b", "b"]


@pytest.mark.parametrize("name", ["page.html", "page.xml", "page.svg", "page"])
def test_text_is_escaped_in_every_template(tmp_path: Path, name: str) -> None:
    own = {f"templates/{name}": "<p title='{{ x }}'>{{ x }}</p>"}
    said = Templates(theme(tmp_path, own, {})).render(name, {"x": "'\"><script>&"})
    text = "&#39;&#34;&gt;&lt;script&gt;&amp;"
    assert said == f"<p title='{text}'>{text}</p>"


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("\n\n{% if %}", 3, "not valid"),
        ("\n{{ model.nmae }}", 2, "nmae"),
        ("{{ unknown }}", 1, "unknown"),
        ("\n\n\n{{ 1 / 0 }}", 4, "ZeroDivisionError"),
        ("\n{% include 'gone.html' %}", 2, "gone.html"),
        ("\n{% include '../../etc/passwd' %}", 2, "etc/passwd"),
        ("\n\n{% include 'bad.html' %}", 2, "deep"),
    ],
)
def test_an_error_names_template_line_and_reason(
    tmp_path: Path, source: str, line: int, reason: str
) -> None:
    own = {"templates/page.html": source, "templates/bad.html": "\n{{ deep }}"}
    templates = Templates(theme(tmp_path, own, {}))
    with pytest.raises(RenderError, match=reason) as caught:
        templates.render("page.html", {"model": Theme(())})
    file = "bad" if "bad" in source else "page"
    assert caught.value.problem.path == str(tmp_path / f"own/templates/{file}.html") + f":{line}"
    assert caught.value.problem.remedy


def test_a_template_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    own = theme(tmp_path, {"templates/page.html": ""}, {})
    (tmp_path / "own/templates/page.html").write_bytes(b"\xff")
    with pytest.raises(RenderError, match=r"page\.html.*UTF-8"):
        Templates(own).render("page.html", {})


def test_static_files_are_merged_in_order_and_hidden_ones_left_out(tmp_path: Path) -> None:
    own = {"static/css/b.css": "own", "static/z.js": "z", "static/.secret": "", "static/.git/x": ""}
    default = {"static/css/a.css": "a", "static/css/b.css": "default"}
    assert list(static_files(theme(tmp_path, own, default))) == [
        ("static/css/a.css", b"a"),
        ("static/css/b.css", b"own"),
        ("static/z.js", b"z"),
    ]


@pytest.mark.parametrize("part", ["static", "templates"])
@pytest.mark.parametrize("target", ["secret.txt", "folder", "gone"])
def test_a_link_that_leads_out_of_a_theme_is_not_followed(
    tmp_path: Path, part: str, target: str
) -> None:
    outside = write(tmp_path / "outside", {"secret.txt": "secret", "folder/x.txt": "secret"})
    own = write(tmp_path / "own", {"static/a.css": "", "templates/a.html": ""})
    (own / part / "link.html").symlink_to(outside / target)
    with pytest.raises(RenderError, match=r"link\.html"):
        load_theme(own)
    # Nor where the link came after the theme was checked.
    unchecked = Theme((own,))
    with pytest.raises(RenderError):
        if part == "static":
            list(static_files(unchecked))
        else:
            Templates(unchecked).render("link.html", {})


def test_links_are_followed_inside_of_the_authors_folder_alone(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside", {"passwd": "secret", "folder/x.md": "secret"})
    content = write(tmp_path / "content", {"b.md": "b", "guide/a.md": "a"})
    (content / "README.md").symlink_to(secret / "passwd")
    (content / "relative.md").symlink_to("../outside/passwd")
    (content / "more").symlink_to(secret / "folder")
    (content / "round").symlink_to(content)
    (content / "self.md").symlink_to("self.md")
    (content / "same.md").symlink_to("guide/a.md")
    refused: list[str] = []
    files = list(own_files(content, lambda path: refused.append(path.name)))
    assert [name for name, _ in files] == ["b.md", "same.md", "guide/a.md"]
    assert sorted(refused) == ["README.md", "more", "relative.md", "round", "self.md"]
    assert all(path.read_text() != "secret" for _, path in files)
