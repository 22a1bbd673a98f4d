import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry import tags
from sitegen.registry.tags import TagName

EXAMPLES = [
    ("churn@v1.2.0", TagName("churn", "registration", "v1.2.0")),
    ("churn@v1.2.0#4", TagName("churn", "registration", "v1.2.0", "", 4)),
    ("churn@v1.2.0!", TagName("churn", "deregistration", "v1.2.0")),
    ("churn@v1.2.0!#5", TagName("churn", "deregistration", "v1.2.0", "", 5)),
    ("churn#prod#3", TagName("churn", "assignment", "", "prod", 3)),
    ("churn#prod", TagName("churn", "assignment", "", "prod")),
    ("churn#prod!#4", TagName("churn", "unassignment", "", "prod", 4)),
    ("churn#prod!", TagName("churn", "unassignment", "", "prod")),
    ("churn@deprecated", TagName("churn", "deprecation")),
    ("churn@deprecated#2", TagName("churn", "deprecation", "", "", 2)),
    ("churn@created", TagName("churn", "creation")),
    ("cv=nn@v0.1.0-rc.1+b.2", TagName("cv:nn", "registration", "v0.1.0-rc.1+b.2")),
    ("a.b/c=x/y#eu/prod#1", TagName("a.b/c:x/y", "assignment", "", "eu/prod", 1)),
]


@pytest.mark.parametrize(("name", "said"), EXAMPLES)
def test_a_registry_tag_says_what_gto_means_by_it(name: str, said: TagName) -> None:
    assert tags.parse(name) == said
    assert tags.format(said) == name


@pytest.mark.parametrize(
    "name",
    [
        "v1.0.0", "release", "churn@1.0.0", "churn@v1.0", "churn@v1.0.0\n", "churn@v1.0.0#",
        "#prod", "churn@v1.0.0#x", "churn##1", "-churn@v1.0.0", "churn-@v1.0.0",
        "--output=x@v1.0.0",
        '"><img/src=x/onerror=alert(1)>@v1.0.0', "$(touch${IFS}pwn)@v1.0.0", "chürn@v1.0.0",
        "churn@v١.0.0", "churn@v1.0.0#" + "9" * 1001,
    ],
)  # fmt: skip
def test_other_names_are_not_the_registrys(name: str) -> None:
    assert tags.parse(name) is None


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("m@1.0.0", "tag the commit again as m@v1.0.0"),
        ("m@v1.0", "tag the commit again as m@v1.0.0"),
        ("m@V2", "tag the commit again as m@v2.0.0"),
        ("m@v1-rc.1", "tag the commit again as m@v1.0.0-rc.1"),
        ("m@v1.0.0.0", "tag the commit again as m@vX.Y.Z"),
        ("m#prod#x", "delete the tag and assign the stage again"),
        ("m#pr od", None),
        ('"><img/src=x/onerror=alert(1)>@v1.0.0', "delete the tag and register the artifact"),
        ("$(touch${IFS}pwn)@v1.0.0", "delete the tag and register the artifact"),
        ("--output=x@v1.0.0", "delete the tag and register the artifact"),
        ("m@v1.0.0#" + "9" * 1001, "delete the tag and use a shorter number"),
    ],
)
def test_a_near_miss_is_named_with_what_to_write_instead(name: str, remedy: str | None) -> None:
    miss = tags.near_miss(name)
    assert (miss is None) == (remedy is None)
    if miss and remedy:
        assert miss.remedy.startswith(remedy)
        assert miss.reason


@pytest.mark.parametrize("name", ["v1.0.0", "release-2024", "user@example", "nightly", "c#"])
def test_ordinary_tags_are_nobodys_business(name: str) -> None:
    assert tags.near_miss(name) is None


word = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_/-]{0,6}[A-Za-z0-9])?", fullmatch=True)
folder = st.from_regex(r"[A-Za-z0-9._][A-Za-z0-9._/-]{0,6}", fullmatch=True)
artifact = st.one_of(word, st.builds("{}:{}".format, folder, word))
semver = st.from_regex(
    r"v(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]?)\.(0|[1-9][0-9]?)(-[a-z]{1,3}(\.[1-9])?)?(\+[a-z0-9]{1,4})?",
    fullmatch=True,
)
counter = st.one_of(st.none(), st.integers(0, 10**200))
tag_names = st.one_of(
    st.builds(
        TagName,
        artifact,
        st.sampled_from(["registration", "deregistration"]),
        semver,
        st.just(""),
        counter,
    ),
    st.builds(
        TagName,
        artifact,
        st.sampled_from(["assignment", "unassignment"]),
        st.just(""),
        word,
        counter,
    ),
    st.builds(
        TagName,
        artifact,
        st.sampled_from(["deprecation", "creation"]),
        st.just(""),
        st.just(""),
        counter,
    ),
)


@given(tag_names)
def test_reading_undoes_writing(said: TagName) -> None:
    assert tags.parse(tags.format(said)) == said


@given(st.text(max_size=40))
def test_no_name_makes_the_grammar_raise(name: str) -> None:
    tags.parse(name)
    tags.near_miss(name)
