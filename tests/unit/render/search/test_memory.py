from __future__ import annotations

import pytest

from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from sitegen.render.search.memory import Memory

FEW = {"models": [Document({"name": "churn"}, ("churn",))]}


def made() -> bytes:
    memory = Memory(made_by="these versions")
    list(index_files(FEW, memory))
    return memory.encode()


def test_a_memory_is_read_as_it_was_written() -> None:
    memory = Memory(made(), "these versions")
    assert memory.groups["models"].fields == ("name",)
    assert "data/search/models/cards/0.js" in memory.files
    assert memory.encode() == made()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", made()[:-1], made()[:-9], made() + b"\0", made().replace(b"churn", b"chorn")],
    ids=["none", "rubbish", "a byte less", "cut off", "more", "written to"],
)
def test_a_damaged_memory_is_empty(data: bytes) -> None:
    memory = Memory(data, "these versions")
    assert memory.groups == {}
    assert memory.files == {}


def test_a_memory_of_other_versions_is_empty() -> None:
    assert Memory(made(), "other versions").groups == {}


def test_a_memory_is_that_of_the_last_build_once_all_files_were_asked_for() -> None:
    memory = Memory()
    files = index_files(FEW, memory)
    next(files)
    assert memory.groups == {}
    list(files)
    assert memory.groups.keys() == {"models"}
