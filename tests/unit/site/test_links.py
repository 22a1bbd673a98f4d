import pytest

from sitegen.site.links import file_of, repository_links, web_address


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b"),
        ("https://user:TOKEN@github.com/a/b?private_token=T#x", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@host.example:2222/a/b.git", "https://host.example/a/b"),
        ("http://localhost:3000/a/b", "http://localhost:3000/a/b"),
        ("/srv/repos/a", ""),
        ("file:///srv/a", ""),
        ("ext::sh -c x", ""),
        ("https://[bad", ""),
        ("", ""),
    ],
)
def test_the_web_page_follows_from_the_address_without_credentials(url: str, page: str) -> None:
    assert web_address(url) == page


def test_each_host_has_its_own_shape_of_links() -> None:
    github = repository_links("git@github.com:a/b.git")
    assert github.commit("c0ffee") == "https://github.com/a/b/commit/c0ffee"
    assert (
        github.blob("c0ffee", "x y/m#1.pkl") == "https://github.com/a/b/blob/c0ffee/x%20y/m%231.pkl"
    )
    assert github.file_shape("c0ffee") == "https://github.com/a/b/blob/c0ffee/{path}"
    assert github.tag("m#prod#1") == "https://github.com/a/b/releases/tag/m%23prod%231"
    gitlab = repository_links("https://gitlab.example/g/s/p.git")
    assert gitlab.commit("c0ffee") == "https://gitlab.example/g/s/p/-/commit/c0ffee"
    assert gitlab.compare("a", "b") == "https://gitlab.example/g/s/p/-/compare/a...b"


def test_an_unknown_host_has_a_home_and_no_deep_links() -> None:
    links = repository_links("https://git.example/a/b")
    assert links.home == "https://git.example/a/b"
    assert links.commit("c0ffee") == links.blob("c0ffee", "x") == links.file_shape("c0ffee") == ""


def test_the_configured_page_wins_and_only_web_addresses_count() -> None:
    assert (
        repository_links("/srv/a", "https://github.com/a/b/").tree("c")
        == "https://github.com/a/b/tree/c"
    )
    assert repository_links("", "javascript:alert(1)").home == ""


def test_nothing_is_linked_without_an_object() -> None:
    links = repository_links("https://github.com/a/b")
    assert links.commit("") == links.tag("") == links.blob("c", "") == ""


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/raw/c0ffee/x/m%231.pkl"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b/-/raw/c0ffee/x/m%231.pkl"),
        ("https://bitbucket.org/a/b", "https://bitbucket.org/a/b/raw/c0ffee/x/m%231.pkl"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b/raw/commit/c0ffee/x/m%231.pkl"),
        ("https://git.example/a/b", ""),
    ],
)
def test_a_file_is_handed_out_as_it_is(url: str, raw: str) -> None:
    assert repository_links(url).raw("c0ffee", "x/m#1.pkl") == raw


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("a.md", "docs/a.md"),
        ("./x%20y/../b.png?raw=true#part", "docs/b.png"),
        ("../LICENSE", "LICENSE"),
        ("/top.md", "top.md"),
        ("sub/", "docs/sub"),
        ("", ""),
        ("#part", ""),
        ("..", ""),
        ("../../etc/passwd", ""),
        ("/../etc/passwd", ""),
        ("//evil.example/t.gif", ""),
        ("https://e.example/a.md", ""),
        ("javascript:alert(1)", ""),
        ("a%00b", ""),
        ("a%0ab", ""),
        ("%ff", ""),
        ("http://[bad", ""),
    ],
)
def test_a_relative_link_leads_to_a_file_of_the_repository_or_nowhere(
    address: str, path: str
) -> None:
    assert file_of(address, "docs") == path


def test_shapes_are_addresses_with_places_for_commits() -> None:
    links = repository_links("https://github.com/example/repo")
    assert links.commit_shape() == "https://github.com/example/repo/commit/{rev}"
    assert repository_links("/srv/repo").commit_shape() == ""
