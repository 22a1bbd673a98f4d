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
    DvcExperiment,
    History,
    Leaf,
    Moment,
    Person,
    Picture,
    RepositoryFacts,
    Tag,
    ValueFile,
)
from sitegen.registry.lineage import Data

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
    return b"sitegen-snapshot 2\n" + zlib.compress(msgspec.msgpack.encode(body))


WHOLE = snapshot.dump(facts())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is no snapshot"),
        (b"<html>", "is no snapshot"),
        (WHOLE.replace(b" 2\n", b" 1\n", 1), "of version 1; expected version 2"),
        (WHOLE[:-20], "is cut short"),
        (WHOLE[:60] + b"\0\0\0\0" + WHOLE[64:], "is damaged"),
        (packed({"facts": {"name": 1}}), "Expected `str`"),
        (packed([]), "does not hold"),
        (b"sitegen-snapshot 2\n" + zlib.compress(b"\x91" * 100_000 + b"\x90"), "does not hold"),
        (b"sitegen-snapshot 2\n" + zlib.compress(b"\xc1"), "does not hold"),
    ],
)
def test_another_file_is_refused_and_the_remedy_told(data: bytes, reason: str) -> None:
    with pytest.raises(SnapshotError, match=reason) as caught:
        snapshot.load(data, "facts.bin")
    assert caught.value.problem.path == "facts.bin"
    assert caught.value.problem.remedy == "run `sitegen scan` again"


def test_a_bomb_is_not_inflated() -> None:
    bomb = b"sitegen-snapshot 2\n" + zlib.compress(bytes(1 << 22))
    with pytest.raises(SnapshotError, match="more than 1000 bytes"):
        snapshot.load(bomb, "f", limit=1000)


def test_what_commits_share_stands_once_and_is_shared_again() -> None:
    file = ValueFile("m.json", "metrics", {"f1": Leaf(0.5, "0.50")})
    data = {"a": Data("a", "1"), "b": Data("b", "2")}
    many = [f"{number:040}" for number in range(500)]
    whole = facts(values=dict.fromkeys(many, (file,)), data=dict.fromkeys(many, data), commits={})
    loaded = again(whole)
    assert loaded == whole
    assert len({id(row) for row in loaded.values.values()}) == 1
    assert len({id(row) for row in loaded.data.values()}) == 1
    body = zlib.decompress(snapshot.dump(whole).partition(b"\n")[2])
    assert body.count(b"m.json") == 1


def test_equal_facts_give_equal_bytes_whatever_they_share() -> None:
    def made() -> ValueFile:
        return ValueFile("m.json", "metrics", {"f1": Leaf(math.nan, "NaN")})

    one = made()
    assert snapshot.dump(facts(values={A: (one,), B: (one,)})) == snapshot.dump(
        facts(values={B: (made(),), A: (made(),)})
    )


def test_the_history_survives() -> None:
    history = History((A, B), {"main": A}, {"t": B}, (DvcExperiment("fox", (B,), A),))
    assert again(facts(history=history)).history == history


def test_a_row_that_is_not_there_is_damage() -> None:
    kept = {
        "facts": {**msgspec.structs.asdict(facts()), "values": {}, "tracked": {}},
        "files": [], "file_rows": [[7]], "values": {}, "records": [], "record_rows": [], "data": {},
    }  # fmt: skip
    body = zlib.compress(msgspec.msgpack.encode(kept))
    with pytest.raises(SnapshotError, match="does not hold"):
        snapshot.load(b"%s %d\n" % (snapshot.FORMAT, snapshot.VERSION) + body, "f")
