"""Open pages are told of every build, and of why one failed."""

from __future__ import annotations

import json
import threading

from sitegen.serve.live import LIVE_JS, Live, State, injected


def test_a_failed_build_keeps_the_revision_and_the_next_good_one_removes_the_error() -> None:
    live = Live()
    first = live.state
    live.failed("no")
    assert live.state == State(first.revision, "no")
    live.published()
    assert live.state.error == ""
    assert live.state.revision != first.revision


def test_two_runs_never_share_a_revision() -> None:
    assert Live().state.revision != Live().state.revision


def test_who_waits_is_told_at_once() -> None:
    live = Live()
    seen = live.state
    thread = threading.Thread(target=live.published)
    thread.start()
    found = live.wait(seen, 60)
    thread.join()
    assert found == live.state != seen
    assert live.wait(found, 0) is None


def test_who_waits_is_let_go_in_the_end() -> None:
    live = Live()
    live.close()
    assert live.wait(live.state, 60) is None


def test_an_error_of_several_lines_is_one_event() -> None:
    message = State("r", "a\n\ndata: b\r\u2028").message()
    assert message.count(b"\n") == 3
    data = message.decode().partition("data: ")[2]
    assert json.loads(data)["error"] == "a\n\ndata: b\r\u2028"


def test_the_script_stands_in_the_head_alone() -> None:
    page = b"<html><HEAD><title>x</title></HEAD><body></head></body></html>"
    tag = b'<script src="/.sitegen/live.js" data-revision="r-1" defer></script>'
    assert injected(page, "r-1") == page.replace(b"</HEAD>", tag + b"</HEAD>")
    assert injected(b"no page", "r-1") == b"no page"


def test_an_error_is_shown_as_text_alone() -> None:
    assert "textContent" in LIVE_JS
    assert "innerHTML" not in LIVE_JS
    assert 'setAttribute("role", "alert")' in LIVE_JS
