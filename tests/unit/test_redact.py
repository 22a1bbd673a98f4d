"""No credential is left in a text, and what is none stays."""

from __future__ import annotations

import pytest

from sitegen.redact import address, redact, secrets_of, without_credentials

# As the services that people keep repositories and files at call them.
PARAMETERS = (
    "access_key", "access_token", "api_key", "apikey", "api-key", "auth", "auth_token", "code",
    "credentials", "jwt", "key", "oauth_token", "pat", "passwd", "password", "private_token", "pwd",
    "secret", "session", "sig", "signature", "sv", "ticket", "token", "x-amz-credential",
    "X-Amz-Security-Token", "X-Goog-Signature", "x%2Damz%2Dcredential",
)  # fmt: skip


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("mark", ["?", "?x=1&", "#", "?x=1;"])
def test_no_parameter_of_an_address_is_shown(name: str, mark: str) -> None:
    url = f"https://host/r.git{mark}{name}=TOKEN"
    assert "TOKEN" not in redact(f"fatal: unable to access '{url}/': refused")
    assert "TOKEN" not in redact(f"see {url}, it said")
    assert address(url) == "https://host/r.git"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:TOKEN@host/r", "https://host/r"),
        ("https://TOKEN@host/r", "https://host/r"),
        ("https://user:TO@KEN@host/r", "https://host/r"),
        ("https://user:TO/KEN@host/r", "https://host/r"),
        ("https://user:TO?KEN@host/r", "https://host/r"),
        ("ssh://git:TOKEN@host/r", "ssh://git@host/r"),
        ("git://user:TOKEN@host/r", "git://host/r"),
        ("https://host/r?private_token=TOKEN&x=1", "https://host/r?***"),
        ("https://host/r#access_token=TOKEN", "https://host/r#***"),
        ("access_token=TOKEN", "access_token=***"),
        ("AWS_SECRET_ACCESS_KEY=TOKEN", "AWS_SECRET_ACCESS_KEY=***"),
        ("'https://u:TOKEN@host/r' and 'HTTPS://u:TOKEN@h'", "'https://host/r' and 'HTTPS://h'"),
        ("Authorization: Basic VE9LRU4=", "Authorization: Basic ***"),
        ("git@host:r?token=TOKEN", "git@host:r?token=***"),
    ],
)
def test_credentials_are_taken_out_of_a_text(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "git@host:team/r.git",
        "ssh://git@host/r",
        "https://host:8443/a@b",
        "https://[::1]:8443/a@b",
        "https://host/r and https://host/s, a@b.example",
        "`monkey=1` and design=2",
        "",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert redact(text) == without_credentials(text) == text


def test_known_secrets_are_found_as_they_are_and_encoded() -> None:
    assert redact("a%2Fb and a/b", ["a/b", ""]) == "*** and ***"
    assert redact("abc and ab", ["ab", "abc"]) == "*** and ***"


def test_the_secrets_of_an_address_are_its_passwords_and_its_query() -> None:
    assert {"p%40ss", "p@ss"} <= set(secrets_of("https://me:p%40ss@host/r"))
    assert {"TOKEN"} <= set(secrets_of("https://TOKEN@host/r"))
    assert secrets_of("https://host/r?x=TOKEN") == ("x=TOKEN",)
    assert secrets_of("ssh://git@host/r") == ()


def test_a_harmless_query_tells_addresses_apart() -> None:
    assert without_credentials("https://host/r?p=a&token=T") == "https://host/r?p=a&token=***"


@pytest.mark.parametrize("piece", ["a", "a.", "x-", "a://", "signature", "a://b:", "a://@/"])
def test_a_long_text_is_read_once_and_not_once_for_each_letter(piece: str) -> None:
    # Once for each letter it would take minutes.
    assert redact(piece * 30_000).startswith(piece[:1])
