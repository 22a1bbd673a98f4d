"""Addresses of repositories: what is one, what it names, and what of it may be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath


def is_url(text: str) -> bool:
    """Whether git would take `text` for an address: a scheme, or a colon before any slash."""
    return "://" in text or ":" in text.partition("/")[0]


_USER = re.compile(r"([a-z][a-z0-9+.-]*)://([^/\s?#'\"]*)@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([?&;#][\w.-]*(?:token|secret|passw|key|auth|credential|signature|sig)[\w.-]*=)"
    r"[^&;#\s'\"]+",
    re.IGNORECASE,
)


def redacted(text: str, secrets: Sequence[str] = ()) -> str:
    """`text` without the credentials of URLs in it, and without `secrets`."""

    def user(match: re.Match[str]) -> str:
        name, colon, _ = match[2].partition(":")
        ssh = match[1].lower() in ("ssh", "git+ssh", "ssh+git")
        return f"{match[1]}://{name}@" if ssh and (name or colon) else f"{match[1]}://"

    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _PARAMETER.sub(r"\1***", _USER.sub(user, text))


def has_credentials(url: str) -> bool:
    """Whether a URL holds what should not be shown."""
    return redacted(url) != url


def name_of(address: str) -> str:
    """The default name of a repository: the last part of its folder or URL, without `.git`."""
    if "://" in address or not Path(address).is_absolute():
        address = re.split(r"[?#]", address, maxsplit=1)[0].replace(":", "/")
    last = PurePosixPath(address.rstrip("/")).name
    return last.removesuffix(".git") or last
