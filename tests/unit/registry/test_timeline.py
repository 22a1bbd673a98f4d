from sitegen.registry.events import select
from sitegen.registry.facts import Ref, Tag
from sitegen.registry.state import fold
from sitegen.registry.timeline import stays
from tests.facts import oid, tag


def told(*tags: Tag) -> list[tuple[str, str, str, str]]:
    """(stage, version, tag that began it, tag that ended it or "")."""
    said, _, _ = select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    artifact = fold(tags, said).artifacts["m"]
    return [(s.stage, s.version, s.start.tag, s.end.tag if s.end else "") for s in stays(artifact)]


FIRST, SECOND = tag("m@v1.0.0", "a", at=1), tag("m@v2.0.0", "b", at=2)


def test_a_version_stays_until_another_is_assigned() -> None:
    assert told(FIRST, SECOND, tag("m#prod#1", "a", at=3), tag("m#prod#2", "b", at=5)) == [
        ("prod", "v1.0.0", "m#prod#1", "m#prod#2"),
        ("prod", "v2.0.0", "m#prod#2", ""),
    ]


def test_assigned_again_it_stays_on() -> None:
    assert told(FIRST, tag("m#prod#1", "a", at=3), tag("m#prod#2", "a", at=5)) == [
        ("prod", "v1.0.0", "m#prod#1", "")
    ]


def test_where_the_holder_leaves_the_one_before_it_is_back() -> None:
    rows = told(
        FIRST, SECOND, tag("m#prod#1", "a", at=3), tag("m#prod#2", "b", at=5),
        tag("m#prod!#3", "b", at=7),
    )  # fmt: skip
    assert rows[-1] == ("prod", "v1.0.0", "m#prod!#3", "")


def test_a_withdrawn_version_leaves_its_stages_and_comes_back_with_them() -> None:
    rows = told(
        FIRST, tag("m#dev#1", "a", at=3), tag("m#prod#2", "a", at=4), tag("m@v1.0.0!", "a", at=5),
        tag("m@v1.0.0#3", "a", at=8),
    )  # fmt: skip
    assert rows == [
        ("dev", "v1.0.0", "m#dev#1", "m@v1.0.0!"),
        ("dev", "v1.0.0", "m@v1.0.0#3", ""),
        ("prod", "v1.0.0", "m#prod#2", "m@v1.0.0!"),
        ("prod", "v1.0.0", "m@v1.0.0#3", ""),
    ]


def test_what_ends_in_the_second_in_which_it_began_is_left_out() -> None:
    rows = told(FIRST, SECOND, tag("m#prod#1", "a", at=3), tag("m#prod#2", "b", at=3))
    assert rows == [("prod", "v2.0.0", "m#prod#2", "")]


def test_a_commit_without_a_version_and_a_tag_without_a_date_count_too() -> None:
    rows = told(tag("m#dev#1", "c", at=None), tag("m@deprecated", "a", at=9))
    assert rows == [("dev", oid("c"), "m#dev#1", "")]
