"""What is read line by line reads the same by events; what could be misread is left to these."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.safeyaml import reading
from sitegen.safeyaml.plain import read_plain
from sitegen.safeyaml.reading import Document, YamlError, load
from tests.benchmarks.histories import changing

PARAMS = """\
# Chosen by hand.
seed: 42
train:
  lr: 0.010   # not too fast
  layers: [64, 32, -1]
  names: ['a b', "c"]
  nothing:
  empty: {}
  note: 'it is: quoted # here'

  path: s3://bucket/x#y
steps:
- fit
- name: last
  args:
    - --flag x
    -  
"""
WRAPPED = """\
stages:
  train:
    cmd: python train.py --input data/ready --output models/model.pkl
      --epochs 10 && echo done: ok
    deps:
    - path: a
      size: 1
"""  # fmt: skip


def taken(text: str, depth: int = 64, nodes: int = 1000) -> Document | None:
    found = read_plain(text, depth, nodes)
    return None if found is None else Document("", found[0], "", found[1], ())


def by_events(text: str) -> Document | YamlError:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_plain", lambda *_: None)
        try:
            return load(text)
        except YamlError as error:
            return error


def places(document: Document, value: Any) -> Any:
    """Every value with its line and text, and those inside of it."""
    if not isinstance(value, dict | list):
        return repr(value)
    steps = value if isinstance(value, dict) else range(len(value))
    return [
        (step, *document._marks[id(value)][step], places(document, value[step])) for step in steps
    ]


def assert_same(text: str) -> bool:
    """Whether the text is taken; where it is, events say the same."""
    ours = taken(text)
    if ours is None:
        return False
    theirs = by_events(text)
    assert isinstance(theirs, Document), theirs
    assert repr(ours.value) == repr(theirs.value)
    assert places(ours, ours.value) == places(theirs, theirs.value)
    assert theirs.warnings == ()
    return True


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "a: 1",
        "a:\n- b\n- c: 1\n  d: 2\ne: x\n",
        "- a\n- b\n",
        "a:\n  b:\n    c: 0.10\n  d:\n",
        "a: one\n  two\n   three\nb: 1\n",
        "a: [1, 'b c', \"d\", x.y]\nb: []\nc: {}\n",
        "a: x # c\n# d\n\nb: ''\n",
        "cmd: python a.py --x=1 && echo 'y'\n",
        PARAMS.replace("    -  \n", ""),
        *(text for path, text in changing(7).items() if not path.endswith(".json")),
    ],
)
def test_plain_files_are_taken(text: str) -> None:
    assert assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# alone\n",
        "a: &x 1\nb: *x\n",
        "<<: {a: 1}\n",
        "a: !!str 1\n",
        "a: |\n  text\n",
        "a: >-\n  text\n",
        "a: 1\na: 2\n",
        "a: {b: 1}\n",
        "a: [[1]]\n",
        "a: [1,\n  2]\n",
        'a: "b\\n"\n',
        "a: 'it''s'\n",
        "a: b: c\n",
        "a : 1\n",
        "'a': 1\n",
        "? a\n: b\n",
        "a: @x\n",
        "a: %x\n",
        "a: -\n",
        "- - a\n",
        "-\n  a: 1\n",
        "  a: 1\nb: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: 1\n- b\n",
        "---\na: 1\n",
        "a: 1\n...\n",
        "a:\tb\n",
        "a: 1\r\nb: 2\r\n",
        "a: \x00\n",
        "text\n",
        "a: x\n\n  y\n",
        "a: x # c\n  y\n",
        "a: 'x'\n  y\n",
        PARAMS,
        f"{'k' * 1001}: 1\n",
        WRAPPED,
    ],
)
def test_what_could_be_misread_is_left_to_events(text: str) -> None:
    assert taken(text) is None


def test_limits_are_those_of_the_reader_by_events() -> None:
    deep = "".join(f"{' ' * at}k:\n" for at in range(63)) + f"{' ' * 63}k: [1]\n"
    assert taken(deep) is None
    assert taken(deep.replace("[1]", "1")) is not None
    assert isinstance(by_events(deep), YamlError)
    assert taken("a: [1, 2, 3]\n", nodes=5) is None
    assert taken("a: 1\n" * 400) is None


INDENT = st.sampled_from(["", "  ", "    ", "      ", " ", "   "])
KEY = st.sampled_from(
    ["a", "b", "c.d", "x:y", "1", "null", "~", "k-1", "a#b", "true", "a b", "<<", "'q'", "- n", "?"]
)
VALUE = st.sampled_from(
    [
        "1", "0.10", "x", "two words", "a  b", "s3://b/x", "-1", "--flag", "-", "- y", "'q'", '"q"',
        "''", "'it''s'", '"a\\n"', "[1, 2]", "[]", "{}", "[a, 'b c']", "[[1]]", "[a", "{a: 1}", "|",
        "&x 1", "*x", "!!str 1", "#c", "x #c", "x#c", "a: b", "a:", "a:b", "%x", "~", "null", ".5",
        "'a: b'", '"a # b"', "x]", "'", "...", "---", "x\ty", "\u00e9", ": x", ":x", "?x", "[1] x",
        "[ 1 , 2 ]", "[1,]", "[-]", "[a:b]", "= <<", "? x", "", "'a' b",
    ]
)  # fmt: skip
END = st.sampled_from(["", "", "", " ", "  # c", " # c: d", "#"])
LINE = st.one_of(
    st.tuples(INDENT, KEY, st.just(": "), VALUE, END),
    st.tuples(INDENT, KEY, st.just(":")),
    st.tuples(INDENT, st.just("- "), VALUE, END),
    st.tuples(INDENT, st.just("- "), KEY, st.just(": "), VALUE),
    st.tuples(INDENT, VALUE),
    st.tuples(st.sampled_from(["", "  ", "# c", "  # c", "---", "-", "%YAML 1.2"])),
).map("".join)


@settings(max_examples=1_000)
@given(st.lists(LINE, min_size=1, max_size=6))
def test_nothing_that_is_taken_reads_otherwise_by_events(lines: list[str]) -> None:
    assert_same("\n".join(lines) + "\n")


@given(st.text("ab:-#'\"[]{},&*!|>?% \n", max_size=30))
def test_no_text_that_is_taken_reads_otherwise_by_events(text: str) -> None:
    assert_same(text)
