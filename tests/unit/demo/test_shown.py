"""The list of what the demo shows."""

from __future__ import annotations

from sitegen.demo import STORIES, shown


def test_the_list_is_in_order_and_names_only_versions_that_are_there() -> None:
    rows = shown()
    assert [(row.repository, row.artifact) for row in rows] == sorted(
        (row.repository, row.artifact) for row in rows
    )
    assert {row.repository for row in rows} == set(STORIES)
    for row in rows:
        assert set(row.stages.values()) <= set(row.versions), row.artifact
