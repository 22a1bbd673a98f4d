"""Files from web servers, by the standard library: in ranges, within time limits, no other scheme.

What a server says is never shown but for its status; headers given for one host go to no other.
"""

from __future__ import annotations

import base64
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

from sitegen import redact
from sitegen.errors import StorageError
from sitegen.storage.transfer import CHUNK, CutError, Opened

TIMEOUT = 60.0
"""Seconds without a byte after which a server counts as gone."""

_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_LENGTH = re.compile(r"[0-9]{1,18}")
_UNSATISFIED = re.compile(r"bytes \*/([0-9]{1,18})")
FAILURES = (OSError, http.client.HTTPException)
"""What a request raises that came to no answer."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


class HttpSource:
    """One file of a web server. headers: for its host alone, such as credentials."""

    def __init__(
        self, url: str, headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT
    ) -> None:
        check_url(url)
        self._url, credentials = _without_user(url)
        self._headers = {**credentials, **(headers or {})}
        self._timeout = timeout
        # What the server called these bytes: a file that changed meanwhile begins anew.
        self._tag = ""

    @property
    def shown(self) -> str:
        return redact.redact(self._url)

    @contextmanager
    def open(self, start: int) -> Iterator[Opened]:
        headers = {**self._headers, "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if self._tag:
                headers["If-Range"] = self._tag
        try:
            answer = ask(self._url, headers, None, self._timeout)
        except urllib.error.HTTPError as error:
            with error:
                whole = _UNSATISFIED.fullmatch(error.headers.get("Content-Range", ""))
                if error.code == 416 and whole and int(whole[1]) == start:
                    yield Opened(iter(()), start, start)
                    return
                if error.code == 416 and start:
                    yield from self._all_of_it()
                    return
                raise refusal(self.shown, error) from None
        except FAILURES as error:
            raise CutError(reason(error)) from None
        with answer:
            yield self._opened(answer, start)

    def _all_of_it(self) -> Iterator[Opened]:
        """What is here is longer than what the server has: from the beginning."""
        with self.open(0) as opened:
            yield opened

    def _opened(self, answer: Any, start: int) -> Opened:
        tag = answer.headers.get("ETag", "")
        self._tag = tag if tag and not tag.startswith("W/") else ""
        length = answer.headers.get("Content-Length", "")
        if answer.status != 206:
            return Opened(_chunks(answer), 0, int(length) if _LENGTH.fullmatch(length) else None)
        said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if said is None or int(said[1]) != start:
            raise StorageError(f"{self.shown} gave another range than was asked for")
        return Opened(_chunks(answer), start, None if said[3] == "*" else int(said[3]))


def check_url(url: str) -> None:
    """Raise StorageError for what is no plain http(s) address."""
    try:
        parts = urlsplit(url)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        good = False
    if not good or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise StorageError(
            f"{redact.redact(url)[:200]!r} is refused: an http or https address is expected"
        )


def is_local(url: str) -> bool:
    """Whether an address is of this machine."""
    return (urlsplit(url).hostname or "") in _LOCAL


def ask(url: str, headers: Mapping[str, str], data: bytes | None, timeout: float) -> Any:
    """Send a request: GET, or POST with `data`. Raises HTTPError, OSError or HTTPException."""
    plain = quote(url, safe="%/:?#@[]!$&'()*+,;=~-._")
    request = urllib.request.Request(plain, data, method="POST" if data is not None else "GET")
    for name, value in headers.items():
        # Not taken along by the standard library to where a server redirects to.
        request.add_unredirected_header(name, value)
    if "Range" in headers:
        request.add_header("Range", headers["Range"])
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", "modelreg")]
    return opener.open(request, timeout=timeout)


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """An address without user and password, and the header that they are."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url, {}
    said = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    header = base64.b64encode(said.encode()).decode("ascii")
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    return bare.geturl(), {"Authorization": f"Basic {header}"}


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http(s) alone, and never from https to http."""

    max_redirections = 5

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        check_url(newurl)
        if req.type == "https" and urlsplit(newurl).scheme.lower() != "https":
            raise StorageError(f"{redact.redact(req.full_url)} leads from https to http")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def refusal(shown: str, error: urllib.error.HTTPError) -> Exception:
    """What a server's refusal means: an end, or something to try again."""
    if error.code in (408, 425, 429) or error.code >= 500:
        return CutError(f"the server answered {error.code}")
    remedy = {
        401: "it asks for credentials: give them as the storage's own tools take them",
        403: "see that you may read it",
        404: "see that it was pushed there (`dvc push`, `git lfs push`)",
    }.get(error.code, "")
    return StorageError(f"{shown} answered {error.code}", remedy=remedy)


def reason(error: Exception) -> str:
    """A failed connection in words, without an address."""
    inner = getattr(error, "reason", None) or error
    said = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return redact.redact(str(said))[:200]


def _chunks(answer: Any) -> Iterator[bytes]:
    try:
        while chunk := answer.read(CHUNK):
            yield chunk
    except http.client.IncompleteRead as error:
        yield error.partial
        raise CutError("the connection was cut") from None
    except FAILURES as error:
        raise CutError(reason(error)) from None
