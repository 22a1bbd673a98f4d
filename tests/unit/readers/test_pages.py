from sitegen.readers.pages import LAST, read_page


def test_front_matter_names_and_orders_a_page() -> None:
    view, order, problems = read_page(
        "guide/tags.md",
        b"---\ntitle: Tags\ndescription: All of them\norder: 2\n---\n# Heading\n\nText\n",
    )
    assert (view.title, view.description, order) == ("Tags", "All of them", 2)
    assert view.url == "docs/guide/tags.html"
    assert view.source == "# Heading\n\nText\n"
    assert problems == ()


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    view, order, _ = read_page("a.md", b"# All about it #\n\nText")
    assert (view.title, order) == ("All about it", LAST)


def test_without_either_the_file_names_the_page() -> None:
    view, _, _ = read_page("how-to.md", b"Text\n\n---\n\nMore")
    assert view.title == "how-to"
    assert view.source == "Text\n\n---\n\nMore"


def test_broken_front_matter_is_a_problem_and_the_text_stays() -> None:
    view, _, problems = read_page("a.md", b"---\na: [\n---\nText")
    assert view.source == "Text"
    assert [p.path for p in problems] == ["a.md"]


def test_unknown_keys_and_wrong_values_are_named() -> None:
    _, order, problems = read_page("a.md", b"---\ntitel: x\norder: first\n---\nText")
    assert order == LAST
    assert [p.reason for p in problems] == [
        "front matter has no key 'titel'",
        "order is a number, not 'first'",
    ]


def test_front_matter_that_is_a_list_is_a_problem() -> None:
    _, _, problems = read_page("a.md", b"---\n- a\n---\nText")
    assert len(problems) == 1


def test_bytes_that_are_no_utf_8_are_noted() -> None:
    view, _, problems = read_page("a.md", b"caf\xe9")
    assert "\ufffd" in view.source
    assert len(problems) == 1
