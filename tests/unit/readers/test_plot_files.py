"""Images and templates: what may be shown, and what may be drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dvc_render.vega_templates import TEMPLATES

from sitegen.readers.plot_files import LARGEST_TEMPLATE, read_image, read_template
from sitegen.readers.trees import TreeError
from sitegen.registry.facts import Picture

DATA: dict[str, Any] = {"data": {"values": "<DVC_METRIC_DATA>"}}


def test_an_svg_is_one_by_its_name_and_others_by_their_bytes() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><script/></svg>'
    found = read_image("a.svg", "1", svg)
    assert isinstance(found, Picture)
    assert (found.media_type, found.width, found.height) == ("image/svg+xml", 3, 2)
    assert b"script" not in found.data
    assert "not those of a PNG" in str(read_image("a.png", "1", svg))
    assert "no valid SVG" in str(read_image("a.svg", "1", b"\x89PNG"))
    assert "not those of a PNG" in str(read_image("a.png", "1", b"<html><script>alert(1)</script>"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_dvcs_own_templates_are_fit(template: Any) -> None:
    text = read_template(json.dumps(template.DEFAULT_CONTENT).encode())
    assert json.loads(text) == template.DEFAULT_CONTENT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"mark": "bar"}, "no place for data"),
        ({**DATA, "layer": [{"data": {"sequence": {"stop": 1e9}}}]}, "'sequence'"),
        ({**DATA, "transform": [{"calculate": "length(sequence (0, 1e9))", "as": "n"}]}, "calls"),
        ({**DATA, "encoding": {"x": {"bin": {"maxbins": 10_000_000}}}}, "maxbins"),
        ([DATA], "expected to be a mapping"),
    ],
)
def test_what_would_keep_a_page_busy_is_refused(content: Any, reason: str) -> None:
    with pytest.raises(TreeError, match=reason.replace("(", r"\(")):
        read_template(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "no valid json"),
        (b"\xff", "no UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b"[" * 60_000, "64 levels"),
        (b" " * (LARGEST_TEMPLATE + 1), "at most"),
    ],
)
def test_what_is_no_template_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(TreeError, match=reason):
        read_template(data)
