"""`${templates}`: where values come from, and filling them in."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.readers.templates import Unresolved, extended, resolve, scope


def test_params_come_first_then_vars_in_order_and_what_was_there_stays() -> None:
    files = {
        "cv/params.yaml": b"a: params\nm: {x: 1}\n",
        "cv/more.toml": b"c = 'file'\nd = 'file'\n",
        "cv/some.json": b'{"e": 1, "f": 2, "g": 3}',
        "cv/broken.json": b"{",
    }
    variables = [{"a": "vars", "b": "vars", "m": {"x": 2, "y": 3}}, "more.toml", "some.json:e,f"]
    found = scope(files, "cv", [*variables, "gone.yaml", "broken.json", 3, "../../out.yaml"])
    assert dict(found) == {
        "a": "params",
        "b": "vars",
        "c": "file",
        "d": "file",
        "e": 1,
        "f": 2,
        "m": {"x": 1, "y": 3},
    }
    assert type(found["m"]) is dict


def test_a_step_adds_values_of_its_own_and_leaves_the_others_alone() -> None:
    outer = {"a": 1, "m": {"x": 1}}
    inner = extended(outer, {}, "", [{"a": 2, "b": 3, "m": {"y": 2}}])
    assert dict(inner) == {"a": 1, "b": 3, "m": {"x": 1, "y": 2}}
    assert outer == {"a": 1, "m": {"x": 1}}


NAMES: dict[str, Any] = {"n": 3.10, "b": True, "z": None, "t": "x", "l": [1, {"k": "v"}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${n}", 3.1),
        ("${ t }", "x"),
        ("${l}", [1, {"k": "v"}]),
        ("${l[1].k}", "v"),
        ("${l.1.k}", "v"),
        ("a-${n}-${b}-${t}", "a-3.1-true-x"),
        ("\\${t}", "${t}"),
        ("$t {t}", "$t {t}"),
        ("${", "${"),
    ],
)
def test_a_template_is_filled_in(text: str, expected: Any) -> None:
    assert resolve(text, NAMES) == expected
    assert resolve({"k": [text]}, NAMES) == {"k": [expected]}


@pytest.mark.parametrize(
    "text", ["${x}", "${n.a}", "${l[2]}", "${l[x]}", "${}", "a${l}", "${t.x}", "${l[0000000009]}"]
)
def test_a_template_that_names_nothing_is_told(text: str) -> None:
    with pytest.raises(Unresolved):
        resolve(text, NAMES)


def test_a_text_of_opened_templates_is_read_once_and_not_once_for_each() -> None:
    # Once for each it would take minutes.
    with pytest.raises(Unresolved, match="too long"):
        resolve("${" * 50_000, NAMES)
