"""Unquoted scalars are what GTO and DVC take them for."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sitegen.safeyaml import load, scalar

PLAIN: dict[str, Any] = {
    **{text: text for text in ("on", "off", "yes", "no", "y", "n", "=", "1:30", "0x", "0o8", "e5")},
    **{text: text for text in ("tRUE", "nUll", "1e", "0.0.1", "_1", "1.5e3_0", ".", "-_", "0b")},
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{"0": 0, "-0": 0, "+1": 1, "010": 10, "08": 8, "0o17": 15, "-0o17": -15, "0x1F": 31},
    **{"0b11": 3, "-0x1F": -31, "1_000": 1000, "1__0": 10, "1_": 1, "-_5": -5},
    **{"1e-3": 0.001, "1E5": 1e5, "1.e+3": 1e3, ".5": 0.5, "5.": 5.0, "+.5": 0.5, "1_0.5": 10.5},
    **{"._1": 0.1, "1_e3": 1e3, ".5e+2": 50.0, "3.10": 3.1, ".inf": math.inf, "-.Inf": -math.inf},
    # Dates stay what the file says.
    **{text: text for text in ("2020-01-01", "2020-01-01T10:00:00Z")},
}


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_scalar_is_what_gto_and_dvc_take_it_for(text: str) -> None:
    value = scalar(text)
    assert (type(value), value) == (type(PLAIN[text]), PLAIN[text])
    assert load(f"k: {text}").text(("k",)) == (text or "null")


def test_thousands_of_digits_stay_a_text() -> None:
    assert scalar("1" * 1_001) == "1" * 1_001


def test_digits_of_other_scripts_are_no_number() -> None:
    assert scalar("1\u0661") == "1\u0661"
