"""New repositories from a fast-import stream."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sitegen.errors import GitError, OutputError
from sitegen.gitio.create import create_repository, is_at

STREAM = b"""\
feature done
commit refs/heads/main
committer A <a@x> 1735689600 +0000
data 5
First
M 100644 inline folder/file
data 3
one
done
"""


def test_a_repository_is_made_on_main_with_its_files_checked_out(tmp_path: Path) -> None:
    path = tmp_path / "new" / "repo"
    create_repository(path, STREAM)
    assert (path / "folder/file").read_bytes() == b"one"
    told = ["git", "-C", str(path), "status", "--porcelain", "--branch"]
    assert subprocess.check_output(told, text=True) == "## main\n"
    head = subprocess.check_output(["git", "-C", str(path), "rev-parse", "HEAD"], text=True)
    assert is_at(path, head.strip())
    assert not is_at(path, "0" * 40)


def test_nothing_of_the_users_configuration_takes_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for hook in ("post-checkout", "reference-transaction"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
        (hooks / hook).chmod(0o755)
    config = tmp_path / "config"
    config.write_text(
        f"[init]\ntemplateDir = {hooks.parent}\n[core]\nhooksPath = {hooks}\nautocrlf = true\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    create_repository(tmp_path / "repo", STREAM)
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "repo/.git/hooks").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not empty"):
        create_repository(tmp_path, STREAM)
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
    with pytest.raises(OutputError, match="cannot be made"):
        create_repository(tmp_path / "notes", STREAM)
    assert not is_at(tmp_path, "0" * 40)


def test_a_bad_stream_is_an_error_that_quotes_git(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"fast-import failed: .*nonsense"):
        create_repository(tmp_path / "repo", b"nonsense\n")
