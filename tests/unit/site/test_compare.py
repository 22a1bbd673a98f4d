"""Versions side by side."""

from __future__ import annotations

from sitegen.site.compare import Fact, changes, line_up


def fact(group: str, key: str, text: str, number: float | None = None) -> Fact:
    return Fact(group, key, text, text, number)


NEW = (
    fact("Metrics", "f1", "0.9", 0.9),
    fact("Columns", "age", "int64"),
    fact("Columns", "city", "object"),
    fact("Requirements", "numpy", "1.2"),
)
OLD = (
    fact("Metrics", "f1", "0.8", 0.8),
    fact("Columns", "age", "float64"),
    fact("Columns", "zip", "object"),
    fact("Requirements", "numpy", "1.2"),
)


def test_facts_of_one_name_stand_in_one_row() -> None:
    metrics, columns, requirements = line_up([NEW, OLD])
    assert [group.name for group in (metrics, columns, requirements)] == [
        "Metrics", "Columns", "Requirements",
    ]  # fmt: skip
    assert [row.key for row in columns.rows] == ["age", "city", "zip"]
    assert [[f and f.text for f in row.facts] for row in columns.rows] == [
        ["int64", "float64"], ["object", None], [None, "object"],
    ]  # fmt: skip
    assert (metrics.different, columns.different, requirements.different) == (1, 3, 0)
    assert requirements.rows[0].same


def test_a_difference_that_shortening_hides_is_one() -> None:
    first, second = Fact("Metrics", "f1", "0.9", "0.90001"), Fact("Metrics", "f1", "0.9", "0.90002")
    assert line_up([[first], [second]])[0].different == 1


def test_changes_leave_out_metrics_and_what_is_equal() -> None:
    assert [(c.what, c.name, c.kind, c.old, c.new) for c in changes(OLD, NEW)] == [
        ("Columns", "age", "changed", "float64", "int64"),
        ("Columns", "city", "added", "", "object"),
        ("Columns", "zip", "removed", "object", ""),
    ]
    assert changes(NEW, NEW) == ()
