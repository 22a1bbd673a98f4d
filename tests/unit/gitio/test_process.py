"""The runner: nothing of the caller's or the repository's settings is heard, and nothing leaks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sitegen.errors import GitError
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.process import Place, basic_header, observing, run
from sitegen.gitio.read import read_commits, read_tags
from sitegen.gitio.repository import open_repository, read_refs
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a.txt": "a"})
    repo.tag("good@v1.0.0", message="good")
    return repo


def test_variables_of_the_caller_do_not_reach_git(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = GitRepo(tmp_path / "other")
    other.commit({"b.txt": "b"})
    trace = tmp_path / "trace"
    run(["version"], None)  # GitPython asks git for its version when it is imported, as is
    for name, value in {
        "GIT_DIR": str(other.git_dir),
        "GIT_WORK_TREE": str(other.path),
        "GIT_COMMON_DIR": str(other.git_dir),
        "GIT_OBJECT_DIRECTORY": str(other.git_dir / "objects"),
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_NAMESPACE": "foreign",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "alias.x",
        "GIT_CONFIG_VALUE_0": "!false",
        "GIT_CONFIG_PARAMETERS": "'a.b=c'",
        "GIT_TRACE": str(trace),
        "GIT_TRACE2_EVENT": str(trace),
        "GIT_CEILING_DIRECTORIES": "/",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other.git_dir / "objects"),
        "GIT_EXTERNAL_DIFF": "false",
    }.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    opened = open_repository(repo.path)
    refs = read_refs(opened)
    with ObjectReader(opened) as reader:
        tags, problems = read_tags(reader, refs.refs[1:], "r")
    assert [ref.name for ref in refs.refs] == ["refs/heads/main", "refs/tags/good@v1.0.0"]
    assert [tag.message for tag in tags] == ["good"]
    assert problems == ()
    assert not trace.exists()
    assert dict(os.environ) == before


def test_a_hostile_configuration_starts_no_program(repo: GitRepo, tmp_path: Path) -> None:
    pwned = tmp_path / "pwned"
    touch = f"touch {pwned}; false"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-index-change", "pre-auto-gc"):
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\n{touch}\n")
        hook.chmod(0o755)
    for key, value in {
        "core.fsmonitor": touch,
        "core.hooksPath": str(hooks),
        "core.sshCommand": touch,
        "core.pager": touch,
        "core.alternateRefsCommand": touch,
        "gpg.program": touch,
        "log.showSignature": "true",
        "core.worktree": "/nonexistent",
        "filter.x.smudge": touch,
        "diff.external": touch,
        "credential.helper": f"!{touch}",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::sh -c {touch}",
        "remote.origin.promisor": "true",
        "remote.other.url": "ssh://host/x",
        "remote.other.promisor": "true",
        "protocol.allow": "always",
        "alias.rev-parse": f"!{touch}",
    }.items():
        repo.git("config", key, value)
    missing = "1" * 40
    opened = open_repository(repo.path)
    refs = read_refs(opened)
    with ObjectReader(opened) as reader:
        tags, _ = read_tags(reader, [refs.refs[1]], "r")
        commits, problems = read_commits(reader, [tags[0].commit, missing], "r")
    assert list(commits) == [tags[0].commit]
    assert [problem.kind for problem in problems] == ["commit.missing"]
    assert not pwned.exists()


def test_the_number_of_processes_does_not_grow_with_tags(repo: GitRepo) -> None:
    def processes() -> int:
        calls: list[tuple[str, ...]] = []
        with observing(calls.append):
            opened = open_repository(repo.path)
            refs = read_refs(opened)
            with ObjectReader(opened) as reader:
                tags, _ = read_tags(reader, refs.refs[1:], "r")
                read_commits(reader, {tag.commit for tag in tags}, "r")
        return len(calls)

    few = processes()
    commit = repo.head
    oid = repo.tag("good@v1.0.1", message="good")
    repo.git(
        "update-ref",
        "--stdin",
        input="".join(f"create refs/tags/m{n}@v1.0.0 {oid}\n" for n in range(500)),
    )
    assert repo.head == commit
    assert processes() == few == 3


def test_a_command_that_does_not_end_is_stopped(repo: GitRepo, tmp_path: Path) -> None:
    slow = tmp_path / "bin" / "git-slow"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    path = f"{slow.parent}{os.pathsep}{os.environ['PATH']}"
    with pytest.raises(GitError, match="did not end within"):
        run(["slow"], Place.at(repo.git_dir), timeout=0.2, env={"PATH": path})


def test_a_failing_command_says_why(repo: GitRepo) -> None:
    with pytest.raises(GitError, match=r"git cat-file failed: fatal: Not a valid object name"):
        run(["cat-file", "-p", "1" * 39], Place.at(repo.git_dir))
    assert run(["cat-file", "-e", "1" * 40], Place.at(repo.git_dir), check=False).status == 1


def test_input_is_fed_and_output_given(repo: GitRepo) -> None:
    data = b"x" * 300_000
    oid = run(["hash-object", "--stdin"], Place.at(repo.git_dir), data=data).output.decode()
    assert oid.strip() == repo.git("hash-object", "--stdin", input=data)


def test_a_basic_header_carries_user_and_password() -> None:
    assert basic_header("u", "p") == "Authorization: Basic dTpw"


def test_gitpython_is_imported_only_when_git_is_needed() -> None:
    import subprocess

    code = "import sys, sitegen.gitio.process; sys.exit('git' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
