import math

import pytest

from sitegen.readers.trees import TreeError, leaves, plain, tree, written


def flat(path: str, text: str) -> dict[str, tuple[object, str]]:
    return {".".join(keys): (value, shown) for keys, value, shown in leaves(path, text.encode())}


def test_every_format_gives_the_same_leaves() -> None:
    same = {"train.lr": (0.1, "0.10"), "train.names": (["a", "b"], "[a, b]"), "on": (True, "true")}
    assert flat("p.json", '{"train": {"lr": 0.10, "names": ["a", "b"]}, "on": true}') == same
    assert flat("p.yaml", "train: {lr: 0.10, names: [a, b]}\non: true\n") == same
    assert flat("p.toml", 'on = true\n[train]\nlr = 0.10\nnames = ["a", "b"]\n') == {
        key: same[key] for key in ("on", "train.lr", "train.names")
    }
    assert flat("p.py", "class train:\n  lr = 0.10\n  names = ['a', 'b']\non = True\n") == same


def test_python_is_read_and_never_run() -> None:
    assert flat("p.py", "import os\nos.system('x')\na = 1\nb = open('/etc/passwd').read()\n") == {
        "a": (1, "1")
    }


def test_nan_and_infinities_are_numbers_with_their_spelling() -> None:
    found = flat("m.json", '{"a": NaN, "b": -Infinity}')
    assert isinstance(found["a"][0], float) and math.isnan(found["a"][0])
    assert found["b"] == (-math.inf, "-Infinity")


def test_a_file_that_is_one_number_has_one_leaf_without_keys() -> None:
    assert flat("m.json", "0.50") == {"": (0.5, "0.50")}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("m.json", "[" * 100_000),
        ("m.json", "{"),
        ("m.toml", "a ="),
        ("p.py", "def ("),
        ("m.yaml", "a: ["),
        ("m.json", "\udcff"),
    ],
)
def test_what_cannot_be_read_says_why(path: str, text: str) -> None:
    with pytest.raises(TreeError) as caught:
        list(leaves(path, text.encode("utf-8", "surrogateescape")))
    assert str(caught.value)


def test_repeated_keys_are_told() -> None:
    twice: list[str] = []
    assert tree("m.json", b'{"a": 1, "a": 2}', twice) == {"a": 2}
    assert "'a'" in twice[0]


def test_spellings_can_be_taken_off_and_written() -> None:
    found = tree("m.json", b'{"a": [1.50, {"b": null}]}')
    assert plain(found) == {"a": [1.5, {"b": None}]}
    assert written(found) == "{a: [1.50, {b: null}]}"


def test_what_the_toml_parser_lets_pass_is_bounded() -> None:
    found = flat("p.toml", f"a = 0x{'F' * 5000}\nb = [0b1]\n")
    assert found["a"] == (f"0x{'f' * 5000}", f"0x{'f' * 5000}")
    assert found["b"] == ([1], "[1]")
    with pytest.raises(TreeError, match="nests more than"):
        flat("p.toml", f"a = {'[' * 450}{']' * 450}")
