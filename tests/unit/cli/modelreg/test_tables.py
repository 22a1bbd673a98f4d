import pytest

from sitegen.cli.modelreg import tables


def test_plain_rows_have_tabs_and_every_value_on_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables.print_rows([{"a": "x\ny", "b": None}, {"a": "\x1b[1m", "b": ""}], plain=True)
    assert capsys.readouterr().out == "a\tb\nx y\t-\n⟨U+001B⟩[1m\t-\n"


def test_a_table_for_people_cuts_nothing_and_takes_no_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "[red]" + "n" * 300
    tables.print_rows([{"name": name, "#prod": "v1.0.0"}])
    shown = capsys.readouterr().out
    assert name in shown
    assert "\x1b" not in shown


def test_nothing_is_said_to_be_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    tables.print_rows([])
    tables.print_rows([], plain=True)
    assert capsys.readouterr().out == "Nothing found\n"


def test_lines_and_json_are_those_of_gto(capsys: pytest.CaptureFixture[str]) -> None:
    tables.print_lines(["a", None])
    tables.print_gto_json({"é": [1]})
    assert capsys.readouterr().out == 'a\n\n{\n    "\\u00e9": [\n        1\n    ]\n}\n'


def test_only_hashes_are_cut() -> None:
    assert tables.short("a" * 40) == "a" * 7
    assert tables.short("v1.0.0") == "v1.0.0"
    assert tables.short(None) is None
