"""Files of a working tree that commands write: never through a link."""

from __future__ import annotations

from pathlib import Path


def inside(worktree: Path, path: str) -> Path:
    """A file of the worktree, to which no link leads. Raises RefusedError."""
    from sitegen.errors import RefusedError

    place = worktree
    for part in path.split("/"):
        place = place / part
        if part in ("..", ".git", "") or place.is_symlink():
            raise RefusedError(f"{path} leads through a link or out", path=str(place))
    return place
