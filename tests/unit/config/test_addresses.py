"""Addresses: what git takes for one, what it names, and what of it is shown."""

from __future__ import annotations

import pytest

from sitegen.config.addresses import has_credentials, is_url, name_of, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:TOKEN@host/r", "https://host/r"),
        ("https://TOKEN@host/r", "https://host/r"),
        ("https://user:TO@KEN@host/r", "https://host/r"),
        ("ssh://git:TOKEN@host/r", "ssh://git@host/r"),
        ("https://host/r?private_token=TOKEN&x=1", "https://host/r?private_token=***&x=1"),
        ("https://host/r#access_token=TOKEN", "https://host/r#access_token=***"),
        ("fatal: 'https://u:TOKEN@host/r' and 'HTTPS://u:TOKEN@h'", "fatal: 'https://host/r' and 'HTTPS://h'"),
        ("the secret TOKEN itself", "the secret *** itself"),
    ],
)  # fmt: skip
def test_credentials_are_taken_out_of_a_text(text: str, shown: str) -> None:
    assert redacted(text, ["TOKEN" if "itself" in text else ""]) == shown


@pytest.mark.parametrize(
    "text", ["git@host:team/r.git", "ssh://git@host/r", "https://host/r?ref=main", "a@b c", ""]
)
def test_what_holds_no_credentials_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text
    assert not has_credentials(text)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://host/team/churn.git", "churn"),
        ("https://host/team/churn/", "churn"),
        ("https://host/churn.git?private_token=TOKEN", "churn"),
        ("git@host:team/churn.git", "churn"),
        ("git@host:churn", "churn"),
        ("/data/a#b", "a#b"),
        ("/data/a:b.git", "a:b"),
        ("/", ""),
    ],
)
def test_a_repository_is_named_by_the_last_part_of_its_address(address: str, name: str) -> None:
    assert name_of(address) == name


@pytest.mark.parametrize("text", ["https://host/r", "git@host:r", "ext::sh -c x", "host:r"])
def test_an_address_is_told_from_a_folder(text: str) -> None:
    assert is_url(text)
    assert not is_url(f"./{text.replace('://', ':')}")
