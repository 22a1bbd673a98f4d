"""Languages of the search: their stop words and stemmers, the same in the index and the browser.

In the browser they are lunr-languages' files, whose stemmers are Snowball's of their time. Here
their stop words are read out of these very files, and the stemmers are those of the release of
`snowballstemmer` that agrees with them, which a test looks at word by word for each of these. Of
Portuguese it does not: of words in -ci one in a hundred has another stem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec

from sitegen.errors import RenderError
from sitegen.render.search.stemmer import stem

SNOWBALL = {
    "da": "danish", "de": "german", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Code -> what Snowball calls the language."""
SCRIPT = "static/lib/lunr-{}.js"
"""A language's file in the site; that of "support" is what all of them need."""

_STOP_WORDS = re.compile(r'\.generateStopWordFilter\("([^"]*)"\.split\(" "\)\)')


class Language(msgspec.Struct, frozen=True):
    """A language. stop_words: of English none, as the `lunr` package has them."""

    code: str
    stem: Callable[[str], str]
    stop_words: frozenset[str] = frozenset()


ENGLISH = Language("en", stem)


def languages_of(codes: Sequence[str], scripts: Mapping[str, bytes]) -> tuple[Language, ...]:
    """The languages of some codes; scripts: path -> the site's own files.

    Raises RenderError where the file of a language is missing or not of the known form.
    """
    return tuple(ENGLISH if code == "en" else _language(code, scripts) for code in codes)


def unused_scripts(codes: Sequence[str]) -> frozenset[str]:
    """Paths of languages' files that a site with these languages does not need."""
    used = {*codes, "support"} if {*codes} - {"en"} else {*codes}
    return frozenset(SCRIPT.format(code) for code in {*SNOWBALL, "support"} - used)


@cache
def _stemmer(code: str) -> Callable[[str], str]:
    # Sites in English alone need not wait for it.
    import snowballstemmer

    stemmer: Callable[[str], str] = snowballstemmer.stemmer(SNOWBALL[code]).stemWord
    return stemmer


def _language(code: str, scripts: Mapping[str, bytes]) -> Language:
    path = SCRIPT.format(code)
    found = _STOP_WORDS.search(scripts.get(path, b"").decode("utf-8", "replace"))
    if found is None:
        raise RenderError(
            f"the search needs the stop words of the language {code!r}, and the theme has no file "
            "that lunr-languages would have",
            path=path,
            remedy="put the default theme's browser libraries in place, or take the language out "
            "of `search.languages`",
        )
    words = found[1].encode("latin-1", "backslashreplace").decode("unicode_escape")
    return Language(code, _stemmer(code), frozenset(words.split(" ")))
