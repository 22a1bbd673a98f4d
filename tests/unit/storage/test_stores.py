from pathlib import Path

import fsspec
import pytest

from sitegen.errors import StorageError
from sitegen.storage.stores import StoreSource, arguments, source_at
from sitegen.storage.transfer import transfer


def quiet(done: int, total: int | None) -> None:
    pass


def test_a_file_of_any_file_system_is_gone_on_with(tmp_path: Path) -> None:
    system = fsspec.filesystem("memory")
    system.pipe("/bucket/model", b"0123456789")
    (tmp_path / "part").write_bytes(b"0123")
    seen: list[tuple[int, int | None]] = []
    source = StoreSource(system, "/bucket/model", "memory://bucket/model")
    transfer(source, tmp_path / "part", None, lambda *now: seen.append(now))
    assert (tmp_path / "part").read_bytes() == b"0123456789"
    assert seen == [(10, 10)]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    source = source_at("../store/ab/cd", local=tmp_path)
    with pytest.raises(StorageError, match=r"store/ab/cd is not there .*dvc push"):
        transfer(source, tmp_path / "part", None, quiet)


@pytest.mark.parametrize("url", ["~no-such-user/x", "file:///a\0b"])
def test_a_folder_that_cannot_be_is_an_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="names no folder"):
        source_at(url, local=tmp_path)


@pytest.mark.parametrize("url", ["/etc/passwd", "../store/x", "file:///etc/passwd", "~/x"])
def test_a_repository_from_elsewhere_reads_no_file_of_this_machine(url: str) -> None:
    with pytest.raises(StorageError, match="folder of the machine"):
        source_at(url)


@pytest.mark.parametrize(
    "url", ["gdrive://x/y", "filecache::/etc/passwd", "ext://x", "github://a/b"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(StorageError):
        source_at(url)


@pytest.mark.parametrize(
    ("url", "extra"),
    [("s3://b/x", "s3"), ("gs://b/x", "gs"), ("azure://b/x", "azure"), ("ssh://h/x", "ssh")],
)
def test_a_missing_library_is_an_error_that_names_its_extra(
    url: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(scheme: str) -> None:
        raise ImportError

    monkeypatch.setattr(fsspec, "get_filesystem_class", missing)
    with pytest.raises(StorageError, match=rf"pip install 'sitegen\[{extra}\]'"):
        source_at(url)


def test_options_of_a_remote_reach_its_library() -> None:
    assert arguments("s3", {"endpointurl": "http://minio:9000", "region": "eu"}) == {
        "endpoint_url": "http://minio:9000",
        "client_kwargs": {"region_name": "eu"},
    }
    assert arguments("s3", {"allow_anonymous_login": "true"}) == {"anon": True}
    assert arguments("gs", {"projectname": "p"}) == {"project": "p"}
    assert arguments("azure", {"account_name": "a"}) == {"account_name": "a", "anon": False}
    assert arguments("ssh", {"port": "2222"}) == {"port": 2222}
