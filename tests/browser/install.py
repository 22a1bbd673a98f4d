"""Finds the browsers for the tests; run as a script, gets them where none are to be found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX = ("firefox-esr", "firefox")

# Playwright's download goes beside Playwright: the tests' HOME is not the one of whoever runs them.
PLAYWRIGHT = {"PLAYWRIGHT_BROWSERS_PATH": "0"}


def find_browser() -> Path | None:
    """The system's Chromium, else the one that Playwright downloaded, else None."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return downloaded()


def find_firefox() -> Path | None:
    """The system's Firefox, None where there is none."""
    found = next(filter(None, map(shutil.which, FIREFOX)), None)
    return Path(found) if found else None


def downloaded() -> Path | None:
    """Playwright's own Chromium, where it was downloaded."""
    asked = "from playwright.sync_api import sync_playwright as p\n"
    asked += "with p() as play: print(play.chromium.executable_path)"
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | PLAYWRIGHT,
    )
    path = Path(answer.stdout.strip() or os.devnull)
    return path if path.is_file() else None


def attempt(*command: str, **environment: str) -> bool:
    """Run a command with its output shown only where it fails."""
    print("browser tests:", *command, flush=True)
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-5:]))
    return done.returncode == 0


def install(*packages: str) -> None:
    """Install Debian's packages where that may be done."""
    if os.geteuid() or not Path("/etc/debian_version").exists():
        return
    if attempt("apt-get", "update", "-qq"):
        attempt(
            *("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
            DEBIAN_FRONTEND="noninteractive",
        )


def main() -> None:
    """Say which browsers the tests will use; having none is no failure."""
    if not (browser := find_browser()):
        attempt(sys.executable, "-m", "playwright", "install", "chromium", **PLAYWRIGHT)
        if not downloaded():
            # With fonts: pages without any would be measured wrongly.
            install("chromium", "fonts-dejavu-core")
        browser = find_browser()
    if not (firefox := find_firefox()):
        install("firefox-esr")
        firefox = find_firefox()
    for name, found in (("Chromium", browser), ("Firefox", firefox)):
        print(f"browser tests: {found or f'no {name} to be had; they are skipped'}", flush=True)


if __name__ == "__main__":
    main()
