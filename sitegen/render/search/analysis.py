"""From words to terms, what the index is made of: trimmed, without stop words, stemmed.

The steps run in a pipeline of the `lunr` package, whose stop words are lunr.js's own. Its trimmer
and its stemmer are not: ours take their place.
"""

from __future__ import annotations

from collections.abc import Callable

from lunr.pipeline import Pipeline
from lunr.stop_word_filter import stop_word_filter
from lunr.token import Token

from sitegen.render.search import words
from sitegen.render.search.stemmer import stem
from sitegen.render.search.trimmer import trim


def _step(change: Callable[[str], str], name: str) -> Callable[..., Token]:
    """A step of the pipeline that changes each word by itself."""

    def step(token: Token, place: int | None = None, tokens: object = None) -> Token:
        return token.update(lambda text, metadata: change(text))

    Pipeline.register_function(step, name)
    return step


_TRIMMER = _step(trim, "trimmer-as-lunr.js")
_STEMMER = _step(stem, "stemmer-as-lunr.js")


class Analyser(dict[str, tuple[str, ...]]):
    """From a word, as `words.split` gives it, to its terms, () for a stop word; each made once.

    surfaces: term -> the word that people are shown for it, the shortest that it was made of.
    """

    def __init__(self) -> None:
        self.surfaces: dict[str, str] = {}
        self._pipeline = Pipeline()
        self._pipeline.add(_TRIMMER, stop_word_filter, _STEMMER)

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = []
        for part in words.parts(word.lower()):
            for term in self._pipeline.run_string(part):
                if term:
                    found.append(term)
                    known = self.surfaces.get(term)
                    if known is None or (len(part), part) < (len(known), known):
                        self.surfaces[term] = part
        self[word] = terms = tuple(found)
        return terms
