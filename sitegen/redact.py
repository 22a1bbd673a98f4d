"""Credentials out of every text: the one redactor, for messages, problems and addresses.

Messages quote addresses, and git quotes them in its own words. What is taken out: users and
passwords of addresses, their whole query and fragment (no list of parameter names is ever
complete), parameters that are named like a credential wherever they stand, authorization headers,
and the secrets that a caller knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

_NAMES = r"token|secret|passw|pwd|key|auth|credential|signature|sig"
_HEADER = re.compile(r"(?i)\b(authorization: *(?:basic|bearer) +)[^\s'\"]+")
# Whoever wrote a text may have made it long, so every repetition that could begin anywhere in it
# has a bound. No scheme is longer than this one.
_SCHEME = r"([a-z][a-z0-9+.-]{0,30})://"
_USER = re.compile(rf"{_SCHEME}([^/\s?#'\"]*)@", re.IGNORECASE)
# A password with a slash, ? or # in it, not encoded: the colon is followed by more than a port.
_ODD_USER = re.compile(
    rf"{_SCHEME}[^/\s?#'\":@\[]*:(?!\d{{0,5}}(?:[/?#\s'\"]|\Z))[^\s'\"]{{0,1000}}@",
    re.IGNORECASE,
)
_PARAMETER = re.compile(rf"(?i)([?&;#](?=[\w.%-]*(?:{_NAMES}))[\w.%-]*=)[^&;#\s'\"]+")
# Outside of a query: names that mean nothing else.
_BARE = re.compile(
    r"(?i)(?<![\w?&;#.%-])((?:[\w-]*(?:token|passw(?:or)?d|secret|credential|signature|"
    r"(?:api|access|account|private)[_-]?key)|sig|auth)=)[^&;#\s'\"]+"
)
_WORD = re.compile(r"[^\s'\"]+")
_ADDRESS = re.compile(r"[a-z0-9+.-]://", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")
_SSH = ("ssh", "git+ssh", "ssh+git")


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """`text` without credentials; of every address in it scheme, host and path are left.

    A secret is found as it is and percent-encoded. The user of an ssh address stays: it is no
    credential, and without it the address is another one.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
    return _WORD.sub(_without_query, without_credentials(text))


def without_credentials(text: str) -> str:
    """`text` without what is known to be one; the harmless part of a query stays.

    For telling addresses apart. What is shown goes through `redact` or `address`.
    """
    text = _HEADER.sub(r"\1***", text)
    text = _ODD_USER.sub(r"\1://", _USER.sub(_user, text))
    return _BARE.sub(r"\1***", _PARAMETER.sub(r"\1***", text))


def _user(match: re.Match[str]) -> str:
    name, colon, _ = match[2].partition(":")
    ssh = match[1].lower() in _SSH
    return f"{match[1]}://{name}@" if ssh and (name or colon) else f"{match[1]}://"


def _without_query(match: re.Match[str]) -> str:
    """A word of a text without the query and fragment of an address in it."""
    word, at = match[0], 0
    while found := _ADDRESS.search(word, at):
        sign = _QUERY.search(word, found.end())
        if sign is None or sign.end() == len(word):
            break
        at = sign.end()
        if not word.startswith("***", at):
            return f"{word[:at]}***"
    return word


def address(url: str) -> str:
    """The address of a repository as it may be shown: no password, no query, no fragment."""
    # The odd password first: it may hold what looks like the beginning of a query.
    return re.split(r"[?#]", without_credentials(url), maxsplit=1)[0]


def secrets_of(url: str) -> tuple[str, ...]:
    """What of an address is in no message, however git may quote it: passwords and queries."""
    found = [match[2] for match in _USER.finditer(url) if match[1].lower() not in _SSH]
    found += [match[2].partition(":")[2] for match in _USER.finditer(url)]
    found += [userinfo.partition(":")[2] for userinfo in found]
    found += re.split(r"[?#]", url, maxsplit=1)[1:]
    found += [unquote(secret) for secret in found]
    # Shorter ones would take ordinary words out of every message.
    return tuple(dict.fromkeys(secret for secret in found if len(secret) > 3))
