from __future__ import annotations

import os
from pathlib import Path

from sitegen import pipeline
from sitegen.pipeline.search_memory import MOST, load_memory, save_memory
from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from tests.gitrepo import GitRepo
from tests.unit.pipeline.test_portal import settings

FEW = {"models": [Document({"name": "churn"}, ("churn",))]}


def test_a_memory_is_kept_for_each_folder(tmp_path: Path) -> None:
    memory = load_memory(tmp_path / "cache", tmp_path / "site")
    assert memory.groups == {}
    list(index_files(FEW, memory))
    save_memory(tmp_path / "cache", tmp_path / "site", memory)
    assert load_memory(tmp_path / "cache", tmp_path / "site").groups == memory.groups
    assert load_memory(tmp_path / "cache", tmp_path / "other").groups == {}
    assert load_memory(tmp_path / "cache", tmp_path / "site", ("en", "de")).groups == {}


def test_where_it_cannot_be_kept_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    memory = load_memory(tmp_path / "cache", tmp_path / "site")
    save_memory(tmp_path / "cache", tmp_path / "site", memory)
    assert [*tmp_path.iterdir()] == [tmp_path / "cache"]


def test_the_memories_of_folders_that_were_used_long_ago_go(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for number in range(MOST + 3):
        memory = load_memory(cache, tmp_path / str(number))
        list(index_files(FEW, memory))
        save_memory(cache, tmp_path / str(number), memory)
        for file in (cache / "search").iterdir():
            os.utime(file, (file.stat().st_mtime - 1000,) * 2)
    assert len([*(cache / "search").iterdir()]) == MOST
    assert load_memory(cache, tmp_path / "0").groups == {}
    assert load_memory(cache, tmp_path / str(MOST + 2)).groups != {}


def test_a_build_with_a_memory_publishes_what_one_without_does(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "churn")
    repo.commit({"README.md": "The churn model."})
    repo.tag("churn@v1.0.0")
    found = settings(tmp_path, repo.path)
    pipeline.build(found)
    assert load_memory(found.cache, found.output).groups.keys() >= {"models", "versions"}
    repo.commit({"README.md": "The renewed churn model."})
    repo.tag("churn@v2.0.0")
    pipeline.build(found)
    kept = {path.name: path.read_bytes() for path in (found.output / "data/search").iterdir()
            if path.is_file()}  # fmt: skip
    for path in (found.cache / "search").iterdir():
        path.unlink()
    pipeline.build(found)
    clean = {path.name: path.read_bytes() for path in (found.output / "data/search").iterdir()
             if path.is_file()}  # fmt: skip
    assert kept == clean
