"""Addresses: what may be fetched, what is refused, and where the credentials go."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import RepositoryError
from sitegen.gitio.address import parse_address
from sitegen.gitio.process import basic_header


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("https://host/o/r.git", "https"),
        ("HTTPS://host:8443/r", "https"),
        ("https://[::1]:8443/r", "https"),
        ("ssh://git@host:22/r", "ssh"),
        ("git://host/r", "git"),
        ("git@host:o/r.git", "ssh"),
        ("host:r", "ssh"),
    ],
)
def test_allowed_addresses_name_their_protocol(text: str, protocol: str) -> None:
    assert parse_address(text).protocol == protocol


@pytest.mark.parametrize(
    "text",
    [
        "ext::sh -c touch% pwned",
        "ext::sh",
        "fd::17",
        "https::https://host/r",
        "-u/x",
        "--upload-pack=touch",
        "file:///etc",
        "/etc",
        "../r",
        "http://host/r",
        "ftp://host/r",
        "git+ssh://host/r",
        "ssh://-oProxyCommand=touch/r",
        "ssh://-oProxyCommand@host/r",
        "ssh://%2doProxyCommand@host/r",
        "-oProxyCommand=touch:r",
        "x@-oProxyCommand=touch:r",
        "host:-r",
        "https:///r",
        "https://host:port/r",
        "https://host/r\n--upload-pack=x",
        "https://ho st/r",
        "",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(RepositoryError, match="refused"):
        parse_address(text)


def test_files_only_when_asked_for(tmp_path: Path) -> None:
    assert parse_address(f"file://{tmp_path}", allow_file=True).protocol == "file"
    assert parse_address(str(tmp_path), allow_file=True).url == str(tmp_path.resolve())


@pytest.mark.parametrize(
    ("text", "token", "user", "password"),
    [
        ("https://me:TO%2FKEN@host/r", None, "me", "TO/KEN"),
        ("https://TOKEN@host/r", None, "TOKEN", ""),
        ("https://host/r", "TOKEN", "x-access-token", "TOKEN"),
        ("https://gitlab.com/r", "TOKEN", "oauth2", "TOKEN"),
        ("https://me:OLD@host/r", "TOKEN", "x-access-token", "TOKEN"),
    ],
)
def test_credentials_leave_the_address_for_a_header(
    text: str, token: str | None, user: str, password: str
) -> None:
    address = parse_address(text, token=token)
    assert address.header == basic_header(user, password)
    for shown in (address.url, address.shown, address.site):
        assert not any(secret in shown for secret in ("TOKEN", "TO/", "OLD", "me:"))
    assert password in address.secrets or user in address.secrets
    assert address.header.rpartition(" ")[2] in address.secrets


def test_no_credential_is_in_a_refusal_or_in_what_is_shown() -> None:
    with pytest.raises(RepositoryError) as caught:
        parse_address("ftp://me:TOKEN@host/r?private_token=TOKEN")
    assert "TOKEN" not in str(caught.value)
    assert "TOKEN" not in parse_address("https://host/r?private_token=TOKEN").shown
    assert "TOKEN" not in parse_address("ssh://me:TOKEN@host/r").shown
    assert parse_address("https://host/r?x=TOKEN#y").shown == "https://host/r"
    assert parse_address("git@host:r?x=TOKEN").shown == "git@host:r"
    assert "x=TOKEN" in parse_address("https://host/r?x=TOKEN").secrets
