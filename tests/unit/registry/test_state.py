import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry import events
from sitegen.registry.facts import Moment, Person, Ref, Tag
from sitegen.registry.state import Annotated, Artifact, Registry, fold


def tag(name: str, commit: str = "c1", at: int | None = 0, message: str = "") -> Tag:
    when = None if at is None else Moment(at)
    return Tag(name, f"oid of {name}", commit, Person("Ada", "a@x"), when, message)


def read(tags: Iterable[Tag], annotated: Annotated | None = None) -> Registry:
    tags = list(tags)
    said, _, _ = events.select(Ref(f"refs/tags/{t.name}", t.oid) for t in tags)
    return fold(tags, said, annotated, "repo")


def one(*tags: Tag) -> Artifact:
    return read(tags).artifacts["m"]


def holders(artifact: Artifact) -> dict[str, list[str]]:
    return {stage: [a.version for a in held] for stage, held in artifact.stages.items()}


def test_the_latest_version_is_the_greatest_not_the_newest() -> None:
    artifact = one(
        tag("m@v2.0.0", "c1", 1), tag("m@v1.9.0", "c2", 2), tag("m@v2.1.0-rc.1", "c3", 3)
    )
    assert artifact.latest == "v2.1.0-rc.1"
    assert [v.name for v in artifact.versions] == ["v2.1.0-rc.1", "v2.0.0", "v1.9.0"]


def test_a_deregistered_version_is_inactive_and_leaves_its_stages() -> None:
    artifact = one(tag("m@v1.0.0", at=1), tag("m#prod#1", at=2), tag("m@v1.0.0!", at=3))
    assert artifact.latest == ""
    assert holders(artifact) == {}
    assert [(v.registered, v.active) for v in artifact.versions] == [(True, False)]


def test_registering_again_brings_a_version_back_with_its_stages() -> None:
    artifact = one(
        tag("m@v1.0.0", at=1),
        tag("m#prod#1", at=2),
        tag("m@v1.0.0!", at=3),
        tag("m@v1.0.0#4", at=4),
    )
    assert artifact.latest == "v1.0.0"
    assert holders(artifact) == {"prod": ["v1.0.0"]}


def test_a_stage_holds_the_newest_assignment_and_remembers_the_others() -> None:
    artifact = one(
        tag("m@v1.0.0", "c1", 1), tag("m@v2.0.0", "c2", 2),
        tag("m#prod#1", "c2", 3), tag("m#prod#2", "c1", 4),
    )  # fmt: skip
    assert holders(artifact) == {"prod": ["v1.0.0", "v2.0.0"]}
    assert {v.name: v.stages for v in artifact.versions} == {"v1.0.0": ("prod",), "v2.0.0": ()}


def test_an_unassignment_gives_the_stage_back_to_the_version_before() -> None:
    artifact = one(
        tag("m@v1.0.0", "c1", 1), tag("m@v2.0.0", "c2", 2),
        tag("m#prod#1", "c1", 3), tag("m#prod#2", "c2", 4), tag("m#prod!#3", "c2", 5),
    )  # fmt: skip
    assert holders(artifact) == {"prod": ["v1.0.0"]}


def test_assign_unassign_assign_in_one_second_ends_assigned_unlike_gto() -> None:
    artifact = one(
        tag("m@v1.0.0", at=1), tag("m#prod#1", at=2), tag("m#prod!#2", at=2), tag("m#prod#3", at=2)
    )
    assert holders(artifact) == {"prod": ["v1.0.0"]}


def test_an_assignment_without_a_version_makes_an_unregistered_one() -> None:
    artifact = one(tag("m@v1.0.0", "c1", 1), tag("m#dev#2", "c9", 2))
    assert holders(artifact) == {"dev": ["c9"]}
    assert [(v.name, v.registered, v.active) for v in artifact.versions] == [
        ("v1.0.0", True, True),
        ("c9", False, True),
    ]
    assert artifact.latest == "v1.0.0"


def test_an_unregistered_version_leaves_its_stage_unlike_in_gto() -> None:
    artifact = one(tag("m#dev#1", "c9", 1), tag("m#dev!#2", "c9", 2))
    assert holders(artifact) == {}


def test_a_version_registered_after_the_assignment_takes_it_over() -> None:
    artifact = one(tag("m#dev#1", "c1", 1), tag("m@v1.0.0", "c1", 2))
    assert holders(artifact) == {"dev": ["v1.0.0"]}


def test_a_deprecation_hides_until_any_later_tag() -> None:
    tags = [tag("m@v1.0.0", at=1), tag("m@deprecated", at=2)]
    assert one(*tags).deprecated
    assert not one(*tags, tag("m#prod#1", at=3)).deprecated
    assert not one(*tags, tag("m@v2.0.0", "c2", at=3)).deprecated


def test_an_annotation_at_a_later_head_does_not_revive_unlike_in_gto() -> None:
    registry = read(
        [tag("m@v1.0.0", at=1), tag("m@deprecated", at=2)], Annotated("head", {"m"}, {"m"})
    )
    assert registry.artifacts["m"].deprecated


def test_of_two_versions_at_a_commit_the_trailer_chooses() -> None:
    tags = [tag("m@v1.0.0", at=1), tag("m@v2.0.0", at=2)]
    registry = read([*tags, tag("m#prod#1", at=3, message="Promote\n\nVersion: v1.0.0")])
    assert holders(registry.artifacts["m"]) == {"prod": ["v1.0.0"]}
    assert registry.problems == ()


def test_of_two_versions_at_a_commit_the_newest_before_the_assignment_is_taken() -> None:
    tags = [tag("m@v1.0.0", at=1), tag("m@v2.0.0", at=5), tag("m@v0.9.0", at=3)]
    registry = read([*tags, tag("m#prod#1", at=4)])
    assert holders(registry.artifacts["m"]) == {"prod": ["v0.9.0"]}
    [problem] = registry.problems
    assert problem.ref == "m#prod#1"
    assert "v0.9.0, v1.0.0, v2.0.0" in problem.reason


def test_of_two_versions_at_a_commit_a_deregistered_one_is_not_taken() -> None:
    artifact = one(
        tag("m@v1.0.0", at=1), tag("m@v2.0.0", at=2), tag("m@v2.0.0!", at=3), tag("m#dev#1", at=4)
    )
    assert holders(artifact) == {"dev": ["v1.0.0"]}


def test_of_two_versions_at_a_commit_the_one_in_the_stage_leaves_it() -> None:
    artifact = one(
        tag("m@v1.0.0", at=1), tag("m#prod#1", at=2), tag("m@v2.0.0", at=3), tag("m#prod!#2", at=4)
    )
    assert holders(artifact) == {}


def test_an_assignment_before_any_registration_means_the_first_version_there() -> None:
    artifact = one(tag("m#prod#1", at=1), tag("m@v2.0.0", at=2), tag("m@v3.0.0", at=3))
    assert holders(artifact) == {"prod": ["v2.0.0"]}


def test_a_problem_names_a_few_of_a_thousand_versions() -> None:
    tags = [tag(f"m@v1.{n}.0", at=n) for n in range(1000)]
    [problem] = read([*tags, tag("m#prod#1", at=2000)]).problems
    assert "v1.999.0 was taken" in problem.reason
    assert "and 995 more" in problem.reason
    assert len(problem.reason) < 200


def test_a_version_registered_at_two_commits_is_a_problem() -> None:
    registry = read([tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0#2", "c2", 2)])
    [problem] = registry.problems
    assert (problem.ref, problem.kind) == ("m@v1.0.0#2", "version.moved")
    assert "m@v1.0.0 at another" in problem.reason


def test_one_name_at_two_commits_is_two_versions() -> None:
    artifact = one(tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0!", "c1", 2), tag("m@v1.0.0#3", "c2", 3))
    assert [(v.name, v.commit, v.active) for v in artifact.versions] == [
        ("v1.0.0", "c2", True),
        ("v1.0.0", "c1", False),
    ]


def test_an_annotated_artifact_without_tags_is_unregistered() -> None:
    registry = read([], Annotated("head", {"cv:nn", "m"}, {"m"}))
    assert [(a.name, a.registered, a.deprecated) for a in registry.artifacts.values()] == [
        ("cv:nn", False, False),
        ("m", False, False),
    ]
    assert [v.discovered for v in registry.artifacts["m"].versions] == [True]
    assert registry.artifacts["cv:nn"].versions == ()


def test_head_is_no_version_of_its_own_where_one_is_registered_there() -> None:
    registry = read([tag("m@v1.0.0", "head", 1)], Annotated("head", {"m"}, {"m"}))
    assert [v.name for v in registry.artifacts["m"].versions] == ["v1.0.0"]


def test_a_creation_is_legal_and_makes_no_event() -> None:
    assert read([tag("m@created")]).artifacts == {}


def test_build_metadata_and_huge_counters_are_kept() -> None:
    artifact = one(
        tag("m@v1.0.0+a", "c1", 1), tag("m@v1.0.0+b", "c2", 2), tag(f"m#prod#{'9' * 200}", "c1", 3)
    )
    assert [v.name for v in artifact.versions] == ["v1.0.0+b", "v1.0.0+a"]
    assert artifact.latest == "v1.0.0+b"
    assert holders(artifact) == {"prod": ["v1.0.0+a"]}


def test_a_tag_without_a_valid_date_counts_as_the_oldest() -> None:
    artifact = one(tag("m@v1.0.0", "c1", None), tag("m@v1.0.0!", "c1", 0))
    assert [v.active for v in artifact.versions] == [False]


def test_every_stage_ever_used_is_listed() -> None:
    registry = read([tag("m#dev#1", at=1), tag("m#dev!#2", at=2), tag("n#prod#1", at=1)])
    assert registry.stages == ("dev", "prod")


kinds = st.sampled_from(
    [
        "m@v1.0.0{}", "m@v1.0.0!{}", "m@v1.1.0{}", "m#prod{}", "m#prod!{}", "m#dev{}",
        "m@deprecated{}", "k@v1.0.0{}",
    ]
)  # fmt: skip
drawn = st.tuples(
    kinds, st.sampled_from(["c1", "c2", "c3"]), st.one_of(st.none(), st.integers(0, 5)),
    st.one_of(st.just(""), st.integers(1, 5).map("#{}".format)),
)  # fmt: skip


@given(st.lists(drawn, max_size=14), st.randoms(use_true_random=False))
def test_tags_fold_the_same_in_any_order(
    rows: list[tuple[str, str, int | None, str]], shuffler: random.Random
) -> None:
    tags = {form.format(counter): (commit, at) for form, commit, at, counter in rows}
    ordered = [tag(name, commit, at) for name, (commit, at) in tags.items()]
    shuffled = ordered[:]
    shuffler.shuffle(shuffled)
    assert read(shuffled) == read(ordered)


@given(st.lists(drawn, max_size=14))
def test_the_fold_never_raises_and_loses_no_event(
    rows: list[tuple[str, str, int | None, str]],
) -> None:
    tags = {form.format(counter): (commit, at) for form, commit, at, counter in rows}
    registry = read(tag(name, commit, at) for name, (commit, at) in tags.items())
    told = sorted(event.tag for a in registry.artifacts.values() for event in a.events)
    assert told == sorted(tags)
    for artifact in registry.artifacts.values():
        of_versions = sorted(e.tag for v in artifact.versions for e in v.events)
        assert of_versions == sorted(e.tag for e in artifact.events if e.kind != "deprecation")


def test_a_withdrawal_at_another_commit_is_told_to_do_nothing() -> None:
    registry = read([tag("m@v1.0.0", "c1", 1), tag("m@v1.0.0!", "c2", 2)])
    [problem] = registry.problems
    assert (problem.ref, problem.kind) == ("m@v1.0.0!", "tag.no-effect")
    assert "git tag -f -a 'm@v1.0.0!' 'm@v1.0.0^{}'" in problem.remedy
    assert registry.artifacts["m"].latest == "v1.0.0"


def test_an_unassignment_that_takes_nothing_out_is_told() -> None:
    registry = read([tag("m@v1.0.0", "c1", 1), tag("m#prod#1", "c1", 2), tag("m#prod!#2", "c2", 3)])
    assert [(p.ref, p.kind) for p in registry.problems] == [("m#prod!#2", "tag.no-effect")]
    assert holders(registry.artifacts["m"]) == {"prod": ["v1.0.0"]}


def test_a_version_that_was_only_withdrawn_at_a_commit_makes_nothing_ambiguous() -> None:
    registry = read([tag("m@v2.0.0", "c1", 1), tag("m@v9.0.0!", "c1", 2), tag("m#dev#1", "c1", 3)])
    assert holders(registry.artifacts["m"]) == {"dev": ["v2.0.0"]}
    assert registry.problems == ()


def test_a_version_registered_later_does_not_make_an_assignment_ambiguous() -> None:
    registry = read([tag("m@v1.0.0", at=1), tag("m#prod#1", at=2), tag("m@v2.0.0", at=3)])
    assert holders(registry.artifacts["m"]) == {"prod": ["v1.0.0"]}
    assert registry.problems == ()
