"""Drives the system's Firefox by its own remote control, Marionette: no other program is needed.

Its protocol is JSON with its length before it: [0, number, command, parameters], answered by
[1, number, error, result].
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

_STARTS_WITHIN = 60.0
# A port that is free, and nothing looked up or fetched that was not asked for.
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
# What pages complained of: their errors and warnings, and what their policy forbade.
_COMPLAINTS = """
return Services.console.getMessageArray()
  .filter(each => each instanceof Ci.nsIScriptError)
  .filter(each => /content|CSP|Content Security/i.test(each.category))
  .map(each => `${each.category}: ${each.errorMessage} ${each.sourceName}`)
  .filter(each => each.includes("http://127.0.0.1"));
"""


class Firefox:
    """A Firefox without a window, with a profile of its own in `folder`."""

    def __init__(self, program: Path, folder: Path) -> None:
        preferences = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in _PREFERENCES.items()
        )
        (folder / "user.js").write_text("".join(preferences), "ascii")
        options = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote")
        self._process = subprocess.Popen(
            [program, *options, "--profile", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(folder)},
        )
        self._number = 0
        try:
            self._connect(folder / "MarionetteActivePort")
            wanted = {"alwaysMatch": {"unhandledPromptBehavior": "ignore"}}
            self._ask("WebDriver:NewSession", capabilities=wanted)
        except BaseException:
            self._process.kill()
            raise

    def _connect(self, port: Path) -> None:
        end = time.monotonic() + _STARTS_WITHIN
        while not port.is_file() or not port.read_text("ascii"):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("Firefox did not start")
            time.sleep(0.05)
        self._socket = socket.create_connection(("127.0.0.1", int(port.read_text("ascii"))), 60)
        self._answers = self._socket.makefile("rb")
        self._read()

    def _read(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            if not byte:
                raise RuntimeError("Firefox ended")
            length += byte
        return json.loads(self._answers.read(int(length)))

    def _ask(self, command: str, **parameters: Any) -> Any:
        self._number += 1
        data = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(data), data))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded. An open dialog is an error, as for all else."""
        self._ask("WebDriver:Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of an asynchronous function gives in the page."""
        body = f"""
        const args = Array.from(arguments), done = args.pop();
        (async () => {{ {script} }})().then(done, error => done("failed: " + error));"""
        return self._ask("WebDriver:ExecuteAsyncScript", script=body, args=arguments)["value"]

    def wait(self, condition: str, *arguments: Any) -> None:
        """Wait until an expression is true in the page."""
        script = f"""
        for (let turn = 0; turn < 1200; turn++) {{
          if ({condition}) return true;
          await new Promise(done => setTimeout(done, 25));
        }}
        return false;"""
        assert self.run(script, *arguments) is True, condition

    def complaints(self) -> list[str]:
        """What the pages so far complained of."""
        self._ask("Marionette:SetContext", value="chrome")
        answer = self._ask("WebDriver:ExecuteScript", script=_COMPLAINTS, args=[])
        self._ask("Marionette:SetContext", value="content")
        return [str(each) for each in answer["value"]]

    def close(self) -> None:
        """End it."""
        try:
            self._ask("Marionette:Quit", flags=["eForceQuit"])
            self._process.wait(20)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._socket.close()
