import random

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st

from sitegen.registry import versions
from sitegen.registry.versions import Bump

# Section 11 of semver.org gives this very chain.
CHAIN = [
    "v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-alpha.beta", "v1.0.0-beta", "v1.0.0-beta.2",
    "v1.0.0-beta.11", "v1.0.0-rc.1", "v1.0.0", "v1.0.1", "v1.2.0", "v1.10.0", "v2.0.0",
]  # fmt: skip


def test_versions_sort_by_semvers_precedence() -> None:
    shuffled = CHAIN[:]
    random.Random(3).shuffle(shuffled)
    assert sorted(shuffled, key=versions.sort_key) == CHAIN


def test_build_metadata_has_no_precedence() -> None:
    row = ["v1.0.0+b", "v1.0.0", "v1.0.0+a", "v0.9.0", "v1.0.0-rc.1+z", "v1.0.0-rc.1"]
    assert sorted(row, key=versions.sort_key) == [
        "v0.9.0", "v1.0.0-rc.1+z", "v1.0.0-rc.1", "v1.0.0+b", "v1.0.0", "v1.0.0+a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["1.0.0", "v1.0", "V1.0.0", "v01.0.0", "v1.0.0-", "v1.0.0-01", "", "v"]
)
def test_other_texts_are_no_versions(text: str) -> None:
    assert not versions.is_version(text)
    with pytest.raises(ValueError, match="not a version"):
        versions.sort_key(text)


def test_prereleases_are_told_apart() -> None:
    assert versions.is_prerelease("v2.0.0-rc.1")
    assert not versions.is_prerelease("v2.0.0+build.7")


number = st.integers(0, 30)
identifier = st.one_of(number.map(str), st.from_regex(r"[a-z][a-z0-9-]{0,3}", fullmatch=True))
version = st.builds(
    lambda core, pre, build: (
        "v"
        + ".".join(map(str, core))
        + ("-" + ".".join(pre) if pre else "")
        + ("+" + ".".join(build) if build else "")
    ),
    st.tuples(number, number, number),
    st.lists(identifier, max_size=3),
    st.lists(identifier, max_size=2),
)


@given(version, version)
def test_the_order_never_contradicts_the_semver_package(a: str, b: str) -> None:
    order = semver.Version.parse(a[1:]).compare(b[1:])
    assert (versions.sort_key(a) < versions.sort_key(b)) == (order < 0)
    assert (versions.sort_key(a) == versions.sort_key(b)) == (order == 0)


def test_the_following_version_raises_one_part() -> None:
    assert versions.following("", Bump()) == "v0.0.1"
    assert versions.following("v1.2.3", Bump()) == "v1.2.4"
    assert versions.following("v1.2.3", Bump(minor=True)) == "v1.3.0"
    assert versions.following("v1.2.3-rc.1", Bump()) == "v1.2.4"
    assert (
        versions.following("v1.2.3-rc.1", Bump(prerelease="rc"), {"v1.2.3-rc.1"}) == "v1.2.3-rc.2"
    )
