from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec
import pytest

from sitegen.render.search import index_files
from sitegen.render.search.fields import Document
from sitegen.render.search.memory import Memory
from tests.searching import documents

MANY = list(documents(300, words=60))
FEW = MANY[:30]


def with_texts(document: Document, **texts: str) -> Document:
    changed = {name: text for name, text in {**document.texts, **texts}.items() if text}
    return msgspec.structs.replace(document, texts=changed, passage=changed.get("text", ""))


def remembered(before: Sequence[Document]) -> tuple[Memory, dict[str, bytes]]:
    memory = Memory()
    files = dict(index_files({"models": before}, memory))
    return Memory(memory.encode()), files


def differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    return [path for path, data in after.items() if before.get(path) != data]


def in_the_middle(text: str, more: str) -> str:
    words = text.split(" ")
    return " ".join([*words[: len(words) // 2], more, *words[len(words) // 2 :]])


CHANGES = {
    "a word in the middle": lambda each: with_texts(
        each, text=in_the_middle(each.texts["text"], "renewed")
    ),
    "another label": lambda each: with_texts(each, label="quite-another"),
    "no card": lambda each: with_texts(each, text=""),
    "nothing but a name": lambda each: Document({"name": "bare"}, ("bare",)),
    "only what is shown": lambda each: msgspec.structs.replace(each, card=("shown",)),
    "only its numbers": lambda each: msgspec.structs.replace(each, numbers={"f1": 2.0}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("number", [0, 15, 29])
def test_a_changed_document_leads_to_the_bytes_of_a_clean_build(
    change: Callable[[Document], Document], number: int
) -> None:
    memory, _ = remembered(FEW)
    after = [*FEW]
    after[number] = change(FEW[number])
    assert dict(index_files({"models": after}, memory)) == dict(index_files({"models": after}))


def test_changes_one_after_the_other_do_too() -> None:
    random = Random(4)
    now = [*MANY]
    memory, _ = remembered(now)
    for _ in range(3):
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(now))
            now[at] = random.choice(list(CHANGES.values()))(MANY[at])
        now += random.sample(MANY, random.randint(0, 3))
        files = dict(index_files({"models": now}, memory))
        assert files == dict(index_files({"models": now}))


@pytest.mark.parametrize(
    "after",
    [FEW[:-1], FEW[1:], [MANY[99], *FEW], FEW[::-1], [], [with_texts(FEW[0], type="")]],
    ids=["last gone", "first gone", "one before", "turned round", "none", "one of a field less"],
)
def test_documents_that_move_or_go_do_too(after: list[Document]) -> None:
    memory, _ = remembered(FEW)
    assert dict(index_files({"models": after}, memory)) == dict(index_files({"models": after}))


def test_letters_beyond_ascii_do_too() -> None:
    some = [Document({"name": name}, (name,)) for name in ("élan 模型", "c 𝒳", "b \ufa11", "z") * 9]
    memory, _ = remembered(some)
    after = [*some]
    after[3] = Document({"name": "𝒳𝒴 élan \ufa11\ufa12"}, ("other",))
    assert dict(index_files({"models": after}, memory)) == dict(index_files({"models": after}))


def test_groups_come_and_go() -> None:
    memory, _ = remembered(FEW)
    both = {"models": FEW[:50], "versions": MANY[50:90]}
    assert dict(index_files(both, memory)) == dict(index_files(both))
    assert memory.groups.keys() == {"models", "versions"}


def test_a_word_more_in_a_card_costs_few_files() -> None:
    memory, before = remembered(MANY)
    after = [*MANY]
    after[7] = with_texts(MANY[7], text=in_the_middle(MANY[7].texts["text"], "renewed"))
    changed = differing(before, dict(index_files({"models": after}, memory)))
    assert len(before) > 30
    assert len(changed) <= 6
