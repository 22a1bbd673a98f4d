from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from sitegen.render.search import index_files
from sitegen.render.search.fields import FIELDS, Document
from sitegen.render.search.group import CARDS, PASSAGES, index, results
from sitegen.render.search.packing import Kept, Packed, unpack
from tests.searching import documents

FEW = (
    Document({"name": "churn"}, ("churn",), state="registered", numbers={"f1": 0.5}),
    Document({"name": "fraud", "label": "risk"}, ("fraud",), "A card.", {}, "deprecated"),
)


def unpacked(name: str) -> Any:
    return json.loads(unpack(b64decode(name[1:])))


def shown(name: str, many: Sequence[Document]) -> Kept:
    packed = Packed()
    results(name, many, packed)
    return packed.files


def test_a_record_names_the_fields_in_use_and_counts_their_terms() -> None:
    found, _ = index("models", FEW, FIELDS, Packed())
    assert found.count == 2
    assert found.fields == (("name", 10, 2, 0), ("label", 5, 1, 0))
    assert unpacked(found.states) == {"deprecated": [1], "registered": [0]}
    ((file, names),) = unpacked(found.numbers)
    assert names == ["f1"]
    assert unpacked(file) == {"f1": [[0], [0.5]]}


def test_results_are_in_files_by_number() -> None:
    many = list(documents(CARDS + 1, words=20))
    files = shown("models", many)
    cards = [path for path in files if "/cards/" in path]
    assert cards == ["data/search/models/cards/0.js", "data/search/models/cards/1.js"]
    assert len(files) == len(cards) + -(-len(many) // PASSAGES)
    # Where nothing is to be shown there is no file.
    assert [*shown("versions", [Document({"name": "x"}, ("x",))])] == [
        "data/search/versions/cards/0.js"
    ]


def test_equal_documents_give_equal_bytes() -> None:
    made = [dict(index_files({"models": list(documents(50, words=20))})) for _ in range(2)]
    assert made[0] == made[1]


def test_a_small_group_has_few_files() -> None:
    assert [path for path, _ in index_files({"models": FEW, "pages": ()})] == [
        "data/search/models/cards/0.js",
        "data/search/models/passages/0.js",
        "data/search/index.js",
    ]
