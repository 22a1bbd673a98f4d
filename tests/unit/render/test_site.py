"""The whole portal as files: each path once, safe to publish, and the same every time."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sitegen.output import publish
from sitegen.render.pages import STAGES_CSS
from sitegen.render.site import render_site
from sitegen.render.theme import load_theme
from sitegen.site import urls
from tests.unit.render import views

RECORDS = {"api/v1/registry.json": {"schema": 1}}
SITE = views.site(
    *(
        views.model(name)
        for name in ("good", "Good", "café", "cafe\u0301", "a" * 240, "con", "../x")
    ),
    views.model(views.EVIL, 2),
    base_url="https://example.com/",
)


def test_the_whole_portal_has_each_path_once_and_is_the_same_every_time() -> None:
    files = list(render_site(SITE, load_theme(), RECORDS))
    paths = [path for path, _ in files]
    assert len(set(paths)) == len(paths)
    assert {STAGES_CSS, "index.html", "sitemap.xml", *RECORDS, urls.FEED} <= set(paths)
    assert {urls.badge("demo", "good"), "api/v1/schema/registry.json"} <= set(paths)
    assert files == list(render_site(msgspec.structs.replace(SITE), load_theme(), RECORDS))


def test_colliding_reserved_and_long_names_are_published_side_by_side(tmp_path: Path) -> None:
    files = list(render_site(SITE, load_theme(), RECORDS))
    report = publish(tmp_path / "_site", files)
    assert report.files == len(files)
    assert {path.name for path in tmp_path.iterdir()} == {"_site"}
    assert all((tmp_path / "_site" / path).read_bytes() == data for path, data in files)


def test_no_file_holds_raw_markup_of_a_name() -> None:
    for path, data in render_site(SITE, load_theme(), RECORDS):
        if not path.startswith("static/"):
            assert b"<img src=x" not in data, path
            assert b"<!--<script>" not in data, path
