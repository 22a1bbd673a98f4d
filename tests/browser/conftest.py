"""A portal to look at, and what a page complains of."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser import awkward
from tests.conftest import ROOT


@pytest.fixture
def trouble(page: Page) -> Iterator[list[str]]:
    """Whatever the page complains of; a test that uses this fails where there is anything."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    # What a page still asks for when the test goes on to another is given up, and no fault.
    page.on(
        "requestfailed",
        lambda request: (
            found.append(f"failed: {request.url}")
            if "ERR_ABORTED" not in (request.failure or "")
            else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            found.append(f"{response.status}: {response.url}")
            if response.status >= 400 and not response.url.endswith("/is-not-there")
            else None
        ),
    )
    page.on(
        "console",
        lambda message: (
            found.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning")
            and "is-not-there" not in message.location["url"]
            else None
        ),
    )
    yield found
    assert found == []


@pytest.fixture
def clipboard(browser: Browser) -> Iterator[Page]:
    """A page that may read and write the clipboard."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def says_copied(button: Locator, press: Callable[[], None]) -> None:
    """Press a button that copies, and wait until it says that it did."""
    # It does so for a moment only: whoever looks afterwards may come too late.
    button.evaluate("""button => { window.saidCopied = new Promise(done => {
        new MutationObserver((changes, watch) => {
            watch.disconnect();
            done(document.querySelector("[data-announce]").textContent);
        }).observe(button, { attributeFilter: ["data-copied"] });
    }); }""")
    press()
    assert button.page.evaluate("window.saidCopied") == "Copied"


def copied(button: Locator, press: Callable[[], None]) -> str:
    """What a button that copies put on the clipboard; see `says_copied`."""
    says_copied(button, press)
    return str(button.page.evaluate("navigator.clipboard.readText()"))


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be evaluated in a page before `axe.run()`."""
    source = ROOT / "themes/default/node_modules/axe-core/axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed: `make test` installs it")
    return source.read_text("utf-8")


GUIDE = """---
title: Our guide
---
# Our guide

A paragraph with `code` and a [link](https://example.com/).

| tag | meaning |
| --- | --- |
| `churn@v1.0.0` | registration |

```sh
git tag -a churn@v1.0.0 -m "First version"
```
"""


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder that is filled once for all workers of a run; only to be read."""
    top = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent
    folder, done = top / f"shared-{name}", top / f"shared-{name}.done"
    with (top / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            done.touch()
    return folder


def build_demo(folder: Path) -> None:
    (folder / "content").mkdir()
    (folder / "content" / "guide.md").write_text(GUIDE, "utf-8")
    where = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [sys.executable, "-m", "sitegen", "demo", "registries", "-o", "site", "-q"],
        cwd=folder,
        check=True,
        env=os.environ | {"PYTHONPATH": where},
    )


@pytest.fixture(scope="session")
def portal(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built portal of the demo registries, with a content page; only to be read."""
    return built_once(tmp_path_factory, "demo", build_demo) / "site"


@pytest.fixture(scope="session")
def awkward_portals(isolated: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of portals that hold what portals seldom hold; only to be read."""
    return built_once(tmp_path_factory, "awkward", awkward.build)


def both_ways(fixture: str) -> pytest.MarkDecorator:
    """Run a test over HTTP and from disk, by the fixture that says where the portal is.

    For what browsers do otherwise from disk: what loads, is kept, saved, or gone back to. All else
    is tested from disk alone.
    """
    return pytest.mark.parametrize(fixture, ["http", "file"], indirect=True)


def way(request: pytest.FixtureRequest) -> str:
    """http or file, as the test asks for by `both_ways`; file where it does not."""
    return str(getattr(request, "param", "file"))


class StaticHost(SimpleHTTPRequestHandler):
    """A static host as they are: unknown paths get 404.html."""

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        missing = Path(self.directory, "404.html")
        page = missing.read_bytes() if missing.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """The address of a folder on a static host of this machine, ending in "/"."""
    handler = partial(StaticHost, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def served(portal: Path) -> Iterator[str]:
    """The portal's address on a static host of this machine, ending in "/"."""
    with static_host(portal) as address:
        yield address
