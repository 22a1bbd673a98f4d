from __future__ import annotations

from sitegen.render.search.analysis import Analyser


def test_words_become_terms_in_lower_case_without_stop_words() -> None:
    analyser = Analyser()
    assert analyser["Predictions"] == ("predict",)
    assert analyser["The"] == ()
    assert analyser["\n"] == ()
    assert analyser["ResNet50"] == ("resnet50", "resnet", "50")


def test_of_the_first_document_the_shortest_word_of_a_stem_is_shown_whatever_the_order() -> None:
    for words in (["predictions", "predicted", "prediction"], ["prediction", "predicted"]):
        analyser = Analyser()
        for word in words:
            assert analyser[word] == ("predict",)
        analyser.document = 1
        assert analyser["predict"] == ("predict",)
        assert analyser.surfaces["predict"] == "predicted"
