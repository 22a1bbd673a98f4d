"""Tags and commits in bulk: one bad object costs itself alone."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.read import read_commits, read_tags
from sitegen.gitio.repository import open_repository, read_refs
from sitegen.registry.facts import Commit, Moment, Person, Tag
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"a.txt": "a"})
    repo.tag("good@v1.0.0", message="good")
    return repo


def read(repo: GitRepo) -> tuple[dict[str, Tag], list[Problem]]:
    opened = open_repository(repo.path)
    refs = [ref for ref in read_refs(opened).refs if ref.name.startswith("refs/tags/")]
    with ObjectReader(opened) as reader:
        tags, problems = read_tags(reader, refs, "models")
    return {tag.name: tag for tag in tags}, list(problems)


def kinds(problems: list[Problem]) -> list[tuple[str, str]]:
    assert all(problem.repo == "models" and problem.reason for problem in problems)
    return [(problem.ref, problem.kind) for problem in problems]


def raw_tag(
    repo: GitRepo,
    name: str,
    *,
    tagger: bytes | None = b"T <t@x> 1700000000 +0200",
    message: bytes = b"m\n",
    target: str = "",
    kind: str = "commit",
    inside: str = "",
) -> str:
    head = f"object {target or repo.head}\ntype {kind}\ntag {inside or name}\n".encode()
    line = b"" if tagger is None else b"tagger " + tagger + b"\n"
    oid = repo.raw_object("tag", head + line + b"\n" + message)
    repo.ref(f"refs/tags/{name}", oid)
    return oid


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_an_annotated_tag_is_read_whole(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path / "other", object_format=object_format)
    commit = repo.commit({"a.txt": "a"})
    oid = repo.tag("good@v1.0.0", message="Größe\n\nbody", when=1_700_000_000, offset=-210)
    expected = Tag(
        "good@v1.0.0",
        oid,
        commit,
        Person("Ada Example", "ada@example.com"),
        Moment(1_700_000_000, -210),
        "Größe\n\nbody",
    )
    assert read(repo) == ({"good@v1.0.0": expected}, [])


def test_strange_dates_are_named_invalid_and_keep_their_tags(repo: GitRepo) -> None:
    raw_tag(repo, "early@v1.0.0", tagger=b"T <t@x> -86400 +0000")
    raw_tag(repo, "late@v1.0.0", tagger=b"T <t@x> 100000000000000000 +0000")
    raw_tag(repo, "offset@v1.0.0", tagger=b"T <t@x> 1700000000 +9959")
    raw_tag(repo, "future@v1.0.0", tagger=b"T <t@x> 4102444800 +0000")
    tags, problems = read(repo)
    assert kinds(problems) == [
        ("early@v1.0.0", "tag.date"),
        ("late@v1.0.0", "tag.date"),
        ("offset@v1.0.0", "tag.date"),
    ]
    assert all(problem.reason.startswith("invalid date") for problem in problems)
    assert [tags[problem.ref].when for problem in problems] == [None] * 3
    assert tags["early@v1.0.0"].tagger == Person("T", "t@x")
    assert tags["future@v1.0.0"].when == Moment(4102444800, 0)
    assert tags["good@v1.0.0"].message == "good"


def test_tags_of_trees_and_blobs_and_lightweight_ones_are_reported(repo: GitRepo) -> None:
    repo.tag("blob@v1.0.0", ref="HEAD:a.txt")
    repo.tag("tree@v1.0.0", ref="HEAD^{tree}")
    repo.ref("refs/tags/bare@v1.0.0", repo.git("rev-parse", "HEAD:a.txt"))
    repo.lightweight_tag("light@v1.0.0")
    repo.ref("refs/tags/gone@v1.0.0", "1" * 40)
    tags, problems = read(repo)
    assert sorted(kinds(problems)) == [
        ("bare@v1.0.0", "tag.target"),
        ("blob@v1.0.0", "tag.target"),
        ("gone@v1.0.0", "tag.missing"),
        ("light@v1.0.0", "tag.lightweight"),
        ("tree@v1.0.0", "tag.target"),
    ]
    light = next(problem for problem in problems if problem.kind == "tag.lightweight")
    assert "git fetch --tags --force" in light.remedy
    assert list(tags) == ["good@v1.0.0"]


def test_nested_tags_are_peeled_as_far_as_the_limit(repo: GitRepo) -> None:
    for depth in range(1, 8):
        before = f"n{depth - 1}@v1.0.0" if depth > 1 else "good@v1.0.0"
        repo.tag(f"n{depth}@v1.0.0", ref=f"refs/tags/{before}", message=f"depth {depth}")
    raw_tag(repo, "dangling@v1.0.0", target="1" * 40, kind="tag")
    tags, problems = read(repo)
    assert [tags[f"n{depth}@v1.0.0"].commit for depth in range(1, 5)] == [repo.head] * 4
    assert tags["n3@v1.0.0"].message == "depth 3"
    assert ("dangling@v1.0.0", "tag.missing") in kinds(problems)
    assert ("n7@v1.0.0", "tag.target") in kinds(problems)
    assert "n7@v1.0.0" not in tags and "good@v1.0.0" in tags


def test_no_tagger_latin_1_nul_and_another_name_are_kept_and_noted(repo: GitRepo) -> None:
    raw_tag(repo, "alone@v1.0.0", tagger=None)
    raw_tag(repo, "latin@v1.0.0", tagger=b"J\xf6rg <j@x> 1700000000 +0000", message=b"caf\xe9\n")
    raw_tag(repo, "nul@v1.0.0", message=b"a\0b\n")
    raw_tag(repo, "renamed@v1.0.0", inside="other@v9.0.0")
    tags, problems = read(repo)
    assert kinds(problems) == [
        ("alone@v1.0.0", "tag.tagger"),
        ("latin@v1.0.0", "tag.encoding"),
        ("nul@v1.0.0", "tag.encoding"),
        ("renamed@v1.0.0", "tag.name"),
    ]
    assert (tags["alone@v1.0.0"].tagger, tags["alone@v1.0.0"].when) == (None, None)
    assert tags["latin@v1.0.0"].tagger == Person("J\ufffdrg", "j@x")
    assert tags["latin@v1.0.0"].message == "caf\ufffd"
    assert tags["nul@v1.0.0"].message == "a\ufffdb"
    assert tags["renamed@v1.0.0"].commit == repo.head
    assert tags["good@v1.0.0"].message == "good"


def test_a_tag_named_like_an_option_is_read_as_any_other(repo: GitRepo) -> None:
    raw_tag(repo, "--output=x@v1.0.0")
    tags, problems = read(repo)
    assert problems == []
    assert sorted(tags) == ["--output=x@v1.0.0", "good@v1.0.0"]
    assert not (repo.path / "x@v1.0.0").exists()


def test_signed_tags_are_known_and_their_message_is_clean(repo: GitRepo) -> None:
    block = b"-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n"
    raw_tag(repo, "signed@v1.0.0", message=b"m\n\n" + block)
    tags, problems = read(repo)
    assert problems == []
    assert (tags["signed@v1.0.0"].message, tags["signed@v1.0.0"].signature) == ("m", "ssh")


def test_a_corrupt_tag_and_a_deleted_one_leave_the_rest_as_it_was(repo: GitRepo) -> None:
    expected, _ = read(repo)
    for name in ("corrupt", "deleted", "nonsense"):
        oid = raw_tag(repo, f"{name}@v1.0.0", message=name.encode() * 100)
        path = repo.git_dir / "objects" / oid[:2] / oid[2:]
        if name == "deleted":
            path.unlink()
        elif name == "corrupt":
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:60])
    nonsense = repo.raw_object("tag", b"nothing that a tag holds")
    repo.ref("refs/tags/nonsense@v1.0.0", nonsense)
    (repo.git_dir / "refs/tags/b@v1").write_text("bad\n")
    tags, problems = read(repo)
    assert tags == expected
    assert kinds(problems) == [
        ("corrupt@v1.0.0", "tag.corrupt"),
        ("deleted@v1.0.0", "tag.missing"),
        ("nonsense@v1.0.0", "tag.corrupt"),
    ]


def test_tags_pruned_after_the_refs_were_read_are_reported(repo: GitRepo) -> None:
    repo.tag("later@v1.0.0", message="later")
    opened = open_repository(repo.path)
    refs = read_refs(opened).refs[1:]
    repo.git("tag", "-d", "later@v1.0.0")
    repo.git("prune", "--expire=now")
    with ObjectReader(opened) as reader:
        tags, problems = read_tags(reader, refs, "models")
    assert [tag.name for tag in tags] == ["good@v1.0.0"]
    assert kinds(list(problems)) == [("later@v1.0.0", "tag.missing")]


def commits(repo: GitRepo, *oids: str) -> tuple[dict[str, Commit], list[Problem]]:
    with ObjectReader(open_repository(repo.path)) as reader:
        found, problems = read_commits(reader, oids, "models")
    return found, list(problems)


def test_commits_are_read_and_the_missing_and_the_wrong_are_reported(repo: GitRepo) -> None:
    first = repo.head
    second = repo.commit({"a.txt": "b"}, message="Subject\n\nBody")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    found, problems = commits(repo, second, "1" * 40, tree, first, second)
    assert list(found) == [second, first]
    assert (found[second].tree, found[second].parents) == (tree, (first,))
    assert found[second].author == Person("Ada Example", "ada@example.com")
    assert found[second].message.rstrip() == "Subject\n\nBody"
    assert kinds(problems) == [("1" * 40, "commit.missing"), (tree, "commit.corrupt")]


def test_commits_with_strange_dates_and_bytes_are_kept(repo: GitRepo) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")
    lines = f"tree {tree}\nauthor A <a@x> -1 +0000\ncommitter C <c@x> 5 +0000\n".encode()
    strange = repo.raw_object("commit", lines + b"\ncaf\xe9\n")
    latin = repo.raw_object("commit", lines + b"encoding ISO-8859-1\n\ncaf\xe9\n")
    found, problems = commits(repo, strange, latin)
    assert (found[strange].authored, found[strange].committed) == (None, Moment(5, 0))
    assert found[strange].message == "caf\ufffd\n"
    assert found[latin].message == "café\n"
    assert kinds(problems) == [
        (strange, "commit.date"),
        (strange, "commit.encoding"),
        (latin, "commit.date"),
    ]


def test_the_collector_is_left_as_it_was(repo: GitRepo) -> None:
    assert gc.isenabled()
    read(repo)
    assert gc.isenabled()
