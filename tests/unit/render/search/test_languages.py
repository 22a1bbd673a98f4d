from __future__ import annotations

import pytest

from sitegen.config.settings import LANGUAGES
from sitegen.errors import RenderError
from sitegen.render.search.analysis import Analyser
from sitegen.render.search.languages import ENGLISH, SNOWBALL, languages_of, unused_scripts

GERMAN = b'x.de.stopWordFilter=x.generateStopWordFilter("aber \\xfcber".split(" "))'
SCRIPTS = {"static/lib/lunr-de.js": GERMAN}


def test_the_settings_know_the_languages_that_the_search_knows() -> None:
    assert set(LANGUAGES) == {"en", *SNOWBALL}


def test_stop_words_are_those_of_the_file() -> None:
    english, german = languages_of(("en", "de"), SCRIPTS)
    assert english is ENGLISH
    assert german.stop_words == {"aber", "über"}
    assert german.stem("vorhersagen") == "vorhersag"


@pytest.mark.parametrize("scripts", [{}, {"static/lib/lunr-de.js": b"something else"}])
def test_a_language_without_its_file_is_refused(scripts: dict[str, bytes]) -> None:
    with pytest.raises(RenderError, match="the language 'de'") as caught:
        languages_of(("de",), scripts)
    assert caught.value.problem.path == "static/lib/lunr-de.js"
    assert "search.languages" in caught.value.problem.remedy


def test_stop_words_of_all_languages_are_left_out_and_all_stemmers_work() -> None:
    analyser = Analyser(languages_of(("en", "de"), SCRIPTS))
    assert analyser["Über"] == analyser["the"] == ()
    assert analyser["Vorhersagen"] == ("vorhersag",)
    assert analyser["predictions"] == ("predict",)
    assert Analyser()["aber"] == ("aber",)


def test_a_site_holds_the_files_of_its_languages_alone() -> None:
    assert len(unused_scripts(("en",))) == len(SNOWBALL) + 1
    left = unused_scripts(("en", "de", "fr"))
    assert len(left) == len(SNOWBALL) - 2
    assert "static/lib/lunr-support.js" not in left
    assert "static/lib/lunr-da.js" in left
