import random

from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry import events
from sitegen.registry.events import Event, in_order, version_trailer
from sitegen.registry.facts import Moment, Ref
from sitegen.registry.tags import PRIORITY, TagName


def event(tag: str, kind: str, seconds: int | None, counter: int | None = None) -> Event:
    when = None if seconds is None else Moment(seconds)
    return Event("m", kind, "", "", counter, "c", when, None, "", tag, "o")  # type: ignore[arg-type]


def test_events_are_ordered_by_time_before_all_else() -> None:
    late = event("m#a#1", "assignment", 20, 1)
    early = event("m#a#2", "assignment", 10, 2)
    assert in_order([late, early]) == [early, late]


def test_within_a_second_the_counter_decides() -> None:
    row = [
        event("m#prod#1", "assignment", 5, 1),
        event("m#prod!#2", "unassignment", 5, 2),
        event("m#prod#3", "assignment", 5, 3),
    ]
    assert in_order(row[::-1]) == row


def test_without_counters_the_kind_decides_then_the_name() -> None:
    row = [
        event("m@deprecated", "deprecation", 5),
        event("m@v1.0.0", "registration", 5),
        event("m@v2.0.0", "registration", 5),
        event("m@v1.0.0!", "deregistration", 5),
        event("m#prod", "assignment", 5),
        event("m#prod!", "unassignment", 5),
    ]
    assert in_order(row[::-1]) == row


def test_an_event_without_a_date_comes_first() -> None:
    undated, first = event("m@v2.0.0", "registration", None), event("m@v1.0.0", "registration", 0)
    assert in_order([first, undated]) == [undated, first]


moments = st.one_of(st.none(), st.integers(0, 3))
drawn = st.builds(
    lambda kind, seconds, counter: (kind, seconds, counter),
    st.sampled_from(sorted(PRIORITY)),
    moments,
    st.one_of(st.none(), st.integers(1, 4)),
)


@given(st.lists(drawn, max_size=12), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_input(
    rows: list[tuple[str, int | None, int | None]], shuffler: random.Random
) -> None:
    given_events = [event(f"t{i}", *row) for i, row in enumerate(rows)]
    shuffled = given_events[:]
    shuffler.shuffle(shuffled)
    assert in_order(shuffled) == in_order(given_events)


@given(st.lists(drawn, max_size=12))
def test_counters_of_one_second_never_run_backwards(
    rows: list[tuple[str, int | None, int | None]],
) -> None:
    ordered = in_order([event(f"t{i}", *row) for i, row in enumerate(rows)])
    for second in {e.when for e in ordered}:
        counters = [e.counter for e in ordered if e.when == second and e.counter is not None]
        assert counters == sorted(counters)


def test_only_the_registrys_tags_are_chosen() -> None:
    refs = [
        Ref("refs/heads/m@v1.0.0", "1"),
        Ref("refs/tags/m@v1.0.0", "2"),
        Ref("refs/tags/v1.0.0", "3"),
        Ref("refs/tags/m@1.0", "4"),
    ]
    said, ours, missed = events.select(refs)
    assert said == {"m@v1.0.0": TagName("m", "registration", "v1.0.0")}
    assert [ref.oid for ref in ours] == ["2"]
    problems = events.near_miss_problems("repo", missed)
    assert [(p.repo, p.ref, p.kind) for p in problems] == [("repo", "m@1.0", "tag.near-miss")]


def test_the_version_trailer_is_read_from_the_last_paragraph() -> None:
    assert version_trailer("Promote\n\nVersion: v1.0.0\nBy: me") == "v1.0.0"
    assert version_trailer("Version: v1.0.0\n\nNothing here") == ""
    assert version_trailer("version:v2.0.0") == "v2.0.0"
    assert version_trailer("") == ""
