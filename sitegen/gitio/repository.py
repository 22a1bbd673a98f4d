"""A local repository: found where the user says it is, owned by the user, and its refs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from sitegen import redact
from sitegen.errors import GitError, Problem, RepositoryError
from sitegen.gitio.process import Place, run
from sitegen.registry.facts import Ref

HEADS = "refs/heads/"


class Repository(msgspec.Struct, frozen=True):
    """A local repository that may be read.

    git_dir: its own folder; common_dir: the one that its worktrees share (else the same).
    worktree: the folder of checked-out files, None where bare. object_format: sha1 or sha256.
    shallow: history is cut off, so tags and commits may be missing.
    """

    git_dir: Path
    common_dir: Path
    worktree: Path | None
    object_format: str
    shallow: bool
    bare: bool

    @property
    def place(self) -> Place:
        """Where git shall read."""
        return Place.at(self.git_dir, self.common_dir)

    @property
    def top(self) -> Path:
        """The folder that people know the repository by."""
        return self.worktree or self.git_dir


class RefList(msgspec.Struct, frozen=True):
    """All refs, by name, as they were at one moment.

    branch: what HEAD is on, "" when detached. head: HEAD's object, "" before the first commit.
    problems: refs that git could not read ("ref.broken").
    """

    refs: tuple[Ref, ...]
    branch: str
    head: str
    problems: tuple[Problem, ...] = ()


def open_repository(path: Path, repo_name: str = "") -> Repository:
    """The repository whose top, or whose git folder, is `path`.

    A folder inside a repository is not that repository. Raises RepositoryError where there is
    none, where somebody else owns it, or where this git cannot read its format.
    """
    try:
        git_dir, common_dir, worktree = _locate(path, repo_name)
        _check_owner(git_dir, common_dir, worktree, repo_name)
    except OSError as error:
        raise RepositoryError(
            f"the repository cannot be read: {error.strerror or error}",
            repo=repo_name,
            path=str(error.filename or path),
            remedy="see that you may read all of the folder",
        ) from None
    place = Place.at(git_dir, common_dir)
    try:
        answer = run(["rev-parse", "--show-object-format"], place).output
    except GitError as error:
        raise GitError(
            error.problem.reason,
            repo=repo_name,
            path=str(path),
            remedy=error.problem.remedy or "see what `git fsck` says of the repository",
        ) from None
    object_format = answer.decode("ascii", "replace").strip()
    if object_format not in ("sha1", "sha256"):
        raise RepositoryError(
            f"its objects are named by {object_format!r}, expected sha1 or sha256",
            repo=repo_name,
            path=str(path),
        )
    shallow = (common_dir / "shallow").is_file()
    return Repository(git_dir, common_dir, worktree, object_format, shallow, worktree is None)


def read_refs(repo: Repository, repo_name: str = "") -> RefList:
    """Every ref, with one process when HEAD is on a branch that has a commit.

    Names and ids alone are asked for: git gives nothing at all when it is asked for dates, or for
    an order by them, and one tag's date is invalid.
    """
    listing = run(["for-each-ref", "--format=%(objectname)%(HEAD)%(refname)"], repo.place)
    lines = listing.output.decode("utf-8", "replace").split("\n")
    lines.pop()
    size = _HEX_DIGITS[repo.object_format]
    name = size + 1
    refs = tuple([Ref(line[name:], line[:size]) for line in lines])
    branch = head = ""
    mark = f"*{HEADS}"
    for line in lines:
        if line.startswith(mark, size):
            branch, head = line[name + len(HEADS) :], line[:size]
            break
    else:
        branch, head = _head(repo)
    problems = tuple(
        Problem(
            repo_name,
            match["name"],
            "",
            f"the ref is broken: {match['why']}",
            "delete it, or fetch it again with `git fetch --tags --force`",
            "ref.broken",
        )
        for match in _BROKEN.finditer(listing.error)
    )
    return RefList(refs, branch, head, problems)


_HEX_DIGITS = {"sha1": 40, "sha256": 64}
_BROKEN = re.compile(
    r"(?m)^(?:warning|error): (?P<why>ignoring [a-z ]*(?:ref|symref)[a-z ]*) (?P<name>\S.*)$"
)


def make_bare(folder: Path, object_format: str) -> None:
    """Make a bare repository without anything in it of an existing, empty folder."""
    for name in ("objects", "refs"):
        (folder / name).mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    version = 0 if object_format == "sha1" else 1
    extensions = "" if object_format == "sha1" else "[extensions]\n\tobjectFormat = sha256\n"
    (folder / "config").write_text(
        f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n"
        f"\tlogAllRefUpdates = false\n{extensions}",
        encoding="ascii",
    )


def _head(repo: Repository) -> tuple[str, str]:
    """HEAD's branch and object where it is detached or has no commit yet."""
    try:
        with (repo.git_dir / "HEAD").open("rb") as file:
            said = file.read(4096).decode("utf-8", "replace").strip()
    except OSError:
        said = ""
    if said.startswith(f"ref: {HEADS}") and not said.endswith("/.invalid"):
        return said.removeprefix(f"ref: {HEADS}"), ""
    if len(said) == _HEX_DIGITS[repo.object_format] and set(said) <= set("0123456789abcdef"):
        return "", said
    # Refs that are kept in another way than files leave a HEAD that says nothing.
    answer = run(["symbolic-ref", "--quiet", "HEAD"], repo.place, check=False)
    if answer.status == 0:
        return answer.output.decode("utf-8", "replace").strip().removeprefix(HEADS), ""
    answer = run(["rev-parse", "--quiet", "--verify", "HEAD"], repo.place, check=False)
    return "", answer.output.decode("ascii", "replace").strip()


def _locate(path: Path, repo_name: str) -> tuple[Path, Path, Path | None]:
    """The git folder, the common folder and the worktree of the repository at `path`."""
    try:
        top = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        top = path
    if not top.is_dir():
        raise RepositoryError(
            "there is no such folder, expected a Git repository",
            repo=repo_name,
            path=str(path),
            remedy="name the folder of a clone, or the repository's address to have it fetched",
        )
    git_dir = _git_dir_of(top)
    if git_dir is not None:
        return git_dir, _common_dir(git_dir), top
    if _is_git_dir(top):
        worktree = top.parent if top.name == ".git" else None
        return top, _common_dir(top), worktree
    for parent in top.parents:
        if _git_dir_of(parent) is not None or _is_git_dir(parent):
            owner = parent.parent if parent.name == ".git" else parent
            raise RepositoryError(
                "the folder is inside a Git repository and is not one itself",
                repo=repo_name,
                path=str(path),
                remedy=f"give the repository's top, {owner}",
            )
    raise RepositoryError(
        "the folder is not a Git repository",
        repo=repo_name,
        path=str(path),
        remedy="give the folder that `git clone` made, or its address to have it fetched",
    )


def _git_dir_of(top: Path) -> Path | None:
    """What `top/.git`, a folder or a file that names one, leads to; None where to nothing."""
    link = top / ".git"
    if link.is_file():
        with link.open("rb") as file:
            said = file.read(8192)
        if not said.startswith(b"gitdir: "):
            return None
        link = top / os.fsdecode(said[len(b"gitdir: ") :].rstrip(b"\r\n"))
    return link.resolve() if _is_git_dir(link) else None


def _is_git_dir(folder: Path) -> bool:
    try:
        if not (folder / "HEAD").is_file() and not (folder / "HEAD").is_symlink():
            return False
        common = _common_dir(folder)
        return (common / "objects").is_dir() and (common / "refs").is_dir()
    except (OSError, ValueError):
        return False


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    if not pointer.is_file():
        return git_dir
    with pointer.open("rb") as file:
        return (git_dir / os.fsdecode(file.read(8192).rstrip(b"\r\n"))).resolve()


def _check_owner(git_dir: Path, common_dir: Path, worktree: Path | None, repo_name: str) -> None:
    """Raise RepositoryError unless the user owns the repository or has declared it safe."""
    if not hasattr(os, "geteuid"):
        return
    owners = {os.geteuid()}
    if 0 in owners and os.environ.get("SUDO_UID", "").isdecimal():
        owners.add(int(os.environ["SUDO_UID"]))
    if {folder.stat().st_uid for folder in (git_dir, common_dir)} <= owners:
        return
    places = {str(folder) for folder in (git_dir, common_dir, worktree) if folder}
    for entry in _safe_directories():
        if entry == "*" or entry.rstrip("/") in places:
            return
        if entry.endswith("/*") and any(place.startswith(entry[:-1]) for place in places):
            return
    top = worktree or git_dir
    raise RepositoryError(
        "the repository belongs to another user, who could make git run programs",
        repo=repo_name,
        path=str(top),
        remedy=f"if you trust it: git config --global --add safe.directory {top}",
    )


def _safe_directories() -> list[str]:
    """The user's and the system's `safe.directory`; an empty one forgets those before it."""
    # Which files hold the user's settings may be said in the environment: hear that, this once.
    said = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
    env = {name: os.environ[name] for name in said if name in os.environ}
    answer = run(
        ["config", "--null", "--type=path", "--get-all", "safe.directory"],
        None,
        # No protocol has this name; naming one is what opens the user's configuration.
        protocol="none",
        env=env,
        check=False,
    )
    entries: list[str] = []
    for entry in answer.output.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        if entry:
            entries.append(entry)
        else:
            entries.clear()
    return entries


def remote_address(repo: Repository) -> str:
    """The address of the repository's Git remote, origin's first, without credentials.

    "" where it has none, or only folders of this machine, which nobody else could use.
    """
    listing = run(
        ["config", "--local", "--get-regexp", r"^remote\..*\.url$"], repo.place, check=False
    )
    found: dict[str, str] = {}
    for line in listing.output.decode("utf-8", "replace").splitlines():
        key, _, url = line.partition(" ")
        found.setdefault(key.lower(), redact.address(url.strip()))
    url = found.get("remote.origin.url") or next(iter(found.values()), "")
    return url if _ELSEWHERE.match(url) else ""


# scheme://, or host:path as ssh takes it; a single letter before the colon is a Windows drive.
_ELSEWHERE = re.compile(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]*://|[^/\s]{2,}:[^/\\]")
