"""The server gives out the published folder, to this machine alone, and nothing else."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from sitegen.errors import OutputError
from sitegen.serve.http import Server, bound
from sitegen.serve.live import Live

TIMEOUT = 60


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "_site"
    (root / "models").mkdir(parents=True)
    (root / "index.html").write_text("<head></head>home")
    (root / "404.html").write_text("<head></head>missing")
    (root / "models" / "index.html").write_text("<head></head>models")
    (root / "models" / "a b.json").write_text("{}")
    (root / "unknown.bin").write_bytes(b"\0")
    (root / ".sitegen").write_text("ours")
    (tmp_path / "secret.txt").write_text("SECRET")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "out").symlink_to(tmp_path)
    return root


def serving(root: Path, prefix: str = "/") -> Iterator[Server]:
    live = Live()
    server = bound("127.0.0.1", [0], root, prefix, live)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        live.close()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server(root: Path) -> Iterator[Server]:
    yield from serving(root)


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=TIMEOUT)
    connection.putrequest(method, path, skip_host=True)
    headers = {"Host": f"127.0.0.1:{server.server_port}", **headers}
    for name, value in headers.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()


@pytest.mark.parametrize(
    ("path", "body"),
    [("/", "home"), ("/index.html?x=1", "home"), ("/models/", "models"),
     ("/models/a%20b.json", "{}")],
)  # fmt: skip
def test_files_and_the_index_of_folders_are_served(server: Server, path: str, body: str) -> None:
    answer = ask(server, path)
    assert answer.status == 200
    assert answer.read().decode().endswith(body)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_without_its_slash_is_redirected(server: Server) -> None:
    answer = ask(server, "/models")
    assert (answer.status, answer.headers["Location"]) == (302, "/models/")


def test_a_page_carries_the_script_that_reloads_it(server: Server) -> None:
    body = ask(server, "/").read().decode()
    assert f'data-revision="{server.live.state.revision}"' in body
    script = ask(server, "/.sitegen/live.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert b"EventSource" in script.read()


def test_an_unknown_kind_of_file_is_never_run(server: Server) -> None:
    assert ask(server, "/unknown.bin").headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path",
    [
        "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/../secret.txt", "/models/../../secret.txt",
        "/%00", "/index.html%00.txt", "//secret.txt", "/..%5csecret.txt", "/..\\secret.txt",
        "/link.txt", "/out/secret.txt", "/out/", "/.sitegen", "/.git/config", "/nowhere",
        "/index.html/", "/%ff%fe", "/a%0d%0aSet-Cookie:x", "http://127.0.0.1/index.html", "*",
        "/" + "a" * 5000, "/models/./index.html", "//evil.example/..", "/index%E2%80%AE.html",
    ],
)  # fmt: skip
def test_what_is_not_in_the_folder_is_missing(server: Server, path: str) -> None:
    answer = ask(server, path)
    body = answer.read()
    assert answer.status == 404
    assert b"missing" in body
    assert b"SECRET" not in body
    assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""]
)
@pytest.mark.parametrize("path", ["/", "/.sitegen/events", "/.sitegen/live.js"])
def test_a_foreign_host_is_refused(server: Server, host: str, path: str) -> None:
    answer = ask(server, path, Host=host.format(port=server.server_port))
    assert answer.status == 403
    assert b"home" not in answer.read()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "x"])
def test_a_foreign_origin_is_refused(server: Server, origin: str) -> None:
    assert ask(server, "/", Origin=origin.format(port=server.server_port)).status == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_our_own_names_are_served(server: Server, host: str) -> None:
    name = f"{host}:{server.server_port}"
    assert ask(server, "/", Host=name, Origin=f"http://{name}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(server: Server, method: str) -> None:
    answer = ask(server, "/", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_head_gives_the_length_alone(server: Server) -> None:
    answer = ask(server, "/", "HEAD")
    assert (answer.status, answer.read()) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(ask(server, "/").read()))
    assert ask(server, "/.sitegen/events", "HEAD").status == 200


def test_events_tell_the_state_and_every_change(server: Server) -> None:
    answer = ask(server, "/.sitegen/events")
    assert answer.headers["Content-Type"] == "text/event-stream"

    def event() -> dict[str, str]:
        lines = [answer.readline() for _ in range(3)]
        found: dict[str, str] = json.loads(lines[1].removeprefix(b"data: "))
        return found

    first = event()
    assert first == {"revision": server.live.state.revision, "error": ""}
    server.live.failed("no <b>")
    assert event() == {"revision": first["revision"], "error": "no <b>"}
    server.live.published()
    assert event() == {"revision": server.live.state.revision, "error": ""}
    server.live.close()
    assert answer.read() == b""


def test_a_site_with_a_path_is_served_below_it(root: Path) -> None:
    for server in serving(root, "/team/models/"):
        assert server.address.endswith("/team/models/")
        assert ask(server, "/").headers["Location"] == "/team/models/"
        assert ask(server, "/team/models/models/").status == 200
        assert ask(server, "/models/").status == 404
        assert ask(server, "/team/models").status == 404


def test_before_the_first_site_a_page_waits_for_it(tmp_path: Path) -> None:
    for server in serving(tmp_path / "nothing"):
        answer = ask(server, "/")
        assert answer.status == 404
        assert b"live.js" in answer.read()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::", ""])
def test_only_this_machine_is_served(tmp_path: Path, host: str) -> None:
    with pytest.raises(OutputError, match="no loopback address"):
        bound(host, [0], tmp_path, "/", Live())


def test_the_next_free_port_is_taken_and_none_at_all_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = bound("127.0.0.1", [port, 0], tmp_path, "/", Live())
        server.server_close()
        assert server.server_port != port
        with pytest.raises(OutputError, match="no port to serve on") as caught:
            bound("127.0.0.1", [port], tmp_path, "/", Live())
    assert caught.value.problem.remedy == "name a free one with --port"
