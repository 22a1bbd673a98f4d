"""Files of a working tree that commands write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.cli.modelreg.worktree import inside, write_file
from sitegen.errors import OutputError, RefusedError


def test_a_path_is_below_the_worktree(tmp_path: Path) -> None:
    assert inside(tmp_path, "a/b.yaml") == tmp_path / "a" / "b.yaml"


@pytest.mark.parametrize("path", ["../a", "a/../../b", ".git/config", "link/a", "file", "a//b"])
def test_nothing_leads_through_a_link_or_out(tmp_path: Path, path: str) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "link").symlink_to(tmp_path)
    (top / "file").symlink_to(tmp_path / "other")
    with pytest.raises(RefusedError, match="leads through a link or out"):
        inside(top, path)


def test_a_file_is_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.yaml"
    write_file(target, b"one")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"one", 0o644)
    target.chmod(0o600)
    write_file(target, b"two")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"two", 0o600)
    assert os.listdir(target.parent) == ["a.yaml"]  # noqa: PTH208


def test_what_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for target in (tmp_path / "folder", tmp_path / "file" / "a"):
        with pytest.raises(OutputError, match="cannot be written"):
            write_file(target, b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
