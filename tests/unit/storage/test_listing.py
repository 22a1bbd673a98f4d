import json

import pytest

from sitegen.errors import StorageError
from sitegen.storage.listing import Listed, read_listing, safe_path

MD5 = "63cb30df484bfa1d6ea2cdebac74876c"


def listed(*paths: str) -> bytes:
    return json.dumps([{"md5": MD5, "relpath": path} for path in paths]).encode()


def test_the_files_of_a_folder_are_read() -> None:
    assert read_listing(listed("a", "b/c"), "data") == (Listed(MD5, "a"), Listed(MD5, "b/c"))
    assert read_listing(b"[]", "data") == ()


@pytest.mark.parametrize(
    "path",
    ["../../evil", "/etc/passwd", "a/../../b", "", ".", "a//b", "a\\..\\b", "C:/x", "a\nb", "a\0",
     "/".join("a" * 100), "a" * 5000],
)  # fmt: skip
def test_a_path_out_of_the_folder_is_refused(path: str) -> None:
    assert not safe_path(path)
    with pytest.raises(StorageError, match="data: the list of the folder's files"):
        read_listing(listed("fine", path), "data")


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[1]", b"\xff", b"[" * 100_000, b'[{"md5": "x", "relpath": "a"}]',
     b'[{"relpath": "a"}]', listed("a", "a"), listed("a", "a/b"), listed("a/b/c", "a")],
)  # fmt: skip
def test_what_is_no_list_of_files_is_refused(data: bytes) -> None:
    with pytest.raises(StorageError):
        read_listing(data, "data")
