"""The server itself: files of the published folder, to this machine alone, by GET and HEAD alone.

A page of another site can send requests to any server of the reader's machine, and by rebinding a
name of its own even read the answers: so the names in Host and Origin must be ours.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from sitegen.errors import OutputError
from sitegen.serve.live import EVENTS, LIVE_JS, SCRIPT, Live, injected

BREATH = 15.0
"""Seconds after which an idle stream of events shows whether somebody still listens."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_BEFORE_THE_FIRST_SITE = b"""\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>sitegen</title></head>\
<body><p>There is no site yet.</p></body></html>
"""


class Server(ThreadingHTTPServer):
    """Serves `root` below the path `prefix` (which starts and ends with a slash)."""

    daemon_threads = True
    # Two servers on one port would share the requests out between them.
    allow_reuse_port = False

    def __init__(self, host: str, port: int, root: Path, prefix: str, live: Live) -> None:
        self.root, self.prefix, self.live = root, prefix, live
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)
        names = {host, "localhost", "127.0.0.1", "::1"}
        shown = {f"[{name}]" if ":" in name else name for name in names}
        self.hosts = {f"{name}:{self.server_port}" for name in shown}
        if self.server_port == 80:
            self.hosts |= shown
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}{prefix}"

    def server_bind(self) -> None:
        # The base class asks the name service who this machine is, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who went away is no error of ours."""


def bound(host: str, ports: Iterable[int], root: Path, prefix: str, live: Live) -> Server:
    """A server on the first free port. Raises OutputError: no loopback address, no free port."""
    try:
        address = "127.0.0.1" if host == "localhost" else str(ipaddress.ip_address(host))
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        address, loopback = host, False
    if not loopback:
        raise OutputError(
            f"{host} is no loopback address; this server is for this machine alone",
            remedy="leave --host out, and publish the folder with a web server",
        )
    tried = []
    for port in ports:
        try:
            return Server(address, port, root, prefix, live)
        except OSError as error:
            tried.append(f"{port} ({error.strerror})")
    raise OutputError(
        f"no port to serve on: {', '.join(tried[:1] + tried[1:][-1:])}",
        remedy="name a free one with --port",
    )


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "sitegen"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        if not self._is_for_us():
            self._text(HTTPStatus.FORBIDDEN, "This server answers to this machine alone.")
            return
        path = self.path.partition("?")[0].partition("#")[0]
        if path == EVENTS:
            self._events()
        elif path == SCRIPT:
            self._send(HTTPStatus.OK, LIVE_JS.encode(), ".js")
        elif path == "/" != self.server.prefix:
            self._redirect(self.server.prefix)
        else:
            self._file(path)

    do_HEAD = do_GET

    def _refused(self) -> None:
        self.close_connection = True  # what the request's body says is not read
        self._text(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD.", Allow="GET, HEAD")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refused

    def _is_for_us(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts:
            return False
        origins = self.headers.get_all("Origin", [])
        return all(
            (parts := urlsplit(origin.lower())).scheme == "http"
            and parts.netloc in self.server.hosts
            for origin in origins
        )

    def _file(self, path: str) -> None:
        found = _located(self.server.root, self.server.prefix, path)
        if found is not None and found.is_dir():
            if not path.endswith("/"):
                self._redirect(f"{quote(unquote(path))}/")
                return
            found = _located(self.server.root, self.server.prefix, f"{path}index.html")
        elif path.endswith("/"):
            found = None
        status = HTTPStatus.OK
        data = _read(found)
        if data is None:
            status = HTTPStatus.NOT_FOUND
            found = self.server.root / "404.html"
            data = _read(found)
        if data is None:
            data = _BEFORE_THE_FIRST_SITE
            found = Path("404.html")
        suffix = found.suffix.lower() if found else ""
        if suffix == ".html":
            data = injected(data, self.server.live.state.revision)
        self._send(status, data, suffix)

    def _events(self) -> None:
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream", Connection="close")
        if self.command == "HEAD":
            return
        seen = None
        while True:
            state = self.server.live.wait(seen, BREATH)
            if self.server.live.closed:
                return
            self.wfile.write(b":\n\n" if state is None else state.message())
            self.wfile.flush()
            seen = state or seen

    def _redirect(self, path: str) -> None:
        self._text(HTTPStatus.FOUND, path, Location=path)

    def _text(self, status: HTTPStatus, text: str, **headers: str) -> None:
        self._send(status, f"{text}\n".encode(), ".txt", **headers)

    def _send(self, status: HTTPStatus, data: bytes, suffix: str, **headers: str) -> None:
        kind = _TYPES.get(suffix, "application/octet-stream")
        self._head(status, kind, **{"Content-Length": str(len(data))}, **headers)
        if self.command != "HEAD":
            self.wfile.write(data)

    def _head(self, status: HTTPStatus, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Resource-Policy": "same-origin",
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line each."""


def _located(root: Path, prefix: str, path: str) -> Path | None:
    """The file or folder that a request's path means; None where there is none to be served."""
    lower = path.lower()
    if not path.startswith(prefix) or "%2f" in lower or "%5c" in lower or "%00" in lower:
        return None
    parts = unquote(path[len(prefix) :]).removesuffix("/").split("/")
    if parts == [""]:
        parts = []
    # Names that start with a dot are ours, and `..` is one of them.
    if any(not part or part[0] == "." or "\\" in part or not part.isprintable() for part in parts):
        return None
    try:
        top = root.resolve(strict=True)
        found = root.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return found if found.is_relative_to(top) else None


def _read(path: Path | None) -> bytes | None:
    try:
        return path.read_bytes() if path is not None and path.is_file() else None
    except OSError:
        return None
