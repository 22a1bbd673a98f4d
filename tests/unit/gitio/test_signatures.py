import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_tags
from sitegen.gitio.repository import open_repository, read_refs
from sitegen.gitio.signatures import Trust, users_allowed_signers, verify_tags
from sitegen.registry.facts import Tag
from tests.gitrepo import GitRepo

needs_keys = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh-keygen")


def key(folder: Path, name: str) -> Path:
    file = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)]
    subprocess.run(command, check=True)
    return file


@pytest.fixture
def signed(tmp_path: Path) -> tuple[GitRepo, Path]:
    """A repository with tags by two keys, one of them unsigned, and the file that trusts Ada."""
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"})
    ada, eve = key(tmp_path, "ada"), key(tmp_path, "eve")
    for name, used in (("m@v1.0.0", ada), ("m@v2.0.0", eve)):
        repo.git(
            "-c", "gpg.format=ssh", "-c", f"user.signingKey={used}", "tag", "-s", name, "-m", "x"
        )
    repo.tag("m@v3.0.0")
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.com {ada.with_suffix('.pub').read_text()}")
    return repo, allowed


def tags_of(repo: GitRepo) -> tuple[Tag, ...]:
    opened = open_repository(repo.path)
    refs = [ref for ref in read_refs(opened).refs if ref.name.startswith("refs/tags/")]
    with ObjectReader(opened) as reader:
        return read_tags(reader, refs, "repo")[0]


@needs_keys
def test_a_trusted_key_verifies_and_another_is_a_problem(signed: tuple[GitRepo, Path]) -> None:
    repo, allowed = signed
    tags, problems = verify_tags(open_repository(repo.path), tags_of(repo), Trust(allowed), "repo")
    assert {tag.name: tag.signature for tag in tags} == {
        "m@v1.0.0": "ssh, verified",
        "m@v2.0.0": "ssh, not verified",
        "m@v3.0.0": "",
    }
    assert [(problem.ref, problem.kind) for problem in problems] == [("m@v2.0.0", "tag.signature")]


@needs_keys
def test_a_tag_changed_after_signing_does_not_verify(signed: tuple[GitRepo, Path]) -> None:
    repo, allowed = signed
    raw = repo.git("cat-file", "tag", "m@v1.0.0") + "\n"
    repo.ref("refs/tags/m@v1.0.0", repo.raw_object("tag", raw.replace("\nx\n", "\ny\n").encode()))
    tags, _ = verify_tags(open_repository(repo.path), tags_of(repo), Trust(allowed), "repo")
    assert tags[0].signature == "ssh, not verified"


@needs_keys
def test_without_trust_nothing_is_checked(signed: tuple[GitRepo, Path]) -> None:
    repo, _ = signed
    tags = tags_of(repo)
    assert verify_tags(open_repository(repo.path), tags, Trust(), "repo") == (tags, ())


@needs_keys
def test_the_repository_cannot_choose_who_is_trusted_or_what_checks(
    signed: tuple[GitRepo, Path], tmp_path: Path
) -> None:
    repo, _ = signed
    eve = f"ada@example.com {(tmp_path / 'eve.pub').read_text()}"
    (tmp_path / "forged").write_text(eve)
    empty = tmp_path / "empty"
    empty.write_text("")
    repo.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "forged"))
    repo.git("config", "gpg.ssh.program", f"touch {tmp_path / 'pwn'};")
    tags, _ = verify_tags(open_repository(repo.path), tags_of(repo), Trust(empty), "repo")
    assert [tag.signature for tag in tags[:2]] == ["ssh, not verified"] * 2
    assert not (tmp_path / "pwn").exists()


@pytest.fixture
def keyrings() -> Iterator[tuple[Path, Path]]:
    """The GnuPG homes of Ada, and of somebody who has nobody's key."""
    # The agent's socket lies in it, and a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="gpg-"))
    homes = folder / "ada", folder / "nobody"
    for home in homes:
        home.mkdir(mode=0o700)
    try:
        gpg = ["gpg", "--homedir", str(homes[0]), "--batch", "--quiet", "--passphrase", ""]
        made = [*gpg, "--quick-generate-key", "Ada <ada@example.com>", "ed25519", "sign", "never"]
        subprocess.run(made, check=True, capture_output=True)
        yield homes
    finally:
        for home in homes:
            ended = ["gpgconf", "--homedir", str(home), "--kill", "all"]
            subprocess.run(ended, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not shutil.which("gpg"), reason="there is no gpg")
def test_a_gnupg_signature_is_checked_against_the_keyring(
    tmp_path: Path, keyrings: tuple[Path, Path]
) -> None:
    ada, nobody = keyrings
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a": "1"})
    program = tmp_path / "gpg"
    program.write_text(f'#!/bin/sh\nexec gpg --homedir {ada} "$@"\n')
    program.chmod(0o700)
    settings = ("-c", f"gpg.program={program}", "-c", "user.signingKey=ada@example.com")
    repo.git(*settings, "tag", "-s", "m@v1.0.0", "-m", "x")
    opened, tags = open_repository(repo.path), tags_of(repo)
    assert [tag.signature for tag in tags] == ["gpg"]
    checked, problems = verify_tags(opened, tags, Trust(keyring=ada), "repo")
    assert ([tag.signature for tag in checked], problems) == (["gpg, verified"], ())
    checked, problems = verify_tags(opened, tags, Trust(keyring=nobody), "repo")
    assert [tag.signature for tag in checked] == ["gpg, not verified"]
    assert [problem.kind for problem in problems] == ["tag.signature"]


def test_the_users_own_allowed_signers_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert users_allowed_signers() is None
    mine = tmp_path / "gitconfig"
    mine.write_text('[gpg "ssh"]\n\tallowedSignersFile = /keys/allowed\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(mine))
    assert users_allowed_signers() == Path("/keys/allowed")
