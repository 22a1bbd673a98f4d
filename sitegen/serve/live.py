"""What the server tells open pages: which build is published, and what is wrong with the newest."""

from __future__ import annotations

import json
import secrets
import threading

import msgspec

EVENTS = "/.sitegen/events"
SCRIPT = "/.sitegen/live.js"


class State(msgspec.Struct, frozen=True):
    """revision: of the published site, different in every run. error: of a later build, or ""."""

    revision: str
    error: str

    def message(self) -> bytes:
        """As a server-sent event."""
        data = json.dumps({"revision": self.revision, "error": self.error})
        return f"event: state\ndata: {data}\n\n".encode()


class Live:
    """The state, and everybody who waits for the next one."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._builds = 0
        self._error = ""
        self._closed = False
        self._condition = threading.Condition()

    @property
    def state(self) -> State:
        with self._condition:
            return self._state()

    @property
    def closed(self) -> bool:
        return self._closed

    def published(self) -> None:
        """A build was good: pages reload."""
        with self._condition:
            self._builds += 1
            self._error = ""
            self._condition.notify_all()

    def failed(self, error: str) -> None:
        """A build failed: pages stay as they are, and show why."""
        with self._condition:
            self._error = error
            self._condition.notify_all()

    def close(self) -> None:
        """Let go everybody who waits."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wait(self, seen: State | None, timeout: float) -> State | None:
        """The first state that is not `seen`; None when it did not come in time, or on `close`."""
        with self._condition:
            changed = self._condition.wait_for(
                lambda: self._closed or self._state() != seen, timeout
            )
            return self._state() if changed and not self._closed else None

    def _state(self) -> State:
        return State(f"{self._run}-{self._builds}", self._error)


def injected(html: bytes, revision: str) -> bytes:
    """A page with the script that reloads it."""
    place = html.lower().find(b"</head>")
    if place < 0:
        return html
    tag = f'<script src="{SCRIPT}" data-revision="{revision}" defer></script>'.encode()
    return html[:place] + tag + html[place:]


# Styles are set property by property: the pages' content security policy allows no style text.
LIVE_JS = """\
"use strict";
(() => {
  const shown = document.currentScript.dataset.revision;
  let box = null;
  function overlay(error) {
    if (!error) {
      if (box) box.remove();
      box = null;
      return;
    }
    if (!box) {
      box = document.createElement("pre");
      box.id = "sitegen-error";
      box.setAttribute("role", "alert");
      Object.assign(box.style, {
        position: "fixed", inset: "auto 16px 16px 16px", zIndex: "2147483647", margin: "0",
        padding: "12px 16px", maxHeight: "50vh", overflow: "auto", whiteSpace: "pre-wrap",
        overflowWrap: "anywhere", font: "13px/1.5 ui-monospace, monospace", color: "#fff",
        background: "#8c1d18", border: "1px solid #fff", borderRadius: "6px",
      });
      document.body.append(box);
    }
    box.textContent = "The build failed; this is the last good site.\\n\\n" + error;
  }
  const events = new EventSource("/.sitegen/events");
  events.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    if (state.revision !== shown) location.reload();
    else overlay(state.error);
  });
  window.addEventListener("pagehide", () => events.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
"""
