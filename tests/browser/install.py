"""Finds a Chromium for the browser tests; run as a script, gets one where none is to be found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Playwright's download goes beside Playwright: the tests' HOME is not the one of whoever runs them.
PLAYWRIGHT = {"PLAYWRIGHT_BROWSERS_PATH": "0"}


def find_browser() -> Path | None:
    """The system's Chromium, else the one that Playwright downloaded, else None."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return downloaded()


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


def main() -> None:
    """Say which browser the tests will use; having none is no failure."""
    if not (browser := find_browser()):
        attempt(sys.executable, "-m", "playwright", "install", "chromium", **PLAYWRIGHT)
        browser = downloaded()
        if not browser and os.geteuid() == 0 and Path("/etc/debian_version").exists():
            if attempt("apt-get", "update", "-qq"):
                # With fonts: pages without any would be measured wrongly.
                attempt(
                    *("apt-get", "install", "-y", "-qq", "--no-install-recommends"),
                    *("chromium", "fonts-dejavu-core"),
                    DEBIAN_FRONTEND="noninteractive",
                )
            browser = find_browser()
    print(f"browser tests: {browser or 'no Chromium to be had; they are skipped'}", flush=True)


if __name__ == "__main__":
    main()
