"""From words to terms, what the index is made of: trimmed, without stop words, stemmed.

The steps run in a pipeline of the `lunr` package, whose stop words are lunr.js's own. Its trimmer
and its stemmer are not: ours take their place. Of several languages all stop words are left out,
and the stemmers work one after the other, as lunr-languages has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from lunr.pipeline import Pipeline
from lunr.stop_word_filter import generate_stop_word_filter, stop_word_filter
from lunr.token import Token

from sitegen.render.search import words
from sitegen.render.search.languages import ENGLISH, Language
from sitegen.render.search.trimmer import trim


def _step(change: Callable[[str], str], name: str) -> Callable[..., Token]:
    """A step of the pipeline that changes each word by itself."""

    def step(token: Token, place: int | None = None, tokens: object = None) -> Token:
        return token.update(lambda text, metadata: change(text))

    Pipeline.register_function(step, name)
    return step


_TRIMMER = _step(trim, "trimmer-as-lunr.js")


@cache
def _filter(language: Language) -> Callable[..., Token | None]:
    """The step that leaves out a language's stop words."""
    if language is ENGLISH:
        found: Callable[..., Token | None] = stop_word_filter
    else:
        found = generate_stop_word_filter(language.stop_words, language.code)
    return found


@cache
def _stemmer(language: Language) -> Callable[..., Token]:
    return _step(language.stem, f"stemmer-as-lunr.js-{language.code}")


class Analyser(dict[str, tuple[str, ...]]):
    """From a word, as `words.split` gives it, to its terms, () for a stop word; each made once.

    surfaces: term -> the word that people are shown for it: of the first document in which the term
    stands the shortest. document: the number of that whose words are asked for, rising.
    """

    def __init__(self, languages: Sequence[Language] = (ENGLISH,)) -> None:
        self.document = 0
        self.surfaces: dict[str, str] = {}
        self._first: dict[str, int] = {}
        self._pipeline = Pipeline()
        self._pipeline.add(_TRIMMER, *map(_filter, languages), *map(_stemmer, languages))

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = []
        for part in words.parts(word.lower()):
            for term in self._pipeline.run_string(part):
                if term:
                    found.append(term)
                    self._show(term, part)
        self[word] = terms = tuple(found)
        return terms

    def _show(self, term: str, word: str) -> None:
        # A word of a later document, asked for the first time, is in none of the earlier ones.
        known = self.surfaces.get(term)
        if known is None:
            self._first[term] = self.document
        elif self._first[term] < self.document or (len(known), known) <= (len(word), word):
            return
        self.surfaces[term] = word
