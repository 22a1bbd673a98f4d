"""tests/unit mirrors sitegen/ one to one."""

from __future__ import annotations

from pathlib import Path

UNIT = Path(__file__).resolve().parent
PACKAGE = UNIT.parents[1] / "sitegen"

# Modules that hold nothing to test by itself; they may have a test file, and need none.
WITHOUT_TEST = {
    "test___main__.py",  # one call
    "render/search/test_fields.py",  # records without behaviour
    "registry/test_facts.py",  # records without behaviour
    "site/test_model.py",  # records without behaviour
    "site/test_parts.py",  # records without behaviour
    "site/test_records.py",  # records without behaviour
    "site/test_tables.py",  # records without behaviour
}
# Tests of the whole package.
WITHOUT_MODULE = {"test_direction.py", "test_mirror.py"}


def modules() -> set[str]:
    """Every module but `__init__`, as the path of its test file."""
    return {
        path.relative_to(PACKAGE).with_name(f"test_{path.name}").as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }


def unit_tests() -> set[str]:
    return {path.relative_to(UNIT).as_posix() for path in UNIT.rglob("test_*.py")}


def test_every_module_has_its_test_file() -> None:
    assert sorted(modules() - WITHOUT_TEST - unit_tests()) == []


def test_every_unit_test_file_has_its_module() -> None:
    assert sorted(unit_tests() - WITHOUT_MODULE - modules()) == []
