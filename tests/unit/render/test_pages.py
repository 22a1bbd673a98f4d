"""Pages: each kind is rendered with its own context, root and canonical address."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from sitegen.errors import RenderError
from sitegen.registry.facts import Annotation
from sitegen.registry.lineage import Data, Pipeline, PipelineStep, StepParam, Tracked
from sitegen.render import activity, dashboard, pages
from sitegen.render.pages import PAGE_KINDS, render_pages, sitemap, stages_css
from sitegen.render.theme import Theme, load_theme
from sitegen.site import urls
from sitegen.site.build import Settings, build_site
from sitegen.site.cards import ROOT
from sitegen.site.model import ContentView, ProblemView
from sitegen.site.parts import CardView
from tests.facts import oid, source, tag
from tests.unit.render import views

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def theme(tmp_path: Path) -> Theme:
    """A theme whose every page says what it was given."""
    templates = tmp_path / "templates"
    templates.mkdir()
    for kind in PAGE_KINDS:
        own = {
            "model": "{{ model.name }} {{ version.name if version else 'none' }}{{ card_html }}",
            "version": "{{ model.name }} {{ version.name }}{{ card_html }}",
            "content": "{{ content.title }} {{ html }}",
            "dashboard": "{{ plain|map(attribute='name')|join(' ') }}, {{ lists|join(' ') }}",
            "list": "{{ models|map(attribute='name')|join(' ') }}, "
            "{{ first }} {{ before }} {{ after }}",
        }.get(kind.name, "")
        (templates / kind.template).write_text(
            "{{ page.kind }}|{{ page.root }}|{{ page.canonical }}|{{ page.title }}|" + own
        )
    return Theme((tmp_path,))


def rendered(site: views.Site, theme: Theme) -> dict[str, list[str]]:
    return {path: data.decode().split("|") for path, data in render_pages(site, theme)}


def test_every_kind_has_its_pages(theme: Theme) -> None:
    found = rendered(views.site(views.model("good", 2)), theme)
    assert {path: said[0] for path, said in found.items()} == {
        "index.html": "dashboard",
        urls.model("demo", "good"): "model",
        urls.version("demo", "good", "v1.0.0"): "version",
        urls.version("demo", "good", "v2.0.0"): "version",
        "projects/index.html": "projects",
        "activity.html": "activity",
        "problems.html": "problems",
        "search.html": "search",
        urls.content("guide.md"): "content",
        "404.html": "missing",
    }
    assert found[urls.model("demo", "good")][4] == "good v2.0.0"
    assert found[urls.version("demo", "good", "v1.0.0")][4] == "good v1.0.0"
    guide = '<h1 id="guide">Guide</h1>\n<p><a href="a/b.html">x</a></p>'
    assert found[urls.content("guide.md")][4] == f"Guide {guide}"


def test_of_many_models_the_dashboard_says_the_newest_and_pages_of_a_list_all(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = views.site(*(views.model(name) for name in "abc"))
    assert rendered(site, theme)["index.html"][4] == "a b c, "
    monkeypatch.setattr(dashboard, "PLAIN", 2)
    monkeypatch.setattr(dashboard, "LISTED", 2)
    found = rendered(site, theme)
    assert found["index.html"][4] == "a b, list/1.html list/2.html"
    assert found["list/1.html"][4] == "a b, 1  list/2.html"
    assert found["list/2.html"][4] == "c, 3 list/1.html "


def test_a_model_without_versions_has_a_page(theme: Theme) -> None:
    found = rendered(views.site(views.model("good", 0)), theme)
    assert found[urls.model("demo", "good")][4] == "good none"


def test_the_way_to_the_root_fits_the_depth_and_the_404_page_is_absolute(theme: Theme) -> None:
    without = rendered(views.site(), theme)
    roots = {path: said[1] for path, said in without.items()}
    assert roots["index.html"] == ""
    assert roots["projects/index.html"] == "../"
    assert roots[urls.model("demo", "good")] == "../../"
    assert roots[urls.version("demo", "good", "v1.0.0")] == "../../../"
    assert roots["404.html"] == "/"
    assert {said[2] for said in without.values()} == {""}
    under = rendered(views.site(base_url="https://example.com/portal/"), theme)
    assert under["404.html"][1:3] == ["/portal/", ""]
    assert under["index.html"][1:3] == ["", "https://example.com/portal/"]
    assert under["activity.html"][2] == "https://example.com/portal/activity.html"


def test_text_in_titles_is_escaped(theme: Theme) -> None:
    title = rendered(views.site(), theme)["index.html"][3]
    assert "<" not in title
    assert "&lt;img src=x" in title
    assert "{{ 7 * 7 }}" in title


def test_a_sitemap_lists_every_page_but_the_404_page(theme: Theme) -> None:
    assert "sitemap.xml" not in rendered(views.site(), theme)
    site = views.site(base_url="https://example.com/a&b/")
    root = ET.fromstring(dict(render_pages(site, theme))["sitemap.xml"])
    found = [element.text for element in root.iter(f"{MAP}loc")]
    assert "https://example.com/a&b/" in found
    assert "https://example.com/a&b/activity.html" in found
    assert len(found) == len(rendered(site, theme)) - 2


def test_a_long_sitemap_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_SITEMAP_LONGEST", 2)
    found = dict(sitemap("https://e/", [f"{i}.html" for i in range(5)]))
    assert sorted(found) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    parts = [element.text for element in ET.fromstring(found["sitemap.xml"]).iter(f"{MAP}loc")]
    assert parts == [f"https://e/sitemap-{i}.xml" for i in (1, 2, 3)]
    assert len(list(ET.fromstring(found["sitemap-3.xml"]).iter(f"{MAP}loc"))) == 1


def test_configured_stage_colours_are_in_a_style_sheet_and_nothing_else_gets_in() -> None:
    assert stages_css(views.site()) == b""
    assert stages_css(views.with_stage(views.site(), "Red")) == b".stage-2 { --stage: #ff0000; }\n"
    for evil in ("red;position:fixed", "red}body{display:none", "url(//evil)"):
        with pytest.raises(RenderError):
            stages_css(views.with_stage(views.site(), evil))


def test_the_default_theme_shows_hostile_names_as_text() -> None:
    site = views.site(views.model("good"), views.model(views.EVIL))
    for path, data in render_pages(site, load_theme()):
        text = data.decode()
        assert "<img src=x" not in text, path
        assert "<!--<script>" not in text, path


def test_a_command_in_a_remedy_is_code_and_nothing_else_is() -> None:
    problem = ProblemView("main", "", "", "it is `not`", "try `git <b>fsck`, or mend ` it", "a.b")
    site = msgspec.structs.replace(views.site(), problems=(problem,))
    page = dict(render_pages(site, load_theme()))["problems.html"].decode()
    assert "<td>it is `not`</td>" in page
    assert "<td>try <code>git &lt;b&gt;fsck</code>, or mend ` it</td>" in page


def test_events_are_cut_into_pages_of_which_a_new_event_changes_the_newest_alone(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "EVENTS_A_PAGE", 3)
    (theme.folders[0] / "templates/activity.html").write_text(
        "{% for e in events %}{{ e.tag }} {% endfor %}|{{ older }}|{{ newer }}"
    )

    def rows(count: int) -> dict[str, list[str]]:
        events = tuple(views.event(number) for number in reversed(range(count)))
        found = rendered(msgspec.structs.replace(views.site(), events=events), theme)
        return {path: row for path, row in found.items() if "activity" in path}

    few, many, more = rows(5), rows(10), rows(11)
    assert list(few) == ["activity.html"]
    assert list(many) == ["activity/1.html", "activity/2.html", "activity.html"]
    assert many["activity/2.html"][1:] == ["activity/1.html", "activity.html"]
    assert {path for path in more if more[path] != many[path]} == {"activity.html"}
    told = [tag for path in reversed(many) for tag in many[path][0].split()]
    assert told == [views.event(number).tag for number in reversed(range(10))]
    assert rows(0) == {"activity.html": ["", "", ""]}


def test_the_text_of_a_card_is_put_in_for_the_page_that_it_stands_on(theme: Theme) -> None:
    card = CardView(False, "README.md", "", "b" * 7, (), (), "", False, f'<img src="{ROOT}x.png">')
    model = views.model("good")
    version = msgspec.structs.replace(model.versions[0], card=card)
    model = msgspec.structs.replace(model, versions=(version,), latest=version)
    found = rendered(views.site(model), theme)
    assert found[model.url][4].endswith('<img src="../../x.png">')
    assert found[version.url][4].endswith('<img src="../../../x.png">')


def test_a_page_of_content_leads_to_the_model_whose_card_it_names(theme: Theme) -> None:
    card = CardView(True, "models/good.md", "", "b" * 7, (), (), "", False, "")
    model = views.model("good")
    version = msgspec.structs.replace(model.versions[0], card=card)
    site = views.site(msgspec.structs.replace(model, versions=(version,)))
    page = ContentView("Guide", urls.content("g.md"), "", "[x](models/good.md)", "g.md")
    found = rendered(msgspec.structs.replace(site, contents=(page,)), theme)
    assert 'href="../models/demo/good.html"' in found[page.url][4]


def test_whatever_a_lineage_holds_is_text() -> None:
    evil = views.EVIL
    raw = Data(evil, "a" * 32, "md5", source=evil)
    step = PipelineStep(
        evil, "dvc.lock", (evil,), (raw,), (StepParam(evil, evil, evil, evil),),
        (Data("m.pkl", "b" * 32, "md5"),), evil,
    )  # fmt: skip
    imported = Tracked(f"{evil}.dvc", "url", (raw,), (), "javascript:alert(1)", "", evil, evil)
    site = build_site(
        [
            source(
                tag("m@v1.0.0"),
                annotations={"c1": [Annotation("m", "artifacts.yaml", "m.pkl")]},
                pipelines={oid("c1"): Pipeline((step,), (imported,))},
            )
        ],
        Settings(),
    )
    pages_of = dict(render_pages(site, load_theme()))
    page = pages_of[urls.version("repo", "m", "v1.0.0")].decode()
    lineage = page.partition('<section class="lineage"')[2].partition("</section>")[0]
    assert lineage.count("&lt;img src=x") > 8
    assert "<img" not in lineage
    assert "<script" not in lineage
    assert 'href="javascript' not in page
    # Quotes of a name end no attribute: everything is as well-formed as it was.
    svg = lineage[lineage.index("<svg") : lineage.index("</svg>") + len("</svg>")]
    assert len(ET.fromstring(svg).findall("a")) == 4
