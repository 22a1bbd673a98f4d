from pathlib import Path

import pytest

from sitegen.errors import GitError
from sitegen.gitio.address import parse_address
from sitegen.gitio.blobs import fetch_blobs, stream_blob
from sitegen.gitio.clone import mirror
from sitegen.gitio.repository import open_repository
from tests.gitrepo import GitRepo

LARGE = bytes(range(256)) * 8192


def test_a_blob_is_streamed(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    repo.commit({"model": LARGE})
    oid = repo.git("rev-parse", "HEAD:model")
    pieces = list(stream_blob(open_repository(tmp_path), oid))
    assert b"".join(pieces) == LARGE and len(pieces) > 1


def test_a_missing_blob_is_an_error(tmp_path: Path) -> None:
    GitRepo(tmp_path).commit({"model": "x"})
    with pytest.raises(GitError, match="missing or cannot be read"):
        list(stream_blob(open_repository(tmp_path), "0" * 39 + "1"))


def test_only_ids_are_given_to_git(tmp_path: Path) -> None:
    GitRepo(tmp_path).commit({"model": "x"})
    repo = open_repository(tmp_path)
    with pytest.raises(ValueError, match="object ids"):
        list(stream_blob(repo, "HEAD:model"))
    with pytest.raises(ValueError, match="object ids"):
        fetch_blobs(repo, parse_address(str(tmp_path), allow_file=True), ["--upload-pack=x"])


def test_what_a_mirror_left_on_the_server_is_brought(tmp_path: Path) -> None:
    served = GitRepo(tmp_path / "served")
    served.git("config", "uploadpack.allowFilter", "true")
    served.commit({"model": LARGE})
    oid = served.git("rev-parse", "HEAD:model")
    url = f"file://{served.path}"
    repo = open_repository(mirror(url, tmp_path / "cache", allow_file=True))
    with pytest.raises(GitError):
        list(stream_blob(repo, oid))
    fetch_blobs(repo, parse_address(url, allow_file=True), [oid])
    assert b"".join(stream_blob(repo, oid)) == LARGE
