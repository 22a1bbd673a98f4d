"""The stemmer of English: Porter's algorithm with lunr.js's deviations.

The package's stemmer follows another edition: it makes `displai` of "display", where lunr.js, which
stems what people look for, leaves it. The steps and their names are Porter's ("An algorithm for
suffix stripping", 1980); that a final "y" stays after a vowel, that "y" counts as both within a
stem, that "bli" and "logi" are among the suffixes and words of two letters stay, is lunr.js's.
"""

from __future__ import annotations

import re

_CONSONANTS, _VOWELS = "[^aeiou][^aeiouy]*", "[aeiouy][aeiou]*"
_START = f"(?:{_CONSONANTS})?"
_MEASURE_OVER_0 = re.compile(f"{_START}{_VOWELS}{_CONSONANTS}")
_MEASURE_IS_1 = re.compile(f"{_START}{_VOWELS}{_CONSONANTS}(?:{_VOWELS})?$")
_MEASURE_OVER_1 = re.compile(f"{_START}{_VOWELS}{_CONSONANTS}{_VOWELS}{_CONSONANTS}")
_HAS_VOWEL = re.compile(f"{_START}[aeiouy]")
# consonant, vowel, consonant, the last of them not w, x or y: "hop", which stands for "hope"
_SHORT = re.compile(f"{_CONSONANTS}[aeiouy][^aeiouwxy]$")


def _suffixes(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Suffixes and what takes their place: of several that fit, the longest counts."""
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


_STEP_2 = _suffixes(
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
    ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
    ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ("logi", "log"),
)  # fmt: skip
_STEP_3 = _suffixes(
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
)  # fmt: skip
_STEP_4 = _suffixes(
    ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""),
    ("ant", ""), ("ement", ""), ("ment", ""), ("ent", ""), ("ou", ""), ("ism", ""), ("ate", ""),
    ("iti", ""), ("ous", ""), ("ive", ""), ("ize", ""),
)  # fmt: skip


def stem(word: str) -> str:
    """The stem of a word in lower case."""
    # lunr.js counts in UTF-16 units.
    wide = not word.isascii() and any(char > "\uffff" for char in word)
    if wide:
        units = word.encode("utf-16-be", "surrogatepass")
        word = "".join(chr(a << 8 | b) for a, b in zip(units[::2], units[1::2], strict=True))
    if len(word) > 2:
        # A "y" that begins a word is a consonant, which is what no capital is a vowel stands for.
        word = f"Y{word[1:]}" if word[0] == "y" else word
        word = _step_5(_step_4(_steps_2_and_3(_step_1(word))))
        word = f"y{word[1:]}" if word[0] == "Y" else word
    if wide:
        data = b"".join(ord(unit).to_bytes(2, "big") for unit in word)
        return data.decode("utf-16-be", "surrogatepass")
    return word


def _step_1(word: str) -> str:
    """Plurals, participles, and "y" after a consonant."""
    if (len(word) > 4 and word.endswith("sses")) or (len(word) > 3 and word.endswith("ies")):
        word = word[:-2]
    elif len(word) > 2 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    if len(word) > 3 and word.endswith("eed"):
        if _MEASURE_OVER_0.match(word[:-3]):
            word = word[:-1]
    else:
        for suffix in ("ed", "ing"):
            root = word[: -len(suffix)]
            if root and word.endswith(suffix):
                if _HAS_VOWEL.match(root):
                    word = _mended(root)
                break
    if len(word) > 2 and word[-1] == "y" and word[-2] not in "aeiou":
        word = f"{word[:-1]}i"
    return word


def _mended(root: str) -> str:
    """A root without its participle's ending: of "hoping" it is "hope", of "hopping" "hop"."""
    if root.endswith(("at", "bl", "iz")):
        return f"{root}e"
    if root[-1:] == root[-2:-1] and root[-1] not in "aeiouylsz":
        return root[:-1]
    return f"{root}e" if _SHORT.match(root) else root


def _steps_2_and_3(word: str) -> str:
    """Suffixes of suffixes: "ization" is what "ize" is."""
    for step in (_STEP_2, _STEP_3):
        for suffix, instead in step:
            root = word[: -len(suffix)]
            if root and word.endswith(suffix):
                if _MEASURE_OVER_0.match(root):
                    word = root + instead
                break
    return word


def _step_4(word: str) -> str:
    """The suffixes that are left."""
    for suffix, _ in _STEP_4:
        root = word[: -len(suffix)]
        if root and word.endswith(suffix):
            return root if _MEASURE_OVER_1.match(root) else word
    if len(word) > 4 and word.endswith(("sion", "tion")) and _MEASURE_OVER_1.match(word[:-3]):
        return word[:-3]
    return word


def _step_5(word: str) -> str:
    """A final "e", and one "l" of two."""
    root = word[:-1]
    if (
        root
        and word[-1] == "e"
        and (_MEASURE_OVER_1.match(root) or (_MEASURE_IS_1.match(root) and not _SHORT.match(root)))
    ):
        word = root
    if word.endswith("ll") and _MEASURE_OVER_1.match(word):
        word = word[:-1]
    return word
