"""Signatures of tags, checked by git itself against the keys that somebody chose to trust.

Git runs where it knows objects and nothing else (see `objects`), so neither the keys nor the
programs that check them are the repository's own choice.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sitegen.errors import Problem
from sitegen.gitio.process import Place, run
from sitegen.gitio.repository import Repository, make_bare
from sitegen.registry.facts import Tag

BATCH = 10_000
"""Tags that one process checks; their ids stand on its command line."""

VERIFIED, NOT_VERIFIED = "verified", "not verified"


class Trust(msgspec.Struct, frozen=True):
    """Whose signatures count. allowed_signers: git's file of SSH keys. keyring: a GnuPG home."""

    allowed_signers: Path | None = None
    keyring: Path | None = None

    def covers(self, kind: str) -> bool:
        """Whether signatures of this kind (ssh, gpg, x509) can be checked."""
        return (self.allowed_signers if kind == "ssh" else self.keyring) is not None


def verify_tags(
    repo: Repository, tags: Sequence[Tag], trust: Trust, repo_name: str
) -> tuple[tuple[Tag, ...], tuple[Problem, ...]]:
    """The tags, each signed one with what its check found: `signature` becomes "ssh, verified".

    A signature that does not hold leaves the tag what it is and is a problem ("tag.signature").
    Kinds that `trust` does not cover stay unchecked. Raises GitError where git cannot be run.
    """
    asked = [tag.oid for tag in tags if tag.signature and trust.covers(tag.signature)]
    if not asked:
        return tuple(tags), ()
    good = _good(repo, asked, trust)
    checked: list[Tag] = []
    problems: list[Problem] = []
    for tag in tags:
        if not tag.signature or not trust.covers(tag.signature):
            checked.append(tag)
            continue
        holds = tag.oid in good
        found = f"{tag.signature}, {VERIFIED if holds else NOT_VERIFIED}"
        checked.append(msgspec.structs.replace(tag, signature=found))
        if not holds:
            problems.append(
                Problem(
                    repo_name,
                    tag.name,
                    "",
                    f"its {tag.signature} signature is broken, or by a key that is not trusted",
                    "ask its tagger; if the key is right, add it to the allowed signers or keyring",
                    "tag.signature",
                )
            )
    return tuple(checked), tuple(problems)


def users_allowed_signers() -> Path | None:
    """The file of allowed signers in the user's own git configuration; never a repository's."""
    name = "gpg.ssh.allowedSignersFile"
    # No protocol has this name; naming one is what opens the user's configuration.
    answer = run(
        ["config", "--global", "--type=path", "--get", name], None, protocol="none", check=False
    )
    text = answer.output.decode("utf-8", "surrogateescape").strip()
    return Path(text) if answer.status == 0 and text else None


def _good(repo: Repository, oids: Sequence[str], trust: Trust) -> set[str]:
    """Those of the tag objects whose signature holds."""
    folder = Path(tempfile.mkdtemp(prefix="sitegen-git-"))
    try:
        make_bare(folder, repo.object_format)
        place = Place(folder, folder, repo.place.objects)
        config = {}
        if trust.allowed_signers is not None:
            config["gpg.ssh.allowedSignersFile"] = str(trust.allowed_signers)
        env = {"GNUPGHOME": str(trust.keyring)} if trust.keyring is not None else {}
        good: set[str] = set()
        for first in range(0, len(oids), BATCH):
            rows = oids[first : first + BATCH]
            answer = run(
                ["verify-tag", "--format=%(objectname)", *rows],
                place,
                config=config,
                env=env,
                check=False,
            )
            good.update(answer.output.decode("ascii", "replace").split())
        return good
    finally:
        shutil.rmtree(folder, ignore_errors=True)
