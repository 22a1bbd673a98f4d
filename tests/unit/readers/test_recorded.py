"""One dependency or output as DVC's files record it."""

from __future__ import annotations

import json

import pytest

from sitegen.readers.recorded import place, read_data, text_of
from sitegen.registry.lineage import Data
from sitegen.safeyaml import load


def read(text: str, folder: str = "") -> Data | None:
    document = load(text)
    return read_data(document, document.value, folder, "dvc.lock")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{path: a, md5: 1e10, hash: md5}", Data("a", "1e10", "md5")),
        ("{path: a, md5: 0123}", Data("a", "0123", "md5", legacy=True)),
        ("{path: a, etag: 0xAB, size: 3}", Data("a", "0xAB", "etag", 3)),
        ("{path: a, checksum: 1_0}", Data("a", "1_0", "checksum")),
        (
            "{path: a, md5: x.dir, size: 9, nfiles: 2, isexec: true, hash: md5}",
            Data("a", "x.dir", "md5", 9, 2),
        ),
        ("{path: a}", Data("a")),
        ("{path: a, md5: null, size: -1, nfiles: yes}", Data("a")),
        ("{path: a, md5: [1], size: 1e3}", Data("a")),
        ("{path: 1.0, cache: false, push: false}", Data("1.0", cached=False, pushed=False)),
        ("{path: a, remote: r, version_id: 010}", Data("a", remote="r", version_id="010")),
    ],
)
def test_what_is_recorded_is_read_as_written(text: str, expected: Data) -> None:
    assert read(text) == Data(**{**as_fields(expected), "source": "dvc.lock"})


def as_fields(data: Data) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__struct_fields__}


@pytest.mark.parametrize("text", ["{md5: a}", "{path: [a]}", "{path: }", "text", "[a]"])
def test_without_a_path_there_is_nothing(text: str) -> None:
    assert read(text) is None


def test_a_storage_with_versions_says_where_it_is() -> None:
    found = read("{path: a, hash: md5, md5: b, cloud: {s: {etag: e, version_id: v, size: 7}}}")
    assert found == Data("a", "b", "md5", 7, remote="s", version_id="v", source="dvc.lock")
    found = read("{path: a, cloud: {s: {etag: e}}}")
    assert found is not None
    assert (found.hash, found.algorithm, found.remote) == ("e", "etag", "s")


def test_a_folder_told_file_by_file_has_the_hash_that_dvc_gives_it() -> None:
    files = [{"relpath": name, "md5": f"{at}", "size": at} for at, name in enumerate("bca")]
    found = read(json.dumps({"path": "a", "hash": "md5", "files": files}))
    assert found is not None
    assert (found.size, found.files, found.legacy) == (3, 3, False)
    # md5 of '[{"md5": "2", "relpath": "a"}, {"md5": "0", "relpath": "b"}, ...]'
    assert found.hash == "a0c71d6442b7c15658219a988f0b6a40.dir"
    del files[0]["md5"], files[1]["size"]
    found = read(json.dumps({"path": "a", "hash": "md5", "files": [*files, 3]}))
    assert found is not None
    assert (found.hash, found.algorithm, found.size, found.files) == ("", "", None, 4)


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("cv", "a/../b", "cv/b"),
        ("cv", "../b", "b"),
        ("", "../b", "../b"),
        ("cv", "/data/b", "/data/b"),
        ("cv", "s3://u:p@h/b?token=x", "s3://h/b"),
    ],
)
def test_paths_are_told_from_the_root(folder: str, path: str, expected: str) -> None:
    assert place(folder, path) == expected


def test_scalars_keep_their_spelling() -> None:
    document = load("{a: 3.10, b: , c: {}, d: 'x'}")
    assert [text_of(document, document.value, key) for key in "abcde"] == ["3.10", "", "", "x", ""]
    assert text_of(document, None, "a") == ""
    assert text_of(document, document.value, "a", 2) == "3."
