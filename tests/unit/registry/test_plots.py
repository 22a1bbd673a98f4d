"""What is written of plots agrees with DVC's own lists."""

from __future__ import annotations

from dvc_render.vega_templates import TEMPLATES as DVCS

from sitegen.registry.plots import DEFAULT_TEMPLATE, TEMPLATES


def test_the_templates_are_those_that_dvc_has() -> None:
    assert sorted(TEMPLATES) == sorted(template.DEFAULT_NAME for template in DVCS)
    assert DEFAULT_TEMPLATE in TEMPLATES
