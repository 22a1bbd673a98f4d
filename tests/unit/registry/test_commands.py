import pytest

from sitegen.errors import RefusedError
from sitegen.registry import events
from sitegen.registry.commands import (
    Known,
    Plan,
    Style,
    moment_after,
    next_counter,
    plan_assign,
    plan_deprecate,
    plan_deregister,
    plan_register,
    plan_unassign,
)
from sitegen.registry.facts import Moment, Ref, Requirement, Rules, Tag
from sitegen.registry.rules import Evidence
from sitegen.registry.state import fold
from sitegen.registry.versions import Bump
from tests.facts import oid, tag

C1, C2, C3 = oid("c1"), oid("c2"), oid("c3")
FORCE = Style(force=True)


def known(*tags: Tag, **more: object) -> Known:
    said, _, _ = events.select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    return Known(fold(tags, said), {t.name for t in tags}, **more)  # type: ignore[arg-type]


def names(plan: Plan) -> list[str]:
    return [tag.name for tag in plan.create]


def refused(match: str):  # type: ignore[no-untyped-def]
    return pytest.raises(RefusedError, match=match)


HAS = known(tag("m@v1.0.0", "c1", 1), tag("m@v1.1.0", "c2", 2), tag("m#prod#1", "c1", 3))


def test_the_first_version_is_gtos_first() -> None:
    [made] = plan_register(known(), "m", C1).create
    assert (made.name, made.commit, made.version) == ("m@v0.0.1", C1, "v0.0.1")
    assert made.message == "Registering artifact m version v0.0.1"


def test_the_next_version_raises_the_part_that_is_asked_for() -> None:
    assert names(plan_register(HAS, "m", C3)) == ["m@v1.1.1"]
    assert names(plan_register(HAS, "m", C3, bump=Bump(minor=True))) == ["m@v1.2.0"]
    assert names(plan_register(HAS, "m", C3, bump=Bump(major=True))) == ["m@v2.0.0"]
    assert names(plan_register(HAS, "m", C3, "v9.0.0")) == ["m@v9.0.0"]


def test_prereleases_are_counted() -> None:
    rc = Bump(prerelease="rc")
    assert names(plan_register(HAS, "m", C3, bump=rc)) == ["m@v1.1.1-rc.1"]
    first = known(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.1-rc.1", "c2", 2))
    assert names(plan_register(first, "m", C3, bump=rc)) == ["m@v1.0.1-rc.2"]
    assert names(plan_register(first, "m", C3, bump=Bump(minor=True, prerelease="rc"))) == [
        "m@v1.1.0-rc.1"
    ]
    assert names(plan_register(known(), "m", C1, bump=rc)) == ["m@v0.0.1-rc.1"]


@pytest.mark.parametrize("identifier", ["01", "x#1", "a..b", "rc+1", "é", "a/b"])
def test_a_prerelease_that_would_make_no_version_is_refused(identifier: str) -> None:
    with refused("no identifier of a prerelease"):
        plan_register(known(), "m", C1, bump=Bump(prerelease=identifier))


def test_registering_refuses_what_gto_refuses() -> None:
    with refused("has the version v1.0.0 at this commit"):
        plan_register(HAS, "m", C1)
    with refused("is registered already, at"):
        plan_register(HAS, "m", C3, "v1.0.0")
    with refused("no artifact's name"):
        plan_register(HAS, "../m", C3)
    with refused("is no version"):
        plan_register(HAS, "m", C3, "1.0")
    with refused("no version yet that could be raised"):
        plan_register(known(), "m", C1, bump=Bump(major=True))
    with refused("not several"):
        plan_register(HAS, "m", C3, "v3.0.0", Bump(major=True))
    gone = known(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0!", "c1", 2))
    with refused("the tag m@v1.0.0 is there already"):
        plan_register(gone, "m", C1)
    assert names(plan_register(gone, "m", C1, style=Style(simple=False))) == ["m@v1.0.0#1"]
    with refused("the tag m@v1.0.0 is there already"):
        plan_register(gone, "m", C1, bump=Bump(major=True))
    with refused(r"only that can be registered here"):
        plan_register(gone, "m", C1, "v2.0.0")


def test_a_second_version_at_a_commit_takes_force() -> None:
    assert names(plan_register(HAS, "m", C1, "v3.0.0", style=FORCE)) == ["m@v3.0.0"]


def test_an_assignment_there_names_its_version_in_a_trailer() -> None:
    two = known(tag("m@v1.0.0", "c1", 1), tag("m@v2.0.0", "c1", 2))
    [made] = plan_assign(two, "m", "prod", version="v1.0.0").create
    assert made.message.endswith("\n\nVersion: v1.0.0")
    [made] = plan_unassign(two, "m", "prod", version="v2.0.0", style=FORCE).create
    assert made.message.endswith("\n\nVersion: v2.0.0")


def test_an_assignment_gets_the_next_counter_of_any_kind() -> None:
    assert names(plan_assign(HAS, "m", "dev", version="v1.1.0")) == ["m#dev#2"]
    assert names(plan_assign(HAS, "m", "dev", commit=C2, style=Style(simple=True))) == ["m#dev"]


def test_assigning_an_unregistered_commit_registers_it_first() -> None:
    assert names(plan_assign(HAS, "m", "dev", commit=C3)) == ["m@v1.1.1", "m#dev#2"]
    assert names(plan_assign(HAS, "m", "dev", commit=C3, name_version="v5.0.0"))[0] == "m@v5.0.0"
    skipped = plan_assign(HAS, "m", "dev", commit=C3, skip_registration=True)
    assert [(t.name, t.version) for t in skipped.create] == [("m#dev#2", C3)]


def test_assigning_refuses_what_gto_refuses() -> None:
    with refused("has no version v7.0.0"):
        plan_assign(HAS, "m", "prod", version="v7.0.0")
    with refused("is in stage prod already"):
        plan_assign(HAS, "m", "prod", version="v1.0.0")
    assert names(plan_assign(HAS, "m", "prod", version="v1.0.0", style=FORCE)) == ["m#prod#2"]
    with refused("'prod#1' is no stage"):
        plan_assign(HAS, "m", "prod#1", version="v1.0.0")
    with refused("not allowed"):
        plan_assign(known(stages=("dev",)), "m", "prod", commit=C1)
    with refused("and not both"):
        plan_assign(HAS, "m", "prod", version="v1.0.0", commit=C1)
    with refused("this commit is v1.0.0 of m already"):
        plan_assign(HAS, "m", "dev", commit=C1, name_version="v2.0.0")
    with refused("exclude each other"):
        plan_assign(HAS, "m", "dev", commit=C3, name_version="v2.0.0", skip_registration=True)


def test_unassigning_names_the_version_and_may_delete_its_tags() -> None:
    [made] = plan_unassign(HAS, "m", "prod", version="v1.0.0").create
    assert (made.name, made.commit) == ("m#prod!#2", C1)
    assert plan_unassign(HAS, "m", "prod", commit=C1, delete=True) == Plan((), ("m#prod#1",))
    with refused("was never in stage dev"):
        plan_unassign(HAS, "m", "dev", version="v1.0.0")
    with refused("has no version"):
        plan_unassign(HAS, "m", "prod", version="v8.0.0")
    with refused("there is no artifact 'k'"):
        plan_unassign(HAS, "k", "prod", version="v1.0.0")


def test_deregistering_and_its_refusals() -> None:
    assert names(plan_deregister(HAS, "m", "v1.0.0")) == ["m@v1.0.0!"]
    assert names(plan_deregister(HAS, "m", commit=C2)) == ["m@v1.1.0!"]
    both = ("m@v1.0.0", "m#prod#1")
    assert plan_deregister(HAS, "m", "v1.0.0", delete=True) == Plan((), both)
    gone = known(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0!", "c1", 2))
    with refused("deregistered already"):
        plan_deregister(gone, "m", "v1.0.0")
    with refused("has no version"):
        plan_deregister(HAS, "m", "v3.0.0")


def test_deprecating_puts_the_tag_where_the_last_event_is() -> None:
    [made] = plan_deprecate(HAS, "m").create
    assert (made.name, made.commit) == ("m@deprecated", C1)
    assert len(plan_deprecate(HAS, "m", delete=True).delete) == 3
    gone = known(tag("m@v1.0.0", "c1", 1), tag("m@deprecated", "c1", 2))
    with refused("deprecated already"):
        plan_deprecate(gone, "m")
    assert names(plan_deprecate(gone, "m", style=FORCE)) == ["m@deprecated#1"]
    with refused("there is no artifact"):
        plan_deprecate(HAS, "k")


def test_promotion_rules_bind_assignments_unless_forced_with_a_message() -> None:
    rules = Rules(require={"prod": Requirement(metrics={"f1": "> 0.9"})})
    bound = known(tag("m@v1.0.0", "c1", 1), rules=rules)
    poor = Evidence({"f1": (0.5,)})
    with refused("promotion.require.prod.metrics.f1"):
        plan_assign(bound, "m", "prod", version="v1.0.0", evidence=poor)
    with refused("promotion.require.prod.metrics.f1"):
        plan_assign(bound, "m", "prod", version="v1.0.0", evidence=poor, style=FORCE)
    said = Style(message="The board agreed", force=True)
    assert plan_assign(bound, "m", "prod", version="v1.0.0", evidence=poor, style=said).create


def test_counters_of_other_artifacts_do_not_count() -> None:
    taken = {"m#prod#4", "mm#prod#9", "cv=m#prod#7", "m@v1.0.0", "m-x#prod#8"}
    assert next_counter("m", taken) == 5
    assert next_counter("cv:m", taken) == 8
    assert next_counter("new", taken) == 1


def test_a_plan_changes_nothing_that_it_was_made_from() -> None:
    before = set(HAS.taken)
    plan_assign(HAS, "m", "dev", commit=C3)
    assert HAS.taken == before


def test_a_tag_is_dated_after_the_last_one_of_its_artifact() -> None:
    plan = plan_register(HAS, "m", C3)
    assert plan.last == Moment(3)
    assert moment_after(plan.last, Moment(3, 60)) == Moment(4, 60)
    assert moment_after(plan.last, Moment(1)) == Moment(4)
    assert moment_after(plan.last, Moment(4)) == Moment(4)
    assert moment_after(None, Moment(4)) == Moment(4)
    assert moment_after(Moment(10_000), Moment(4)) == Moment(4)
