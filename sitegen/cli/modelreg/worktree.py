"""Files of a working tree that commands write: never through a link, whole or not at all."""

from __future__ import annotations

import os
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


def write_file(target: Path, data: bytes) -> None:
    """The file, made aside and moved into place, with the permissions that it had.

    Raises OutputError.
    """
    import tempfile

    from sitegen.errors import OutputError

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".modelreg-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(part).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            Path(part).replace(target)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"cannot be written: {why}", path=str(target)) from None
