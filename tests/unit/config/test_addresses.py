"""Addresses: what git takes for one, what it names, whether it holds credentials."""

from __future__ import annotations

import pytest

from sitegen.config.addresses import has_credentials, is_url, name_of


@pytest.mark.parametrize(
    "text", ["git@host:team/r.git", "ssh://git@host/r", "https://host/r?ref=main", "a@b c", ""]
)
def test_an_address_without_credentials_is_known(text: str) -> None:
    assert not has_credentials(text)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://host/team/churn.git", "churn"),
        ("https://host/team/churn/", "churn"),
        ("https://host/churn.git?private_token=TOKEN", "churn"),
        ("git@host:team/churn.git", "churn"),
        ("git@host:churn", "churn"),
        ("https://TOKEN@host", "host"),
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
