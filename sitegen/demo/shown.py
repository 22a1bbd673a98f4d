"""What a portal of the demo registries has to show: written by hand, to test everything else by."""

from __future__ import annotations

import msgspec


class Shown(msgspec.Struct, frozen=True):
    """One artifact of the demo at the end of its year.

    artifact: as people see it (detection:yolo). versions: the active ones, oldest first; the last
    one is the latest. stages: stage -> version. deprecated: hidden unless asked for.
    """

    repository: str
    artifact: str
    versions: tuple[str, ...] = ()
    stages: dict[str, str] = {}
    type: str = "model"
    deprecated: bool = False


def shown() -> tuple[Shown, ...]:
    """All artifacts of the demo, by repository and name, annotated ones without versions too."""
    return (
        Shown(
            "churn",
            "churn",
            ("v0.1.0", "v0.2.0", "v0.3.0", "v1.0.0", "v1.0.1", "v1.1.0", "v1.2.0", "v1.3.0"),
            {"dev": "v1.3.0", "staging": "v1.3.0", "prod": "v1.1.0"},
        ),
        Shown("recommender", "basket-similarity"),
        Shown(
            "recommender",
            "embedder",
            ("v1.0.0", "v1.1.0"),
            {"dev": "v1.1.0", "staging": "v1.1.0", "prod": "v1.0.0"},
        ),
        Shown(
            "recommender",
            "item-dedup",
            ("v0.1.0", "v0.2.0"),
            {"staging": "v0.2.0", "prod": "v0.1.0"},
            deprecated=True,
        ),
        Shown(
            "recommender",
            "purchases",
            ("v2025.1.0", "v2025.4.0", "v2025.7.0", "v2025.10.0"),
            type="dataset",
        ),
        Shown(
            "recommender",
            "ranker",
            ("v1.0.0", "v1.1.0", "v2.0.0-rc.1", "v2.0.0", "v2.1.0"),
            {"dev": "v2.1.0", "staging": "v2.1.0", "prod": "v2.1.0"},
        ),
        Shown(
            "recommender",
            "retriever",
            ("v0.9.0", "v1.0.0", "v1.2.0"),
            {"dev": "v1.2.0", "staging": "v1.2.0", "prod": "v1.2.0"},
        ),
        Shown("recommender", "search/query-rewriter", ("v0.1.0",)),
        Shown(
            "vision",
            "detection:yolo",
            ("v0.1.0", "v1.0.0", "v1.1.0", "v1.2.0", "v2.0.0-alpha.1", "v2.0.0"),
            {"dev": "v2.0.0-alpha.1", "staging": "v2.0.0", "canary": "v2.0.0", "prod": "v1.2.0"},
        ),
        Shown(
            "vision",
            "ocr:price-reader",
            ("v0.1.0", "v0.2.0", "v1.0.0"),
            {"dev": "v0.2.0", "staging": "v1.0.0", "prod": "v1.0.0"},
        ),
        Shown("vision", "ocr:price-tags", ("v1.0.0",), type="dataset"),
        Shown(
            "vision",
            "shared:backbone",
            ("v1.0.0", "v2.0.0"),
            {"staging": "v2.0.0", "prod": "v1.0.0"},
        ),
    )
