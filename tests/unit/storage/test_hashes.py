import hashlib
import subprocess
from pathlib import Path

import pytest

from sitegen.errors import StorageError
from sitegen.storage.hashes import Expected, check

DATA = b"a,b\r\n1,2\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(DATA)
    return path


def test_each_algorithm_is_checked(file: Path) -> None:
    git = subprocess.run(["git", "hash-object", file], capture_output=True, check=True, text=True)
    for algorithm, digest in (
        ("md5", hashlib.md5(DATA).hexdigest()),
        ("sha256", hashlib.sha256(DATA).hexdigest()),
        ("git", git.stdout.strip()),
    ):
        check(file, Expected(algorithm, digest, len(DATA)), "data.csv")
        wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
        with pytest.raises(StorageError, match=r"data\.csv: .*not what was recorded"):
            check(file, Expected(algorithm, wrong), "data.csv")


def test_the_md5_of_a_text_by_an_earlier_dvc_is_that_with_the_line_ends_of_unix(
    file: Path,
) -> None:
    digest = hashlib.md5(DATA.replace(b"\r\n", b"\n")).hexdigest()
    check(file, Expected("md5", digest, legacy=True), "data.csv")
    check(file, Expected("md5", hashlib.md5(DATA).hexdigest(), legacy=True), "data.csv")
    with pytest.raises(StorageError):
        check(file, Expected("md5", digest), "data.csv")


def test_line_ends_in_binary_data_count(tmp_path: Path) -> None:
    data = b"\0\r\n\xff"
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(StorageError):
        check(
            tmp_path / "x",
            Expected("md5", hashlib.md5(data.replace(b"\r", b"")).hexdigest(), legacy=True),
            "x",
        )


def test_a_wrong_size_is_refused_without_any_hash(file: Path) -> None:
    check(file, Expected(), "data.csv")
    check(file, Expected("etag", "whatever"), "data.csv")
    with pytest.raises(StorageError, match="10 bytes, expected 11"):
        check(file, Expected(size=11), "data.csv")


def test_only_known_algorithms_can_be_checked() -> None:
    assert Expected("md5", "x").checkable
    assert not Expected("etag", "x").checkable and not Expected("md5", "").checkable
