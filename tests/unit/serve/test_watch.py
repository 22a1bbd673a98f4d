"""What is watched: refs, content, theme and settings; never what only reading touches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.events import (
    DirModifiedEvent,
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from sitegen.config import Config, Repository
from sitegen.serve.watch import Watched, Watcher, _Handler, fingerprint, git_folders, inputs
from tests.gitrepo import GitRepo

TIMEOUT = 60


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "churn")
    repo.commit({"a.txt": "a"}, message="First")
    return repo


def settings(tmp_path: Path, repo: GitRepo | None = None) -> Config:
    content = tmp_path / "content"
    content.mkdir(exist_ok=True)
    return Config(
        folder=tmp_path,
        output=tmp_path / "_site",
        cache=tmp_path / "cache",
        repositories=(Repository(name="churn", path=repo.path),) if repo else (),
        content=content,
        source=tmp_path / "sitegen.yaml",
    )


def state(config: Config) -> bytes:
    return fingerprint(inputs(config), config.output)


def test_a_new_tag_makes_a_difference_packed_or_loose(tmp_path: Path, repo: GitRepo) -> None:
    config = settings(tmp_path, repo)
    before = state(config)
    repo.tag("churn@v1.0.0")
    tagged = state(config)
    repo.git("pack-refs", "--all")
    assert len({before, tagged, state(config)}) == 3


def test_reading_a_repository_makes_none(tmp_path: Path, repo: GitRepo) -> None:
    config = settings(tmp_path, repo)
    before = state(config)
    repo.git("status")
    repo.git("log")
    repo.git("fsck")
    (repo.path / ".git" / "index.lock").touch()
    (repo.path / ".git" / "refs" / "tags" / "x.lock").touch()
    assert state(config) == before


def test_content_theme_and_settings_make_a_difference(tmp_path: Path) -> None:
    config = settings(tmp_path)
    states = [state(config)]
    (tmp_path / "content" / "deep").mkdir()
    for path in ("content/deep/a.md", "content/b.md", "sitegen.yaml"):
        (tmp_path / path).write_text("x")
        states.append(state(config))
    (tmp_path / "sitegen.yaml").write_text("y")
    states.append(state(config))
    assert len(set(states)) == len(states)


def test_a_repository_that_may_not_be_read_is_left_out(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    # Whoever runs the tests may be allowed to read everything.
    monkeypatch.setattr(Path, "is_file", closed)
    assert git_folders(repo.path) == ()


def test_hidden_files_backups_and_the_output_make_none(tmp_path: Path) -> None:
    config = settings(tmp_path)
    before = state(config)
    for path in ("content/.b.md.swp", "content/b.md~", "other.yaml"):
        (tmp_path / path).write_text("x")
    assert state(config) == before


def test_the_git_folder_is_found_from_a_worktree_a_bare_one_and_below(
    tmp_path: Path, repo: GitRepo
) -> None:
    git = (repo.path / ".git").resolve()
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    GitRepo(tmp_path / "bare.git", bare=True)
    (repo.path / "below").mkdir()
    assert git_folders(repo.path) == (git,)
    assert git_folders(repo.path / "below") == (git,)
    assert git_folders(tmp_path / "linked") == (git / "worktrees" / "linked", git)
    assert git_folders(tmp_path / "bare.git") == ((tmp_path / "bare.git").resolve(),)
    assert git_folders(tmp_path / "content") == ()


FOLDER = Path("/r/.git")
HEADS = Watched(FOLDER, ("HEAD", "packed-refs"))
REFS = Watched(FOLDER / "refs", deep=True, by_content=True)


@pytest.mark.parametrize(
    ("watched", "event"),
    [
        (HEADS, FileOpenedEvent("/r/.git/HEAD")),
        (HEADS, FileClosedNoWriteEvent("/r/.git/packed-refs")),
        (HEADS, FileClosedEvent("/r/.git/index")),
        (HEADS, FileMovedEvent("/r/.git/index.lock", "/r/.git/index")),
        (HEADS, DirModifiedEvent("/r/.git")),
        (REFS, FileOpenedEvent("/r/.git/refs/tags/a")),
        (REFS, FileClosedEvent("/r/.git/refs/tags/a.lock")),
    ],
)
def test_what_readers_do_is_no_change(watched: Watched, event: FileSystemEvent) -> None:
    _Handler(watched, lambda: pytest.fail("changed")).dispatch(event)


@pytest.mark.parametrize(
    ("watched", "event"),
    [
        (HEADS, FileMovedEvent("/r/.git/packed-refs.lock", "/r/.git/packed-refs")),
        (REFS, FileMovedEvent("/r/.git/refs/tags/a.lock", "/r/.git/refs/tags/a")),
        (REFS, FileClosedEvent("/r/.git/refs/heads/main")),
    ],
)
def test_what_git_writes_is_a_change(watched: Watched, event: FileSystemEvent) -> None:
    changed = threading.Event()
    _Handler(watched, changed.set).dispatch(event)
    assert changed.is_set()


@pytest.fixture
def watcher() -> Iterator[tuple[Watcher, threading.Event]]:
    changed = threading.Event()
    watcher = Watcher(changed.set)
    watcher.start()
    yield watcher, changed
    watcher.stop()


def test_a_tag_and_a_page_are_noticed(
    tmp_path: Path, repo: GitRepo, watcher: tuple[Watcher, threading.Event]
) -> None:
    following, changed = watcher
    following.follow(inputs(settings(tmp_path, repo)))
    repo.tag("churn@v1.0.0")
    assert changed.wait(TIMEOUT)
    following.follow(inputs(settings(tmp_path)))
    changed.clear()
    (tmp_path / "content" / "page.md").write_text("x")
    assert changed.wait(TIMEOUT)


def test_a_folder_that_is_not_there_is_left_out(
    tmp_path: Path, watcher: tuple[Watcher, threading.Event]
) -> None:
    watcher[0].follow((Watched(tmp_path / "nowhere", deep=True), Watched(tmp_path, ("x",))))
    (tmp_path / "x").touch()
    assert watcher[1].wait(TIMEOUT)
