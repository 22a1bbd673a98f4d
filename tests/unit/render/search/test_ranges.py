from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.search.ranges import cut

KEYS = [f"term{number:04}" for number in range(2_000)]


def pieces(keys: list[str], sizes: list[int], most: int = 500) -> list[tuple[str, ...]]:
    return [tuple(keys[start:end]) for start, end in cut(keys, sizes, most)]


@given(st.lists(st.integers(1, 700), max_size=200))
def test_ranges_cover_all_in_order_and_are_small_or_of_one_key(sizes: list[int]) -> None:
    found = list(cut(KEYS[: len(sizes)], sizes, 500))
    assert [place for start, end in found for place in range(start, end)] == [*range(len(sizes))]
    assert all(sum(sizes[start:end]) <= 500 or end - start == 1 for start, end in found)
    assert all(a[1] == b[0] for a, b in pairwise(found))


def test_ranges_are_not_much_smaller_than_they_may_be() -> None:
    found = pieces(KEYS, [10] * len(KEYS))
    assert len(found) <= 2.5 * len(KEYS) * 10 / 500


def test_a_key_more_changes_few_ranges() -> None:
    before = set(pieces(KEYS, [10] * len(KEYS)))
    for at in range(0, len(KEYS), 97):
        keys = [*KEYS[:at], f"{KEYS[at]}a", *KEYS[at:]]
        keys.sort()
        changed = set(pieces(keys, [10] * len(keys))) - before
        assert sum(map(len, changed)) <= 200


def test_a_key_that_grows_changes_few_ranges() -> None:
    before = pieces(KEYS, [10] * len(KEYS))
    changes = []
    for at in range(0, len(KEYS), 97):
        sizes = [10] * len(KEYS)
        sizes[at] = 12
        changes.append(len(set(pieces(KEYS, sizes)) - set(before)))
    assert sum(changes) <= len(changes)


def test_nothing_has_no_ranges() -> None:
    assert list(cut([], [], 10)) == []
