"""What stands for the objects of a pickle."""

from __future__ import annotations

from sitegen.inspection.symbols import Blob, Global, Made


def test_an_import_is_shown_by_its_dotted_name() -> None:
    assert str(Global("os", "system")) == "os.system"
    assert {Global("os", "a"): 1}[Global("os", "a")] == 1


def test_what_is_made_has_nothing_of_another() -> None:
    one, two = Made("f", ()), Made("f", ())
    one.items["a"] = 1
    one.values.append(1)
    assert (two.state, two.items, two.values) == (None, {}, []) and one != two


def test_what_was_passed_over_has_its_size() -> None:
    assert Blob(5) == Blob(5) != Blob(6)
