from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sitegen.errors import StorageError
from sitegen.gitio.address import parse_address
from sitegen.pipeline.fetching import fetch, find_content
from sitegen.pipeline.kept import ADDRESS, DVC, GIT, LFS
from sitegen.pipeline.opened import open_local
from tests.gitrepo import GitRepo

MD5 = hashlib.md5(b"weights").hexdigest()
SHA256 = hashlib.sha256(b"weights").hexdigest()
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize 7\n"
TRACKED = f"outs:\n- md5: {MD5}\n  size: 7\n  hash: md5\n  path: dvc.pkl\n"
CONFIG = "[core]\n    remote = r\n['remote \"r\"']\n    url = s3://bucket/store\n"
FILES = {
    "artifacts.yaml": "git: {path: m.pkl}\nfolder: {path: d}\nlfs: {path: l.pkl}\n"
    "dvc: {path: dvc.pkl}\nurl: {path: 'https://h/x.pkl?token=SECRET'}\nlink: {path: link}\n"
    "nowhere: {path: gone}\nsilent: {type: model}\n",
    "m.pkl": "weights",
    "d/a": "1",
    "d/b/c": "22",
    "l.pkl": POINTER,
    "dvc.pkl.dvc": TRACKED,
    ".dvc/config": CONFIG,
    "link": "m.pkl",
}


def quiet(done: int, total: int | None) -> None:
    pass


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.commit(FILES, modes={"link": "120000"})
    return made


@pytest.mark.parametrize(
    ("name", "kind", "size", "digest"),
    [("lfs", LFS, 7, SHA256), ("dvc", DVC, 7, MD5), ("url", ADDRESS, None, "")],
)
def test_content_is_found_where_it_is_kept(
    repo: GitRepo, name: str, kind: str, size: int | None, digest: str
) -> None:
    found = find_content(open_local(repo.path), name)
    assert (found.kind, found.size, found.hash, found.folder) == (kind, size, digest, False)
    assert "SECRET" not in found.shown


def test_where_dvc_has_it_is_told(repo: GitRepo) -> None:
    found = find_content(open_local(repo.path), "dvc")
    assert found.shown == f"s3://bucket/store/files/md5/{MD5[:2]}/{MD5[2:]}"
    assert find_content(open_local(repo.path), "url").name == "x.pkl"


def test_git_gives_files_and_folders(repo: GitRepo, tmp_path: Path) -> None:
    opened = open_local(repo.path)
    found = find_content(opened, "git")
    assert (found.kind, found.size, found.name) == (GIT, 7, "m.pkl")
    assert fetch(found, tmp_path / "m", False, quiet).checked == 1
    found = find_content(opened, "folder")
    assert (found.folder, found.size) == (True, 3)
    assert fetch(found, tmp_path / "d", False, quiet).files == 2
    assert (tmp_path / "d/b/c").read_text() == "22"


@pytest.mark.parametrize(
    ("name", "why"),
    [("link", "never followed"), ("nowhere", "neither Git nor DVC"), ("silent", "nothing says")],
)
def test_what_nobody_keeps_is_an_error(repo: GitRepo, name: str, why: str) -> None:
    with pytest.raises(StorageError, match=why):
        find_content(open_local(repo.path), name)


def test_lfs_without_a_server_is_an_error_with_a_remedy(repo: GitRepo, tmp_path: Path) -> None:
    found = find_content(open_local(repo.path), "lfs")
    with pytest.raises(StorageError, match="git lfs pull"):
        fetch(found, tmp_path / "m", False, quiet)
    assert not (tmp_path / "m").exists()


def test_a_folder_of_this_machine_is_read_for_its_own_repository_alone(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit({".dvc/config": CONFIG.replace("s3://bucket/store", "../../store")})
    place = tmp_path / "store" / "files" / "md5" / MD5[:2] / MD5[2:]
    place.parent.mkdir(parents=True)
    place.write_text("weights")
    opened = open_local(repo.path)
    fetch(find_content(opened, "dvc"), tmp_path / "m", False, quiet)
    assert (tmp_path / "m").read_text() == "weights"
    elsewhere = parse_address("https://host/repo")
    with pytest.raises(StorageError, match="folder of the machine"):
        fetch(find_content(opened, "dvc", elsewhere), tmp_path / "n", False, quiet)
