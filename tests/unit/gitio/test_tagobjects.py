"""Tag objects are the ones git itself would make, signed by git where that is asked for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.errors import GitError, RefusedError
from sitegen.gitio.process import observing
from sitegen.gitio.repository import open_repository
from sitegen.gitio.tagobjects import NewTag, make_tags
from sitegen.registry.facts import Moment, Person
from tests.gitrepo import AUTHOR, START, GitRepo

ADA = Person(*AUTHOR)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_tag_is_the_one_that_git_would_make(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path, object_format=object_format)
    commit = repo.commit({"a": "1"})
    message = "Héllo  \n\n\n#1 fixed"
    (made,) = make_tags(
        open_repository(repo.path), [NewTag("a/b#prod#1", commit, message)], ADA, Moment(repo.now)
    )
    assert repo.git("tag") == ""
    repo.git("tag", "-a", "--cleanup=whitespace", "-m", message, "a/b#prod#1", commit)
    assert repo.git("rev-parse", "refs/tags/a/b#prod#1") == made


def test_many_tags_take_one_process(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    commit = repo.commit({"a": "1"})
    opened = open_repository(repo.path)
    calls: list[tuple[str, ...]] = []
    with observing(calls.append):
        made = make_tags(
            opened,
            [NewTag(f"m#dev#{number}", commit, "m") for number in range(40)],
            ADA,
            Moment(START),
        )
    assert len(set(made)) == 40
    assert len(calls) == 1


def test_a_bad_message_stores_nothing(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    commit = repo.commit({"a": "1"})
    before = repo.git("count-objects")
    tags = [NewTag("a", commit, "fine"), NewTag("b", commit, "a\0b")]
    with pytest.raises(RefusedError):
        make_tags(open_repository(repo.path), tags, ADA, Moment(START))
    assert repo.git("count-objects") == before


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
@pytest.mark.parametrize("where", ["global", "local"])
def test_a_tag_is_signed_as_the_user_has_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    key = tmp_path / "key"
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(keygen, check=True)
    repo = GitRepo(tmp_path / "repo")
    commit = repo.commit({"a": "1"})
    settings = tmp_path / "gitconfig"
    settings.touch()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    target = settings if where == "global" else repo.git_dir / "config"
    repo.git("config", "--file", str(target), "gpg.format", "ssh")
    repo.git("config", "--file", str(target), "user.signingKey", str(key))
    tags = [NewTag("m@v1.0.0", commit, "One"), NewTag("m#prod#1", commit, "Two")]
    made = make_tags(open_repository(repo.path), tags, ADA, Moment(START, 90), sign=True)
    assert repo.git("tag") == ""
    for oid, tag in zip(made, tags, strict=True):
        content = repo.git("cat-file", "tag", oid)
        assert f"\ntag {tag.name}\ntagger {ADA.name} <{ADA.email}> {START} +0130\n" in content
        assert f"\n\n{tag.message}\n-----BEGIN SSH SIGNATURE-----\n" in content


def test_signing_that_fails_says_why(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    commit = repo.commit({"a": "1"})
    repo.git("config", "gpg.program", str(tmp_path / "missing"))
    with pytest.raises(GitError, match=r"could not be signed.*missing.*user\.signingKey"):
        make_tags(
            open_repository(repo.path), [NewTag("a", commit, "m")], ADA, Moment(START), sign=True
        )
