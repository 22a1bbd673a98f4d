"""Patterns of .dvcignore fit what git's own patterns fit, and cost little whatever they are."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from sitegen.readers.dvcignore import MOST_PATTERNS, glob, ignored, read_patterns

PARTS = ("a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "a*", "*b", "ab", "\\a", "*.y", "**")
NAMES = ("a", "b", "ab", "ba", "a.y", "bb")


def line(chance: Random) -> str:
    parts = ["".join(chance.choices(PARTS[:-1], k=chance.choice((1, 1, 2)))) for _ in range(3)]
    parts = [part if chance.random() < 0.8 else "**" for part in parts[: chance.randint(1, 3)]]
    marks = [mark if chance.random() < 0.25 else "" for mark in ("!", "/", "/", " ")]
    return f"{marks[0]}{marks[1]}{'/'.join(parts)}{marks[2]}{marks[3]}"


@pytest.mark.parametrize("seed", range(3))
def test_git_says_the_same_of_random_patterns(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    paths = {"/".join(chance.choices(NAMES, k=chance.randint(1, 4))) for _ in range(60)}
    folders = {
        "/".join(path.split("/")[:depth])
        for path in paths
        for depth in range(1, path.count("/") + 1)
    }
    files = sorted(paths - folders)
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    for _ in range(20):
        said = {"": [line(chance) for _ in range(4)]}
        said[chance.choice(sorted(folders))] = [line(chance) for _ in range(2)]
        for folder, rows in said.items():
            (tmp_path / folder / ".gitignore").write_text("\n".join(rows) + "\n")
        asked = ["git", "check-ignore", "--no-index", "--stdin"]
        told = subprocess.run(
            asked, cwd=tmp_path, input="\n".join(files), capture_output=True, text=True, check=False
        ).stdout.splitlines()
        patterns = {
            folder: read_patterns("\n".join(rows).encode()) for folder, rows in said.items()
        }
        assert sorted(ignored(files, patterns)) == told, said
        for folder in said:
            (tmp_path / folder / ".gitignore").unlink()


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("", set()),
        ("# all\n\n   \n", set()),
        ("\\#x/", {"#x/dvc.yaml"}),
        ("\\!x/", {"!x/dvc.yaml"}),
        ("\ufeffold/\r\n", {"old/dvc.yaml", "new/old/dvc.yaml"}),
        ("/old/", {"old/dvc.yaml"}),
        ("old/\n!old/dvc.yaml", {"old/dvc.yaml", "new/old/dvc.yaml"}),
        ("old/*\n!old/dvc.yaml", set()),
        ("[", set()),
    ],
)
def test_lines_are_read_as_gitignore_has_them(text: str, hidden: set[str]) -> None:
    paths = ["dvc.yaml", "#x/dvc.yaml", "!x/dvc.yaml", "old/dvc.yaml", "new/old/dvc.yaml"]
    assert ignored(paths, {"": read_patterns(text.encode())}) == hidden


def test_what_is_no_utf_8_fits_nothing_else() -> None:
    assert ignored(["a", "b"], {"": read_patterns(b"\xff\nb")}) == {"b"}


def test_hostile_patterns_end_soon() -> None:
    assert not glob("a*" * 500 + "b", "a" * 1_000)
    assert not ignored(["a/" * 500 + "a"], {"": read_patterns(b"**/a*/" * 50 + b"b")})
    assert len(read_patterns(b"a\n" * 100_000)) == MOST_PATTERNS
