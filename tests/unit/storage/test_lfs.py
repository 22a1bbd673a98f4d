import hashlib
import json
import socket
import threading
from pathlib import Path

import pytest

from sitegen.errors import StorageError
from sitegen.storage import lfs
from sitegen.storage.transfer import transfer
from tests.fileserver import FileServer, serving

DATA = b"weights"
OID = hashlib.sha256(DATA).hexdigest()
BATCH = "/me/repo.git/info/lfs/objects/batch"


def quiet(done: int, total: int | None) -> None:
    pass


def answering(server: FileServer, **said: object) -> None:
    answer = {"objects": [{"oid": OID, "size": 7, **said}]}
    server.answers[BATCH] = lambda body: json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://host/me/repo", "https://host/me/repo.git/info/lfs"),
        ("https://host/me/repo.git", "https://host/me/repo.git/info/lfs"),
        ("git@host:me/repo.git", "https://host/me/repo.git/info/lfs"),
        ("ssh://git@host:22/me/repo", "https://host/me/repo.git/info/lfs"),
        ("http://localhost:3/r", "http://localhost:3/r.git/info/lfs"),
    ],
)
def test_the_server_goes_with_the_git_remote(remote: str, url: str) -> None:
    assert lfs.endpoint(remote) == url


@pytest.mark.parametrize("remote", ["", "http://host/r", "/a/folder", "file:///x", "ext::sh -c x"])
def test_no_other_server_is_asked(remote: str) -> None:
    with pytest.raises(StorageError):
        lfs.endpoint(remote)


def test_an_object_is_where_the_server_says(tmp_path: Path) -> None:
    with serving() as server:
        server.files["/there"] = DATA
        action = {"href": f"{server.url}/there", "header": {"X-Key": "k"}}
        answering(server, actions={"download": action})
        found = lfs.sources(f"{server.url}/me/repo", [(OID, 7)], {"Authorization": "Basic x"})
        transfer(found[OID], tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA
    batch, got = server.headers
    assert batch["Authorization"] == "Basic x" and "Authorization" not in got
    assert got["X-Key"] == "k"


@pytest.mark.parametrize(
    "said",
    [{"error": {"code": 404, "message": "no"}}, {"actions": {}},
     {"actions": {"download": {"href": "file:///etc/passwd"}}}],
)  # fmt: skip
def test_what_the_server_does_not_have_is_an_error(said: dict[str, object]) -> None:
    with serving() as server:
        answering(server, **said)
        with pytest.raises(StorageError):
            lfs.sources(f"{server.url}/me/repo", [(OID, 7)])


@pytest.mark.parametrize("answer", [b"", b"[]", b"[" * 100_000, b'{"objects": []}', b"\xff"])
def test_a_strange_answer_is_an_error(answer: bytes) -> None:
    with serving() as server:
        server.answers[BATCH] = lambda body: answer
        with pytest.raises(StorageError):
            lfs.sources(f"{server.url}/me/repo", [(OID, 7)])


def test_a_server_that_does_not_speak_http_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(StorageError, match="cannot be reached"):
            lfs.sources(f"http://127.0.0.1:{listener.getsockname()[1]}/r", [(OID, 7)])
        thread.join()


def test_a_checkouts_own_store_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "objects" / OID[:2] / OID[2:4] / OID
    assert lfs.stored(tmp_path, OID) is None and lfs.stored(tmp_path, "../x") is None
    path.parent.mkdir(parents=True)
    path.write_bytes(DATA)
    assert lfs.stored(tmp_path, OID) == path
    transfer(lfs.local_source(path), tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA
