"""Hostile, broken and cut-off repositories, and credentials: from Git to the published portal."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from sitegen import config, pipeline
from sitegen.errors import GitError, OutputError, RepositoryError, SitegenError
from sitegen.gitio.address import Address, parse_address
from sitegen.gitio.clone import mirror
from sitegen.pipeline import repository as reading
from tests.gitrepo import GitRepo
from tests.hazards import assert_diagnosed, assert_good, publish, repository, sitegen

# What of a portal may tell that there are problems: their page and file, and their number.
TELLING = ("problems.html", "projects/index.html", "api/v1/problems.json")
COUNTS = re.compile(
    rb'"problems":(?:\d+|\[[^\]]*\])|\s'
    rb'|<li><a href="[^"]*problems\.html"[^>]*>(?:(?!</li>).)*</li>',
    re.DOTALL,
)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return repository(tmp_path / "repo")


def test_nothing_of_a_hostile_configuration_runs(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({".gitattributes": "* filter=evil diff=evil merge=evil\n", "big.json": '{"f1": 1}'})
    repo.commit({"dvc.yaml": "metrics: [metrics.json, big.json]\n"})
    repo.tag("m@v1.0.0")
    missing = repo.git("rev-parse", "HEAD:big.json")
    (repo.git_dir / "objects" / missing[:2] / missing[2:]).unlink(missing_ok=True)
    for pack in list((repo.git_dir / "objects/pack").glob("*")):
        pack.chmod(0o644)
    pwn = tmp_path / "pwn"
    run = f"touch {pwn}; exit 1 #"
    for key, value in {
        "core.fsmonitor": run,
        "core.sshCommand": run,
        "core.pager": run,
        "core.editor": run,
        "core.askPass": run,
        "core.gitProxy": run,
        "core.alternateRefsCommand": run,
        "core.repositoryFormatVersion": "1",
        "core.worktree": str(tmp_path),
        "extensions.partialClone": "origin",
        "remote.origin.url": "ssh://nowhere.invalid/x",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": run,
        "remote.origin.vcs": "evil",
        "credential.helper": f"!{run}",
        "gpg.program": run,
        "gpg.ssh.program": run,
        "log.showSignature": "true",
        "diff.external": run,
        "diff.evil.textconv": run,
        "filter.evil.smudge": run,
        "filter.evil.clean": run,
        "filter.evil.process": run,
        "filter.evil.required": "true",
        "uploadpack.packObjectsHook": run,
        "alias.rev-parse": f"!{run}",
        "alias.for-each-ref": f"!{run}",
        "pager.config": run,
        "include.path": "/etc/passwd-is-not-there",
    }.items():
        repo.git("config", key, value)
    hooks = repo.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\n{run}\n")
        (hooks / name).chmod(0o755)
    before = {p: p.read_bytes() for p in repo.git_dir.rglob("*") if p.is_file()}
    sitegen("build", repo.path, folder=tmp_path)
    sitegen("check", repo.path, folder=tmp_path, check=False)
    sitegen("scan", repo.path, "-o", "facts", folder=tmp_path)
    assert not pwn.exists()
    assert not list(tmp_path.rglob("pwn"))
    # Reading changes nothing, not even an index or a log.
    assert {p: p.read_bytes() for p in repo.git_dir.rglob("*") if p.is_file()} == before
    assert_good(publish(repo))


@pytest.mark.parametrize(
    "address",
    ["ext::sh -c 'touch pwn'", "-u/touch pwn", "--upload-pack=touch pwn", "fd::17",
     "http://localhost:1/x", "ssh://-oProxyCommand=touch%20pwn/x", "-oProxyCommand=x:y",
     "ftp://localhost/x"],
)  # fmt: skip
def test_an_address_that_could_run_something_is_refused(
    repo: GitRepo, tmp_path: Path, address: str
) -> None:
    (tmp_path / "sitegen.yaml").write_text(
        f"repositories:\n  - path: repo\n  - {{name: evil, url: {address!r}}}\n"
    )
    try:
        settings = config.load(tmp_path / "sitegen.yaml", environ={"SITEGEN_CACHE": str(tmp_path)})
    except SitegenError as error:
        assert "url" in str(error)
        return
    built = pipeline.build(settings)
    [found] = built.problems
    assert found.repo == "evil"
    assert "refused" in found.reason
    assert (built.output / "models/repo/good.html").is_file()
    assert not list(tmp_path.rglob("pwn"))


def test_a_server_that_never_answers_is_given_up(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = sys.modules["sitegen.pipeline.portal"]
    monkeypatch.setattr(building, "mirror", partial(mirror, timeout=0.5))
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = f"git://127.0.0.1:{server.getsockname()[1]}/silent.git"
        settings = config.default(
            [str(repo.path), address],
            folder=tmp_path,
            environ={"SITEGEN_CACHE": str(tmp_path / "cache")},
        )
        built = pipeline.build(settings)
    [found] = built.problems
    assert found.repo == "silent"
    assert "did not end within" in found.reason
    assert (built.output / "models/repo/good.html").is_file()


def test_corruption_changes_nothing_but_what_it_touches(tmp_path: Path) -> None:
    sound, broken = (repository(tmp_path / name / "repo") for name in ("a", "b"))
    for one in (sound, broken):
        one.commit({"other": "x"})
    lost = broken.tag("lost@v1.0.0")
    (broken.git_dir / "objects" / lost[:2] / lost[2:]).unlink()
    bad = broken.tag("rotten@v1.0.0")
    rotten = broken.git_dir / "objects" / bad[:2] / bad[2:]
    rotten.chmod(0o644)
    rotten.write_bytes(b"no zlib at all")
    (broken.git_dir / "refs/tags/b@v1.0.0").write_text("bad\n")
    (broken.git_dir / "refs/tags/empty@v1.0.0").write_text("")
    portals = [publish(one) for one in (sound, broken)]
    assert portals[0].problems == ()
    for name in ("lost", "rotten", "b", "empty"):
        [found] = [p for p in portals[1].problems if f"{name}@v1.0.0" in p.ref]
        assert found.reason
    assert len(portals[1].problems) == 4
    assert_good(portals[1])
    files = [portal.files() for portal in portals]
    assert files[0].keys() == files[1].keys()
    for path in files[0].keys() - {*TELLING, ".sitegen"}:
        left, right = (COUNTS.sub(b"", one[path]) for one in files)
        assert left == right, path


def test_a_missing_commit_or_tree_spares_the_rest(repo: GitRepo) -> None:
    commit = repo.git("commit-tree", "HEAD^{tree}", "-m", "x")
    repo.tag("lost@v1.0.0", commit)
    (repo.git_dir / "objects" / commit[:2] / commit[2:]).unlink()
    blob = repo.raw_object("blob", b"{}")
    tree = repo.raw_object("tree", b"100644 metrics.json\0" + bytes.fromhex(blob))
    for path in (tree, blob):
        where = repo.git("commit-tree", tree, "-m", path) if path == tree else ""
        if where:
            repo.tag("hollow@v1.0.0", where)
        (repo.git_dir / "objects" / path[:2] / path[2:]).unlink()
    portal = publish(repo)
    assert_diagnosed(portal, "commit.missing", ref=commit)
    assert_diagnosed(portal, "tree.missing")
    assert_good(portal)
    assert set(portal.models()) == {"good", "lost", "hollow"}


def test_a_shallow_clone_is_an_error_that_says_how_to_mend_it(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit({"a": "2"})
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(clone))
    done = sitegen("build", clone, folder=tmp_path, check=False)
    assert done.returncode == 1
    assert "git fetch --unshallow --tags" in done.stderr
    assert not (tmp_path / "_site").exists()
    both = sitegen("build", repo.path, clone, "--strict", folder=tmp_path, check=False)
    assert both.returncode == 1
    assert (tmp_path / "_site/models/repo/good.html").is_file()
    sitegen("build", clone, "--allow-shallow", "--allow-empty", folder=tmp_path)


def test_an_empty_registry_never_replaces_a_full_one(repo: GitRepo, tmp_path: Path) -> None:
    other = repository(tmp_path / "other")
    sitegen("build", repo.path, other.path, folder=tmp_path)
    page = tmp_path / "_site/index.html"
    before = page.read_bytes()
    other.git("tag", "-d", "good@v1.0.0", "good#prod#1")
    for repositories in ([other.path], [repo.path, other.path]):
        done = sitegen("build", *repositories, folder=tmp_path, check=False)
        assert done.returncode == 1
        assert "git fetch --tags" in done.stderr
        assert "--allow-empty" in done.stderr
        assert page.read_bytes() == before
    sitegen("build", repo.path, other.path, "--allow-empty", folder=tmp_path)
    assert page.read_bytes() != before
    assert "models/repo/good.html" in page.read_text()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_somebody_elses_repository_is_named_with_the_remedy(repo: GitRepo, tmp_path: Path) -> None:
    foreign = repository(tmp_path / "foreign")
    for path in (foreign.path, *foreign.path.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    home = tmp_path / "home"
    home.mkdir()
    personal = home / ".gitconfig"
    personal.write_text("[user]\n\tname = Me\n")
    environ = {"HOME": str(home), "GIT_CONFIG_GLOBAL": str(personal)}
    done = sitegen("build", repo.path, foreign.path, folder=tmp_path, **environ)
    assert "belongs to another user" in done.stderr
    assert f"safe.directory {foreign.path}" in done.stderr
    assert personal.read_text() == "[user]\n\tname = Me\n"
    assert (tmp_path / "_site/models/repo/good.html").is_file()
    personal.write_text(f"[safe]\n\tdirectory = {foreign.path}\n")
    sitegen("build", foreign.path, "-o", "theirs", folder=tmp_path, **environ)
    assert (tmp_path / "theirs/models/foreign/good.html").is_file()


def test_unusual_repositories_work_or_are_told_and_parents_are_never_read(
    repo: GitRepo, tmp_path: Path
) -> None:
    empty = GitRepo(tmp_path / "empty")
    bare = tmp_path / "bare.git"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    detached = repository(tmp_path / "detached")
    detached.checkout(detached.head)
    inside = repo.path / "inside"
    inside.mkdir()
    portal = publish(repo, empty.path, bare, detached.path, inside)
    assert [(p.repo, p.kind) for p in portal.problems] == [
        ("empty", "repository.empty"),
        ("inside", "repository"),
    ]
    assert str(repo.path) in portal.problems[1].remedy
    rows = portal.json("api/v1/registry.json")["models"]
    assert sorted(row["repo"] for row in rows) == ["bare", "detached", "repo"]
    assert all(row["stages"] == {"prod": ["v1.0.0"]} for row in rows)
    with pytest.raises(RepositoryError, match="inside"):
        publish(inside)


def test_tags_that_vanish_while_they_are_read_are_told(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = repo.tag("gone@v1.0.0")
    read = reading.read_refs

    def then_delete(*arguments: object) -> object:
        refs = read(*arguments)  # type: ignore[arg-type]
        repo.git("tag", "-d", "gone@v1.0.0")
        (repo.git_dir / "objects" / gone[:2] / gone[2:]).unlink()
        repo.git("pack-refs", "--all")
        return refs

    monkeypatch.setattr(reading, "read_refs", then_delete)
    portal = publish(repo)
    assert_diagnosed(portal, "tag.missing", ref="gone@v1.0.0")
    assert len(portal.problems) == 1
    assert_good(portal)
    assert set(portal.models()) == {"good"}


TOKEN = "TOPSECRETTOKEN"


class Refusing(BaseHTTPRequestHandler):
    """A Git host that lets nobody in, and says so with the request's own words."""

    status = 401

    def do_GET(self) -> None:
        self.send_response(self.status)
        if self.status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
        body = f"no entry: {self.path} {self.headers.get('Authorization', '')}".encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests print nothing."""


@contextmanager
def refusing(status: int) -> Iterator[int]:
    handler = type("Handler", (Refusing,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def everything(folder: Path, *but: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path not in but:
            yield path, path.read_bytes()


@pytest.mark.parametrize("status", [401, 403])
def test_no_credential_is_written_or_printed_anywhere(
    repo: GitRepo, tmp_path: Path, status: int
) -> None:
    secrets = (TOKEN, b64encode(f"user:{TOKEN}".encode()).decode())
    origin = tmp_path / "origin" / "mirrored"
    shutil.copytree(repo.path, origin)
    repo.git(
        "remote", "add", "origin", f"https://user:{TOKEN}@github.com/a/b?private_token={TOKEN}"
    )
    with refusing(status) as port:
        host = f"localhost:{port}"
        given = tmp_path / "sitegen.yaml"
        given.write_text(
            "cache: cache\nrepositories:\n  - path: repo\n"
            f"  - {{name: a, url: 'https://user:{TOKEN}@{host}/a.git'}}\n"
            f"  - {{name: b, url: 'https://{TOKEN}@{host}/b.git'}}\n"
            f"  - {{name: c, url: 'https://{host}/c.git?private_token={TOKEN}'}}\n"
            f"  - {{name: d, url: 'https://{host}/d.git', token_env: THE_TOKEN}}\n"
            f"  - {{name: e, url: 'http://user:{TOKEN}@{host}/e.git'}}\n"
            f"  - {{name: f, url: 'ssh://user:{TOKEN}@-bad-/f.git'}}\n"
            f"  - {{name: g, url: 'file://{origin}'}}\n"
        )
        env = {"THE_TOKEN": TOKEN, "XDG_STATE_HOME": str(tmp_path / "state")}
        for arguments in (["build", "-v"], ["build", "--json"], ["check", "--json"]):
            done = sitegen(*arguments, folder=tmp_path, check=False, **env)
            assert done.returncode == (1 if arguments[0] == "check" else 0), done.stderr
            for secret in secrets:
                assert secret not in done.stdout + done.stderr
            said = done.stdout + done.stderr
            for name in "abcdef":
                assert re.search(rf'(?m)^{name}: |"repo": "{name}"', said), name
        alone = sitegen(
            "build", f"https://user:{TOKEN}@{host}/a.git", folder=tmp_path, check=False, **env
        )
        assert alone.returncode == 1
        assert TOKEN not in alone.stdout + alone.stderr
    assert (tmp_path / "_site/models/g/good.html").is_file()
    config_of_ours = repo.git_dir / "config"
    for path, data in everything(tmp_path, given, config_of_ours):
        for secret in secrets:
            assert secret.encode() not in data, path
        assert TOKEN not in str(path)


def test_no_credential_reaches_a_file_through_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git itself meets the refusal; for a server without a certificate, over plain HTTP."""

    def over_http(url: str, **options: Any) -> Address:
        found = parse_address(url, **options)
        plain = {name: getattr(found, name).replace("https:", "http:") for name in ("url", "site")}
        return msgspec.structs.replace(found, protocol="http", **plain)

    monkeypatch.setattr("sitegen.gitio.clone.parse_address", over_http)
    for status in (401, 403):
        with refusing(status) as port:
            url = f"https://user:{TOKEN}@localhost:{port}/a.git?private_token={TOKEN}"
            with pytest.raises(GitError) as caught:
                mirror(url, tmp_path / "cache")
        assert TOKEN not in str(caught.value) + repr(caught.value)
        assert "localhost" in str(caught.value)
    for path, data in everything(tmp_path):
        assert TOKEN.encode() not in data, path


def test_a_site_that_lost_a_repository_is_not_replaced(repo: GitRepo, tmp_path: Path) -> None:
    other = repository(tmp_path / "other")
    publish(repo, other)
    shutil.rmtree(other.git_dir)
    with pytest.raises(OutputError, match="registered models"):
        publish(repo, other)
