"""Badges: readable, escaped, and the same in both forms."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import msgspec

from sitegen.render.badges import LONGEST, Endpoint, badges, svg, width
from sitegen.site import colors, urls
from tests.unit.render import views

SVG = "{http://www.w3.org/2000/svg}"


def test_every_badge_of_a_model_is_there_as_svg_and_json() -> None:
    found = dict(badges(views.site()))
    latest = urls.badge("demo", "good").removesuffix(".svg")
    prod = urls.badge("demo", "good", "prod").removesuffix(".svg")
    stage_called_latest = urls.badge("demo", "good", "latest").removesuffix(".svg")
    assert set(found) == {
        f"{stem}.{kind}" for stem in (latest, prod, stage_called_latest) for kind in ("svg", "json")
    }
    assert json.loads(found[f"{latest}.json"]) == {
        "schemaVersion": 1, "label": "good", "message": "v1.0.0", "color": colors.HUES[0],
    }  # fmt: skip
    assert json.loads(found[f"{prod}.json"])["label"] == "good prod"
    assert json.loads(found[f"{prod}.json"])["color"] == colors.HUES[2]
    assert json.loads(found[f"{stage_called_latest}.json"])["message"] == "none"


def test_a_model_without_versions_says_so() -> None:
    found = dict(badges(views.site(views.model("good", versions=0))))
    said = json.loads(found[urls.badge("demo", "good").replace(".svg", ".json")])
    assert said["message"] == "no version"


def test_a_configured_colour_is_the_badges_too() -> None:
    found = dict(badges(views.with_stage(views.site(), "Gold")))
    picture = found[urls.badge("demo", "good", "prod")].decode()
    assert 'fill="#ffd700"' in picture
    assert 'fill="#000000"' in picture


def test_a_badge_has_an_accessible_title_and_its_parts_have_room() -> None:
    root = ET.fromstring(svg(Endpoint(1, "churn prod", "v2.0.0", "#1a7440")))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "churn prod: v2.0.0"
    assert root.findtext(f"{SVG}title") == "churn prod: v2.0.0"
    label, message = root.iter(f"{SVG}text")
    assert (label.text, message.text) == ("churn prod", "v2.0.0")
    used = int(label.get("textLength", "")) + int(message.get("textLength", "")) + 20
    assert int(root.get("width", "")) == used


def test_names_stay_text_and_run_nothing() -> None:
    name = views.EVIL[:30]
    root = ET.fromstring(svg(Endpoint(1, name, "v1", "#1a7440")))
    assert root.findtext(f"{SVG}title") == f"{name}: v1"
    assert [element.tag.removeprefix(SVG) for element in root.iter()] == [
        "svg", "title", "rect", "path", "g", "text", "text",
    ]  # fmt: skip
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_a_long_name_is_shortened_in_the_picture_alone() -> None:
    root = ET.fromstring(svg(Endpoint(1, "n" * 240, "v1", "#1a7440")))
    label = next(root.iter(f"{SVG}text"))
    assert label.text == "n" * (LONGEST - 1) + "…"
    assert root.findtext(f"{SVG}title") == "n" * 240 + ": v1"


def test_widths_are_those_of_the_face() -> None:
    # DejaVu Sans at 11 px, as Chromium measures it.
    for text, pixels in (("v1.0.0", 34.5), ("lightgbm-model", 87.5), ("W", 10.9)):
        assert pixels <= width(text) < pixels + 1
    assert all(width(chr(code)) < 12 for code in range(0x20, 0x7F))
    assert width("") == 1


def test_the_same_portal_gives_the_same_badges() -> None:
    site = views.site()
    again = msgspec.structs.replace(site)
    assert list(badges(site)) == list(badges(again))
