from pathlib import Path

import pytest

from sitegen.errors import StorageError
from sitegen.storage.http import HttpSource, check_url, is_local
from sitegen.storage.transfer import BrokenOffError, transfer
from tests.fileserver import serving

DATA = bytes(range(256)) * 400


def quiet(done: int, total: int | None) -> None:
    pass


def test_a_cut_connection_is_resumed_with_a_range(tmp_path: Path) -> None:
    with serving() as server:
        server.files["/m"] = DATA
        server.cut["/m"] = [5000, 70_000]
        transfer(HttpSource(f"{server.url}/m"), tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA
    assert [asked for _, _, asked in server.asked] == ["", "bytes=5000-", "bytes=75000-"]


def test_a_server_without_ranges_is_asked_for_all(tmp_path: Path) -> None:
    with serving() as server:
        server.files["/m"] = DATA
        server.cut["/m"] = [5000]
        server.ranges = False
        transfer(HttpSource(f"{server.url}/m"), tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA


@pytest.mark.parametrize("extra", [b"", b"more than the server has"])
def test_what_is_whole_already_or_too_long_ends_well(tmp_path: Path, extra: bytes) -> None:
    (tmp_path / "part").write_bytes(DATA + extra)
    with serving() as server:
        server.files["/m"] = DATA
        transfer(HttpSource(f"{server.url}/m"), tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA


def test_a_refusal_is_an_error_without_the_servers_words(tmp_path: Path) -> None:
    with serving() as server, pytest.raises(StorageError, match="answered 404") as caught:
        transfer(HttpSource(f"{server.url}/m?token=SECRET"), tmp_path / "part", None, quiet)
    assert "SECRET" not in str(caught.value)


def test_a_server_that_is_not_there_leaves_nothing_to_go_on_from(tmp_path: Path) -> None:
    with serving() as server:
        url = server.url
    with pytest.raises(BrokenOffError, match="sent nothing") as caught:
        transfer(HttpSource(url), tmp_path / "part", None, quiet)
    assert "see that the address is right" in caught.value.problem.remedy
    assert "from here" not in caught.value.problem.remedy


@pytest.mark.parametrize("leads", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//"])
def test_redirects_to_other_schemes_are_refused(tmp_path: Path, leads: str) -> None:
    with serving() as server:
        server.redirects["/m"] = leads
        with pytest.raises(StorageError):
            transfer(HttpSource(f"{server.url}/m"), tmp_path / "part", None, quiet)
    assert not (tmp_path / "part").exists()


def test_credentials_of_an_address_are_a_header_and_in_no_message(tmp_path: Path) -> None:
    with serving() as server:
        url = server.url.replace("http://", "http://me:SECRET%21@") + "/m"
        server.files["/m"] = DATA
        transfer(HttpSource(url), tmp_path / "part", None, quiet)
        server.files.clear()
        with pytest.raises(StorageError) as caught:
            transfer(HttpSource(url), tmp_path / "other", None, quiet)
    assert server.headers[0]["Authorization"] == "Basic bWU6U0VDUkVUIQ=="
    assert "SECRET" not in str(caught.value)


def test_credentials_do_not_follow_a_redirect(tmp_path: Path) -> None:
    with serving() as server:
        server.files["/there"] = DATA
        server.redirects["/m"] = f"{server.url}/there"
        source = HttpSource(f"{server.url}/m", {"Authorization": "Basic SECRET"})
        transfer(source, tmp_path / "part", None, quiet)
    assert (tmp_path / "part").read_bytes() == DATA
    first, second = server.headers
    assert first["Authorization"] == "Basic SECRET" and "Authorization" not in second


@pytest.mark.parametrize(
    "url",
    ["file:///x", "http://", "http:///x", "http://h/\nx", "http://h:x/", "-http://h", "s3://b/x"],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(StorageError):
        check_url(url)


def test_this_machine_is_known() -> None:
    assert is_local("http://127.0.0.1:80/x") and is_local("http://localhost/")
    assert not is_local("http://localhost.example/")
