"""Addresses of remote repositories: which are taken, and how they are told apart from tricks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen import redact
from sitegen.errors import RepositoryError
from sitegen.gitio.process import basic_header

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
    https. shown: without credentials, query and fragment, for people. header: the HTTP
    header that carries the credentials, "" if none. site: the address that the header is for.
    secrets: what must be in no message.
    """

    protocol: str
    url: str
    shown: str
    header: str = ""
    site: str = ""
    secrets: tuple[str, ...] = ()


def parse_address(text: str, *, token: str | None = None, allow_file: bool = False) -> Address:
    """An address to fetch from: https, ssh (also host:path) or git; file when asked for.

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
        return Address(protocol, text, redact.address(text))
    if protocol not in {"https", "ssh", "git"}:
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
    secrets = (*filter(None, (password, unquote(password))), *redact.secrets_of(text))
    if protocol != "https":
        return Address(protocol, text, redact.address(text), secrets=secrets)
    bare = parts._replace(netloc=bracketed + port)
    header = ""
    if token:
        header = basic_header(_TOKEN_USERS.get(host, "x-access-token"), token)
        secrets = (*secrets, token)
    elif user or password:
        header = basic_header(unquote(user), unquote(password))
        secrets = (*secrets, *(() if password else (user, unquote(user))))
    if header:
        secrets = (*secrets, header.rpartition(" ")[2])
    site = f"{protocol}://{bracketed}{port}/"
    return Address(protocol, bare.geturl(), redact.address(bare.geturl()), header, site, secrets)


def _without_scheme(text: str, allow_file: bool) -> Address:
    if allow_file and Path(text).exists():
        path = os.fspath(Path(text).resolve())
        return Address("file", path, path)
    match = _SCP.fullmatch(text)
    if match is None:
        raise _refusal(text, "it is neither an address nor host:path")
    if match["path"].startswith("-") or not _HOST.match(match["host"]):
        raise _refusal(text, "its host or path is malformed")
    return Address("ssh", text, redact.address(text), secrets=redact.secrets_of(text))


def _refusal(text: str, why: str) -> RepositoryError:
    return RepositoryError(
        f"the address {redact.redact(text)[:200]!r} is refused: {why}",
        remedy="give an address that starts with https://, ssh:// or git://, or user@host:path",
    )
