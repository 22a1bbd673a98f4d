from sitegen.errors import Problem
from sitegen.registry.facts import Annotation, Moment
from sitegen.site.build import Settings, build_site, model_state
from tests.facts import source, tag


def test_stages_stand_in_the_configured_order_then_in_the_usual_one() -> None:
    one = source(tag("m#prod#1"), tag("m#dev#2"), tag("m#zeta#3"), tag("m#qa#4"))
    site = build_site([one], Settings(stage_order=("qa", "shadow")))
    assert [stage.name for stage in site.stages] == ["qa", "shadow", "dev", "prod", "zeta"]
    assert [stage.count for stage in site.stages] == [1, 0, 1, 1, 1]


def test_a_usual_stage_keeps_its_colour_in_every_portal() -> None:
    small = build_site([source(tag("m#prod#1"))], Settings())
    large = build_site([source(tag("m#prod#1"), tag("m#dev#2"), tag("m#x#3"))], Settings())
    hues = {stage.name: stage.hue for stage in large.stages}
    assert small.stages[0].hue == hues["prod"]
    assert len(set(hues.values())) == 3


def test_more_stages_than_colours_share_them() -> None:
    tags = [tag(f"m#s{i:02}#{i}") for i in range(20)]
    hues = [stage.hue for stage in build_site([source(*tags)], Settings()).stages]
    assert len(hues) == 20
    assert set(hues) <= set(range(12))


def test_models_come_before_other_types_and_then_by_name() -> None:
    one = source(
        tag("data@v1.0.0"),
        tag("b@v1.0.0"),
        tag("a@v1.0.0"),
        annotations={"c1": [Annotation("data", "artifacts.yaml", type="dataset")]},
    )
    two = source(tag("a@v1.0.0"), name="other")
    site = build_site([one, two], Settings())
    assert [(m.name, m.repo) for m in site.models] == [
        ("a", "other"),
        ("a", "repo"),
        ("b", "repo"),
        ("data", "repo"),
    ]


def test_the_order_of_repositories_makes_no_difference() -> None:
    a, b = source(tag("m@v1.0.0"), name="a"), source(tag("m@v1.0.0"), name="b")
    assert build_site([a, b], Settings()) == build_site([b, a], Settings())


def test_events_of_all_repositories_are_newest_first() -> None:
    a = source(tag("m@v1.0.0", at=10), tag("m#prod#1", at=30), name="a")
    b = source(tag("n@v1.0.0", at=20), name="b")
    site = build_site([a, b], Settings())
    assert [event.tag for event in site.events] == ["m#prod#1", "n@v1.0.0", "m@v1.0.0"]


def test_the_site_is_dated_by_its_newest_event_or_the_given_moment() -> None:
    one = source(tag("m@v1.0.0", at=86_400 * 365))
    dated = build_site([one], Settings()).generated
    assert dated is not None and dated.iso == "1971-01-01T00:00:00+00:00"
    given = build_site([one], Settings(generated=Moment(0))).generated
    assert given is not None and given.seconds == 0


def test_a_deprecated_model_counts_in_no_stage() -> None:
    one = source(tag("m@v1.0.0", at=1), tag("m#prod#1", at=2), tag("m@deprecated", at=3))
    site = build_site([one], Settings())
    assert site.stages[0].count == 0
    assert [model_state(m) for m in site.models] == ["deprecated"]


def test_problems_of_everywhere_are_sorted_and_made_visible() -> None:
    mine = Problem("", "", "sitegen.yaml", "a\u202eb", "mend it", "config")
    theirs = Problem("repo", "t", "", "bad tag", "delete it", "tag.corrupt")
    site = build_site([source(problems=(theirs,))], Settings(), problems=[mine])
    assert [(p.repo, p.reason) for p in site.problems] == [("", "a⟨U+202E⟩b"), ("repo", "bad tag")]
    assert site.repositories[0].problems == 1


def test_an_empty_repository_has_a_view_and_no_head() -> None:
    empty = source(head="c1")
    site = build_site([empty], Settings())
    assert site.models == ()
    assert site.repositories[0].last_event is None


def test_filters_offer_what_tells_models_apart() -> None:
    one = source(
        tag("m@v1.0.0"),
        tag("n@v1.0.0"),
        tag("n#prod#1"),
        annotations={"c1": [Annotation("m", "artifacts.yaml", labels=("cv", "old"))]},
    )
    facets = {f.field: f.values for f in build_site([one], Settings()).facets}
    assert facets == {"stage": (("prod", 1),), "label": (("cv", 1), ("old", 1))}


def test_folders_of_a_monorepo_are_projects_with_their_models() -> None:
    one = source(tag("cv=m@v1.0.0"), tag("cv=n@v1.0.0"), tag("top@v1.0.0"), projects=("", "nlp"))
    [repository] = build_site([one], Settings()).repositories
    assert [(p.name, p.models) for p in repository.projects] == [("cv", 2), ("nlp", 0)]


def test_a_stage_with_a_colour_of_its_own_shares_it_with_no_other() -> None:
    tags = [tag(f"m#s{i:02}#{i}") for i in range(20)]
    site = build_site([source(*tags)], Settings(stage_colors={"s07": "#abc"}))
    hues = [stage.hue for stage in site.stages if stage.name != "s07"]
    [own] = [stage for stage in site.stages if stage.color]
    assert own.hue not in hues


def test_the_usual_spelling_of_a_stage_has_the_usual_colour() -> None:
    one = source(tag("m#Prod#1"), tag("m#prod#2"))
    hues = {stage.name: stage.hue for stage in build_site([one], Settings()).stages}
    assert hues["prod"] == build_site([source(tag("m#prod#1"))], Settings()).stages[0].hue
