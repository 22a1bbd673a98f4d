"""Changes of one value: what is meant comes out, and every other byte stays."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.errors import RefusedError
from sitegen.safeyaml import YamlError, delete, load, put
from sitegen.safeyaml.edit import same

STYLES: dict[str, str] = {
    "two columns": "# head\na:\n  path: x   # where\n  labels:\n  - one\nb:\n  path: y\n",
    "four columns": "a:\n    path: x\n    labels:\n        - one\n        # more\n        - two\n"
    "# b's\nb:\n    path: 'y'\n",
    "flow": "a: {path: x, labels: [one, two]}  # a\nb: {path: y}\n",
    "flow over lines": "a: {\n  path: x,\n  labels: [one,\n    two]\n}\nb: {path: y}\n",
    "JSON": '{"a": {"path": "x", "labels": ["one"]}, "b": {"path": "y"}}\n',
    "CRLF": "# head\r\na:\r\n  path: x\r\n  desc: |\r\n    one\r\n\r\nb:\r\n  path: y\r\n",
    "no break at the end": "a:\n  path: x\nb:\n  path: y",
    "quoted keys": '\'a\':\n  "path": x\n"b":\n  path: y\n',
    "unicode": "# käse \U0001f9c0\na:\n  desc: naïve 漢字\n  path: x\nb:\n  path: ünder\n",
    "byte order mark": "\ufeffa:\n  path: x\nb:\n  path: y\n",
    "document marks": "%YAML 1.2\n---\n# head\na:\n  path: x\nb:\n  path: y\n...\n",
    "block scalars": "a:\n  path: x\n  desc: >-\n    one\n    # no comment\n\n\nb:\n  desc: |+\n"
    "    two\n\n\n  path: y\n",
    "text over lines": "a:\n  path: x\n  desc: This is\n    more\n  t: 'quoted\n\n    more'\nb:\n"
    "  path: y\n",
    "blank lines": "\n\na:\n\n  path: x\n\n\nb:\n\n  path: y\n\n\n# end\n",
    "anchors elsewhere": "z: &z {q: 1}\na:\n  path: x\n  other: *z\nb:\n  <<: *z\n  path: y\n",
    "nothing said": "a:\n  path: x\nb:\n  path: y\nc:\nd: ~\n",
    "merge": "base: &base\n  type: model\na:\n  <<: *base\n  path: x\nb:\n  <<: *base\n  path: y\n",
}


def kept(before: str, after: str) -> list[str]:
    """Lines of `before` that are not in `after`, by place."""
    old, new = before.splitlines(True), after.splitlines(True)
    at = 0
    gone = []
    for line in old:
        if line in new[at:]:
            at = new.index(line, at) + 1
        else:
            gone.append(line)
    return gone


@pytest.mark.parametrize("style", STYLES)
def test_a_changed_value_changes_its_own_stretch_alone(style: str) -> None:
    before = STYLES[style]
    after = put(before.encode(), ("b", "path"), "new/place").decode()
    start = before.rindex("path")
    assert after[:start] == before[:start]
    old = before[start:].removeprefix('path"').removeprefix("path").lstrip(": ")
    word = next(word for word in ("'y'", '"y"', "ünder", "y") if old.startswith(word))
    quote = word[0] if word[0] in "'\"" else ""
    assert after.endswith(f"{quote}new/place{quote}{old[len(word) :]}")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("value", ["model", ["x", "y"], {"k": {"l": 1}}, "two\nlines"], ids=repr)
def test_a_new_member_leaves_every_line_of_block_form(style: str, value: Any) -> None:
    before = STYLES[style]
    after = put(before.encode(), ("a", "kind"), value).decode()
    assert load(after.encode()).value["a"]["kind"] == value
    if "flow" not in style and style != "JSON":
        assert kept(before, after) == []
        added = len(after.splitlines()) - len(before.splitlines())
        assert added == {str: 1, list: 3, dict: 3}[type(value)] + 2 * ("\n" in value)
    if style == "CRLF":
        assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize("style", STYLES)
def test_what_is_put_and_deleted_again_leaves_the_file_as_it_was(style: str) -> None:
    before = STYLES[style].encode()
    for keys, value in ((("new",), {"path": "z"}), (("a", "kind"), ["x"]), (("b", "k"), "v")):
        after = put(before, keys, value)
        assert after != before
        again = delete(after, keys)
        assert again.rstrip(b"\n") == before.rstrip(b"\n")


@pytest.mark.parametrize("style", STYLES)
def test_what_is_there_already_changes_nothing(style: str) -> None:
    before = STYLES[style].encode()
    value = load(before).value
    for name in ("a", "b"):
        assert put(before, (name,), value[name]) == before
        for key in value[name]:
            assert put(before, (name, key), value[name][key]) == before


@pytest.mark.parametrize("style", STYLES)
def test_a_deleted_member_takes_its_lines_alone(style: str) -> None:
    before = STYLES[style].encode()
    after = load(delete(before, ("a",))).value
    assert after == {key: item for key, item in load(before).value.items() if key != "a"}
    inner = load(delete(before, ("b", "path"))).value
    assert "path" not in inner["b"]


def test_a_member_goes_with_its_own_comments_and_leaves_those_of_others() -> None:
    text = (
        "# head of the file\n\n# a's\na:  # a too\n  path: x\n  # within a\n\n# b's\n# still\nb:\n"
        "  path: y\n\n# the end\n"
    )
    assert delete(text.encode(), ("a",)).decode() == (
        "# head of the file\n\n# b's\n# still\nb:\n  path: y\n\n# the end\n"
    )
    assert delete(text.encode(), ("b",)).decode() == (
        "# head of the file\n\n# a's\na:  # a too\n  path: x\n  # within a\n\n# the end\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  b: 1\n", "a: {}\n"),
        ("x: 1\na: # c\n  b: 1\n  # d\n\ny: 2\n", "x: 1\na: {} # c\n  # d\n\ny: 2\n"),
        ("a: {b: 1}\n", "a: {}\n"),
    ],
)
def test_a_mapping_that_becomes_empty_is_written_as_such(before: str, after: str) -> None:
    assert delete(before.encode(), ("a", "b")).decode() == after


def test_the_last_member_of_a_file_leaves_an_empty_mapping_and_it_can_be_filled_again() -> None:
    before = b"# head\n\na:\n  path: x\n"
    empty = delete(before, ("a",))
    assert empty == b"# head\n{}\n"
    assert put(empty, ("a",), {"path": "x"}) == b"# head\na:\n  path: x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "nn:\n  path: p\n"),
        ("# only", "# only\nnn:\n  path: p\n"),
        ("{}\n", "nn:\n  path: p\n"),
        ("null", "nn:\n  path: p"),
        ("{} # c\n", "# c\nnn:\n  path: p\n"),
        ("---\n", "---\nnn:\n  path: p\n"),
        ("--- {}\n", "---\nnn:\n  path: p\n"),
        ("--- # c\n...\n", "--- # c\nnn:\n  path: p\n...\n"),
        ("nn:\n", "nn:\n  path: p\n"),
        ("nn: # c\nb: 1\n", "nn: # c\n  path: p\nb: 1\n"),
        ("nn: {} # c\nb: 1\n", "nn: # c\n  path: p\nb: 1\n"),
        ("nn: ~\r\nb: 1\r\n", "nn:\r\n  path: p\r\nb: 1\r\n"),
    ],
)
def test_nothing_is_filled(before: str, after: str) -> None:
    assert put(before.encode(), ("nn", "path"), "p").decode() == after


def test_a_new_member_is_indented_and_spaced_as_its_neighbours() -> None:
    before = "m:\n    a:\n        l:\n          - x\n\n    b:\n        l: []\n"
    after = put(before.encode(), ("m", "c"), {"l": ["y"], "d": {"e": 1}}).decode()
    assert after == before + "\n    c:\n        l:\n          - y\n        d:\n            e: 1\n"


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (["one", "two", "three"], ["- one # 1", "# of two", "- two", "- three"]),
        (["two"], ["# of two", "- two"]),
        (["one"], ["- one # 1"]),
        (["zero", "one", "two"], ["- zero", "- one # 1", "# of two", "- two"]),
        (["one", "other"], ["- one # 1", "- other"]),
        (["x", "y"], ["- x", "- y"]),
    ],
)
def test_items_that_stay_keep_their_comments(new: list[str], lines: list[str]) -> None:
    head, tail = "a:\n  labels:  # all\n", "  path: x\n"
    before = head + "    - one # 1\n    # of two\n    - two\n" + tail
    after = put(before.encode(), ("a", "labels"), new).decode()
    assert after == head + "".join(f"    {line}\n" for line in lines) + tail


REFUSED: dict[str, tuple[str, tuple[str, ...], Any, str]] = {
    "an anchor in use": ("b: &b {p: 1}\na: *b\n", ("b",), None, "anchor"),
    "within an anchor in use": ("b: &b {p: 1}\na: *b\n", ("b", "p"), "2", "written"),
    "an alias": ("b: &b {p: 1}\na: *b\n", ("a", "p"), "2", "alias"),
    "what is merged": ("b: &b {p: 1}\na:\n  <<: *b\n", ("a", "p"), None, "merged"),
    "a list with comments": ("a:\n  p:\n  - x # c\n  - y\n", ("a", "p"), "t", "comments"),
    "an unusual key": ("a:\n  ? p\n  : 1\n", ("a", "p"), "2", "unusual"),
    "a repeated key": ("a: 1\na: 2\n", ("b",), "2", "stands already"),
    "a text above": ("a: text\n", ("a", "p"), "2", "no mapping"),
    "what is not there": ("a: {}\n", ("b",), None, "not there"),
    "a list as the file": ("- a\n", ("b",), "x", "no mapping"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_changed_safely_is_refused_with_a_remedy(case: str) -> None:
    text, keys, value, reason = REFUSED[case]
    with pytest.raises(RefusedError, match=reason) as caught:
        if value is None:
            delete(text.encode(), keys, name="f.yaml")
        else:
            put(text.encode(), keys, value, name="f.yaml")
    assert caught.value.problem.path == "f.yaml"
    assert caught.value.problem.remedy


def test_another_encoding_is_refused() -> None:
    with pytest.raises(RefusedError, match="UTF-8"):
        put("a: 1\n".encode("utf-16"), ("b",), 1)


def test_a_bomb_is_refused_before_any_change() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(9)
    )
    with pytest.raises(YamlError):
        put(bomb.encode(), ("b",), 1)


def test_equal_values_of_other_types_differ() -> None:
    assert same({"a": [1, None]}, {"a": [1, None]})
    assert same(math.nan, math.nan)
    assert not same([1], [True])
    assert not same({"a": 1}, {"a": 1.0})
    assert not same([1], [1, 2])


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(style=st.sampled_from(sorted(STYLES)), name=st.sampled_from(["a", "b"]), value=VALUES)
def test_any_value_comes_out_as_it_went_in_and_all_others_stay(
    style: str, name: str, value: Any
) -> None:
    before = STYLES[style].encode()
    for keys in ((name, "path"), (name, "some"), ("other",)):
        after = put(before, keys, value)
        found, old = load(after).value, load(before).value
        holder = found if len(keys) == 1 else found[name]
        assert same(holder[keys[-1]], value)
        for other in old.keys() - {name}:
            assert same(found[other], old[other])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_a_text_for_readers_of_yaml_1_1_too(text: str) -> None:
    assert yaml.safe_load(put(b"", ("a", "b"), text)) == {"a": {"b": text}}
    assert yaml.safe_load(put(b"{a: [x]}", ("a",), ["x", text])) == {"a": ["x", text]}
