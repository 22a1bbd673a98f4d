"""Commits of changed metadata files, made without a worktree, and brought to it where there is one.

No hook runs and no filter: the bytes given are the bytes committed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec

from sitegen.errors import GitError, RefusedError, RepositoryError
from sitegen.gitio.address import Address
from sitegen.gitio.identity import clean_message, identity_env, now
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.process import run
from sitegen.gitio.push import TIMEOUT, find_target, push, push_remote
from sitegen.gitio.refs import Change, RaceLost, change_refs, is_ref_name
from sitegen.gitio.repository import HEADS, Repository, open_repository, read_refs
from sitegen.gitio.tagobjects import store
from sitegen.registry.facts import Moment, Person

_PLAIN = ("100644", "100755")


class _Entry(msgspec.Struct, frozen=True):
    mode: str
    oid: str


def commit_files(
    repo: Repository,
    files: Mapping[str, bytes | None],
    message: str,
    *,
    branch: str = "",
    author: Person,
    when: Moment | None = None,
    push_to: str | Address | None = None,
    timeout: float = TIMEOUT,
) -> str:
    """Commit files (None deletes one) onto a branch and return the commit.

    files: path from the repository's root -> content. branch: short, "" for the one that HEAD is
    on. when: None for now. push_to: None keeps it here; a remote's name, an address, or "" for the
    branch's remote has the server take it first. Where nothing would change the branch's commit
    is returned as it is.

    Where the branch is checked out, its files and index follow. Raises RefusedError, before
    anything is written, where that would lose changes of somebody's or a path is none that may
    be written; RaceLost where the branch moved meanwhile; GitError where git or the server fails.
    """
    refs = read_refs(repo)
    branch = branch or refs.branch
    if not branch:
        raise RefusedError("HEAD is on no branch", remedy="name one with --branch")
    name = HEADS + branch
    if not is_ref_name(name):
        raise RefusedError(f"{branch!r} is no name for a branch")
    parent = next((ref.oid for ref in refs.refs if ref.name == name), "")
    if not parent and not (branch == refs.branch and not refs.head):
        raise RefusedError(
            f"there is no branch {branch}", ref=branch, remedy=f"git branch {branch}"
        )
    for path in files:
        _check_path(path)
    text = clean_message(message)
    if not text:
        raise RefusedError("a commit needs a message", remedy="give one with -m")
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index"), "GIT_LITERAL_PATHSPECS": "1"}
        run(["read-tree", parent or "--empty"], repo.place, env=index, config=_WHOLE)
        before = _entries(repo, files, index)
        _check_entries(files, before)
        checkouts = list(_checkouts(repo, branch, refs.branch))
        for checkout in checkouts:
            _check_checkout(checkout, files, before)
        contents = {path: content for path, content in files.items() if content is not None}
        oids = dict(zip(contents, store(repo, "blob", list(contents.values())), strict=True))
        lines = _index_info(files, before, oids, repo.object_format)
        run(
            ["update-index", "-z", "--index-info"],
            repo.place,
            data=lines,
            env=index,
            config=_WHOLE,
        )
        tree = _line(run(["write-tree", "--missing-ok"], repo.place, env=index).output)
    if parent and tree == _line(run(["rev-parse", f"{parent}^{{tree}}"], repo.place).output):
        return parent
    moment = when or now()
    people = identity_env("AUTHOR", author, moment) | identity_env("COMMITTER", author, moment)
    parents = ["-p", parent] if parent else []
    commit = _line(
        run(
            ["commit-tree", *parents, "-F", "-", tree],
            repo.place,
            data=text.encode(),
            env=people,
            config={"i18n.commitEncoding": "UTF-8"},
        ).output
    )
    if push_to is not None:
        place = push_to if isinstance(push_to, Address) else push_remote(repo, branch, push_to)
        push(repo, find_target(repo, place), [Change(name, commit, parent)], timeout)
    try:
        change_refs(repo, [Change(name, commit, parent)], f"commit: {text.splitlines()[0]}")
    except RaceLost as error:
        if push_to is None:
            raise
        raise GitError(
            "the server took the commit, but the branch here could not follow: "
            + error.problem.reason,
            ref=branch,
            remedy="fetch it with `git pull`; nothing needs to be done again",
        ) from None
    for checkout in checkouts:
        _follow(checkout, files, lines)
    return commit


# The whole tree is in our index, whatever part of it the user has checked out.
_WHOLE = {"core.sparseCheckout": "false", "index.sparse": "false", "core.splitIndex": "false"}


def _line(output: bytes) -> str:
    return output.decode("ascii").strip()


def _check_path(path: str) -> None:
    parts = path.split("/")
    bad = any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    if bad or "\0" in path or "\\" in path:
        raise RefusedError(f"{path!r} is no path inside a repository", path=path)


def _entries(
    repo: Repository, files: Mapping[str, bytes | None], index: Mapping[str, str]
) -> dict[str, _Entry]:
    """What an index holds at the paths, below them, and where folders on their way should be."""
    ways = {str(way) for path in files for way in PurePosixPath(path).parents} - {"."}
    # A folder's name would match all that is in it: the index is listed whole, and sieved here.
    listing = run(["ls-files", "-z", "--stage"], repo.place, env=index).output
    found: dict[str, _Entry] = {}
    for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        what, _, path = line.partition("\t")
        mode, oid, stage = what.split(" ")
        inside = any(str(way) in files for way in PurePosixPath(path).parents)
        if path in files or path in ways or inside:
            found[path] = _Entry(mode if stage == "0" else "conflict", oid)
    return found


def _check_entries(files: Mapping[str, bytes | None], before: Mapping[str, _Entry]) -> None:
    for path, entry in before.items():
        if path not in files:
            raise RefusedError(f"{path} is in the way of a file that is to be written", path=path)
        if entry.mode not in _PLAIN:
            raise RefusedError(
                f"{path} is no plain file in Git (its mode is {entry.mode})", path=path
            )
    for path, content in files.items():
        if content is None and path not in before:
            raise RefusedError(f"there is no {path} to delete", path=path)


def _checkouts(repo: Repository, branch: str, head: str) -> Iterator[Repository]:
    """Every worktree that has the branch checked out."""
    if repo.worktree is not None and head == branch:
        yield repo
    listing = run(["worktree", "list", "--porcelain", "-z"], repo.place).output
    for block in os.fsdecode(listing).split("\0\0"):
        said = dict(line.partition(" ")[::2] for line in block.split("\0"))
        if said.get("branch") != HEADS + branch or "prunable" in said:
            continue
        try:
            other = open_repository(Path(said["worktree"]))
        except RepositoryError:
            continue
        if other.worktree is not None and other.git_dir != repo.git_dir:
            yield other


def _check_checkout(
    checkout: Repository, files: Mapping[str, bytes | None], before: Mapping[str, _Entry]
) -> None:
    """Raise unless what the branch's worktree has is what the branch has, or is to have."""
    assert checkout.worktree is not None
    if (checkout.git_dir / "index.lock").exists():
        raise RefusedError(
            "another git is at work in the repository",
            path=str(checkout.worktree),
            remedy="wait for it; if there is none, remove index.lock from the .git folder",
        )
    staged = _entries(checkout, files, {})
    with ObjectReader(checkout) as reader:
        oids = [entry.oid for entry in before.values()]
        held = {oid: data for oid, _, data in reader.contents(oids, limit=1 << 30)}
    for path, content in files.items():
        old = before.get(path)
        now_here = _read(checkout.worktree, path)
        committed = held.get(old.oid) if old else None
        same = now_here in (content, committed)
        if now_here is not None and committed is not None and not same:
            # Line ends of this machine are no change.
            same = now_here.replace(b"\r\n", b"\n") == committed
        if not same or staged.get(path) != old:
            raise RefusedError(
                f"{path} has changes that are not committed",
                path=str(checkout.worktree / path),
                remedy="commit them, put them aside with `git stash`, or use another --branch",
            )


def _read(worktree: Path, path: str) -> bytes | None:
    """A file of the worktree; None where there is none. Raises RefusedError for links."""
    place = worktree
    for part in path.split("/"):
        place = place / part
        if place.is_symlink():
            raise RefusedError(f"{path} leads through a link", path=str(place))
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}", path=str(place)) from None


def _index_info(
    files: Mapping[str, bytes | None],
    before: Mapping[str, _Entry],
    oids: Mapping[str, str],
    object_format: str,
) -> bytes:
    none = "0" * (40 if object_format == "sha1" else 64)
    lines = []
    for path in sorted(files):
        mode = before[path].mode if path in before else "100644"
        lines.append(f"{mode} {oids[path]}" if path in oids else f"0 {none}")
        lines.append(f"\t{path}\0")
    return "".join(lines).encode("utf-8", "surrogateescape")


def _follow(checkout: Repository, files: Mapping[str, bytes | None], lines: bytes) -> None:
    """Bring the commit to a worktree that was seen to have nothing to lose."""
    assert checkout.worktree is not None
    try:
        for path, content in files.items():
            place = checkout.worktree / path
            if content is None:
                place.unlink(missing_ok=True)
                _remove_empty(checkout.worktree, place.parent)
            else:
                _write(place, content)
        run(["update-index", "-z", "--index-info"], checkout.place, data=lines)
    except (OSError, GitError) as error:
        raise GitError(
            f"it is committed, but the worktree could not follow: {error}",
            path=str(checkout.worktree),
            remedy="git restore --staged --worktree -- " + " ".join(sorted(files)),
        ) from None


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask()
    descriptor, part = tempfile.mkstemp(dir=place.parent, prefix=".sitegen-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(part).chmod(mode)
        Path(part).replace(place)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def _remove_empty(worktree: Path, folder: Path) -> None:
    with suppress(OSError):
        while folder != worktree:
            folder.rmdir()
            folder = folder.parent
