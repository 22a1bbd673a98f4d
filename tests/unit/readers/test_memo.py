"""What is worked out once while a repository is read."""

from __future__ import annotations

from sitegen.readers.memo import Memo, only, parse
from sitegen.safeyaml import Document, YamlError


def test_a_file_is_parsed_once_by_one_memo_and_nothing_is_shared_between_two() -> None:
    memo = Memo()
    first = memo.parse(b"a: [1]")
    assert isinstance(first, Document)
    assert memo.parse(b"a: [1]") is first
    assert Memo().parse(b"a: [1]") is not first
    assert parse(b"a: [1]") is not first
    assert isinstance(memo.parse(b"a: ["), YamlError)


def test_the_results_used_last_are_kept_up_to_a_size() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key

    memo = Memo(most=1000)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert memo.once(key, lambda key=key: make(key), 200) == key  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
    assert memo.once("large", lambda: make("large"), 10_000) == "large"
    assert memo.once("large", lambda: make("large"), 10_000) == "large"
    assert made == ["a", "b", "c", "b", "large"]


def test_equal_results_are_the_same_object() -> None:
    memo = Memo()
    first = [1]
    assert memo.same("x", first) is first
    assert memo.same("x", [1]) is first


def test_only_the_files_asked_for_are_left() -> None:
    assert only({"a": b"1", "b": b"2"}, "b", "c") == {"b": b"2"}


def test_what_is_kept_for_good_stays_whatever_else_is_read() -> None:
    memo = Memo(most=1)
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert memo.for_good("a", make) == 1
    for number in range(10):
        memo.once(number, list, 100)
    assert memo.for_good("a", make) == 1
