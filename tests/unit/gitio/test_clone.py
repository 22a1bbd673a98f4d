"""Mirrors: whole, up to date, without credentials on disk, and within their time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sitegen.errors import GitError, RepositoryError
from sitegen.gitio.address import Address, parse_address
from sitegen.gitio.clone import mirror, mirror_name
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.process import basic_header, observing
from sitegen.gitio.read import read_tags
from sitegen.gitio.repository import open_repository, read_refs
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a.txt": "a", "big.bin": b"x" * 2_000_000})
    repo.tag("good@v1.0.0", message="good")
    return repo


def names(folder: Path) -> list[str]:
    return [ref.name for ref in read_refs(open_repository(folder)).refs]


def fetch(repo: GitRepo, tmp_path: Path) -> Path:
    return mirror(f"file://{repo.path}", tmp_path / "cache", allow_file=True)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("filtering", ["true", "false"])
def test_a_mirror_holds_branches_tags_and_head(
    tmp_path: Path, object_format: str, filtering: str
) -> None:
    repo = GitRepo(tmp_path / "repo", object_format=object_format)
    repo.commit({"a.txt": "a", "big.bin": b"x" * 2_000_000})
    repo.git("config", "uploadpack.allowFilter", filtering)
    repo.tag("good@v1.0.0", message="good")
    repo.git("checkout", "-q", "-b", "develop")
    folder = fetch(repo, tmp_path)
    opened = open_repository(folder)
    refs = read_refs(opened)
    assert (opened.bare, opened.object_format) == (True, object_format)
    assert (refs.branch, refs.head) == ("develop", repo.head)
    big, small = (repo.git("rev-parse", f"HEAD:{name}") for name in ("big.bin", "a.txt"))
    calls: list[tuple[str, ...]] = []
    with ObjectReader(opened) as reader, observing(calls.append):
        tags, problems = read_tags(reader, refs.refs[-1:], "r")
        kinds = [kind for _, kind, _ in reader.contents([big, small])]
    assert [tag.message for tag in tags] == ["good"]
    assert problems == ()
    assert kinds == ["missing" if filtering == "true" else "blob", "blob"]
    assert len(calls) == 1


def test_an_update_prunes_moves_and_adds(repo: GitRepo, tmp_path: Path) -> None:
    repo.tag("gone@v1.0.0")
    first = fetch(repo, tmp_path)
    repo.git("tag", "-d", "gone@v1.0.0")
    repo.commit({"a.txt": "b"}, message="amended")
    moved = repo.tag("good@v1.0.0", message="moved")
    repo.tag("new@v1.0.0")
    second = fetch(repo, tmp_path)
    assert first == second
    refs = {ref.name: ref.oid for ref in read_refs(open_repository(second)).refs}
    assert list(refs) == ["refs/heads/main", "refs/tags/good@v1.0.0", "refs/tags/new@v1.0.0"]
    assert refs["refs/tags/good@v1.0.0"] == moved


def test_dvc_experiments_are_mirrored_and_what_dvc_keeps_for_itself_is_not(
    repo: GitRepo, tmp_path: Path
) -> None:
    made = f"refs/exps/{repo.head[:2]}/{repo.head[2:]}/quiet-fox"
    own = ("apply", "celery/stash", "exec/EXEC_HEAD", "stash", "temp/abc")
    for name in (made, *(f"refs/exps/{each}" for each in own)):
        repo.ref(name, repo.head)
    refs = {ref.name for ref in read_refs(open_repository(fetch(repo, tmp_path))).refs}
    assert {name for name in refs if name.startswith("refs/exps/")} == {made}


def test_a_detached_and_an_empty_source_are_mirrored(repo: GitRepo, tmp_path: Path) -> None:
    repo.checkout(repo.head)
    assert read_refs(open_repository(fetch(repo, tmp_path))).head == repo.head
    empty = GitRepo(tmp_path / "empty")
    assert names(fetch(empty, tmp_path)) == []


def test_progress_is_told(repo: GitRepo, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    mirror(
        f"file://{repo.path}",
        tmp_path / "cache",
        allow_file=True,
        progress=lambda phase, share: told.append((phase, share)),
    )
    assert told
    assert all(phase and 0 <= share <= 1 for phase, share in told)


def test_a_damaged_and_an_interrupted_mirror_are_mended(repo: GitRepo, tmp_path: Path) -> None:
    folder = fetch(repo, tmp_path)
    (folder / "HEAD.lock").touch()
    (folder / "refs/tags/good@v1.0.0.lock").touch()
    repo.tag("new@v1.0.0")
    expected = ["refs/heads/main", "refs/tags/good@v1.0.0", "refs/tags/new@v1.0.0"]
    assert names(fetch(repo, tmp_path)) == expected
    (folder / "HEAD").unlink()
    assert names(fetch(repo, tmp_path)) == expected
    for pack in folder.glob("objects/pack/*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(pack.read_bytes()[:30])
    for loose in folder.glob("objects/??/*"):
        loose.unlink()
    repo.tag("newer@v1.0.0")
    assert names(fetch(repo, tmp_path)) == [
        *expected[:2],
        "refs/tags/new@v1.0.0",
        "refs/tags/newer@v1.0.0",
    ]
    part = folder.with_suffix(".part")
    part.mkdir()
    (part / "HEAD").touch()
    (folder / "config").write_text("[core\n")
    fetch(repo, tmp_path)
    assert not part.exists()


@pytest.mark.parametrize(
    "url", ["ext::sh -c touch% pwned", "-u/x", "file:///x", "/x", "http://127.0.0.1:9/r"]
)
def test_what_is_not_allowed_starts_no_git(url: str, tmp_path: Path) -> None:
    calls: list[tuple[str, ...]] = []
    with observing(calls.append), pytest.raises(RepositoryError, match="refused"):
        mirror(url, tmp_path / "cache")
    assert calls == []
    assert not (tmp_path / "cache").exists()


def test_a_source_that_is_not_there_is_an_error_without_residue(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="nothing") as caught:
        mirror(f"file://{tmp_path}/nothing", tmp_path / "cache", allow_file=True)
    assert caught.value.problem.remedy
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        url = f"git://127.0.0.1:{server.getsockname()[1]}/r"
        with pytest.raises(GitError, match="did not end within"):
            mirror(url, tmp_path / "cache", timeout=0.5)


class Refusing(BaseHTTPRequestHandler):
    """A server that says no and keeps what it was told."""

    told: list[str | None] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.told.append(self.headers.get("Authorization"))
        self.send_response(403)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def over_http(url: str, **options: Any) -> Address:
    """What an https address becomes, for a server that has no certificate."""
    found = parse_address(url, **options)
    plain = {name: getattr(found, name).replace("https:", "http:") for name in ("url", "site")}
    return msgspec.structs.replace(found, protocol="http", **plain)


def test_credentials_reach_the_server_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.gitio.clone.parse_address", over_http)
    calls: list[tuple[str, ...]] = []
    Refusing.told.clear()
    with refusing() as host:
        for url, token in (
            (f"https://me:S3CRET@{host}/r.git", None),
            (f"https://{host}/r.git?private_token=S3CRET", "S3CRET"),
        ):
            with observing(calls.append), pytest.raises(GitError) as caught:
                mirror(url, tmp_path / "cache", token=token, timeout=60)
            assert "S3CRET" not in str(caught.value)
    sent = [header for header in Refusing.told if header]
    assert basic_header("me", "S3CRET").endswith(sent[0])
    assert basic_header("x-access-token", "S3CRET").endswith(sent[-1])
    coded = [header.rpartition(" ")[2] for header in sent]
    assert not any(word in str(calls) for word in ("S3CRET", *coded))
    for path in tmp_path.rglob("*"):
        assert "S3CRET" not in path.name
        if path.is_file():
            assert b"S3CRET" not in path.read_bytes()


def test_no_address_is_kept_in_a_mirror(repo: GitRepo, tmp_path: Path) -> None:
    folder = fetch(repo, tmp_path)
    assert not (folder / "FETCH_HEAD").exists()
    for path in folder.rglob("*"):
        if path.is_file():
            assert str(repo.path).encode() not in path.read_bytes()


def test_mirrors_are_named_by_their_address_without_credentials() -> None:
    plain = mirror_name(parse_address("https://host/o/Models.git"))
    assert plain.startswith("host-o-models-")
    assert plain == mirror_name(parse_address("https://me:TOKEN@host/o/Models.git"))
    assert plain != mirror_name(parse_address("https://host/o/models.git"))
    assert "/" not in mirror_name(parse_address("https://host/" + "x/" * 300))
    assert len(mirror_name(parse_address("https://host/" + "x" * 300))) < 100


@pytest.mark.skipif(sys.platform == "win32", reason="files are locked by fcntl")
def test_a_mirror_that_another_build_holds_is_waited_for(repo: GitRepo, tmp_path: Path) -> None:
    lock = fetch(repo, tmp_path).with_suffix(".lock")
    code = (
        "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(GitError, match="another build"):
            mirror(f"file://{repo.path}", tmp_path / "cache", allow_file=True, timeout=0.3)
    finally:
        # The lock goes with its holder, however that ends.
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    assert "refs/heads/main" in names(fetch(repo, tmp_path))


def test_threads_that_fetch_the_same_take_turns(repo: GitRepo, tmp_path: Path) -> None:
    done: list[Path] = []
    threads = [
        threading.Thread(target=lambda: done.append(fetch(repo, tmp_path))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 3
    assert len(set(done)) == 1
