"""Addresses of remote repositories: which are taken, and how they are told apart from tricks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen.errors import RepositoryError
from sitegen.gitio.process import basic_header, redact

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(
    r"(?:(?P<user>[A-Za-z0-9_.][^@:/\s]*)@)?(?P<host>[A-Za-z0-9_.\[][^:/\s]*):(?P<path>\S+)"
)
_HOST = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])\Z")
# The user name that goes with an access token, where a host insists on one.
_TOKEN_USERS = {"bitbucket.org": "x-token-auth", "gitlab.com": "oauth2"}


class Address(msgspec.Struct, frozen=True):
    """A remote repository's address, its credentials taken out of it.

    protocol: the one that git may speak. url: what git is given, without user and password for
    https. shown: without any credentials, for people and for naming the mirror. header: the HTTP
    header that carries the credentials, "" if none. site: the address that the header is for.
    secrets: what must be in no message.
    """

    protocol: str
    url: str
    shown: str
    header: str = ""
    site: str = ""
    secrets: tuple[str, ...] = ()


def is_address(text: str) -> bool:
    """Whether `text` is meant as an address and not as a folder of this machine."""
    if Path(text).exists():
        return False
    return "://" in text or bool(_SCP.fullmatch(text))


def parse_address(
    text: str, *, token: str | None = None, allow_file: bool = False, allow_http: bool = False
) -> Address:
    """An address to fetch from: https, ssh (also host:path) or git; http and file when asked for.

    token: credentials for https, in place of those in the address. Raises RepositoryError for
    every other scheme, for helpers (`ext::`), and for what git could take for an option.
    """
    if text.startswith("-") or any(ord(letter) <= 32 or ord(letter) == 127 for letter in text):
        raise _refusal(text, "it starts like an option or holds spaces or control characters")
    if "::" in text.partition("/")[0]:
        raise _refusal(text, "it names a helper program")
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _without_scheme(text, allow_file)
    protocol = scheme[1].lower()
    if protocol == "file" and allow_file:
        return Address(protocol, text, redact(text))
    allowed = {"https", "ssh", "git", *(["http"] if allow_http else [])}
    if protocol not in allowed:
        raise _refusal(text, f"{protocol}:// is not allowed")
    try:
        parts = urlsplit(text)
        host, user, password = parts.hostname or "", parts.username or "", parts.password or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise _refusal(text, "it is malformed") from None
    bracketed = f"[{host}]" if ":" in host else host
    if not _HOST.match(bracketed) or user.startswith("-") or unquote(user).startswith("-"):
        raise _refusal(text, "its host or user is malformed")
    secrets = tuple(filter(None, (password, unquote(password))))
    if protocol not in ("https", "http"):
        return Address(protocol, text, redact(text), secrets=secrets)
    bare = parts._replace(netloc=bracketed + port)
    header = ""
    if token:
        header = basic_header(_TOKEN_USERS.get(host, "x-access-token"), token)
        secrets = (*secrets, token)
    elif user or password:
        header = basic_header(unquote(user), unquote(password))
        secrets = secrets or (user, unquote(user))
    if header:
        secrets = (*secrets, header.rpartition(" ")[2])
    site = f"{protocol}://{bracketed}{port}/"
    return Address(protocol, bare.geturl(), redact(bare.geturl()), header, site, secrets)


def _without_scheme(text: str, allow_file: bool) -> Address:
    if allow_file and Path(text).exists():
        path = os.fspath(Path(text).resolve())
        return Address("file", path, path)
    match = _SCP.fullmatch(text)
    if match is None:
        raise _refusal(text, "it is neither an address nor host:path")
    if match["path"].startswith("-") or not _HOST.match(match["host"]):
        raise _refusal(text, "its host or path is malformed")
    return Address("ssh", text, text)


def _refusal(text: str, why: str) -> RepositoryError:
    return RepositoryError(
        f"the address {redact(text)[:200]!r} is refused: {why}",
        remedy="give an address that starts with https://, ssh:// or git://, or user@host:path",
    )
