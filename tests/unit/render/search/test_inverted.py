from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.analysis import Analyser
from sitegen.render.search.coding import varints
from sitegen.render.search.inverted import Inverted, Postings, first_of, in_order, replaced


def inverted(*documents: dict[str, str]) -> Inverted:
    made = Inverted(("name", "text"), Analyser())
    for number, document in enumerate(documents):
        made.add(number, document)
    return made


def test_a_term_stands_in_documents_by_distance_and_at_places() -> None:
    found = inverted({"name": "churn model"}, {}, {"text": "a model"}, {"name": "the model"})
    assert found.terms() == {"churn", "model"}
    assert list(found.postings("model")) == [
        Postings(0, 2, varints([0 << 1, 3 << 1]), varints([1, 1])),
        Postings(1, 1, varints([2 << 1]), varints([1])),
    ]
    assert list(found.postings("nothing")) == []


def test_a_term_that_stands_several_times_says_how_often_and_where() -> None:
    found = inverted({}, {"text": "models of models"}, {"text": "model"})
    assert list(found.postings("model")) == [
        Postings(1, 2, varints([1 << 1 | 1, 2, 1 << 1]), varints([0, 2, 0]))
    ]
    assert [first_of(each) for each in found.postings("model")] == [1]


def test_lengths_count_terms_not_words() -> None:
    found = inverted({"name": "the resnet50 model"}, {"text": "of the"})
    assert [list(lengths) for lengths in found.lengths] == [[4, 0], [0, 0]]


def test_parts_of_a_word_share_its_place() -> None:
    found = inverted({"name": "big resnet50 model"})
    places = {term: next(found.postings(term)).places for term in found.terms()}
    assert places == {
        "big": b"\0", "resnet50": b"\1", "resnet": b"\1", "50": b"\1", "model": b"\2"
    }  # fmt: skip


def test_terms_are_in_the_order_of_javascript() -> None:
    # By code points U+FA11 comes first, by UTF-16 units the surrogates of U+1D4B3 do.
    assert in_order(["c", "𝒳", "b", "\ufa11"]) == ["b", "c", "𝒳", "\ufa11"]


TEXTS = st.lists(
    st.lists(st.sampled_from(("model", "churn", "of", "resnet50")), max_size=5).map(" ".join),
    max_size=9,
)


@given(TEXTS, st.data())
def test_replaced_documents_are_as_if_they_had_been_so_from_the_beginning(
    texts: list[str], data: st.DataObject
) -> None:
    numbers = sorted(data.draw(st.sets(st.integers(0, len(texts) + 2))))
    after = dict(enumerate(texts)) | {
        at: data.draw(st.sampled_from((*texts, ""))) for at in numbers
    }
    before = inverted(*({"text": text} for text in texts))
    whole = inverted(*({"text": after.get(at, "")} for at in range(len(texts) + 3)))
    new = Inverted(("name", "text"), Analyser())
    for at in numbers:
        new.add(at, {"text": after[at]})
    for term in before.terms():
        (old,) = before.postings(term)
        expected = next(whole.postings(term), None)
        assert replaced(old, numbers, new.rows[1].get(term, ())) == expected
