"""Tag objects, made in bulk or signed by git. An object that no ref names is no tag yet."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sitegen.errors import GitError
from sitegen.gitio.identity import clean_message, identity_env, stamp
from sitegen.gitio.process import Place, run
from sitegen.gitio.repository import Repository, make_bare
from sitegen.registry.facts import Moment, Person


class NewTag(msgspec.Struct, frozen=True):
    """A tag to be made. name: short. commit: an id. message: as its author wrote it."""

    name: str
    commit: str
    message: str


def tag_content(tag: NewTag, tagger: Person, when: Moment) -> bytes:
    """The bytes of the tag object, the same that `git tag -a` would store."""
    return (
        f"object {tag.commit}\ntype commit\ntag {tag.name}\n"
        f"tagger {tagger.name} <{tagger.email}> {stamp(when)}\n\n{clean_message(tag.message)}"
    ).encode()


def make_tags(
    repo: Repository, tags: Sequence[NewTag], tagger: Person, when: Moment, sign: bool = False
) -> tuple[str, ...]:
    """Store the tags' objects and return their ids, in order; no ref is touched.

    sign: by git, as the user's configuration and the repository's say (user.signingKey,
    gpg.format, ...). Raises RefusedError for a message that no tag can hold, and GitError where
    git cannot store or sign.
    """
    contents = [tag_content(tag, tagger, when) for tag in tags]
    if not tags:
        return ()
    if sign:
        return _sign(repo, tags, tagger, when)
    return store(repo, "tag", contents)


def store(repo: Repository, kind: str, contents: Sequence[bytes]) -> tuple[str, ...]:
    """Store objects of one kind with one process, and return their ids, in order."""
    if not contents:
        return ()
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        paths = [Path(folder) / str(number) for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        listing = "".join(f"{path}\n" for path in paths).encode()
        arguments = ["hash-object", "-t", kind, "-w", "--no-filters", "--stdin-paths"]
        oids = run(arguments, repo.place, data=listing).output.decode("ascii").split()
    if len(oids) != len(contents):
        raise GitError("git hash-object did not store every object", path=str(repo.top))
    return tuple(oids)


def _sign(
    repo: Repository, tags: Sequence[NewTag], tagger: Person, when: Moment
) -> tuple[str, ...]:
    """Let git make and sign the tags in a repository of their own that shares only the objects."""
    listing = run(
        ["config", "--local", "--includes", "--null", "--get-regexp", r"^(user|gpg)\."],
        repo.place,
        check=False,
    ).output.decode("utf-8", "surrogateescape")
    settings = dict(line.split("\n", 1) for line in listing.split("\0") if "\n" in line)
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        here = Path(folder) / "signing.git"
        here.mkdir()
        make_bare(here, repo.object_format)
        place = Place(here, here, repo.place.objects)
        for tag in tags:
            message = Path(folder) / "message"
            message.write_bytes(clean_message(tag.message).encode())
            done = run(
                ["tag", "-s", "--cleanup=verbatim", "-F", str(message), "--", tag.name, tag.commit],
                place,
                protocol="none",
                config=settings,
                env=identity_env("COMMITTER", tagger, when),
                check=False,
            )
            if done.status != 0:
                words = "; ".join(line.strip() for line in done.error.splitlines() if line.strip())
                raise GitError(
                    f"the tag could not be signed: {words or 'git gives no reason'}",
                    ref=tag.name,
                    remedy="see that gpg, or ssh-keygen for gpg.format=ssh, is installed and that "
                    "`git config user.signingKey` names a key of yours",
                )
        refs = run(
            ["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags/"], place
        ).output.decode("utf-8", "surrogateescape")
    made = {name: oid for oid, _, name in (line.partition(" ") for line in refs.splitlines())}
    return tuple(made[f"refs/tags/{tag.name}"] for tag in tags)
