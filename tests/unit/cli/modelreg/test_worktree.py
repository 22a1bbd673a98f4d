"""Files of a working tree that commands write."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.cli.modelreg.worktree import inside
from sitegen.errors import RefusedError


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
