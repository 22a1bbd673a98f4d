"""A model as people read it."""

from __future__ import annotations

import pytest

from sitegen.cli import common
from sitegen.cli.modelreg.describing import COLUMNS, TENSORS, print_model, tables_of
from sitegen.inspection.base import Inspected, Tensor
from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelFile,
    ModelMetadata,
    Requirement,
)

TABLE = DataType("dataframe", columns=(Column("", "int64", True), Column("age", "")))
GIVEN = DataType("ndarray", "int64", (None,))
MODEL = ModelMetadata(
    "m.pkl", "sklearn", "1.5.2", "pickle", "a.B",
    methods=(
        Method("predict", (Argument("X", TABLE),), GIVEN), Method("score", (Argument("X", TABLE),)),
    ),
    requirements=(Requirement("sklearn", "scikit-learn", "1.5.2"),),
    files=(ModelFile("m.pkl", "m.pkl", "m.pkl", 1270),),
    facts=(("params", "C=1\nx"),),
)  # fmt: skip
Out = pytest.CaptureFixture[str]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")


def test_every_fact_is_a_line_where_nobody_looks(capsys: Out) -> None:
    print_model(Inspected(MODEL, ("It runs.",), (Tensor("w", "f4", (2, None)),), 1), "churn@v1")
    assert capsys.readouterr().out.splitlines() == [
        "version    churn@v1",
        "file       m.pkl (1.27 kB)",
        "format     pickle",
        "framework  sklearn 1.5.2",
        "class      a.B",
        "params     C=1 x",
        "methods",
        "  predict(X: table with 2 columns) -> int64[?]",
        "  score(X: table with 2 columns) -> unspecified",
        "columns of X of predict and score",
        "  ┏━━━━━━━━┳━━━━━━━━━━━━━━━┓",
        "  ┃ column ┃ type          ┃",
        "  ┡━━━━━━━━╇━━━━━━━━━━━━━━━┩",
        "  │ -      │ int64 (index) │",
        "  │ age    │ -             │",
        "  └────────┴───────────────┘",
        "requirements",
        "  scikit-learn==1.5.2",
        "tensors (1)",
        "  w: f4[2, ?]",
        "warning: It runs.",
    ]


def test_warnings_are_red_at_a_terminal(terminal: None, capsys: Out) -> None:
    print_model(Inspected(MODEL, ("It runs.",)))
    assert "\x1b[1;31mwarning: It runs.\x1b[0m" in capsys.readouterr().out


def test_a_terminal_without_colours_gets_none(
    terminal: None, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    print_model(Inspected(MODEL, ("It runs.",)))
    assert "\x1b" not in capsys.readouterr().out


def test_nothing_of_a_file_moves_the_cursor(capsys: Out) -> None:
    evil = "a\x1b[2J\u202e[red]b"
    names = DataType("dataframe", columns=(Column(evil, evil),))
    method = Method(evil, (Argument(evil, names),))
    model = ModelMetadata(evil, evil, evil, methods=(method,), facts=((evil, evil),))
    print_model(Inspected(model, (evil,), (Tensor(evil, evil, ()),), 1))
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "[red]b" in out


def test_long_lists_are_cut_and_say_so(capsys: Out) -> None:
    many = DataType("dataframe", columns=tuple(Column(f"c{n}") for n in range(COLUMNS + 5)))
    model = ModelMetadata("m", methods=(Method("predict", (Argument("X", many),)),))
    tensors = tuple(Tensor(f"t{n}", "f4", ()) for n in range(TENSORS + 5))
    print_model(Inspected(model, (), tensors, 1000))
    out = capsys.readouterr().out
    assert "and 5 more" in out and f"c{COLUMNS}" not in out
    assert "tensors (1000)" in out and "and 980 more: see --json" in out and "t20" not in out


def test_what_is_not_known_is_said(capsys: Out) -> None:
    files = (ModelFile("a", "m/a", "m/a", 1000), ModelFile("b", "m/b", "m/b", 1000))
    print_model(Inspected(ModelMetadata("m", files=files)))
    assert capsys.readouterr().out == "file       m (2 files, 2 kB)\nframework  not known\n"


def test_each_table_stands_once() -> None:
    other = Method("g", (Argument("Y", TABLE), Argument("z", GIVEN)), TABLE)
    [(where, type_)] = tables_of(ModelMetadata("m", methods=(*MODEL.methods, other)))
    assert (where, type_) == ("X of predict and score, Y of g, the result of g", TABLE)
