"""Makes new repositories from a fast-import stream."""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import OutputError
from sitegen.gitio.process import Place, run


def is_at(path: Path, commit: str) -> bool:
    """Whether there is a repository at `path` whose branch main stands at this commit."""
    if not (path / ".git").is_dir():
        return False
    place = Place.at(path.absolute() / ".git")
    named = run(("rev-parse", "-q", "--verify", "refs/heads/main^{commit}"), place, check=False)
    return named.output.decode().strip() == commit


def create_repository(path: Path, stream: bytes) -> None:
    """Make a repository at `path`, on branch main, and check its files out.

    stream: for `git fast-import`; it must make refs/heads/main. The object format is SHA-1.

    Raises OutputError where `path` is a file or a folder with something in it, and GitError
    where git is missing or refuses the stream.
    """
    path = path.absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        taken = any(path.iterdir())
        git_dir = path / ".git"
        if not taken:
            git_dir.mkdir()
    except OSError as error:
        raise OutputError(
            f"a repository cannot be made here: {error.strerror}", path=str(path)
        ) from error
    if taken:
        raise OutputError(
            "a repository was to be made here, but the folder is not empty",
            path=str(path),
            remedy="choose another folder, or remove this one",
        )
    place = Place.at(git_dir)
    worktree = {"GIT_WORK_TREE": str(path)}
    # Without a template, nothing that this machine's users put into new repositories comes along.
    kind = ("-b", "main", "--object-format=sha1", "--template=")
    run(("init", "-q", *kind), place, env=worktree)
    run(("fast-import", "--quiet", "--date-format=raw"), place, data=stream)
    run(("reset", "-q", "--hard", "refs/heads/main", "--"), place, env=worktree)
