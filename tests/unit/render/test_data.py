"""The JSON of the API: it parses everywhere and breaks out of nothing."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from sitegen.render import data
from sitegen.site.records import ApiData, ApiExperiment, ApiRepository
from tests.unit.render.views import EVIL


class Record(msgspec.Struct, frozen=True):
    value: Any


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def round_trip(value: Any) -> Any:
    return json.loads(data.encode(Record(value)), parse_constant=refuse)["value"]


@pytest.mark.parametrize(
    "text", [EVIL, "</script>", "<!--<script>", "]]>", "\u2028\u2029", "'\"\\\n\x00\x7f", "\u202e"]
)
def test_text_breaks_out_of_no_script_and_round_trips(text: str) -> None:
    said = data.encode({text: [text]})
    assert json.loads(said) == {text: [text]}
    for forbidden in ("<", ">", "&", "\u2028", "\u2029"):
        assert forbidden.encode() not in said


def test_numbers_that_json_cannot_say_are_strings() -> None:
    assert round_trip(float("nan")) == "NaN"
    assert round_trip([float("inf"), {"a": -float("inf")}]) == ["Infinity", {"a": "-Infinity"}]
    assert round_trip(2**64) == str(2**64)
    assert round_trip({"a": [-(2**63) - 1, True]}) == {"a": [str(-(2**63) - 1), True]}
    assert round_trip(10**5000) == hex(10**5000)
    assert round_trip([2**64 - 1, -(2**63), 0.1, 1e300]) == [2**64 - 1, -(2**63), 0.1, 1e300]


def test_lone_surrogates_become_question_marks_and_spare_the_rest() -> None:
    assert round_trip({"a\udcff": ["\ud800b", "ü", 10**30]}) == {"a?": ["?b", "ü", str(10**30)]}


def test_documents_come_sorted_and_end_in_a_newline() -> None:
    found = list(data.documents({"b.json": Record(1), "a.json": [Record(2)]}))
    assert found == [("a.json", b'[{"value":2}]\n'), ("b.json", b'{"value":1}\n')]


def experiment(number: int, **more: Any) -> ApiExperiment:
    """An experiment whose message would end what it stands in, were it not escaped."""
    fields: dict[str, Any] = {
        "commit": f"{number:040}", "parents": [], "branches": ["main"], "tags": [], "name": None,
        "baseline": None, "author": "Ada", "date": None,
        "message": '"metrics":{},"params":{},"files":{}</script>', "metrics": {}, "params": {},
        "files": {}, "models": {}, "hidden": False, "hidden_because": None, **more,
    }  # fmt: skip
    return ApiExperiment(**fields)


def test_experiments_are_written_as_any_record() -> None:
    shared = {"m.json": {"f1": 0.5, "n": 10**30, "</b>": "\ud800"}}
    rows = [
        experiment(1, metrics=shared, files={"a": ApiData("1f", 7), "ü": ApiData(None, None)}),
        experiment(2, metrics=shared, params={"p.yaml": {"experiments": []}}),
        experiment(3),
    ]
    record = ApiRepository(1, '"experiments":[]', None, None, None, [], [], [], rows, "r.json")
    said = data.encode(record)
    expected = data._sayable(msgspec.to_builtins(record))
    expected["experiments"][0]["metrics"]["m.json"]["</b>"] = "?"
    expected["experiments"][1]["metrics"]["m.json"]["</b>"] = "?"
    assert json.loads(said) == expected
    assert b"<" not in said


def test_every_schema_describes_its_record() -> None:
    found = {path: json.loads(said) for path, said in data.schemas()}
    assert set(found) >= {"api/v1/schema/registry.json", "api/v1/schema/model.json"}
    for schema in found.values():
        assert schema["$schema"].endswith("2020-12/schema")
        assert schema["title"]
    definition = found["api/v1/schema/registry.json"]["$defs"]["ApiRegistry"]
    assert definition["description"].startswith("The whole registry")
    assert "models" in definition["properties"]
