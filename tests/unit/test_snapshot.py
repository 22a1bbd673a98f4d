"""Facts survive their file as they are; a file that is something else is refused."""

from __future__ import annotations

import math
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import snapshot
from sitegen.errors import Problem, SnapshotError
from sitegen.registry.facts import (
    Annotation,
    Card,
    Commit,
    Leaf,
    Moment,
    Person,
    Picture,
    RepositoryFacts,
    Tag,
    ValueFile,
)

ADA = Person("Ada", "ada@example.com")
A, B = "a" * 40, "b" * 40


def commit(oid: str) -> Commit:
    return Commit(oid, "c" * 40, (), ADA, Moment(5, 60), ADA, None, "Train\n")


def facts(value: Any = 0.5, **changes: Any) -> RepositoryFacts:
    whole = RepositoryFacts(
        name="churn",
        url="https://example.com/churn",
        branch="main",
        head=A,
        tags=(Tag("churn@v1.0.0", "d" * 40, A, ADA, Moment(7, -90), "First", "gpg"),),
        commits={A: commit(A), B: commit(B)},
        annotations={A: (Annotation("churn", "dvc.yaml", labels=("x",), custom={"k": [1]}),)},
        values={A: (ValueFile("m.json", "metrics", {"z": Leaf(value, "t"), "a": Leaf(1, "1")}),)},
        tracked={A: frozenset({"m.pkl", "n.pkl", "o.pkl"})},
        stages=("dev", "prod"),
        cards={
            A: {"churn": Card("README.md", B, (("license", ("mit",)),), pictures=(("p.png", A),))}
        },
        texts={B: "# Churn"},
        pictures={A: Picture("p.png", A, "image/png", b"\x89PNG\xff\0", 3, 2)},
        problems=(Problem("churn", "t", "", "is odd", "mend it", "tag.odd"),),
    )
    return msgspec.structs.replace(whole, **changes)


def value_of(loaded: RepositoryFacts) -> Any:
    return loaded.values[A][0].entries["z"].value


def again(whole: RepositoryFacts) -> RepositoryFacts:
    return snapshot.load(snapshot.dump(whole), "f")


def test_facts_survive_their_file() -> None:
    assert again(facts()) == facts()


def test_values_keep_the_order_of_their_file() -> None:
    assert list(again(facts()).values[A][0].entries) == ["z", "a"]


def test_not_a_number_survives() -> None:
    assert math.isnan(value_of(again(facts(math.nan))))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_every_json_value_survives(value: Any) -> None:
    assert value_of(again(facts(value))) == value


@pytest.mark.parametrize("value", [10**4000, -(10**4000), 1 << 64, -(1 << 63) - 1])
def test_integers_beyond_64_bits_survive(value: int) -> None:
    whole = facts(value)
    assert value_of(again(whole)) == value
    assert again(whole).pictures == whole.pictures


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert value_of(again(facts("a\ud800b😀"))) == "a\ufffdb😀"


def test_the_order_of_maps_and_sets_leaves_no_trace() -> None:
    other = facts(
        commits={B: commit(B), A: commit(A)}, tracked={A: frozenset(["o.pkl", "n.pkl", "m.pkl"])}
    )
    assert snapshot.dump(other) == snapshot.dump(facts())


def packed(body: object) -> bytes:
    return b"sitegen-snapshot 1\n" + zlib.compress(msgspec.msgpack.encode(body))


WHOLE = snapshot.dump(facts())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is no snapshot"),
        (b"<html>", "is no snapshot"),
        (WHOLE.replace(b" 1\n", b" 2\n", 1), "of version 2; expected version 1"),
        (WHOLE[:-20], "is cut short"),
        (WHOLE[:60] + b"\0\0\0\0" + WHOLE[64:], "is damaged"),
        (packed({"name": 1}), "Expected `str`"),
        (packed([]), "does not hold"),
        (b"sitegen-snapshot 1\n" + zlib.compress(b"\x91" * 100_000 + b"\x90"), "does not hold"),
        (b"sitegen-snapshot 1\n" + zlib.compress(b"\xc1"), "does not hold"),
    ],
)
def test_another_file_is_refused_and_the_remedy_told(data: bytes, reason: str) -> None:
    with pytest.raises(SnapshotError, match=reason) as caught:
        snapshot.load(data, "facts.bin")
    assert caught.value.problem.path == "facts.bin"
    assert caught.value.problem.remedy == "run `sitegen scan` again"


def test_a_bomb_is_not_inflated() -> None:
    bomb = b"sitegen-snapshot 1\n" + zlib.compress(bytes(1 << 22))
    with pytest.raises(SnapshotError, match="more than 1000 bytes"):
        snapshot.load(bomb, "f", limit=1000)
