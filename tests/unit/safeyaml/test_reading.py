"""YAML as GTO and DVC read it, and what hostile YAML costs."""

from __future__ import annotations

import math
import time
import tracemalloc
from typing import Any

import pytest
import yaml

from sitegen.safeyaml import YamlError, load, reading

BOMBS = {
    "aliases": "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(9)),
    "merge keys": "a0: &a0 {x: 1, y: 2}\n"
    + "".join(
        f"a{i + 1}: &a{i + 1} {{<<: [{', '.join([f'*a{i}'] * 9)}], k{i}: 1}}\n" for i in range(20)
    ),
    "flow lists": "[" * 25_000,
    "closed flow lists": "[" * 25_000 + "]" * 25_000,
    "flow mappings": "{a: " * 25_000,
    "block lists": "- " * 25_000,
    "block mappings": "\n".join(" " * depth + "a:" for depth in range(2_000)),
    "keys of keys": "? " * 25_000,
    "depth by aliases": "a0: &a0 [x]\n"
    + "".join(f"a{i + 1}: &a{i + 1} [*a{i}]\n" for i in range(5_000)),
    "size": "a: " + "x" * 5_000_000,
}


def test_quoted_and_block_scalars_are_text() -> None:
    found = load("a: '1'\nb: \"true\"\nc: |\n  1\nd: !!str 1\ne: ! '1'\n").value
    assert found == {"a": "1", "b": "true", "c": "1\n", "d": "1", "e": "1"}


def test_core_tags_say_the_type() -> None:
    found = load("a: !!float 1\nb: !!int '3'\nc: !!bool true\nd: !!null ''\ne: !!map {}").value
    assert found == {"a": 1.0, "b": 3, "c": True, "d": None, "e": {}}
    assert type(found["a"]) is float


def test_not_a_number_is_a_float_and_keeps_its_text() -> None:
    found = load("a: .NaN")
    assert math.isnan(found.value["a"])
    assert found.text(("a",)) == ".NaN"


def test_numbers_keep_their_source_text() -> None:
    found = load(
        'version: 3.10\nquoted: "3.10"\non: 1_000\nitems: [1.50, "a", ~]\nmap: {x: 0x10}\n'
    )
    assert [found.text((key,)) for key in found.value] == [
        "3.10",
        "3.10",
        "1_000",
        "[1.50, a, ~]",
        "{x: 0x10}",
    ]
    assert found.value["version"] == 3.1
    assert found.value["quoted"] == "3.10"
    assert found.text(("items", 0)) == "1.50"


def test_keys_are_the_text_of_the_file() -> None:
    assert load("3.10: a\ntrue: b\n'x': c\n? y\n: d\n").value == {
        "3.10": "a",
        "true": "b",
        "x": "c",
        "y": "d",
    }


def test_every_key_and_item_has_its_line() -> None:
    found = load(
        "# c\na:\n  b: 1\n  c:\n    - x\n    - y: 2\n      z: 3\nd: {e: 1,\n  f: [1,\n  2]}\n"
    )
    lines = {
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 6,
        ("a", "c", 1, "z"): 7,
        ("d", "f"): 9,
        ("d", "f", 1): 10,
        ("a", "missing"): 2,
        ("a", "b", "missing"): 3,
        (): 1,
    }
    assert {path: found.line(path) for path in lines} == lines


def test_leaves_come_flat_in_the_order_of_the_file() -> None:
    found = load("b: 1.0\na:\n  y: [1, 2]\n  x: {}\n  'p.q': n\n")
    assert list(found.leaves()) == [
        (("b",), 1.0, "1.0"),
        (("a", "y"), [1, 2], "[1, 2]"),
        (("a", "x"), {}, "{}"),
        (("a", "p.q"), "n", "n"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, p: 3}", {"p": 3, "q": 2}),
        ("a: [&x {p: 1}, &y {p: 5, r: 4}]\nb: {<<: [*x, *y], z: 1}", {"p": 1, "r": 4, "z": 1}),
        ("b: {p: 2, <<: {p: 1}}", {"p": 2}),
        ("b: {'<<': 1}", {"<<": 1}),
        ("a: &x {<<: {n: 1}, m: 2}\nb: {<<: *x}", {"n": 1, "m": 2}),
    ],
)
def test_merge_keys_merge_as_in_ruamel(text: str, expected: dict[str, Any]) -> None:
    assert load(text).value["b"] == expected


def test_what_is_merged_keeps_its_line_and_text() -> None:
    found = load("a: &x\n  p: 1.0\nb:\n  <<: *x\n  q: 2\n")
    assert (found.line(("b", "p")), found.text(("b", "p"))) == (2, "1.0")


def test_of_a_repeated_key_the_first_counts_and_the_rest_are_told() -> None:
    found = load("a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n")
    assert found.value == {"a": 1, "b": 2, "c": {"x": 1}}
    assert [(one.line, one.key, one.first_line) for one in found.warnings] == [
        (3, "a", 1),
        (4, "x", 4),
    ]
    assert str(found.warnings[0]) == (
        "line 3: the key 'a' stands already on line 1, whose value counts"
    )


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_at_once_and_in_little_memory(
    bomb: str, pure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pure:
        monkeypatch.setattr(reading, "_LOADER", yaml.SafeLoader)
    start = time.process_time()
    with pytest.raises(YamlError):
        load(BOMBS[bomb])
    taken = time.process_time() - start
    tracemalloc.start()
    with pytest.raises(YamlError):
        load(BOMBS[bomb])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < 2
    assert peak < 200_000_000


def test_more_values_than_allowed_are_refused() -> None:
    assert len(load("- x\n" * 9, max_nodes=10).value) == 9
    with pytest.raises(YamlError, match="line 10, column 3: written out, the file has more than"):
        load("- x\n" * 10, max_nodes=10)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert load("[" * 64 + "]" * 64).value is not None
    with pytest.raises(YamlError, match="more than 64 levels deep"):
        load("[" * 65 + "]" * 65)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: !!python/object/apply:os.system ['id']", "line 1, column 4: the tag '!!python"),
        ("a: !custom 1", "the tag '!custom' is not allowed"),
        ("a: !!binary aGk=", "the tag '!!binary' is not allowed"),
        ("a: !!set {x}", "the tag '!!set' is not allowed"),
        ("a: !!int x", "'x' is no int"),
        ("a: &x {b: *x}", "line 1, column 11: the anchor 'x' holds itself"),
        ("a: *x", "the alias 'x' has no anchor"),
        ("b: {<<: 1}", "a mapping, or a list of mappings"),
        ("? [1]\n: 2", "a key is expected"),
        ("a: 1\n---\nb: 2", "line 2, column 1: a second document"),
        ("a: b: c", "line 1, column 5: no valid YAML"),
        ("a: [1, 2", "no valid YAML"),
        ("a: \x07", "no valid YAML"),
        (b"a: \xff", "no valid YAML"),
        ("a: \ud800", "no valid YAML"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_place(text: str | bytes, reason: str) -> None:
    with pytest.raises(YamlError) as caught:
        load(text, name="some.yaml")
    assert reason in caught.value.problem.reason
    assert (caught.value.problem.path, caught.value.problem.kind) == ("some.yaml", "yaml")


def test_an_error_tells_line_and_column() -> None:
    with pytest.raises(YamlError) as caught:
        load("a: 1\nb: !x 2\n")
    assert (caught.value.line, caught.value.column) == (2, 4)


def test_an_empty_file_is_null() -> None:
    assert load("").value is None
    assert load("# only a comment\n").value is None


def test_a_number_of_thousands_of_digits_stays_text() -> None:
    assert load("a: " + "9" * 5_000).value == {"a": "9" * 5_000}


def test_an_alias_is_the_object_of_its_anchor() -> None:
    found = load("a: &x [1]\nb: *x\nc: &y 1.0\nd: *y\n*y : e\n")
    assert found.value["a"] is found.value["b"]
    assert found.text(("d",)) == "1.0"
    assert found.value["1.0"] == "e"
