"""The tokeniser: text to words, as `search-words.js` does it in the browser.

A word is a run of letters and digits of any script; everything else stands between words, so
`lightgbm-model`, `cv:model` and `src/train_model` are several. A full stop belongs to a word only
between digits, as in 1.2.0. Where letters meet digits a word has parts, which are found too:
`resnet50` is resnet50, resnet and 50. Chinese and Japanese characters are a word each, for nothing
stands between their words.
"""

from __future__ import annotations

import re

LONGEST = 60
"""UTF-16 units of a word; longer ones are no words but data."""
MOST_PARTS = 4
"""A word of more is a hash or the like, whose parts nobody looks for."""

# Beyond ASCII: punctuation, symbols, arrows, pictures. Joiners are among them, as `visible` spells
# out what is left of them.
BETWEEN = (
    "\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u05be\\u05c0\\u05c3"
    "\\u05f3\\u05f4\\u060c\\u061b\\u061f\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u0e4f\\u0e5a\\u0e5b"
    "\\u1680\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004"
    "\\u3008-\\u3020\\u3030\\u303d-\\u303f\\ufe10-\\ufe1f\\ufe30-\\ufe6f\\uff00-\\uff0f"
    "\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\ufff0-\\uffff"
)
BETWEEN_BEYOND = ("1f000-1faff", "e0000-e0fff")
"""Further ranges, of code points over 16 bits."""
ALONE = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
ALONE_BEYOND = ("20000-3ffff",)


def _class(ranges: str, beyond: tuple[str, ...]) -> str:
    pairs = (each.split("-") for each in beyond)
    return ranges + "".join(f"\\U{int(a, 16):08x}-\\U{int(b, 16):08x}" for a, b in pairs)


NO_LETTER = rf"\x00-/:-@\[-`{{-\x7f{_class(BETWEEN, BETWEEN_BEYOND)}"
"""For a class of characters: what stands between words."""
_LETTER = rf"[^{NO_LETTER}{_class(ALONE, ALONE_BEYOND)}]"

# A line's end counts as a word that is never found, so that no phrase goes across it.
_WORD = re.compile(
    rf"{_LETTER}+(?:(?<=[0-9])\.(?=[0-9]){_LETTER}+)*|\n|[{_class(ALONE, ALONE_BEYOND)}]"
)
_PART = re.compile(r"[0-9.]+|[^0-9.]+")

split = _WORD.findall
"""The words of a text as written, in order; a word's place in it is its ordinal."""


def parts(word: str) -> list[str]:
    """What a word, in lower case, is found by: itself, and its parts where letters meet digits.

    A single letter is no part. Nothing for a line's end and for what is too long to be a word.
    """
    if word == "\n" or len(word) + sum(char > "\uffff" for char in word) > LONGEST:
        return []
    found = _PART.findall(word)
    if not 1 < len(found) <= MOST_PARTS:
        return [word]
    return [word, *(part for part in found if len(part) > 1 or part in "0123456789")]
