"""What holds for every test: no network, nobody's own settings, and the shared fixtures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from tests.browser.install import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says more of the machine than of the code. The examples are always the
# same ones, so that a failure can be repeated; `make slow` looks for others.
UNHURRIED = [HealthCheck.too_slow]
settings.register_profile(
    "same", deadline=None, suppress_health_check=UNHURRIED, derandomize=True, print_blob=True
)
settings.register_profile("other", deadline=None, suppress_health_check=UNHURRIED)
settings.load_profile(os.environ.get("SITEGEN_EXAMPLES") or "same")


class Oracle(NamedTuple):
    """The programs whose answers ours must equal."""

    gto: Path
    dvc: Path


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they ask for, so that `-m "not browser"` leaves none behind."""
    for item in items:
        for name in {"browser", "oracle"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(name)


@pytest.fixture(scope="session", autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty HOME, no git configuration, one identity, UTC, and the C locale."""
    home = tmp_path_factory.mktemp("home")
    person = {"NAME": "Test", "EMAIL": "test@example.com"}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "SITEGEN_"))]:
            if name not in ("SITEGEN_ORACLE", "SITEGEN_EXAMPLES"):
                patch.delenv(name)
        for name in ("SOURCE_DATE_EPOCH", "LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            patch.delenv(name, raising=False)
        for name, value in {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **{f"GIT_AUTHOR_{key}": value for key, value in person.items()},
            **{f"GIT_COMMITTER_{key}": value for key, value in person.items()},
            "DVC_NO_ANALYTICS": "1",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }.items():
            patch.setenv(name, value)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Sockets of this process reach this machine alone."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def check(sock: socket.socket, address: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                host = str(address[0])
                if host not in ("localhost", "::1") and not host.startswith("127."):
                    raise RuntimeError(f"a test tried to reach {host}: tests use no network")
            return connect(sock, address)

        return check

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield


@pytest.fixture(scope="session")
def registries() -> Path:
    """The folder of the real registries' bundles and of what gto and dvc say of them."""
    folder = ROOT.parent / "shared" / "registries"
    if not folder.is_dir():
        pytest.skip("the real registries are not at ../shared/registries")
    return folder


@pytest.fixture(scope="session")
def real_registry(
    registries: Path, isolated: None, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """From a bundle's name to a clone of it with every branch local; shared, so only to be read."""

    @cache
    def clone(name: str) -> Path:
        path = tmp_path_factory.mktemp("registry") / name
        bundle = registries / f"{name}.bundle"
        subprocess.run(["git", "clone", "-q", bundle, path], check=True)
        every = "refs/heads/*:refs/heads/*"
        subprocess.run(["git", "-C", path, "fetch", "-q", "-u", "origin", every], check=True)
        return path

    return clone


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    """gto and dvc, from SITEGEN_ORACLE (a folder of programs) or the environment of `make test`."""
    folder = Path(os.environ.get("SITEGEN_ORACLE") or ROOT / ".venv-oracle" / "bin")
    found = [shutil.which(name, path=str(folder)) for name in Oracle._fields]
    if not all(found):
        pytest.skip(f"gto and dvc are not in {folder}: `make test` installs them")
    return Oracle(*(Path(path) for path in found if path))


# What Chromium would load beside every page: two pages that wait below its address bar, which
# nobody sees here, cost more than a page of ours. Of such options the last counts alone, so what
# Playwright switches off, and a page could tell, stands here as well.
WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning", "Translate",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser(isolated: None) -> Iterator[Browser]:
    """One headless Chromium for the session; what asks for it is skipped where there is none."""
    from playwright.sync_api import expect, sync_playwright

    # As long as what is done to a page may take: a slow machine is no fault.
    expect.set_options(timeout=30_000)
    executable = find_browser()
    if executable is None:
        pytest.skip("no Chromium found: `make test` gets one where it can")
    with sync_playwright() as playwright:
        arguments = [
            "--disable-gpu", "--disable-background-networking",
            f"--disable-features={','.join(WITHOUT)}",
        ]  # fmt: skip
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        started = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a profile of its own, 1440 by 900, in UTC."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, timezone_id="UTC", locale="en-GB"
    )
    yield context.new_page()
    context.close()
