"""Plain values -> YAML text that every reader takes for the same values.

A text is left plain only where YAML 1.1 and 1.2 both read it as a text: GTO and DVC read the one,
other tools the other. Whatever has invisible characters is escaped.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from sitegen.safeyaml.scalars import scalar

_RESOLVER: Any = yaml.SafeLoader("")
_TEXT = "tag:yaml.org,2002:str"
_FIRST = re.compile(r"[^\W]|[/.$+(]")
_NOT_PLAIN = re.compile(r":(?: |\Z)| #|[?\[\]{},]|\A(?:\.{3}|---)")


def _visible(char: str) -> bool:
    return char == " " or char.isprintable()


def is_plain(text: str) -> bool:
    """Whether a text may stand without quotes, wherever in a file."""
    return (
        bool(text)
        and _FIRST.match(text) is not None
        and _NOT_PLAIN.search(text) is None
        and text == text.strip()
        and all(map(_visible, text))
        and isinstance(scalar(text), str)
        and _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
    )


def quoted(text: str, style: str = "") -> str:
    """A text on one line. style: the quotes to prefer, "'" or '"'; "" for none."""
    if style == "" and is_plain(text):
        return text
    if style != '"' and all(map(_visible, text)):
        return "'" + text.replace("'", "''") + "'"
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in '"\\' or char < " ":
        return json.dumps(char)[1:-1]
    if _visible(char):
        return char
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"


def on_one_line(value: Any, style: str = "") -> str:
    """Any value in flow form; with style '"' it is JSON, but for numbers that are not finite.

    TypeError for what is no plain data.
    """
    if isinstance(value, str):
        return quoted(value, style)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = (f"{on_one_line(_key(k), style)}: {on_one_line(v, style)}"
                 for k, v in value.items())  # fmt: skip
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return f"[{', '.join(on_one_line(item, style) for item in value)}]"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("keys are expected to be texts")
    return key


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # Without a point YAML 1.1 takes it for a text.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def over_lines(value: Any, step: int, dash: int, style: str = "") -> tuple[str, list[str]]:
    """What follows `key:` on its line, and the lines below it, indented from the key's column.

    step: columns by which members stand deeper; dash: columns before the dashes of a list.
    style: as for `quoted`.
    """
    if isinstance(value, Mapping) and value:
        return "", entries(value, step, dash, step)
    if isinstance(value, list | tuple) and value:
        return "", [f"{' ' * dash}- {on_one_line(item)}" for item in value]
    if isinstance(value, str) and style == "" and _literal(value):
        body = value.removesuffix("\n")
        lines = [" " * step + line if line else "" for line in body.split("\n")]
        return "|" if value.endswith("\n") else "|-", lines
    return on_one_line(value, style), []


def entries(value: Mapping[str, Any], step: int, dash: int, indent: int = 0) -> list[str]:
    """The lines of a mapping in block form."""
    lines = []
    for key, item in value.items():
        head, below = over_lines(item, step, dash)
        lines.append(f"{' ' * indent}{quoted(_key(key))}:{head and ' '}{head}")
        lines += [" " * indent + line if line else "" for line in below]
    return lines


def _literal(text: str) -> bool:
    """Whether a text of several lines reads best as a block, and comes out of it unchanged."""
    body = text.removesuffix("\n")
    return (
        "\n" in body
        and not body.endswith("\n")
        and not body.startswith((" ", "\n", "\t"))
        and all(line == line.rstrip() and all(map(_visible, line)) for line in body.split("\n"))
    )
