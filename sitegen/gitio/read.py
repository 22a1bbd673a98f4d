"""The tags and commits of a repository, read in bulk.

Nothing here raises for what is wrong in an object: it becomes a Problem and the rest is read.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sitegen.errors import Problem
from sitegen.gitio.objects import LIMIT, MISSING, ObjectReader
from sitegen.gitio.parse import ParsedTag, Signed, parse_commit, parse_offset, parse_tag
from sitegen.registry.facts import Commit, Moment, Person, Ref, Tag

TAGS = "refs/tags/"

# Tags of tags of tags: nobody means more, and a chain could be as long as it likes.
NESTED = 5

# A tag as nearly all are; anything else takes the slow way. Ten digits reach the year 2286.
_USUAL = re.compile(
    rb"object ([0-9a-f]{40,64})\ntype commit\ntag ([^\n]+)\n"
    rb"tagger ([^\n]*>) ([0-9]{1,10}) ([+-][0-9]{4})\n\n"
)
_PLAIN_PERSON = re.compile(rb"([^<>\0]*) <([^<>\0]*)>")

_MEND_TAG = "tag the commit again and push it, or delete the tag"
_FETCH = "fetch it with `git fetch --tags --force`"


def read_tags(
    reader: ObjectReader,
    refs: Sequence[Ref],
    repo_name: str,
    only: Container[str] | None = None,
) -> tuple[tuple[Tag, ...], tuple[Problem, ...]]:
    """The annotated tags that `refs` name, in the order given, and what is wrong with the others.

    only: the short names that count; the rest of `refs` is passed over in silence.
    Problems, by kind: tag.lightweight, tag.target, tag.missing, tag.corrupt and tag.large leave
    the tag out; tag.date, tag.tagger, tag.encoding and tag.name keep it.
    """
    with collector_at_rest():
        return _read_tags(reader, refs, repo_name, only)


def _read_tags(
    reader: ObjectReader, refs: Sequence[Ref], repo_name: str, only: Container[str] | None
) -> tuple[tuple[Tag, ...], tuple[Problem, ...]]:
    tags: list[Tag | None] = []
    problems: list[Problem] = []
    nested: dict[int, tuple[Ref, ParsedTag]] = {}
    people: dict[bytes, Person | None] = {}
    offsets: dict[bytes, int | None] = {}
    commits: dict[bytes, str] = {}
    usual, start = _USUAL.match, len(TAGS)
    answers = reader.contents([ref.oid for ref in refs])
    for ref, (oid, kind, data) in zip(refs, answers, strict=True):
        name = ref.name[start:]
        if only is not None and name not in only:
            continue
        match = usual(data) if kind == "tag" and data else None
        if match is not None and data is not None:
            target, said, who, seconds, offset = match.groups()
            body = data[match.end() :]
            try:
                commit, person, minutes = commits[target], people[who], offsets[offset]
            except KeyError:
                commit = commits.setdefault(target, target.decode("ascii"))
                person = people.setdefault(who, _plain_person(who))
                minutes = offsets.setdefault(offset, parse_offset(offset))
            if (
                person is not None
                and minutes is not None
                and b"\0" not in body
                and b"-----BEGIN " not in body
            ):
                try:
                    message, called = body.decode().strip(), said.decode()
                except UnicodeDecodeError:
                    called = ""
                if called == name:
                    tags.append(
                        Tag(name, oid, commit, person, Moment(int(seconds), minutes), message)
                    )
                    continue
        parsed = None
        if kind == "tag" and data is not None:
            parsed = parse_tag(data)
        if parsed is None:
            problems.append(_unreadable_tag(name, oid, kind, data, repo_name))
            tags.append(None)
            continue
        problems += _tag_faults(name, parsed, repo_name)
        if parsed.kind != "commit":
            nested[len(tags)] = ref, parsed
        tags.append(_tag(name, oid, parsed, parsed.target))
    _peel(reader, nested, tags, problems, repo_name)
    return tuple([tag for tag in tags if tag is not None]), tuple(problems)


def _plain_person(who: bytes) -> Person | None:
    match = _PLAIN_PERSON.fullmatch(who)
    try:
        return Person(match[1].decode().strip(), match[2].decode().strip()) if match else None
    except UnicodeDecodeError:
        return None


def _tag(name: str, oid: str, parsed: ParsedTag, commit: str) -> Tag:
    tagger = parsed.tagger
    return Tag(
        name,
        oid,
        commit,
        tagger.person if tagger else None,
        tagger.when if tagger else None,
        parsed.message,
        parsed.signature,
    )


def _unreadable_tag(name: str, oid: str, kind: str, data: bytes | None, repo: str) -> Problem:
    if kind == "commit":
        return Problem(
            repo,
            name,
            "",
            "the tag is lightweight, expected an annotated one",
            "if it was annotated where it was made, fetch it again: `git fetch --tags --force`",
            "tag.lightweight",
        )
    if kind == MISSING:
        return Problem(repo, name, "", f"its object {oid} is missing", _FETCH, "tag.missing")
    if kind in ("tree", "blob"):
        why = f"it names a {kind}, expected an annotated tag of a commit"
        return Problem(repo, name, "", why, _MEND_TAG, "tag.target")
    if kind == "tag" and data is None:
        why = f"its object {oid} is over {LIMIT} bytes"
        return Problem(repo, name, "", why, _MEND_TAG, "tag.large")
    return Problem(repo, name, "", f"its object {oid} cannot be read", _FETCH, "tag.corrupt")


def _tag_faults(name: str, parsed: ParsedTag, repo: str) -> Iterator[Problem]:
    """What is wrong with a tag that is kept all the same."""
    if parsed.tagger is None:
        why = "the tag has no tagger, so nobody knows who made it and when"
        yield Problem(repo, name, "", why, _MEND_TAG, "tag.tagger")
    elif parsed.tagger.fault:
        why = f"invalid date: {parsed.tagger.fault}"
        yield Problem(repo, name, "", why, _MEND_TAG, "tag.date")
    if not parsed.exact:
        why = "it holds bytes that are no UTF-8 text, shown as \ufffd"
        yield Problem(repo, name, "", why, "write tags in UTF-8", "tag.encoding")
    if parsed.name != name:
        why = f"the tag object calls itself {parsed.name[:200]!r}; the ref's name counts"
        yield Problem(repo, name, "", why, _MEND_TAG, "tag.name")


def _peel(
    reader: ObjectReader,
    nested: dict[int, tuple[Ref, ParsedTag]],
    tags: list[Tag | None],
    problems: list[Problem],
    repo: str,
) -> None:
    """Follow tags of tags to their commits, all of one depth at a time."""
    targets = {number: parsed.target for number, (_, parsed) in nested.items()}
    for _ in range(NESTED):
        if not targets:
            return
        wanted = list(dict.fromkeys(targets.values()))
        found = {oid: (kind, data) for oid, kind, data in reader.contents(wanted)}
        deeper: dict[int, str] = {}
        for number, oid in targets.items():
            kind, data = found[oid]
            tag, ref = tags[number], nested[number][0]
            inner = parse_tag(data) if kind == "tag" and data is not None else None
            if kind == "commit" and tag is not None:
                parsed = nested[number][1]
                tags[number] = _tag(tag.name, tag.oid, parsed, oid)
            elif inner is not None:
                deeper[number] = inner.target
            else:
                tags[number] = None
                name = ref.name[len(TAGS) :]
                if kind in ("tree", "blob"):
                    why, what = f"it tags a {kind}, expected a commit", "tag.target"
                elif kind == MISSING:
                    why, what = f"the object {oid} that it tags is missing", "tag.missing"
                else:
                    why, what = f"the object {oid} that it tags cannot be read", "tag.corrupt"
                remedy = _MEND_TAG if what == "tag.target" else _FETCH
                problems.append(Problem(repo, name, "", why, remedy, what))
        targets = deeper
    for number in targets:
        tags[number] = None
        name = nested[number][0].name[len(TAGS) :]
        why = f"it tags a tag of a tag, more than {NESTED} deep, expected a commit"
        problems.append(Problem(repo, name, "", why, _MEND_TAG, "tag.target"))


def read_commits(
    reader: ObjectReader, oids: Iterable[str], repo_name: str
) -> tuple[dict[str, Commit], tuple[Problem, ...]]:
    """The commits with these ids, in the order given, and what is wrong with the others.

    Problems, by kind: commit.missing and commit.corrupt (also: not a commit) leave the commit out;
    commit.date and commit.encoding keep it.
    """
    commits: dict[str, Commit] = {}
    problems: list[Problem] = []
    with collector_at_rest():
        for oid, kind, data in reader.contents(list(dict.fromkeys(oids))):
            parsed = parse_commit(data) if kind == "commit" and data is not None else None
            if parsed is None:
                problems.append(_unreadable_commit(oid, kind, repo_name))
                continue
            author, committer = parsed.author, parsed.committer
            commits[oid] = Commit(
                oid,
                parsed.tree,
                parsed.parents,
                author.person,
                author.when,
                committer.person,
                committer.when,
                parsed.message,
            )
            problems += _commit_faults(oid, author, committer, parsed.exact, repo_name)
    return commits, tuple(problems)


def _unreadable_commit(oid: str, kind: str, repo: str) -> Problem:
    if kind == MISSING:
        remedy = "fetch the whole history: `git fetch --unshallow --tags` or clone it again"
        return Problem(repo, oid, "", "the commit is missing", remedy, "commit.missing")
    if kind in ("tree", "blob", "tag"):
        why = f"the object is a {kind}, expected a commit"
    else:
        why = "the commit cannot be read"
    return Problem(repo, oid, "", why, "see what `git fsck` says", "commit.corrupt")


def _commit_faults(
    oid: str, author: Signed, committer: Signed, exact: bool, repo: str
) -> Iterator[Problem]:
    fault = author.fault or committer.fault
    if fault:
        remedy = "its date is shown as unknown; only a rewritten history would mend it"
        yield Problem(repo, oid, "", f"invalid date: {fault}", remedy, "commit.date")
    if not exact:
        why = "it holds bytes that are no text of its encoding, shown as \ufffd"
        yield Problem(repo, oid, "", why, "write commits in UTF-8", "commit.encoding")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No search for cycles while thousands of records, which form none, are made."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # At once among the old ones, instead of searched first as young ones.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
