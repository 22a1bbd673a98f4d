"""What a model is, as people read it."""

from __future__ import annotations

from sitegen.registry.lineage import Data
from sitegen.registry.schemas import (
    Argument,
    Column,
    DataType,
    Method,
    ModelMetadata,
    Requirement,
)
from sitegen.site.links import repository_links
from sitegen.site.metadata import file_view, framework_name, metadata_view

LINKS = repository_links("https://github.com/example/repo")
TABLE = DataType("dataframe", columns=(Column("", "int64", True), Column("age\u202e", "float64")))
RESULT = DataType("ndarray", "int64", (None,))
MODEL = ModelMetadata(
    "m.mlem",
    "lightgbm",
    "3.3.2",
    methods=(
        Method("predict", (Argument("data", TABLE),), RESULT),
        Method("predict_proba", (Argument("data", TABLE),), RESULT),
        Method("explain", (Argument("data", TABLE),), TABLE),
    ),
    requirements=(
        Requirement("lightgbm", version="3.3.2"),
        Requirement("libgomp1", kind="unix"),
        Requirement("pandas"),
    ),
)


def test_a_table_that_several_methods_take_is_shown_once() -> None:
    view = metadata_view(MODEL, LINKS, "c" * 40)
    assert view is not None
    (table,) = view.tables
    assert table.used == (
        "data of predict", "data of predict_proba", "data of explain", "what explain gives",
    )  # fmt: skip
    assert [(c.name, c.dtype, c.index) for c in table.columns] == [
        ("", "int64", True),
        ("age⟨U+202E⟩", "float64", False),
    ]


def test_framework_source_and_signatures_are_for_people() -> None:
    view = metadata_view(MODEL, LINKS, "c" * 40)
    assert view is not None
    assert (view.framework, view.framework_id, view.version) == ("LightGBM", "lightgbm", "3.3.2")
    assert view.source_href == f"https://github.com/example/repo/blob/{'c' * 40}/m.mlem"
    assert view.methods[0].signature == "predict(data: table with 2 columns) -> int64[?]"
    assert framework_name("in\u202ehouse") == "in⟨U+202E⟩house"


def test_what_pip_does_not_install_has_no_line() -> None:
    view = metadata_view(MODEL, LINKS, "c" * 40)
    assert view is not None
    assert [(r.name, r.version, r.line) for r in view.requirements] == [
        ("lightgbm", "3.3.2", "lightgbm==3.3.2"),
        ("libgomp1", "any", ""),
        ("pandas", "any", "pandas"),
    ]
    assert view.requirements[1].text == "libgomp1 (unix)"


def test_a_version_without_metadata_has_no_view() -> None:
    assert metadata_view(None, LINKS, "c" * 40) is None
    assert file_view(None, "", "") is None


def test_a_file_says_where_it_is_kept() -> None:
    shown = {
        algorithm: file_view(Data("m.pkl", "abcdef0123456789.dir", algorithm, 1500), "", "")
        for algorithm in ("git", "sha256", "md5")
    }
    assert {a: view and view.where for a, view in shown.items()} == {
        "git": "Git", "sha256": "Git LFS", "md5": "DVC storage",
    }  # fmt: skip
    assert shown["md5"] is not None
    assert (shown["md5"].short_hash, shown["md5"].size) == ("abcdef0123", "1.5 kB")
