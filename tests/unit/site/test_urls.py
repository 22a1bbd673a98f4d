import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site import urls

RESERVED = ["index", "con", "CON", "nul", "com1", "_headers", "_redirects", "CNAME", "404", "con.x"]
ESCAPES = [
    "../../x",
    "%2e%2e/x",
    "/etc/x",
    "..",
    ".",
    "a/../b",
    "a\\b",
    "a\x00b",
    "a\nb",
    "",
    "C:x",
]


def test_a_harmless_name_is_its_own_slug() -> None:
    assert urls.slug("lightgbm-model") == "lightgbm-model"
    assert urls.slug("v1.2.0-rc.1") == "v1.2.0-rc.1"


@pytest.mark.parametrize("name", [*RESERVED, *ESCAPES])
def test_dangerous_and_reserved_names_get_a_safe_slug(name: str) -> None:
    slug = urls.slug(name)
    assert set(slug) <= set(string.ascii_lowercase + string.digits + "-~")
    assert "~" in slug


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Model", "model"),
        ("caf\u00e9", "cafe\u0301"),
        ("m.", "m"),
        ("a/b", "a-b"),
        ("cv:nn", "cv=nn"),
    ],
)
def test_names_that_file_systems_confuse_stay_apart(a: str, b: str) -> None:
    folded = [unicodedata.normalize("NFC", urls.slug(name)).casefold() for name in (a, b)]
    assert folded[0] != folded[1]


@pytest.mark.parametrize("name", ["n" * 240, "\u00e9" * 200, "a/" * 120 + "b"])
def test_a_long_name_is_cut_and_told_apart_by_its_hash(name: str) -> None:
    assert len(urls.slug(name).encode()) <= urls.LONGEST
    assert urls.slug(name) != urls.slug(name + "x")


@given(st.text(max_size=60), st.text(max_size=60))
def test_different_names_never_share_a_slug(a: str, b: str) -> None:
    assert (urls.slug(a).casefold() == urls.slug(b).casefold()) == (a == b)


@given(st.text(max_size=300))
def test_every_path_of_a_repository_stays_in_its_folder(name: str) -> None:
    for path in (
        urls.model(name, name),
        urls.version(name, name, name),
        urls.api_model(name, name),
        urls.badge(name, name, name),
        urls.model_feed(name, name),
    ):
        parts = path.split("/")
        assert ".." not in parts and "" not in parts
        assert parts[0] in ("models", "api")
        assert all(len(part.encode()) <= 200 for part in parts)


def test_a_stage_called_latest_does_not_take_the_badge_of_the_latest_version() -> None:
    assert urls.badge("r", "m") == "api/v1/badges/r/m/latest.svg"
    assert urls.badge("r", "m", "latest") != urls.badge("r", "m")
    assert urls.badge("r", "m", "prod") == "api/v1/badges/r/m/prod.svg"


def test_the_root_is_as_many_folders_up_as_the_page_is_down() -> None:
    assert urls.root("index.html") == ""
    assert urls.root(urls.version("r", "m", "v1.0.0")) == "../../../"


def test_content_pages_keep_their_folders() -> None:
    assert urls.content("guide/Getting started.md").startswith("docs/guide/getting-started~")
    assert urls.content("index.md") == "docs/index.html"


def test_the_names_of_a_monorepo_stay_readable() -> None:
    assert urls.slug("detection:yolo") == "detection~yolo"
    assert urls.slug("search/query-rewriter") == "search~~query-rewriter"
    assert urls.slug("a/b:c/d") == "a~~b~c~~d"


def test_a_written_name_is_never_taken_for_a_hash() -> None:
    hashed = urls.slug("Model")
    rest, _, digest = hashed.partition("~")
    assert urls.slug(f"{rest}:{digest}") != hashed
    assert urls.slug("a:0123456789") != "a~0123456789"


names = st.text(alphabet="ab0f:/~.-", max_size=14)


@given(names, names)
def test_names_of_the_same_few_characters_never_share_a_slug(a: str, b: str) -> None:
    assert (urls.slug(a) == urls.slug(b)) == (a == b)


def test_experiments_have_a_page_and_rows_a_place_in_it() -> None:
    assert urls.experiments("repo") == "projects/repo.html"
    # The list of all repositories is no repository's page.
    assert urls.experiments("index") != urls.PROJECTS
    assert urls.experiment("repo", "ab12~tidy wren") == "projects/repo.html#row=ab12~tidy%20wren"
