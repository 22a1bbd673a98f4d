"""A web server of a test's own: files by path, in ranges, with connections that it cuts."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """files: path -> bytes. cut: path -> how many bytes to send before the connection is cut, once
    per request while there are numbers. asked: (method, path, Range) of each request. answers:
    path -> what answers a POST. redirects: path -> where to."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut: dict[str, list[int]] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, Callable[[bytes], bytes]] = {}
        self.redirects: dict[str, str] = {}
        self.ranges = True
        self.url = ""


@contextmanager
def serving() -> Iterator[FileServer]:
    """A server on 127.0.0.1 for as long as the block lasts."""
    state = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def _begin(self) -> None:
            state.asked.append((self.command, self.path, self.headers.get("Range", "")))
            state.headers.append(dict(self.headers))

        def do_POST(self) -> None:
            self._begin()
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = state.answers.get(self.path)
            data = answer(body) if answer else b""
            self.send_response(200 if answer else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._begin()
            if self.path in state.redirects:
                self.send_response(302)
                self.send_header("Location", state.redirects[self.path])
                self.end_headers()
                return
            data = state.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(wanted[1]) if wanted and state.ranges else 0
            if start and start >= len(data):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(data)}")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            cuts = state.cut.get(self.path)
            body = data[start:]
            self.wfile.write(body[: cuts.pop(0)] if cuts else body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
