"""Tag and commit objects: what is read of good ones, and what is made of bad ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.gitio.parse import (
    LAST_SECOND,
    decode,
    parse_commit,
    parse_moment,
    parse_signed,
    parse_tag,
    split_signature,
)
from sitegen.registry.facts import Moment, Person

OID = b"1" * 40
TAG = (
    b"object " + OID + b"\ntype commit\ntag m@v1.0.0\ntagger A B <a@x> 1700000000 -0330\n\nHello\n"
)


def test_a_tag_is_taken_apart() -> None:
    tag = parse_tag(TAG)
    assert tag is not None and tag.tagger is not None
    assert (tag.target, tag.kind, tag.name) == (OID.decode(), "commit", "m@v1.0.0")
    assert (tag.tagger.person, tag.tagger.when) == (Person("A B", "a@x"), Moment(1700000000, -210))
    assert (tag.message, tag.signature, tag.exact) == ("Hello", "", True)


@pytest.mark.parametrize(
    ("seconds", "offset", "moment"),
    [
        (b"0", b"+0000", Moment(0, 0)),
        (b"4102444800", b"+0200", Moment(4102444800, 120)),  # the year 2100
        (str(LAST_SECOND).encode(), b"+1400", Moment(LAST_SECOND, 840)),
        (b"1", b"-1400", Moment(1, -840)),
        (str(LAST_SECOND + 1).encode(), b"+0000", None),
        (b"253402300799", b"+1400", None),
        (b"-86400", b"+0000", None),
        (b"100000000000000000", b"+0000", None),
        (b"9" * 5000, b"+0000", None),
        (b"1", b"+9959", None),
        (b"1", b"+1401", None),
        (b"1", b"+0060", None),
        (b"1", b"0200", None),
        (b"1", b"", None),
        (b"", b"", None),
        (b"1_0", b"+0000", None),
    ],
)
def test_dates_are_valid_or_none(seconds: bytes, offset: bytes, moment: Moment | None) -> None:
    when, fault = parse_moment(seconds, offset)
    assert when is None or when.local()
    assert when == moment
    assert bool(fault) == (moment is None)
    assert len(fault) < 120


@pytest.mark.parametrize(
    ("line", "person"),
    [
        (b"A <a@x> 1 +0000", Person("A", "a@x")),
        (b" <a@x> 1 +0000", Person("", "a@x")),
        (b"A <> 1 +0000", Person("A", "")),
        (b"A<a@x> 1 +0000", Person("A", "a@x")),
        (b"A <a@x>", Person("A", "a@x")),
        (b"A", Person("A")),
        (b"", Person("")),
    ],
)
def test_people_are_read_as_far_as_they_are_named(line: bytes, person: Person) -> None:
    assert parse_signed(line).person == person


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"PGP SIGNATURE", "gpg"),
        (b"PGP MESSAGE", "gpg"),
        (b"SSH SIGNATURE", "ssh"),
        (b"SIGNED MESSAGE", "x509"),
    ],
)
def test_a_signature_is_no_part_of_the_message(begin: bytes, kind: str) -> None:
    tag = parse_tag(TAG + b"-----BEGIN " + begin + b"-----\nabc\n-----END " + begin + b"-----\n")
    assert tag is not None
    assert (tag.message, tag.signature) == ("Hello", kind)


def test_words_that_only_look_like_a_signature_stay() -> None:
    message = b"see -----BEGIN PGP SIGNATURE----- in the text\n-----BEGIN CERTIFICATE-----\n"
    assert split_signature(message) == (message, "")


@pytest.mark.parametrize(
    ("data", "encoding", "text", "exact"),
    [
        (b"caf\xc3\xa9", b"", "café", True),
        (b"caf\xe9", b"", "caf\ufffd", False),
        (b"caf\xe9", b"ISO-8859-1", "café", True),
        (b"caf\xe9", b"latin1", "café", True),
        (b"\x93\xfa", b"Shift_JIS", "日", True),
        (b"caf\xe9", b"zlib", "caf\ufffd", False),
        (b"\\u0041\xe9", b"unicode_escape", "\\u0041\ufffd", False),
        (b"caf\xe9", b"../x\0", "caf\ufffd", False),
        (b"a\0b", b"", "a\ufffdb", False),
    ],
)
def test_text_is_decoded_by_its_header_or_marked(
    data: bytes, encoding: bytes, text: str, exact: bool
) -> None:
    assert decode(data, encoding) == (text, exact)


def test_a_commit_is_taken_apart() -> None:
    commit = parse_commit(
        b"tree " + b"2" * 40 + b"\nparent " + b"3" * 40 + b"\nparent " + b"4" * 40 + b"\n"
        b"author A <a@x> 1 +0100\ncommitter C <c@x> 2 +0000\nencoding ISO-8859-1\n"
        b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n tree "
        + b"9" * 40
        + b"\n\ncaf\xe9\n\nbody\n"
    )
    assert commit is not None
    assert commit.tree == "2" * 40
    assert commit.parents == ("3" * 40, "4" * 40)
    assert (commit.author.when, commit.committer.person) == (Moment(1, 60), Person("C", "c@x"))
    assert (commit.message, commit.exact) == ("café\n\nbody\n", True)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"object 12\ntype commit\n\n", b"type commit\n\nx"])
def test_what_is_no_tag_or_commit_is_none(data: bytes) -> None:
    assert parse_tag(data) is None
    assert parse_commit(data) is None


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    parse_tag(data)
    parse_commit(data)
    parse_tag(TAG[:60] + data)
    parse_commit(b"tree " + OID + b"\n" + data)
    parse_signed(data, data)
