"""The data of the pages on which versions stand side by side: a classic script for each model.

Opened from disk a page cannot fetch, so the data is a script that hands over one string of JSON:
a string is parsed by JSON.parse, many times faster than an object literal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.render.data import encode
from sitegen.render.plots import drawn_from
from sitegen.site.compare import GROUPS, facts_of, with_files
from sitegen.site.model import ModelView, Site


def data_path(model: ModelView) -> str:
    """Where a model's data is, from the page's own address."""
    return (
        model.compare.replace("models/", "data/compare/", 1).removesuffix("/compare.html") + ".js"
    )


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The data of every model with two versions: (path, bytes)."""
    for model in site.models:
        if model.compare:
            text = encode(_data(model)).decode()
            script = b"window.sitegen.compare=JSON.parse(" + encode(text) + b");\n"
            yield data_path(model), script


def _data(model: ModelView) -> dict[str, Any]:
    """keys: [group, key, "higher" or "lower" where that is better]. facts: [text, full or 0 if
    equal to it, number or null], each distinct one once. A version's facts: pairs of indices into
    both."""
    keys: dict[tuple[str, str, str], int] = {}
    files = with_files(model.versions)
    facts: dict[tuple[str, str, float | None], int] = {}
    versions = []
    for version in model.versions:
        pairs = []
        for fact in facts_of(version, files):
            key = keys.setdefault((fact.group, fact.key, fact.goal), len(keys))
            value = facts.setdefault((fact.text, fact.full, fact.number), len(facts))
            pairs.append([key, value])
        versions.append(
            {
                "name": version.name,
                "label": version.label,
                "url": version.url,
                "commit": version.commit.oid,
                "stages": [[stage.name, stage.hue] for stage in version.stages],
                "facts": pairs,
                "plots": [drawn_from(plot) for plot in version.plots],
            }
        )
    return {
        "groups": GROUPS,
        "keys": [[GROUPS.index(group), key, goal] for group, key, goal in keys],
        "facts": [[text, 0 if full == text else full, number] for text, full, number in facts],
        "git": model.compare_shape,
        "versions": versions,
    }
