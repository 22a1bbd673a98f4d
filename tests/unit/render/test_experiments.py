"""The data of tables of experiments: classic scripts that hand over strings of JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest

from sitegen.registry.facts import Leaf, RepositoryFacts, ValueFile
from sitegen.registry.lineage import Data
from sitegen.registry.state import Annotated, fold
from sitegen.render import experiments
from sitegen.site.build import Settings, Source, build_site
from sitegen.site.model import Site
from tests.facts import history, metrics, oid, source, tag


def site_of(facts: RepositoryFacts) -> Site:
    return build_site([Source(facts, fold((), (), Annotated(), "repo"))], Settings())


def scripts(site: Site) -> dict[str, tuple[str, Any]]:
    """Path -> (function, record)."""
    found = {}
    for path, script in experiments.data_files(site):
        text = script.decode()
        start, end = text.index("("), text.rindex(")")
        function = text[:start].removeprefix("window.sitegen.experiments.")
        found[path] = (function, json.loads(json.loads(text[start + 1 : end])))
    return found


def spread(column: list[Any]) -> list[Any]:
    """The values of a column as the browser reads it."""
    return [column[0][i] for i in column[1]] if len(column) == 2 else column[0]


def leaf(value: Any, text: str) -> ValueFile:
    return ValueFile("m.json", "metrics", {"f1": Leaf(value, text)})


def test_one_script_opens_the_table_and_others_bring_its_rows() -> None:
    found = scripts(site_of(history("a b:a", {"main": "b"})))
    assert list(found) == ["data/experiments/repo.js", "data/experiments/repo/0.js"]
    function, head = found["data/experiments/repo.js"]
    assert function == "open"
    assert (head["rows"], head["chunks"], head["baseline"]) == (2, 1, 0)
    assert head["branches"] == [["main", "", 0, 2]]
    assert head["columns"] == [
        ["metrics:metrics.json:f1", "metrics", "metrics.json", "f1", "higher", 1]
    ]
    function, chunk = found["data/experiments/repo/0.js"]
    assert function == "take"
    assert chunk["id"] == [oid("b"), oid("a")]
    # 1: the only parent is the row that follows.
    assert chunk["parents"] == [1, []]
    assert spread(chunk["author"]) == ["Ada", "Ada"]
    assert spread(chunk["cells"][0]) == [1, 0]


def test_rows_come_in_chunks_that_are_small_however_many_columns_there_are() -> None:
    wide = metrics(**{f"m{i}": i / 7 for i in range(400)})
    graph = "c0 " + " ".join(f"c{i}:c{i - 1}" for i in range(1, 120))
    facts = history(graph, {"main": "c119"}, values={f"c{i}": [wide] for i in range(120)})
    found = scripts(site_of(facts))
    chunks = [record for function, record in found.values() if function == "take"]
    assert [chunk["start"] for chunk in chunks] == [0, 29, 58, 87, 116]
    assert [chunk["number"] for chunk in chunks] == [0, 1, 2, 3, 4]
    assert sum(len(chunk["id"]) for chunk in chunks) == 120
    # Each distinct cell is said once.
    assert chunks[0]["cells"][3] == [[3 / 7], [0] * 29]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (0.25, "0.25", 0.25),
        (3, "3", 3),
        (0, "0", 0),
        (-7, "-7", -7),
        (0.6113116726835138, "0.6113116726835138", 0.6113116726835138),
        (3.1, "3.10", [3.1, "3.10"]),
        (2.0, "2.0", [2.0, "2.0"]),
        (0.001, "1e-3", [0.001, "1e-3"]),
        (0.00001, "1e-05", [0.00001, "1e-05"]),
        (2**60, str(2**60), [float(2**60), str(2**60)]),
        (math.inf, "Infinity", ["Infinity", "Infinity"]),
        (math.nan, "NaN", "NaN"),
        (True, "true", "true"),
        ("adam", "adam", "adam"),
    ],
)
def test_a_cell_keeps_the_number_and_the_sources_spelling(
    value: Any, text: str, expected: Any
) -> None:
    facts = history("a", {"main": "a"}, values={"a": [leaf(value, text)]})
    _, chunk = scripts(site_of(facts))["data/experiments/repo/0.js"]
    assert spread(chunk["cells"][0]) == [expected]


def test_what_says_nothing_takes_no_room() -> None:
    facts = history(
        "a b:a c:b d:c",
        {"main": "d"},
        values={"a": [leaf(1, "1")], "b": [], "c": [], "d": []},
        data={"d": {"x": Data("x", "1" * 32, "md5", 1000)}},
    )
    _, chunk = scripts(site_of(facts))["data/experiments/repo/0.js"]
    assert spread(chunk["cells"][0]) == [None, None, None, 1]
    assert spread(chunk["cells"][1]) == [["1" * 32, "1 kB"], None, None, None]
    assert (chunk["tips"], chunk["tags"], chunk["badges"]) == ({}, {}, {})
    assert chunk["hidden"] == {"1": "unchanged"}
    assert chunk["message"] == [0, 0, 0, 0]


def test_rows_name_their_badges_by_number() -> None:
    one, two = tag("m@v1.0.0", "a", 1), tag("m@v2.0.0", "b", 2)
    facts = msgspec.structs.replace(history("a b:a", {"main": "b"}), tags=(one, two))
    site = build_site([Source(facts, source(one, two).registry)], Settings())
    found = scripts(site)
    _, head = found["data/experiments/repo.js"]
    assert [badge[:2] for badge in head["badges"]] == [[0, "v2.0.0"], [0, "v1.0.0"]]
    assert found["data/experiments/repo/0.js"][1]["badges"] == {"0": [0], "1": [1]}


def test_data_cannot_break_out_of_its_script() -> None:
    facts = history(
        "a",
        {"main": "a"},
        messages={"a": "</script><img src=x onerror=alert(1)> \u2028 <!--<script>\n"},
    )
    for path, script in experiments.data_files(site_of(facts)):
        assert b"<" not in script, path
        assert "\u2028".encode() not in script
    _, chunk = scripts(site_of(facts))["data/experiments/repo/0.js"]
    assert chunk["subject"][0].startswith("</script><img src=x onerror=alert(1)>")


def test_the_same_facts_give_the_same_bytes() -> None:
    facts = history("a b:a x:a", {"main": "b", "topic": "x"})
    assert list(experiments.data_files(site_of(facts))) == list(
        experiments.data_files(site_of(facts))
    )


def test_a_repository_without_experiments_has_no_data() -> None:
    site = build_site([source(tag("m@v1.0.0"))], Settings())
    assert list(experiments.data_files(site)) == []


def test_without_javascript_the_newest_rows_show_in_the_tables_order() -> None:
    graph = "c0 " + " ".join(f"c{i}:c{i - 1}" for i in range(1, 250)) + " x:c0"
    facts = history(graph, {"main": "c249", "topic": "x"})
    table = site_of(facts).repositories[0].table
    plain = experiments.plain_rows(table)
    assert len(plain) == experiments.PLAIN
    assert plain == tuple(sorted(plain))
    # The newest of all is the last row: another branch's.
    assert plain[-1] == len(table.rows) - 1
