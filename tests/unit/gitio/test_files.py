"""Files at commits: found in bulk, never through a link, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.gitio.files import Entry, Files, Wanted, only_files, path_parts, read_paths
from sitegen.gitio.objects import ObjectReader
from sitegen.gitio.process import observing
from sitegen.gitio.repository import open_repository
from sitegen.gitio.trees import FILE, FOLDER, LINK, MODULE
from tests.gitrepo import GitRepo

WANTED = Wanted(frozenset({"artifacts.yaml", "dvc.yaml"}), (".mlem",))


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"artifacts.yaml": "good: {}\n", "cv/dvc.yaml": "x", "cv/metrics.json": "{}"})
    return repo


@pytest.fixture
def files(repo: GitRepo) -> Iterator[Files]:
    with ObjectReader(open_repository(repo.path)) as reader:
        yield Files(reader, "models")


def root(repo: GitRepo, commit: str = "HEAD") -> dict[str, str]:
    return {commit: repo.git("rev-parse", f"{commit}^{{tree}}")}


def tree(repo: GitRepo, *entries: tuple[str, bytes, str]) -> str:
    """Store a tree of (mode, name, object) exactly as given."""
    data = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries
    )
    return repo.raw_object("tree", data)


def kinds(files: Files) -> list[tuple[str, str]]:
    return [(problem.kind, problem.path) for problem in files.problems]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_wanted_files_are_found_anywhere_by_name_and_ending(
    tmp_path: Path, object_format: str
) -> None:
    repo = GitRepo(tmp_path / "other", object_format=object_format)
    first = repo.commit({"artifacts.yaml": "1", "a/b/dvc.yaml": "2", "a/m.mlem": "3", "x": "4"})
    second = repo.commit({"artifacts.yaml": "5", "größe/dvc.yaml": "6"})
    with ObjectReader(open_repository(repo.path)) as reader:
        trees = {**root(repo, first), **root(repo, second)}
        files = Files(reader, "models")
        found = files.find(trees, WANTED)
        contents = files.read(found)
    texts = {c: {p: contents[oid] for p, oid in paths.items()} for c, paths in found.items()}
    assert texts == {
        first: {"artifacts.yaml": b"1", "a/b/dvc.yaml": b"2", "a/m.mlem": b"3"},
        second: {
            "artifacts.yaml": b"5",
            "a/b/dvc.yaml": b"2",
            "a/m.mlem": b"3",
            "größe/dvc.yaml": b"6",
        },
    }
    assert files.problems == ()


def test_exact_paths_resolve_to_what_is_there(repo: GitRepo, files: Files) -> None:
    asked = ["cv", "cv/metrics.json", "cv/none", "none/x", "cv/metrics.json/x"]
    found = files.resolve(root(repo), {"HEAD": asked, "unknown": ["x"]})
    assert {path: entry.kind for path, entry in found["HEAD"].items()} == {
        "cv": FOLDER,
        "cv/metrics.json": FILE,
    }
    assert found["unknown"] == {}
    assert only_files(found)["HEAD"].keys() == {"cv/metrics.json"}
    paths, contents = read_paths(files, root(repo), {"HEAD": asked})
    assert [contents[oid] for oid in paths["HEAD"].values()] == [b"{}"]
    assert files.problems == ()


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "", "./x", ".GIT/config", "a/"])
def test_a_path_that_leaves_the_repository_is_refused(
    repo: GitRepo, files: Files, path: str
) -> None:
    assert files.resolve(root(repo), {"HEAD": [path, "cv"]})["HEAD"].keys() == {"cv"}
    assert [kind for kind, _ in kinds(files)] == ["path.unsafe"]


def test_links_and_submodules_are_never_followed(repo: GitRepo, files: Files) -> None:
    blob = repo.raw_object("blob", b"/etc/passwd")
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    made = tree(
        repo,
        ("120000", b"artifacts.yaml", blob),
        ("100644", b"dvc.yaml", good),
        ("120000", b"link", blob),
        ("160000", b"sub", "1" * 40),
    )
    assert files.find({"c": made}, WANTED) == {"c": {"dvc.yaml": good}}
    assert kinds(files) == [("path.link", "artifacts.yaml")]
    asked = ["link", "link/passwd", "sub", "sub/x"]
    assert files.resolve({"c": made}, {"c": asked})["c"] == {
        "link": Entry(LINK, blob),
        "sub": Entry(MODULE, "1" * 40),
    }
    assert only_files({"c": {"link": Entry(LINK, blob)}}) == {"c": {}}


def test_names_that_no_file_may_have_are_passed_over(repo: GitRepo, files: Files) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    inner = tree(repo, ("100644", b"dvc.yaml", good))
    made = tree(
        repo,
        ("40000", b"..", inner),
        ("40000", b".Git", inner),
        ("100644", b"../../evil.mlem", good),
        ("100644", b"new\nline.mlem", good),
        ("100644", b"artifacts.yaml", good),
        ("40000", b"latin\xff", inner),
    )
    assert files.find({"c": made}, WANTED) == {"c": {"artifacts.yaml": good}}
    assert kinds(files) == [
        ("path.unsafe", ".."),
        ("path.unsafe", ".Git"),
        ("path.unsafe", "../../evil.mlem"),
        ("path.unsafe", "new\\nline.mlem"),
        ("path.unsafe", "latin\\ufffd"),
    ]


def test_a_tree_bomb_is_cheap_where_nothing_is_wanted(repo: GitRepo, files: Files) -> None:
    oid = repo.raw_object("blob", b"x")
    bomb = tree(repo, *(("100644", b"f%d" % n, oid) for n in range(10)))
    for _ in range(30):
        bomb = tree(repo, *(("40000", b"d%d" % n, bomb) for n in range(10)))
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    made = tree(repo, ("100644", b"artifacts.yaml", good), ("40000", b"bomb", bomb))
    assert files.find({"c": made}, WANTED) == {"c": {"artifacts.yaml": good}}
    assert files.problems == ()


def test_a_tree_bomb_of_wanted_files_ends_at_the_limit(repo: GitRepo) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    bomb = tree(repo, ("100644", b"dvc.yaml", good))
    for _ in range(20):
        bomb = tree(repo, *(("40000", b"d%d" % n, bomb) for n in range(10)))
    made = tree(repo, ("100644", b"artifacts.yaml", good), ("40000", b"bomb", bomb))
    with ObjectReader(open_repository(repo.path)) as reader:
        files = Files(reader, "models", entries=5000)
        found = files.find({"c": made}, WANTED)
    assert found["c"]["artifacts.yaml"] == good
    assert len(found["c"]) <= 5000
    assert kinds(files) == [("tree.limit", "")]


def test_a_tree_bomb_of_one_commit_leaves_the_others_their_files(repo: GitRepo) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    many = tree(repo, *(("100644", b"%d.mlem" % number, good) for number in range(30)))
    few = tree(repo, ("100644", b"dvc.yaml", good))
    with ObjectReader(open_repository(repo.path)) as reader:
        files = Files(reader, "models", wanted_entries=10)
        found = files.find({"many": many, "few": few}, WANTED)
    assert (len(found["many"]), found["few"]) == (10, {"dvc.yaml": good})
    assert kinds(files) == [("tree.limit", "")]


def test_too_many_entries_and_too_deep_folders_end_at_the_limit(repo: GitRepo) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    deep = tree(repo, ("100644", b"dvc.yaml", good))
    for _ in range(10):
        deep = tree(repo, ("40000", b"d", deep))
    made = tree(repo, ("100644", b"artifacts.yaml", good), ("40000", b"deep", deep))
    with ObjectReader(open_repository(repo.path)) as reader:
        shallow = Files(reader, "models", depth=5)
        assert shallow.find({"c": made}, WANTED) == {"c": {"artifacts.yaml": good}}
        assert kinds(shallow) == [("tree.limit", "")]
        few = Files(reader, "models", entries=5)
        assert few.find({"c": made}, WANTED) == {"c": {"artifacts.yaml": good}}
        assert kinds(few) == [("tree.limit", "")]


def test_missing_and_wrong_trees_are_reported_and_spare_the_rest(
    repo: GitRepo, files: Files
) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    broken = repo.raw_object("tree", b"100644 a\0short")
    made = tree(
        repo,
        ("100644", b"artifacts.yaml", good),
        ("40000", b"gone", "1" * 40),
        ("40000", b"wrong", good),
        ("40000", b"broken", broken),
    )
    assert files.find({"c": made}, WANTED) == {"c": {"artifacts.yaml": good}}
    assert [kind for kind, _ in kinds(files)] == ["tree.missing", "tree.corrupt", "tree.corrupt"]


def test_a_large_file_is_not_read(repo: GitRepo, files: Files) -> None:
    repo.commit({"cv/dvc.yaml": b"x" * 5000, "big/dvc.yaml": b"y" * 3000})
    found = files.find(root(repo), WANTED)
    contents = files.read(found, limit=4000, total=3000)
    assert set(contents.values()) == {b"good: {}\n"}
    assert kinds(files) == [("file.limit", "big/dvc.yaml"), ("file.large", "cv/dvc.yaml")]


def test_a_file_whose_object_is_gone_is_reported(repo: GitRepo, files: Files) -> None:
    good = repo.git("rev-parse", "HEAD:artifacts.yaml")
    made = tree(repo, ("100644", b"artifacts.yaml", good), ("100644", b"dvc.yaml", "1" * 40))
    contents = files.read(files.find({"c": made}, WANTED))
    assert list(contents) == [good]
    assert kinds(files) == [("file.missing", "dvc.yaml")]


def test_an_lfs_pointer_is_given_as_it_is(repo: GitRepo, files: Files) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"
    repo.commit({"cv/dvc.yaml": pointer, ".gitattributes": "*.yaml filter=lfs\n"})
    contents = files.read(files.find(root(repo), WANTED))
    assert pointer in contents.values()


def test_a_path_that_cannot_be_in_git_has_no_parts() -> None:
    assert path_parts("cv/nn.pkl") == [b"cv", b"nn.pkl"]
    for path in ("", "/etc", "a//b", "../a", "a/.GIT/b", "a/" * 64 + "b"):
        assert path_parts(path) == []


def test_each_tree_is_read_once_and_by_one_process(repo: GitRepo) -> None:
    commits = [repo.commit({"x": str(number)}) for number in range(5)]
    calls: list[tuple[str, ...]] = []
    asked: list[str] = []
    trees = {commit: repo.git("rev-parse", f"{commit}^{{tree}}") for commit in commits}
    with ObjectReader(open_repository(repo.path)) as reader, observing(calls.append):
        files = Files(reader, "models")
        ask = reader.contents

        def counted(oids: list[str], limit: int) -> object:
            asked.extend(oids)
            return ask(oids, limit)

        reader.contents = counted  # type: ignore[method-assign, assignment]
        files.find(trees, WANTED)
        files.resolve(trees, {commit: ["cv/metrics.json", "x"] for commit in commits})
    assert len(asked) == len(set(asked)) == 6
    assert len(calls) == 1


def test_a_file_is_found_by_the_end_of_its_path_alone(repo: GitRepo, files: Files) -> None:
    repo.commit(
        {
            ".dvc/config": "1",
            "cv/.dvc/config": "2",
            "config": "3",
            "cv/config": "4",
            "a.dvc/config": "5",
            ".dvc/config.local": "6",
            "x/.dvc/config/y": "7",
            "link/config": "config",
        },
        modes={"link/config": "120000"},
    )
    wanted = Wanted(frozenset({"dvc.yaml"}), (), frozenset({".dvc/config"}))
    found = files.find(root(repo), wanted)["HEAD"]
    assert set(found) == {".dvc/config", "cv/.dvc/config", "cv/dvc.yaml"}
    assert files.problems == ()
