from sitegen.registry import past
from sitegen.registry.events import select
from sitegen.registry.facts import Ref, Tag
from sitegen.registry.past import Change
from sitegen.registry.state import Registry, fold
from tests.facts import oid, tag


def fold_tags(tags: tuple[Tag, ...]) -> Registry:
    said, _, _ = select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    return fold(tags, said)


def told(tags: tuple[Tag, ...], start: int, end: int) -> list[tuple[str, ...]]:
    before, after = (fold_tags(past.until(tags, moment)) for moment in (start, end))
    return [
        (c.artifact, c.what, c.stage, c.old, c.new, c.event.tag if c.event else "")
        for c in past.changes(before, after)
    ]


TAGS = (
    tag("m@v1.0.0", "a", at=10),
    tag("m#prod#1", "a", at=20),
    tag("m@v2.0.0", "b", at=30),
    tag("m#prod#2", "b", at=40),
    tag("m@v2.0.0!", "b", at=50),
    tag("n#dev#1", "c", at=25),
    tag("n@v0.1.0", "c", at=35),
    tag("n@deprecated", "c", at=45),
)


def test_a_second_counts_to_its_end_and_undated_tags_always() -> None:
    undated = tag("m@v0.0.1", at=None)
    found = past.until((*TAGS, undated), 20)
    assert [t.name for t in found] == ["m@v1.0.0", "m#prod#1", "m@v0.0.1"]
    assert past.until((*TAGS, undated), 9) == (undated,)


def test_nothing_changed_where_nothing_happened() -> None:
    assert told(TAGS, 20, 24) == []
    assert told(TAGS, 99, 100) == []


def test_what_is_new_is_told_with_the_tag_that_did_it() -> None:
    assert told(TAGS, 5, 20) == [
        ("m", "latest", "", "", "v1.0.0", "m@v1.0.0"),
        ("m", "registered", "", "", "v1.0.0", "m@v1.0.0"),
        ("m", "stage", "prod", "", "v1.0.0", "m#prod#1"),
    ]


def test_a_stage_moves_from_one_version_to_another() -> None:
    assert told(TAGS, 24, 44)[:3] == [
        ("m", "latest", "", "v1.0.0", "v2.0.0", "m@v2.0.0"),
        ("m", "registered", "", "", "v2.0.0", "m@v2.0.0"),
        ("m", "stage", "prod", "v1.0.0", "v2.0.0", "m#prod#2"),
    ]


def test_a_withdrawn_version_gives_its_places_back() -> None:
    assert told(TAGS, 46, 50) == [
        ("m", "latest", "", "v2.0.0", "v1.0.0", "m@v2.0.0!"),
        ("m", "deregistered", "", "v2.0.0", "", "m@v2.0.0!"),
        ("m", "stage", "prod", "v2.0.0", "v1.0.0", "m@v2.0.0!"),
    ]


def test_what_was_done_and_undone_is_no_change() -> None:
    assert [row for row in told(TAGS, 25, 60) if row[0] == "m"] == []


def test_a_commit_in_a_stage_gets_its_version_when_it_is_registered() -> None:
    assert told(TAGS, 25, 35)[-1] == (
        "n", "stage", "dev", oid("c"), "v0.1.0", "n@v0.1.0",
    )  # fmt: skip


def test_a_deprecation_and_its_end_are_changes() -> None:
    tags = (*TAGS, tag("n@v0.2.0", "d", at=60))
    assert ("n", "deprecated", "", "", "", "n@deprecated") in told(tags, 44, 45)
    assert ("n", "revived", "", "", "", "n@v0.2.0") in told(tags, 45, 60)
    first = past.changes(fold_tags(()), fold_tags(tags[-2:]))[0]
    assert isinstance(first, Change) and first.artifact == "n"
