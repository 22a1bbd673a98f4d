"""Addresses of repositories: what is one, what it names, and whether it holds credentials."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from sitegen import redact


def is_url(text: str) -> bool:
    """Whether git would take `text` for an address: a scheme, or a colon before any slash."""
    return "://" in text or ":" in text.partition("/")[0]


def has_credentials(url: str) -> bool:
    """Whether a URL holds what should not be shown."""
    return redact.without_credentials(url) != url


def name_of(address: str) -> str:
    """The default name of a repository: the last part of its folder or URL, without `.git`."""
    if "://" in address or not Path(address).is_absolute():
        address = redact.address(address).replace(":", "/")
    last = PurePosixPath(address.rstrip("/")).name
    return last.removesuffix(".git") or last
