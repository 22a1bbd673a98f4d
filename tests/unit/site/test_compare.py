"""Versions side by side."""

from __future__ import annotations

import msgspec

from sitegen.site.compare import Fact, changes, facts_of, line_up, with_files
from sitegen.site.model import ValueFileView, ValueView, VersionView
from tests.lineages import OLD_RAW, RAW, pipeline, version


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


def measured(*paths: str) -> VersionView:
    values = (ValueView("loss", "0.1", "0.1", 0.1, "", "", ""),)
    files = tuple(ValueFileView(path, "", "", values) for path in paths)
    return msgspec.structs.replace(version(pipeline(RAW)), metrics=files, params=files[:1])


def test_a_metric_has_one_name_in_all_versions_however_many_files_each_has() -> None:
    versions = [measured("a.json"), measured("a.json", "b.json")]
    files = with_files(versions)
    assert files == {"Metrics"}
    metrics = line_up([facts_of(one, files) for one in versions])[0]
    assert [row.key for row in metrics.rows] == ["a.json: loss", "b.json: loss"]
    assert metrics.different == 1
    assert {fact.goal for row in metrics.rows for fact in row.facts if fact} == {"lower"}
    assert with_files(versions[:1]) == frozenset()


def test_data_and_code_are_compared_by_their_hashes_and_said_once() -> None:
    new = facts_of(version(pipeline(RAW), pipeline(OLD_RAW)))
    old = facts_of(version(pipeline(OLD_RAW)))
    rows = {(each.group, each.key): each for each in new}
    assert rows["Data and code", "data/raw.csv"].text == RAW[:10]
    assert rows["Data and code", "data/raw.csv"].full == RAW
    assert rows["File", "Storage"].full == "https://store.example"
    (group,) = (each for each in line_up([new, old]) if each.name == "Data and code")
    assert [(row.key, row.same) for row in group.rows] == [
        ("data/raw.csv", False), ("train.py", True),
    ]  # fmt: skip
    assert "Data and code" not in {each.what for each in changes(old, new)}
