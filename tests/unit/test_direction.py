"""The direction of the rooms, read from the imports: a module imports only from below its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "sitegen"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the highest line to the lowest; rooms on one line never import each other.
LINES = (
    {"cli"},
    {"serve", "demo"},
    {"pipeline"},
    {"gitio", "readers", "inspection", "render", "output", "snapshot", "storage"},
    {"site"},
    {"registry"},
    {"safeyaml"},
    {"redact"},
    {"errors"},
)
CONFIG_IMPORTS = {"safeyaml", "redact", "errors"}
CONFIG_IS_IMPORTED_BY = {"cli", "serve", "pipeline"}
# The package's front: they hand on from every room, and no room imports them.
FRONT = {"__init__", "__main__"}

# Library -> the only module, or room, that may import it.
ONE_ROOM = {
    "click": "cli",
    "dvc_render": "render.plots",
    "fsspec": "storage",
    "git": "gitio.process",
    "jinja2": "render.theme",
    "lunr": "render.search",
    "markdown": "render.markup",
    "nh3": "render.markup",
    "rich": "cli",
    "semver": "registry.versions",
    "snowballstemmer": "render.search",
    "watchdog": "serve",
    "yaml": "safeyaml",
}

PURE_ROOMS = {"registry", "site"}
IMPURE_MODULES = {"io", "os", "random", "shutil", "socket", "subprocess", "tempfile", "time"}
IMPURE_CALLS = {"open", "input", "print", "now", "today", "utcnow"}

LONGEST = 400


def dotted(path: Path) -> str:
    """`registry/tags.py` -> `registry.tags`; a package is named by its folder."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), str(path))


def imports(path: Path) -> Iterator[str]:
    """Absolute dotted names of everything a module imports, wherever in it."""
    package = ["sitegen", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    """Rooms of this package that a module imports; names of the package itself are `__init__`."""
    rooms = set()
    for name in imports(path):
        top, _, rest = name.partition(".")
        # Which version this is, every room may say.
        if top == "sitegen" and rest != "__version__":
            room = rest.partition(".")[0]
            here = (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file()
            rooms.add(room if room and here else "__init__")
    return rooms


def line_of(room: str) -> int:
    return next(number for number, line in enumerate(LINES) if room in line)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_from_lines_below_its_own(path: Path) -> None:
    room = dotted(path).partition(".")[0]
    if room in FRONT:
        return
    others = rooms_imported(path) - {room}
    if room == "config":
        assert others <= CONFIG_IMPORTS
        return
    if "config" in others:
        assert room in CONFIG_IS_IMPORTED_BY
    assert {other for other in others - {"config"} if line_of(other) <= line_of(room)} == set()


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_library_is_imported_in_its_one_room(path: Path) -> None:
    module = dotted(path)
    for name in imports(path):
        owner = ONE_ROOM.get(name.partition(".")[0])
        assert owner is None or f"{module}.".startswith(f"{owner}."), f"{name} belongs to {owner}"


def test_every_room_has_its_line() -> None:
    rooms = {dotted(path).partition(".")[0] for path in MODULES} - FRONT - {"config"}
    assert rooms <= set().union(*LINES)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if dotted(path).partition(".")[0] in PURE_ROOMS], ids=dotted
)
def test_a_pure_room_touches_nothing_outside_its_arguments(path: Path) -> None:
    names = set(imports(path))
    assert {name for name in names if name.partition(".")[0] in IMPURE_MODULES} == set()
    # Paths as text are pure; those that can be read are not.
    assert {name for name in names if name in {"pathlib", "pathlib.Path"}} == set()
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    called = {
        call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls
    }
    assert called & IMPURE_CALLS == set()


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_is_not_longer_than_one_can_hold_in_mind(path: Path) -> None:
    lines = path.read_bytes().count(b"\n")
    assert lines <= LONGEST, f"{lines} lines: split it by concept, not by size"
