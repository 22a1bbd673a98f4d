"""Tag and commit objects, taken apart: bytes in, fields out, nothing raised for bad input."""

from __future__ import annotations

import re

import msgspec

from sitegen.registry.facts import Moment, Person

MOST_MINUTES = 14 * 60
# The last second of the year 9999 in every zone: what comes after cannot be written as a date.
LAST_SECOND = 253_402_300_799 - MOST_MINUTES * 60

# What `encoding` headers of commits name in practice. Any other name is not looked up: Python's
# codecs include ones that do far more than decode text.
_ENCODINGS = re.compile(
    r"iso-?8859-(?:[1-9]|1[013456])|latin-?1|windows-125[0-8]|cp125[0-8]|cp(?:437|850|866|932)"
    r"|koi8-[ru]|euc-(?:jp|kr)|shift-jis|sjis|gbk|gb2312|gb18030|big5|us-ascii|utf-?8"
)

_PERSON = re.compile(rb"\A([^<\n]*?) ?<([^>\n]*)>[^\n]*?(?: (\S+) (\S+))?\Z")
_SECONDS = re.compile(rb"\A[0-9]{1,19}\Z")
_OFFSET = re.compile(rb"\A([+-])([0-9]{2})([0-9]{2})\Z")

_SIGNATURES = {
    b"PGP SIGNATURE": "gpg",
    b"PGP MESSAGE": "gpg",
    b"SSH SIGNATURE": "ssh",
    b"SIGNED MESSAGE": "x509",
}
_SIGNATURE = re.compile(
    rb"^-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----", re.MULTILINE
)
_ID = re.compile(rb"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")


class Signed(msgspec.Struct, frozen=True, gc=False):
    """Who, and when. fault: "" or why there is no `when`."""

    person: Person
    when: Moment | None
    fault: str
    exact: bool


class ParsedTag(msgspec.Struct, frozen=True, gc=False):
    """A tag object's fields. kind: the target's type as the tag says. exact: no byte was lost."""

    target: str
    kind: str
    name: str
    tagger: Signed | None
    message: str
    signature: str
    exact: bool


class ParsedCommit(msgspec.Struct, frozen=True, gc=False):
    """A commit object's fields. exact: no byte was lost."""

    tree: str
    parents: tuple[str, ...]
    author: Signed
    committer: Signed
    message: str
    exact: bool


def parse_tag(data: bytes) -> ParsedTag | None:
    """The fields of a tag object; None where it is none (the target or its type is not named)."""
    headers, message = _split(data)
    target, kind = headers.get(b"object", b""), headers.get(b"type", b"")
    if not _ID.match(target) or not kind.isalpha():
        return None
    encoding = headers.get(b"encoding", b"")
    message, signature = split_signature(message)
    if not signature:
        for header in (b"gpgsig", b"gpgsig-sha256"):
            signature = signature or split_signature(headers.get(header, b""))[1]
    text, exact = decode(message, encoding)
    name, named_exactly = decode(headers.get(b"tag", b""), encoding)
    tagger = parse_signed(headers[b"tagger"], encoding) if b"tagger" in headers else None
    return ParsedTag(
        target.decode("ascii"),
        kind.decode("ascii", "replace"),
        name,
        tagger,
        text.strip(),
        signature,
        exact and named_exactly and (tagger is None or tagger.exact),
    )


# A commit as nearly all are; anything else takes the slow way. Ten digits reach the year 2286.
_USUAL_COMMIT = re.compile(
    rb"tree ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n((?:parent [0-9a-f]{40}(?:[0-9a-f]{24})?\n)*)"
    rb"author ([ -;=?-~]*) <([ -;=?-~]*)> ([0-9]{1,10}) ([+-][0-9]{4})\n"
    rb"committer ([ -;=?-~]*) <([ -;=?-~]*)> ([0-9]{1,10}) ([+-][0-9]{4})\n\n"
)


def parse_commit(data: bytes) -> ParsedCommit | None:
    """The fields of a commit object; None where it is none (its tree is not named)."""
    match = _USUAL_COMMIT.match(data)
    if match is not None and b"\0" not in data:
        usual = _usual_commit(data, match)
        if usual is not None:
            return usual
    headers, message = _split(data)
    tree = headers.get(b"tree", b"")
    parents = headers.get(b"parent", b"").split()
    if not _ID.match(tree) or not all(map(_ID.match, parents)):
        return None
    encoding = headers.get(b"encoding", b"")
    text, exact = decode(message, encoding)
    author = parse_signed(headers.get(b"author", b""), encoding)
    committer = parse_signed(headers.get(b"committer", b""), encoding)
    return ParsedCommit(
        tree.decode("ascii"),
        tuple(parent.decode("ascii") for parent in parents),
        author,
        committer,
        text,
        exact and author.exact and committer.exact,
    )


def _usual_commit(data: bytes, match: re.Match[bytes]) -> ParsedCommit | None:
    tree, parents, *people = match.groups()
    author_offset, committer_offset = parse_offset(people[3]), parse_offset(people[7])
    if author_offset is None or committer_offset is None:
        return None
    try:
        message = data[match.end() :].decode()
    except UnicodeDecodeError:
        return None
    author, author_mail, committer, committer_mail = (
        people[at].decode("ascii").strip() for at in (0, 1, 4, 5)
    )
    return ParsedCommit(
        tree.decode("ascii"),
        tuple(line.decode("ascii")[7:] for line in parents.splitlines()),
        Signed(Person(author, author_mail), Moment(int(people[2]), author_offset), "", True),
        Signed(
            Person(committer, committer_mail), Moment(int(people[6]), committer_offset), "", True
        ),
        message,
        True,
    )


def parse_signed(line: bytes, encoding: bytes = b"") -> Signed:
    """A tagger, author or committer: `Name <email> SECONDS OFFSET`."""
    match = _PERSON.match(line)
    if match is None:
        text, exact = decode(line.strip(), encoding)
        return Signed(Person(text), None, "the line has no name and date as Git writes them", exact)
    name, exact = decode(match[1].strip(), encoding)
    email, exact_too = decode(match[2].strip(), encoding)
    when, fault = parse_moment(match[3] or b"", match[4] or b"")
    return Signed(Person(name, email), when, fault, exact and exact_too)


def parse_moment(seconds: bytes, offset: bytes) -> tuple[Moment | None, str]:
    """A moment from Git's own spelling, or None and why not."""
    if not _SECONDS.match(seconds) or int(seconds) > LAST_SECOND:
        said = seconds[:24].decode("ascii", "replace") or "nothing"
        return None, f"{said} is not a time between the years 1970 and 9999, in seconds"
    minutes = parse_offset(offset)
    if minutes is None:
        said = offset[:24].decode("ascii", "replace") or "nothing"
        return None, f"{said} is not an offset from UTC between -1400 and +1400"
    return Moment(int(seconds), minutes), ""


def parse_offset(offset: bytes) -> int | None:
    """Minutes east of UTC from `+HHMM`; None where it is malformed or beyond 14 hours."""
    match = _OFFSET.match(offset)
    if match is None or int(match[3]) > 59:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes > MOST_MINUTES:
        return None
    return -minutes if match[1] == b"-" else minutes


def split_signature(message: bytes) -> tuple[bytes, str]:
    """A message without the signature block that ends it, and the block's kind ("" if none)."""
    found = list(_SIGNATURE.finditer(message))
    if not found:
        return message, ""
    return message[: found[-1].start()], _SIGNATURES[found[-1][1]]


def decode(data: bytes, encoding: bytes = b"") -> tuple[str, bool]:
    """Text, and whether every byte found its character. U+FFFD stands for those that did not."""
    try:
        text, exact = data.decode("utf-8"), True
    except UnicodeDecodeError:
        text, exact = _decode_as(data, encoding)
    if "\0" in text:
        return text.replace("\0", "\ufffd"), False
    return text, exact


def _decode_as(data: bytes, encoding: bytes) -> tuple[str, bool]:
    name = encoding.decode("ascii", "replace").strip().lower().replace("_", "-")
    if _ENCODINGS.fullmatch(name):
        try:
            return data.decode(name), True
        except (LookupError, UnicodeDecodeError):
            pass
    return data.decode("utf-8", "replace"), False


def _split(data: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """Headers and message. Of a header that comes twice the first counts; parents are joined."""
    head, _, message = data.partition(b"\n\n")
    headers: dict[bytes, bytes] = {}
    last = b""
    for line in head.split(b"\n"):
        if line.startswith(b" "):
            # Continuations matter in signatures alone; in others they would forge a line.
            if last.startswith(b"gpgsig"):
                headers[last] += b"\n" + line[1:]
            continue
        last, _, value = line.partition(b" ")
        if last == b"parent" and last in headers:
            headers[last] += b" " + value
        else:
            headers.setdefault(last, value)
    return headers, message
