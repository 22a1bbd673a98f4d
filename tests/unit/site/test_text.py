import json
import math
from typing import Any

import pytest

from sitegen.registry.facts import Leaf, Moment
from sitegen.site import text
from tests.node import SCRIPTS, node


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\u200d", "\ufeff", "\x07", "\u2028", "\u2066", "\U000e0041"]
)
def test_hidden_characters_are_spelt_out(character: str) -> None:
    shown = text.visible(f"a{character}b")
    assert character not in shown
    assert shown == f"a⟨U+{ord(character):04X}⟩b"


def test_ordinary_text_of_any_script_is_left_alone() -> None:
    for plain in ("tab\tand\nline", "Zürich 東京 Ελλάδα", "naïve café", ""):
        assert text.visible(plain) == plain


def test_the_first_line_that_says_something_is_the_subject() -> None:
    assert text.line("\n\n  Fix it \n\nLong story") == "Fix it"


def test_a_date_keeps_the_offset_of_its_writer() -> None:
    shown = text.when(Moment(1_658_450_644, -420))
    assert shown.iso == "2022-07-21T17:44:04-07:00"
    assert shown.text == "21 Jul 2022"
    assert shown.full == "2022-07-21 17:44:04 -07:00"


def test_a_date_in_2100_is_right_and_none_is_never_1970() -> None:
    assert text.when(Moment(4_102_444_800)).text == "1 Jan 2100"
    assert text.when(None).text == "invalid date"


@pytest.mark.parametrize(
    ("leaf", "shown"),
    [
        (Leaf(0.6113116726835138, "0.6113116726835138"), "0.61131"),
        (Leaf(3.1, "3.10"), "3.10"),
        (Leaf(1500, "1500"), "1500"),
        (Leaf(math.nan, "NaN"), "NaN"),
        (Leaf(1e-9, "0.000000001"), "1e-9"),
        (Leaf(1234567.8912, "1234567.8912"), "1234568"),
        (Leaf("a\u202eb", "a\u202eb"), "a⟨U+202E⟩b"),
        (Leaf(True, "true"), "true"),
    ],
)
def test_numbers_are_shortened_and_short_ones_keep_their_digits(leaf: Leaf, shown: str) -> None:
    assert text.short_number(leaf) == shown


def test_only_finite_comparable_values_are_numbers() -> None:
    assert text.number(Leaf(3, "3")) == 3.0
    assert text.number(Leaf(True, "true")) is None
    assert text.number(Leaf(math.nan, "NaN")) is None
    assert text.number(Leaf(10**400, "1e400")) is None
    assert text.number(Leaf("3", "3")) is None


def test_a_difference_has_its_sign() -> None:
    assert text.delta(0.62, 0.6) == "+0.02"
    assert text.delta(0.6, 0.62) == "−0.02"
    assert text.delta(1, 1) == "±0"
    assert text.delta(math.inf, 1) == ""


def test_of_a_large_difference_no_whole_digit_is_lost() -> None:
    assert text.delta(21520, 19970) == "+1550"
    assert text.delta(-1234567.4, 0) == "−1234567"


def asked(function: str, questions: list[Any]) -> list[str]:
    """What a function of values.js answers to lists of arguments."""
    script = """
        globalThis.window = { sitegen: {} };
        require(process.argv[1]);
        const questions = JSON.parse(require("fs").readFileSync(0, "utf-8"));
        const answer = window.sitegen.values[process.argv[2]];
        console.log(JSON.stringify(questions.map(each => answer(...each))));
    """
    where = str(SCRIPTS / "js/values.js")
    answers: list[str] = json.loads(
        node(["-e", script, where, function], json.dumps(questions).encode())
    )
    return answers


NUMBERS = (
    0.02, 1.125, 0.123456789, 999.7, 1000.5, 99999.5, 123456.789, 1234567.8912, 1.5e15,
    1.234567e300, 0.00012345678, 0.0000012345678, 0.00000012345678, 3.1e-12, 1.5e-300, 12.5,
    0.70000000000001, 54321.987654321,
)  # fmt: skip


def test_the_browser_writes_differences_alike() -> None:
    pairs = [(0.62, 0.6), (0.6, 0.62), (1, 1), (21520, 19970), (1.7e308, -1.7e308)]
    pairs += [pair for number in NUMBERS for pair in ((number, 0), (0, number))]
    assert asked("difference", pairs) == [text.delta(now, before) for now, before in pairs]


def test_the_browser_shortens_numbers_alike() -> None:
    spelt = [f"{sign}{number!r}" for number in NUMBERS for sign in ("", "-")]
    spelt += ["1234567.0", "0.1000000000", "1.00000000e+20", "-0.00000000", "123456.7890000"]
    rows = [(float(each), each) for each in spelt]
    assert asked("short", rows) == [text.short_number(Leaf(*row)) for row in rows]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""), (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"),
        (516_401, "516 kB"), (4_145_903, "4.15 MB"), (999_600, "1 MB"), (10**20, "100000 PB"),
    ],
)  # fmt: skip
def test_bytes_are_said_in_powers_of_a_thousand(count: int | None, shown: str) -> None:
    assert text.size(count) == shown
